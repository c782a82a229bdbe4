"""Delimited text: find encoding, delimiter and header, then read the rows in one of three ways.

1. Arrow, whole columns at a time, as long as every line is one row of the header's width.
2. The csv module in strict mode: cells over several lines, short and long rows.
3. Line by line, where quotes do not pair up: each line is a row, and a row whose quote stays open is
   taken as it stands if it has the header's width; otherwise nobody can tell where it ends.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv

from jingwei.core.tables.decoding import (
    SAMPLE_BYTES,
    TextBlocks,
    candidate_encodings,
    decode_sample,
    garbled_count,
)
from jingwei.core.tables.errors import TableErrorCode, place, refusal
from jingwei.core.tables.header import HeaderFit, find_header
from jingwei.core.tables.model import TableLimits
from jingwei.core.tables.rows import Chunk
from jingwei.core.tables.source import IrregularRows
from jingwei.core.tables.unreadable import refuse_text
from jingwei.domain.lists import ListKind, RowNote

_DELIMITERS = (",", "\t", ";")
_SAMPLE_ROWS = 60
_LONGEST_LINE = 4 << 20
_ARROW_BLOCK = 8 << 20
_CHUNK_ROWS = 20_000
_DELIMITER_NAMES = {"\t": "制表符", ";": "分号"}


class _Guess(NamedTuple):
    encoding: str
    delimiter: str
    rows: list[list[str]]
    fit: HeaderFit
    garbled: int


def open_delimited(path: Path, limits: TableLimits, kind: ListKind | None) -> "DelimitedFile":
    """Find out how to read a text file. Raises TableError if no header can be found."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
        whole = not file.read(1)
    samples = {encoding: decode_sample(head, encoding, whole=whole) for encoding in candidate_encodings(head)}
    guesses = [
        guess
        for encoding, text in samples.items()
        for delimiter in _DELIMITERS
        if (guess := _guess(text, encoding, delimiter, kind, whole=whole)) is not None
    ]
    if not guesses:
        refuse_text(path.name, head, samples, whole=whole)
    best = max(guesses, key=lambda guess: (guess.fit.rank, -guess.garbled))
    return DelimitedFile(path, limits, best)


def _guess(text: str, encoding: str, delimiter: str, kind: ListKind | None, *, whole: bool) -> _Guess | None:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a quote that stays open too long; the rows before it show the header
        rows.extend(islice(csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter), _SAMPLE_ROWS))
    if not whole and len(rows) > 1 and len(rows) < _SAMPLE_ROWS:
        rows.pop()
    fit = find_header(rows, kind)
    return None if fit is None else _Guess(encoding, delimiter, rows, fit, garbled_count(text))


class DelimitedFile:
    """A text file whose encoding, delimiter and header are known."""

    sheet = None

    def __init__(self, path: Path, limits: TableLimits, guess: _Guess) -> None:
        self.encoding = guess.encoding
        self.sample: Sequence[Sequence[str]] = guess.rows
        self.fit = guess.fit
        self._path = path
        self._limits = limits
        self._delimiter = guess.delimiter
        self._width = len(guess.fit.names)
        self._blocks = TextBlocks(path, guess.encoding)
        above = guess.rows[: guess.fit.index + 1]
        self._header_rows = len(above)
        # Line breaks inside the cells of titles and header make more lines than rows.
        self._header_lines = len(above) + sum(cell.count("\n") for row in above for cell in row)

    def passes(self) -> Iterator[Iterator[Chunk]]:
        """The three ways, fastest first."""
        yield self._arrow_chunks()
        yield self._listed_chunks(self._strict_rows())
        yield self._listed_chunks(self._line_rows())

    def remarks(self) -> list[str]:
        """Remarks on delimiter and characters; T-ENCODING if too much of the text is garbled."""
        notes = []
        if self._delimiter in _DELIMITER_NAMES:
            notes.append(f"列之间以{_DELIMITER_NAMES[self._delimiter]}分隔")
        if self._blocks.zeros:
            notes.append(f"文件含 {self._blocks.zeros} 个空字符（NUL），已去掉")
        if self._blocks.garbled:
            row = self._blocks.first_garbled_line
            if self._blocks.is_garbage:
                where = place(self._path.name, row=row)
                raise refusal(TableErrorCode.ENCODING, where, detail=f"按 {self.encoding} 读")
            notes.append(f"有 {self._blocks.garbled} 个字符无法辨认，最早在第 {row} 行")
        return notes

    def _arrow_chunks(self) -> Iterator[Chunk]:
        body = _Utf8Body(self._fresh_blocks(), self._header_lines)
        names = [f"c{index}" for index in range(self._width)]
        rows = 0
        try:
            reader = pa.csv.open_csv(
                pa.PythonFile(body, mode="r"),
                read_options=pa.csv.ReadOptions(column_names=names, block_size=_ARROW_BLOCK),
                parse_options=pa.csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, ignore_empty_lines=False
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                rows += batch.num_rows
                yield Chunk(list(batch.columns), {}, {})
        except pa.ArrowInvalid as error:
            if not body.is_empty:
                raise IrregularRows from error
        if rows != body.lines:
            raise IrregularRows

    def _listed_chunks(self, rows: Iterable[tuple[list[str], RowNote | None]]) -> Iterator[Chunk]:
        rows = iter(rows)
        while listed := list(islice(rows, _CHUNK_ROWS)):
            yield self._chunk(listed)

    def _chunk(self, listed: list[tuple[list[str], RowNote | None]]) -> Chunk:
        width = self._width
        notes: dict[int, RowNote] = {}
        extra: dict[int, Sequence[str]] = {}
        for index, (cells, note) in enumerate(listed):
            if note is not None:
                notes[index] = note
            if len(cells) < width:
                if cells:
                    notes.setdefault(index, RowNote.TOO_FEW_CELLS)
                cells.extend([""] * (width - len(cells)))
            elif len(cells) > width:
                if any(cell.strip() for cell in cells[width:]):
                    notes.setdefault(index, RowNote.TOO_MANY_CELLS)
                    extra[index] = cells[width:]
                del cells[width:]
        columns = zip(*(cells for cells, _ in listed), strict=True)
        return Chunk([pa.array(column, pa.string()) for column in columns], notes, extra)

    def _strict_rows(self) -> Iterator[tuple[list[str], RowNote | None]]:
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        try:
            for cells in islice(reader, self._header_rows, None):
                yield cells, None
        except csv.Error as error:
            raise IrregularRows from error

    def _line_rows(self) -> Iterator[tuple[list[str], RowNote | None]]:
        for number, line in enumerate(self._lines(), start=1):
            if number <= self._header_lines:
                continue
            text = line.rstrip("\n")
            if not text:
                yield [], None
            elif '"' not in text:
                yield text.split(self._delimiter), None
            else:
                yield self._quoted_line(text, number)

    def _quoted_line(self, text: str, number: int) -> tuple[list[str], RowNote | None]:
        if text.count('"') % 2 == 0:
            try:
                return next(csv.reader([text], delimiter=self._delimiter)), None
            except csv.Error as error:
                limit = self._limits.max_cell_chars
                where = place(self._path.name, row=number)
                raise refusal(TableErrorCode.CELL, where, count=len(text), limit=limit) from error
        cells = text.split(self._delimiter)
        if len(cells) != self._width:
            raise refusal(TableErrorCode.QUOTES, place(self._path.name, row=number))
        return cells, RowNote.STRAY_QUOTE

    def _fresh_blocks(self) -> TextBlocks:
        # Arrow may still be reading ahead for a way that was given up, so counts are not shared.
        self._blocks = TextBlocks(self._path, self.encoding)
        return self._blocks

    def _lines(self) -> Iterator[str]:
        rest = ""
        blocks = self._fresh_blocks()
        for block in blocks:
            lines = (rest + block).split("\n")
            rest = lines.pop()
            for line in lines:
                yield line + "\n"
            if len(rest) > _LONGEST_LINE:
                where = place(self._path.name, row=blocks.lines + 1)
                raise refusal(TableErrorCode.LINE, where, limit=_LONGEST_LINE)
        if rest:
            yield rest


class _Utf8Body(io.RawIOBase):
    """The text below the header as UTF-8 bytes for Arrow; counts its lines."""

    def __init__(self, blocks: TextBlocks, skipped_lines: int) -> None:
        self._pieces = self._encoded(_without_lines(blocks, skipped_lines))
        self._buffer = b""
        self._ends_in_line = False
        self._line_feeds = 0
        self.is_empty = True

    @property
    def lines(self) -> int:
        """Lines handed out so far, the last one also without a line feed."""
        return self._line_feeds + self._ends_in_line

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """As asked for, up to the end: short answers would make small batches."""
        pieces = [self._buffer]
        length = len(self._buffer)
        while (size < 0 or length < size) and (piece := next(self._pieces, b"")):
            pieces.append(piece)
            length += len(piece)
        filled = b"".join(pieces)
        cut = length if size < 0 else size
        self._buffer = filled[cut:]
        return filled[:cut]

    def _encoded(self, parts: Iterable[str]) -> Iterator[bytes]:
        for text in parts:
            self.is_empty = False
            self._line_feeds += text.count("\n")
            self._ends_in_line = not text.endswith("\n")
            yield text.encode("utf-8", "replace")


def _without_lines(blocks: Iterable[str], count: int) -> Iterator[str]:
    for block in blocks:
        text = block
        while count and text:
            end = text.find("\n")
            if end < 0:
                text = ""
            else:
                text = text[end + 1 :]
                count -= 1
        if text:
            yield text
