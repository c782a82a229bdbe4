"""Small tables of the office itself (divisions, bodies, roads): read whole, refused whole.

One wrong row refuses the table, and the answer names every wrong row, so that it is mended once.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from jingwei.core.refusal import Refused
from jingwei.core.tables import DEFAULT, TableError
from jingwei.core.tables.workbook import first_sheet

Row = Mapping[str, str]
Chosen = TypeVar("Chosen")
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_FILE = 64 * 2**20
PROBLEMS_SHOWN = 5


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell. ``row`` counts from 1 below the header row."""

    row: int
    field: str
    value: str
    message: str

    def __str__(self) -> str:
        shown = f"“{self.value}”" if self.value else "（空）"
        return f"第 {self.row} 行 {self.field} {shown}：{self.message}"


class TableRefused(Refused):
    """The table was not stored; ``problems`` holds every reason found, the text the first few."""

    def __init__(self, problems: Sequence[RowProblem], title: str = "") -> None:
        self.problems = tuple(problems)
        shown = "；".join(str(problem) for problem in self.problems[:PROBLEMS_SHOWN])
        more = len(self.problems) - PROBLEMS_SHOWN
        rest = f"；另有 {more} 处" if more > 0 else ""
        super().__init__(title or f"表格有 {len(self.problems)} 处问题，未导入任何一行：{shown}{rest}。")


@dataclass(frozen=True)
class ImportCounts:
    """What an import did. A second import of the same table creates and changes nothing."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


class Line:
    """One row of a table; what is wrong with its cells is noted with the table."""

    def __init__(self, number: int, row: Row, problems: list[RowProblem]) -> None:
        self.number = number
        self._row = row
        self._problems = problems

    def problem(self, field: str, message: str) -> None:
        """Note a problem with a cell."""
        self._problems.append(RowProblem(self.number, field, self.raw(field), message))

    def raw(self, field: str) -> str:
        """The trimmed text of a cell; empty where the table has no such column."""
        return (self._row.get(field) or "").strip()

    def text(self, field: str, *, longest: int, needed: bool = True) -> str:
        """The trimmed text of a cell; a needed one must not be empty, none may be too long."""
        text = self.raw(field)
        if needed and not text:
            self.problem(field, "不能为空")
        if len(text) > longest:
            self.problem(field, f"不能超过 {longest} 个字")
        return text

    def choice(self, field: str, choices: Mapping[str, Chosen]) -> Chosen | None:
        """The meaning of a cell that must hold one of the given words."""
        found = choices.get(self.raw(field))
        if found is None:
            self.problem(field, f"应为：{'、'.join(filter(None, choices))}")
        return found

    def day(self, field: str) -> date | None:
        """A date as 2026-10-31, or None when the cell is empty."""
        return self._parsed(field, date.fromisoformat, "日期应写作 2026-10-31")

    def number_in(self, field: str) -> int | None:
        """A whole number from 0, or None when the cell is empty."""
        return self._parsed(field, whole_number, "应为整数")

    def _parsed(self, field: str, parse: Callable[[str], Chosen], message: str) -> Chosen | None:
        text = self.raw(field)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self.problem(field, message)
            return None


class ReferenceTable:
    """The rows of a table, blank ones left out, and everything found wrong with them."""

    def __init__(self, rows: Iterable[Row], *, required: Sequence[str]) -> None:
        self._problems: list[RowProblem] = []
        filled = [(number, row) for number, row in enumerate(rows, 1) if any(map(str.strip, row.values()))]
        missing = [name for name in required if filled and name not in filled[0][1]]
        if missing:
            raise TableRefused([], f"表格缺少列：{'、'.join(missing)}。")
        self._lines = [Line(number, row, self._problems) for number, row in filled]

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def refuse_if_any(self) -> None:
        """Raise ``TableRefused`` when anything was wrong."""
        if self._problems:
            raise TableRefused(sorted(self._problems, key=lambda problem: problem.row))


def whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(text)
    return int(text)


def read_reference_table(path: Path) -> list[dict[str, str]]:
    """Read a CSV file in UTF-8 or GB18030, or the first sheet of an xlsx, with a header row. Raises ``TableRefused``."""
    if path.stat().st_size > LONGEST_FILE:
        raise TableRefused([], f"{path.name}：文件超过 {LONGEST_FILE // 2**20} MB。")
    if path.suffix.lower() == ".xlsx":
        return read_spreadsheet(path)
    text = decoded(path.read_bytes(), path.name)
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="", strict=True)
    try:
        rows = [{(name or "").strip(): value for name, value in row.items() if name} for row in reader]
    except csv.Error as error:
        raise TableRefused([], f"{path.name}：第 {reader.line_num} 行读不出（{error}）。") from error
    if not reader.fieldnames:
        raise TableRefused([], f"{path.name}：文件是空的。")
    return rows


def read_spreadsheet(path: Path) -> list[dict[str, str]]:
    """The first sheet of an xlsx file; its first row with any text is the header."""
    try:
        rows = [row for row in first_sheet(path, DEFAULT) if any(map(str.strip, row))]
    except TableError as error:
        raise TableRefused([], f"{path.name}：{error.message_zh}{error.hint_zh}") from error
    if not rows:
        raise TableRefused([], f"{path.name}：文件是空的。")
    header = [name.strip() for name in rows[0]]
    return [{name: text for name, text in zip(header, row, strict=False) if name} for row in rows[1:]]


def decoded(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise TableRefused([], f"{name}：不是 UTF-8 或 GB18030 编码的 CSV 文件。")
