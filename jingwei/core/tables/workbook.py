"""Spreadsheets: choose the sheet whose header fits best, and hand its cells out as plain text."""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

import pyarrow as pa
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from jingwei.core.tables.archive import Contents, inspect
from jingwei.core.tables.errors import TableErrorCode, place, refusal
from jingwei.core.tables.header import SEARCHED_ROWS, HeaderFit, find_header
from jingwei.core.tables.model import TableLimits
from jingwei.core.tables.rows import Chunk
from jingwei.core.tables.unreadable import expected_zh, similar_zh
from jingwei.domain.lists import ListKind

_CHUNK_ROWS = 20_000
_SAMPLE_ROWS = 60
# A spreadsheet shows and keeps 15 digits of a number; the rest is noise of the binary form.
_DIGITS = ".15g"


class _Guess(NamedTuple):
    sheet: CalamineSheet
    rows: list[list[str]]
    fit: HeaderFit


def open_workbook(path: Path, limits: TableLimits, kind: ListKind | None) -> "WorkbookSheet":
    """Check the archive, then find the sheet with the best header. Raises TableError."""
    contents = inspect(path, limits)
    try:
        return _best_sheet(path, kind, contents)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # A fault inside the Rust library arrives as a BaseException that is no Exception.
        if hasattr(error, "place_zh"):
            raise
        raise refusal(TableErrorCode.DAMAGED, place(path.name), detail="工作表") from error


def first_sheet(path: Path, limits: TableLimits) -> list[list[str]]:
    """All rows of the first sheet that has any, as plain text; [] for an empty workbook. Raises TableError."""
    inspect(path, limits)
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [meta.name for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        return next(filter(None, (list(_text_rows(workbook.get_sheet_by_name(name))) for name in sheets)), [])
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise refusal(TableErrorCode.DAMAGED, place(path.name), detail="工作表") from error


def _best_sheet(path: Path, kind: ListKind | None, contents: Contents) -> "WorkbookSheet":
    workbook = CalamineWorkbook.from_path(path)
    best: _Guess | None = None
    others: list[str] = []
    first_rows: list[list[str]] = []
    for meta in workbook.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        rows = list(islice(_text_rows(sheet), _SAMPLE_ROWS))
        first_rows = first_rows or rows
        fit = find_header(rows, kind)
        if rows:
            hidden = "（隐藏）" if meta.visible != SheetVisibleEnum.Visible else ""
            others.append(f"{meta.name}{hidden}")
        if fit is not None and (best is None or fit.rank > best.fit.rank):
            best = _Guess(sheet, rows, fit)
    if best is None:
        _refuse(path, first_rows, kind)
    others = [name for name in others if name.removesuffix("（隐藏）") != best.sheet.name]
    return WorkbookSheet(best, contents, others)


def _refuse(path: Path, rows: Sequence[Sequence[str]], kind: ListKind | None) -> NoReturn:
    where = place(path.name)
    if not rows:
        raise refusal(TableErrorCode.EMPTY, where)
    similar = similar_zh(rows[:SEARCHED_ROWS], kind)
    raise refusal(
        TableErrorCode.NO_HEADER,
        where,
        rows=SEARCHED_ROWS,
        similar=similar,
        expected=expected_zh(kind),
    )


class WorkbookSheet:
    """The chosen sheet of a workbook."""

    encoding = None

    def __init__(self, guess: _Guess, contents: Contents, others: list[str]) -> None:
        self.sheet: str | None = guess.sheet.name
        self.sample: Sequence[Sequence[str]] = guess.rows
        self.fit = guess.fit
        self._sheet = guess.sheet
        self._contents = contents
        self._others = others

    def passes(self) -> Iterator[Iterator[Chunk]]:
        """One way only."""
        yield self._chunks()

    def remarks(self) -> list[str]:
        """Remarks on other sheets, formulas, merged cells, links and macros."""
        contents = self._contents
        notes = []
        if self._others:
            notes.append(f"只读取工作表“{self.sheet}”，未读取：{'、'.join(self._others)}")
        if contents.formulas:
            notes.append(f"有 {contents.formulas} 个公式，用的是文件里保存的结果")
        if contents.formulas_without_value:
            count = contents.formulas_without_value
            notes.append(f"有 {count} 个公式没有保存结果，按空处理；请用 Excel 打开并保存一次后再上传")
        if contents.error_cells:
            notes.append(f"有 {contents.error_cells} 个单元格是错误值（如 #N/A），按空处理")
        merged = self._merged_below_header()
        if merged:
            notes.append(f"数据区有 {merged} 处合并单元格，只有左上角一格有内容；请取消合并后补齐")
        if contents.has_external_links:
            notes.append("文件引用了其他工作簿，未读取引用的文件")
        if contents.has_macros:
            notes.append("文件含宏，未运行")
        return notes

    def _merged_below_header(self) -> int:
        ranges = self._sheet.merged_cell_ranges or ()
        return sum(1 for (_, (last_row, _)) in ranges if last_row > self.fit.index)

    def _chunks(self) -> Iterator[Chunk]:
        rows = islice(_text_rows(self._sheet), self.fit.index + 1, None)
        while listed := list(islice(rows, _CHUNK_ROWS)):
            yield Chunk([pa.array(column, pa.string()) for column in zip(*listed, strict=True)], {}, {})


def cell_text(value: object) -> str:
    """The plain text of a cell: whole numbers without a point, dates as ISO, never an exponent."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _number_text(value: float) -> str:
    text = format(value, _DIGITS)
    return format(Decimal(text), "f") if "e" in text else text


def _text_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows from the first of the sheet on, each from its first column on.

    The reader leaves out empty columns at the left; they are put back, so that columns have the
    numbers the spreadsheet shows.
    """
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        texts = [value if type(value) is str and "\x00" not in value else cell_text(value) for value in row]
        yield left + texts
