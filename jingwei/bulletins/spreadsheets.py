"""Spreadsheets of papers: titles, merged headers, numbers as numbers, texts that never act as formulas."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jingwei.core.tables.write import is_active

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center"},
    "note": {"text_wrap": True, "valign": "top", "font_size": 9},
    "head": {"bold": True, "align": "center", "text_wrap": True, "border": 1, "bg_color": "#F2F2F2"},
    "text": {"border": 1, "num_format": "@", "text_wrap": True},
    "inner": {"border": 1, "indent": 2, "text_wrap": True},
    "active": {"border": 1, "num_format": "@", "quote_prefix": True, "text_wrap": True},
    "centre": {"border": 1, "align": "center", "text_wrap": True},
    "count": {"border": 1, "num_format": "#,##0"},
    "rate": {"border": 1, "num_format": "0.00"},
    "change": {"border": 1, "num_format": '+0.00;"\u2212"0.00;0.00'},
    "empty": {"border": 1, "bg_color": "#F7F7F7"},
    "band": {"bold": True, "border": 1, "bg_color": "#F2F2F2"},
    "total": {"bold": True, "border": 1, "align": "center"},
    "total_count": {"bold": True, "border": 1, "num_format": "#,##0"},
    "total_rate": {"bold": True, "border": 1, "num_format": "0.00"},
    "total_change": {"bold": True, "border": 1, "num_format": '+0.00;"\u2212"0.00;0.00'},
}
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "　"))
_LONGEST_NAME = 31


class Book:
    """One workbook in memory."""

    def __init__(self) -> None:
        self._out = BytesIO()
        self._book = xlsxwriter.Workbook(self._out, _OPTIONS)
        self._looks: dict[str, Format] = {name: self._book.add_format(_FONT | look) for name, look in _LOOKS.items()}
        self._names: set[str] = set()

    def sheet(self, name: str, widths: Sequence[float], *, landscape: bool = True) -> "Sheet":
        """A new A4 sheet with the widths of its columns in characters; names are made fit and different."""
        fitting = self._fitting(name)
        worksheet: Worksheet = self._book.add_worksheet(fitting)
        for column, width in enumerate(widths):
            worksheet.set_column(column, column, width)
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer("&C&P / &N")
        if landscape:
            worksheet.set_landscape()
        return Sheet(worksheet, self._looks, len(widths))

    def finish(self) -> bytes:
        """The file."""
        self._book.close()
        return self._out.getvalue()

    def _fitting(self, name: str) -> str:
        plain = name.translate(_FORBIDDEN).strip("'　 ") or "表"
        fitting, number = plain[:_LONGEST_NAME], 1
        while fitting in self._names:
            number += 1
            fitting = f"{plain[: _LONGEST_NAME - 4]}（{number}）"
        self._names.add(fitting)
        return fitting


class Sheet:
    """One sheet that is written from top to bottom."""

    def __init__(self, worksheet: Worksheet, looks: dict[str, Format], columns: int) -> None:
        self.worksheet = worksheet
        self.row = 0
        self._looks = looks
        self._columns = columns

    def title(self, text: str, *lines: str) -> None:
        """The title over the whole width, and lines of small print under it."""
        self.worksheet.set_row(self.row, 26)
        self._across(text, "title")
        for line in lines:
            self._across(line, "note")

    def notes(self, texts: Iterable[str]) -> None:
        """Small print over the whole width, one row a text, high enough for it."""
        for text in texts:
            self.worksheet.set_row(self.row, 13 * max(1, -(-len(text) * 2 // (self._columns * 11))))
            self._across(text, "note")

    def header(self, columns: Sequence[tuple[str, str]]) -> None:
        """Two rows: neighbours of the same group (first of each pair) share a cell above theirs; frozen below."""
        place = 0
        for group, members in groupby(columns, key=lambda column: column[0]):
            held = list(members)
            if group:
                self._merge((self.row, place), (self.row, place + len(held) - 1), group, "head")
                for number, (_, name) in enumerate(held):
                    self.put(self.row + 1, place + number, name, "head")
            else:
                for number, (_, name) in enumerate(held):
                    self._merge((self.row, place + number), (self.row + 1, place + number), name, "head")
            place += len(held)
        self.row += 2
        self.worksheet.freeze_panes(self.row, 1)
        self.worksheet.repeat_rows(self.row - 2, self.row - 1)

    def line(self, cells: Iterable[tuple[Any, str]], *, drawn: bool = True) -> None:
        """One row of (value, look). An empty cell is drawn, unless the list is so long that its lines need none."""
        for column, (value, look) in enumerate(cells):
            if drawn or (value is not None and value != ""):
                self.put(self.row, column, value, look)
        self.row += 1

    def band(self, text: str) -> None:
        """A row over the whole width that opens a block."""
        self._across(text, "band")

    def put(self, row: int, column: int, value: Any, look: str) -> None:
        """One cell: texts as texts, numbers as numbers, nothing as a drawn blank."""
        if value is None or value == "":
            self.worksheet.write_blank(row, column, None, self._looks[look])
        elif isinstance(value, str):
            self.worksheet.write_string(row, column, value, self._looks["active" if is_active(value) else look])
        else:
            self.worksheet.write_number(row, column, value, self._looks[look])

    def merge_down(self, first: int, last: int, column: int, text: str, look: str) -> None:
        """One cell over several rows of a column."""
        self._merge((first, column), (last, column), text, look)

    def _across(self, text: str, look: str) -> None:
        self._merge((self.row, 0), (self.row, self._columns - 1), text, look)
        self.row += 1

    def _merge(self, start: tuple[int, int], end: tuple[int, int], text: str, look: str) -> None:
        """One cell from the upper left to the lower right corner, both (row, column)."""
        if start != end:
            self.worksheet.merge_range(*start, *end, "", self._looks[look])
        self.put(*start, text, look)
