"""Write the rows of a table to parquet, batch by batch, and remark what is no record.

Everything here works on whole columns; single rows are looked at only where a column shows a reason.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jingwei.core.tables.errors import TableErrorCode, place, refusal
from jingwei.core.tables.model import TableLimits
from jingwei.domain.lists import RowNote

_TOTAL = (
    r"^\s*(本页|本表|全[市区县省])?\s*(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数)\s*[:：]?"
    r"\s*[\d,.]*\s*[户家条人个]?\s*$|^\s*共\s*[\d,]+\s*[户家条人个]\s*$"
)
_FOOTER = (
    r"^\s*(填表人|制表人|填报人|审核人|经办人|负责人签字|单位负责人|制表单位|填报单位|制表日期|填表日期|填报日期"
    r"|报送日期|打印日期|导出时间|导出日期|统计日期|备注|说明|注)\s*[:：]"
)
_CODE_LIKE = re.compile(r"\s*'?(?=(?:.*\d){6})[0-9A-Za-z]{9,20}\s*")


class Chunk(NamedTuple):
    """Rows in their order, blank ones too: one array of texts per header column; `notes` and
    `extra` by index within the chunk.
    """

    columns: list[pa.Array]
    notes: dict[int, RowNote]
    extra: dict[int, Sequence[str]]


class Where(NamedTuple):
    """Where the rows come from, for messages; `first_row` is the spreadsheet row of row 1."""

    file: str
    sheet: str | None
    first_row: int

    def zh(self, row: int | None = None, column: int | None = None) -> str:
        number = None if row is None else row + self.first_row - 1
        return place(self.file, sheet=self.sheet, row=number, column=column)


class Layout(NamedTuple):
    """What the writer must know about the columns; indexes count from 0."""

    header: tuple[str, ...]
    titles: tuple[str, ...]
    name_column: int | None
    code_column: int | None
    rival_groups: tuple[tuple[int, ...], ...]


class RowWriter:
    """Streams chunks into one parquet file. Use as a context manager."""

    def __init__(self, out: Path, layout: Layout, where: Where, limits: TableLimits) -> None:
        self.rows = 0
        self.written = 0
        self.code_like_names = 0
        self._layout = layout
        self._where = where
        self._limits = limits
        self._filled: set[int] = set()
        self._unequal: set[tuple[int, int]] = set()
        names = [f"c{index}" for index in range(len(layout.header))]
        texts = [pa.field(name, pa.string(), nullable=False) for name in names]
        self._schema = pa.schema(
            [
                pa.field("row", pa.int64(), nullable=False),
                *texts,
                pa.field("note", pa.string()),
                pa.field("extra", pa.string()),
            ]
        )
        self._writer = pq.ParquetWriter(
            # Cells hardly repeat within a batch: a dictionary costs more time than it saves space.
            out,
            self._schema,
            compression="lz4",
            use_dictionary=False,
            write_statistics=False,
        )

    def __enter__(self) -> "RowWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def has_values(self, column: int) -> bool:
        """Whether any cell of the column holds more than blanks."""
        return column in self._filled

    def are_equal(self, columns: Sequence[int]) -> bool:
        """Whether these columns hold the same text in every row."""
        first = columns[0]
        return not any((first, other) in self._unequal for other in columns[1:])

    def add(self, chunk: Chunk) -> None:
        """Number the rows of the chunk and write those that are not blank."""
        length = len(chunk.columns[0]) if chunk.columns else 0
        first = self.rows + 1
        self.rows += length
        if self.rows > self._limits.max_rows:
            raise refusal(TableErrorCode.ROWS, self._where.zh(), limit=self._limits.max_rows)
        self._check_lengths(chunk.columns, first)
        notes = _annotate(chunk, self._layout)
        kept = _not_blank(chunk, length)
        self._watch(chunk.columns)
        table = pa.table(
            [
                pa.array(range(first, first + length), pa.int64()),
                *chunk.columns,
                _sparse(length, {index: str(note) for index, note in notes.items()}),
                _sparse(length, {i: json.dumps(e, ensure_ascii=False) for i, e in chunk.extra.items()}),
            ],
            schema=self._schema,
        )
        if kept is not None:
            table = table.filter(kept)
        self.written += table.num_rows
        if table.num_rows:
            self._writer.write_table(table)

    def _check_lengths(self, columns: list[pa.Array], first: int) -> None:
        limit = self._limits.max_cell_chars
        for index, column in enumerate(columns):
            # Bytes are known without looking at the text, and never fewer than characters.
            if (pc.max(pc.binary_length(column)).as_py() or 0) <= limit:
                continue
            lengths = pc.utf8_length(column)
            longest = pc.max(lengths).as_py()
            if longest > limit:
                row = first + pc.index(lengths, longest).as_py()
                where = self._where.zh(row, index + 1)
                raise refusal(TableErrorCode.CELL, where, count=longest, limit=limit)

    def _watch(self, columns: list[pa.Array]) -> None:
        """Keep what decides between columns of one meaning, and whether names look like codes."""
        for group in self._layout.rival_groups:
            for column in group:
                if column not in self._filled and not pc.all(_is_blank(columns[column])).as_py():
                    self._filled.add(column)
            for first in group:
                for other in group:
                    if first < other and not columns[first].equals(columns[other]):
                        self._unequal.add((first, other))
        name = self._layout.name_column
        if name is not None and self.code_like_names == 0:
            looks = pc.match_substring_regex(columns[name], r"^\s*[0-9A-Z]{15,18}\s*$")
            self.code_like_names = pc.sum(looks).as_py() or 0


def _is_blank(column: pa.Array) -> pa.Array:
    return pc.equal(pc.utf8_trim_whitespace(column), "")


def _not_blank(chunk: Chunk, length: int) -> pa.Array | None:
    """Which rows to keep; None for all. A row of blanks with cells beyond the header is not blank."""
    if not length:
        return None
    blank = _is_blank(chunk.columns[0])
    for column in chunk.columns[1:]:
        if not pc.any(blank).as_py():
            return None
        blank = pc.and_(blank, _is_blank(column))
    if chunk.extra:
        overfull = pa.array([index in chunk.extra for index in range(length)])
        blank = pc.and_not(blank, overfull)
    return pc.invert(blank)


def _sparse(length: int, values: dict[int, str]) -> pa.Array:
    if not values:
        return pa.nulls(length, pa.string())
    return pa.array([values.get(index) for index in range(length)], pa.string())


def _annotate(chunk: Chunk, layout: Layout) -> dict[int, RowNote]:
    """The notes of the chunk with totals, footers and repeated headers put before other remarks."""
    notes = dict(chunk.notes)
    for index in _suspects(chunk.columns, layout):
        cells = [column[index].as_py() for column in chunk.columns]
        note = _no_record(cells, layout)
        if note is not None:
            notes[index] = note
    return notes


def _suspects(columns: list[pa.Array], layout: Layout) -> list[int]:
    """Rows worth looking at one by one: by their first cell, their name, or an empty first cell."""
    looked_at = {0} | ({layout.name_column} if layout.name_column is not None else set())
    found: set[int] = set()
    for index in looked_at:
        column = columns[index]
        marks = pc.or_(
            pc.match_substring_regex(column, f"{_TOTAL}|{_FOOTER}"),
            pc.is_in(pc.utf8_trim_whitespace(column), pa.array({layout.header[index], *layout.titles})),
        )
        found.update(pc.indices_nonzero(marks).to_pylist())
    found.update(_continued_first_cells(columns))
    return sorted(found)


def _continued_first_cells(columns: list[pa.Array]) -> set[int]:
    """Rows whose first cell is blank while a later one speaks of a total or closes the list."""
    blank = _is_blank(columns[0])
    if not pc.any(blank).as_py():
        return set()
    positions = pc.indices_nonzero(blank)
    found: set[int] = set()
    for column in columns[1:]:
        marks = pc.match_substring_regex(column.take(positions), f"{_TOTAL}|{_FOOTER}")
        found.update(positions.filter(marks).to_pylist())
    return found


_TOTAL_PATTERN = re.compile(_TOTAL)
_FOOTER_PATTERN = re.compile(_FOOTER)


def _no_record(cells: Sequence[str], layout: Layout) -> RowNote | None:
    """The note for a row that is no record, None for one that may be."""
    if _repeats_header(cells, layout):
        return RowNote.REPEATED_HEADER
    code = cells[layout.code_column] if layout.code_column is not None else ""
    if _CODE_LIKE.fullmatch(code):
        return None
    name = cells[layout.name_column] if layout.name_column is not None else ""
    first = next((cell for cell in cells if cell.strip()), "")
    if _TOTAL_PATTERN.search(first) or _TOTAL_PATTERN.search(name):
        return RowNote.TOTAL
    if _FOOTER_PATTERN.search(first):
        return RowNote.FOOTER
    return None


def _repeats_header(cells: Sequence[str], layout: Layout) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) == 1 and filled[0] in layout.titles:
        return True
    named = [index for index, name in enumerate(layout.header) if name]
    equal = sum(" ".join(cells[index].split()) == layout.header[index] for index in named)
    return equal * 2 > len(named)
