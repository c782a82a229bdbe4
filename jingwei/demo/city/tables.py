"""Writes a department's list as csv or xlsx, byte for byte the same each time."""

import csv
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import xlsxwriter

from jingwei.demo.city.mess import Mess
from jingwei.demo.city.noise import Flags, Ints, Noise, Texts

BLANK, KEYLESS, REPEATED_HEADER, TOTAL = -1, -2, -3, -4
_CHUNK = 50_000
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed mark inside the file, no moment

Columns = Callable[[Ints, Ints], list[Texts]]
"""From rows of the population and copy numbers (1 = the second mention) to one array per column."""


@dataclass(frozen=True)
class Sheet:
    """One list. `who` holds, row by row, a row of the population or one of the marks above."""

    department: str
    suffix: str
    encoding: str
    titles: tuple[str, ...]
    header: tuple[str, ...]
    who: Ints
    copy: Ints
    columns: Columns
    summed: str | None = None
    """Header of the column the total row adds up."""
    is_numbered: bool = False
    """Whether the list begins with a column of running numbers."""

    @property
    def file_name(self) -> str:
        return self.department + self.suffix

    @property
    def full_header(self) -> tuple[str, ...]:
        return ("序号", *self.header) if self.is_numbered else self.header


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its number from 1, what it is, its cells."""

    number: int
    who: int
    cells: tuple[str, ...]


def planned(noise: Noise, mess: Mess, rows: Ints, ids: Ints, *, xlsx: bool) -> tuple[Ints, Ints]:
    """`who` and `copy` of a sheet: the rows shuffled, some twice, odd rows between, the total last."""
    again = noise.chance("duplicate", ids, mess.duplicate)
    marks = [BLANK] * _how_many(mess.blank_row, len(rows)) + [KEYLESS] * _how_many(mess.keyless_row, len(rows))
    marks += [REPEATED_HEADER] * (mess.repeated_headers if xlsx else 0)
    who = np.concatenate([rows, rows[again], np.array(marks, dtype=np.int64)])
    copy = np.concatenate([np.zeros(len(rows)), np.ones(again.sum()), np.zeros(len(marks))]).astype(np.int64)
    keys = np.concatenate(
        [
            noise.bits("order", ids),
            noise.bits("order of copies", ids[again]),
            noise.bits("marks", np.arange(len(marks))),
        ]
    )
    order = np.argsort(keys, kind="stable")
    who, copy = who[order], copy[order]
    if not xlsx:
        return who, copy
    return np.append(who, TOTAL), np.append(copy, 0)


def write(sheet: Sheet, path: Path) -> Iterator[Row]:
    """Write the file while handing out its rows; exhaust the iterator to finish the file."""
    return _write_xlsx(sheet, path) if sheet.suffix == ".xlsx" else _write_csv(sheet, path)


def write_plain(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    """A clean UTF-8 csv, as an office would import it or a program read it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_csv(sheet: Sheet, path: Path) -> Iterator[Row]:
    with path.open("w", encoding=sheet.encoding, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerows([title] for title in sheet.titles)
        writer.writerow(sheet.full_header)
        for row in _rows(sheet):
            writer.writerow(row.cells)
            yield row


def _write_xlsx(sheet: Sheet, path: Path) -> Iterator[Row]:
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with closing(xlsxwriter.Workbook(str(path), options)) as book:
        book.set_properties({"created": _CREATED})
        page = book.add_worksheet(sheet.department)
        for line, title in enumerate(sheet.titles):
            page.write_string(line, 0, title)
        top = len(sheet.titles)
        page.write_row(top, 0, sheet.full_header)
        for row in _rows(sheet):
            for column, cell in enumerate(row.cells):
                if cell:
                    page.write_string(top + row.number, column, cell)
            yield row


def _rows(sheet: Sheet) -> Iterator[Row]:
    total = 0
    at = sheet.header.index(sheet.summed) if sheet.summed else None
    for start in range(0, len(sheet.who), _CHUNK):
        who, copy = sheet.who[start : start + _CHUNK], sheet.copy[start : start + _CHUNK]
        real: Flags = who >= 0
        filled = iter(zip(*sheet.columns(who[real], copy[real]), strict=True))
        for number, mark in enumerate(who.tolist(), start + 1):
            cells = next(filled) if mark >= 0 else _odd_cells(sheet, mark, total)
            if mark >= 0 and at is not None and cells[at].isdecimal():
                total += int(cells[at])
            yield Row(number, mark, _numbered(sheet, mark, number, cells))


def _odd_cells(sheet: Sheet, mark: int, total: int) -> tuple[str, ...]:
    """Cells of a row that stands for no unit."""
    if mark == REPEATED_HEADER:
        return sheet.header
    cells = [""] * len(sheet.header)
    if mark == KEYLESS:
        cells[-1] = "待补录"
    if mark == TOTAL:
        cells[0] = "" if sheet.is_numbered else "合计"
        if sheet.summed:
            cells[sheet.header.index(sheet.summed)] = str(total)
    return tuple(cells)


def _numbered(sheet: Sheet, mark: int, number: int, cells: tuple[str, ...]) -> tuple[str, ...]:
    if not sheet.is_numbered:
        return cells
    firsts = {BLANK: "", TOTAL: "合计", REPEATED_HEADER: "序号"}
    return (firsts.get(mark, str(number)), *cells)


def _how_many(rate: float, rows: int) -> int:
    """At least one odd row of a kind that is wanted at all, save in the smallest lists."""
    return max(round(rate * rows), 1) if rate > 0 and rows >= 50 else 0
