"""Write tables people open in a spreadsheet: every cell stays text, whatever it begins with."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError, FileSizeError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jingwei.core.tables.errors import TableErrorCode, place, refusal

_MOST_XLSX_ROWS = 1_048_576
_LONGEST_XLSX_CELL = 32_767
_WIDTH_ROWS = 50
_NARROWEST, _WIDEST = 8, 60
# A spreadsheet takes such a cell for a formula or a command, also behind blanks or in full width.
_ACTIVE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫−]|[\t\r\n]")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SURROGATES = re.compile("[\ud800-\udfff]")


def is_active(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula or a command."""
    return _ACTIVE.match(text) is not None


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | None]]) -> int:
    """Write a CSV that spreadsheets open as UTF-8; returns the number of rows.

    CSV knows no types, so a cell that might act gets an apostrophe in front; the intake takes it off
    again. The file appears whole or not at all. Raises TableError T-DISK.
    """
    with _written_whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([_inert(cell) for cell in header])
        count = 0
        for row in rows:
            writer.writerow([_inert(cell) for cell in row])
            count += 1
    return count


def write_xlsx(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    *,
    sheet: str = "名单",
    remarks: Sequence[str] = (),
) -> int:
    """Write an xlsx whose cells are all text; returns the number of rows.

    `remarks` become lines above the header. Rows are streamed; the widths of columns follow the
    first 50 rows. The file appears whole or not at all. Raises TableError T-DISK, T-ROWS, T-CELL.
    """
    with (
        _written_whole(path) as part,
        part.open("wb") as file,
        # Rows wait here until the end; the folder goes also where writing fails.
        TemporaryDirectory() as waiting,
    ):
        workbook = xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": waiting})
        try:
            count = _fill(_TextSheet(workbook, sheet, path.name), header, rows, remarks)
        except BaseException:
            with suppress(Exception):
                workbook.close()
            raise
        workbook.close()
    return count


class _TextSheet:
    """One worksheet that takes nothing but text."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet_name: str, file: str) -> None:
        self.plain = workbook.add_format({"num_format": "@"})
        self.quoted = workbook.add_format({"num_format": "@", "quote_prefix": True})
        self.bold = workbook.add_format({"num_format": "@", "bold": True})
        self.worksheet: Worksheet = workbook.add_worksheet(sheet_name)
        self.next_row = 0
        self._file = file

    def add(self, cells: Sequence[str | None], form: Format | None = None) -> None:
        """Write the next row; T-ROWS and T-CELL where a spreadsheet would drop it in silence."""
        if self.next_row >= _MOST_XLSX_ROWS:
            raise refusal(TableErrorCode.ROWS, place(self._file), limit=_MOST_XLSX_ROWS)
        for column, cell in enumerate(cells):
            if cell:
                self._write(column, _SURROGATES.sub("\ufffd", cell), form)
        self.next_row += 1

    def _write(self, column: int, text: str, form: Format | None) -> None:
        if len(text) > _LONGEST_XLSX_CELL:
            where = place(self._file, row=self.next_row + 1, column=column + 1)
            raise refusal(TableErrorCode.CELL, where, count=len(text), limit=_LONGEST_XLSX_CELL)
        form = form or (self.quoted if is_active(text) else self.plain)
        self.worksheet.write_string(self.next_row, column, text, form)


def _fill(
    sheet: _TextSheet,
    header: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    remarks: Sequence[str],
) -> int:
    rows = iter(rows)
    first = list(islice(rows, _WIDTH_ROWS))
    for column, name in enumerate(header):
        sheet.worksheet.set_column(column, column, _width(name, column, first))
    for remark in remarks:
        sheet.add([remark])
    sheet.add(header, sheet.bold)
    above = sheet.next_row
    sheet.worksheet.freeze_panes(above, 0)
    for row in chain(first, rows):
        sheet.add(row)
    return sheet.next_row - above


def _width(name: str, column: int, rows: Sequence[Sequence[str | None]]) -> int:
    cells = [name, *(row[column] or "" for row in rows if column < len(row))]
    # A Chinese character is as wide as two Latin ones.
    widest = max(sum(1 if character.isascii() else 2 for character in cell) for cell in cells)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


def _inert(cell: str | None) -> str:
    text = _SURROGATES.sub("\ufffd", cell or "").replace("\x00", "")
    return f"'{text}" if is_active(text) else text


@contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except (OSError, FileCreateError, FileSizeError) as error:
        raise refusal(TableErrorCode.DISK, place(path.name)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
