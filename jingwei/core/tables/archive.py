"""Look into an xlsx before it is opened: its zip directory, and every XML part as a stream.

The reader behind this expands a sheet into memory as a full rectangle. What must not reach it is
found here, at the price of one pass over the compressed parts.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jingwei.core.tables.errors import TableErrorCode, place, refusal
from jingwei.core.tables.model import TableLimits

_MOST_PARTS = 10_000
# Sheets of real lists pack 5 to 30 times; a part that packs better and is large holds no list.
_HIGHEST_RATIO = 100
_RATIO_FROM_BYTES = 16 << 20
_CHUNK = 1 << 20
_OVERLAP = 64
# Memory the reader needs for one cell of the rectangle, used or not.
_BYTES_PER_CELL = 32

_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Z]{1,4})(\d{1,8})["'][^<>]*(?<!/)>""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^<>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR_CELL = re.compile(rb"""\bt=["']e["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Large parts without cells. Any other part may be a sheet, whatever its name.
_WITHOUT_CELLS = ("xl/sharedStrings.xml", "xl/styles.xml")
_OTHER_ARCHIVES = (
    ("xl/workbook.bin", "二进制 Excel（xlsb）文件"),
    ("word/", "Word 文档"),
    ("ppt/", "幻灯片"),
    ("OFD.xml", "OFD 版式文件"),
    ("mimetype", "OpenDocument 或电子书文件"),
)


@dataclass
class Contents:
    """What was seen in the sheets of a workbook."""

    formulas: int = 0
    formulas_without_value: int = 0
    error_cells: int = 0
    has_external_links: bool = False
    has_macros: bool = False
    columns: set[bytes] = field(default_factory=set)
    last_row: int = 0

    @property
    def last_column(self) -> int:
        """Number of the last column that holds a value, from 1; 0 if none does."""
        return max(map(_column_number, self.columns), default=0)


def inspect(path: Path, limits: TableLimits) -> Contents:
    """Check the archive and count what the notes will tell.

    Raises TableError: T-TRUNCATED, T-DAMAGED, T-KIND, T-ENCRYPTED, T-BOMB, T-UNSAFE, T-COLUMNS,
    T-ROWS, T-SPREAD.
    """
    where = place(path.name)
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise refusal(TableErrorCode.TRUNCATED, where) from error
    except (OSError, ValueError, NotImplementedError, IndexError) as error:
        raise refusal(TableErrorCode.DAMAGED, where, detail="压缩包目录") from error
    with archive:
        parts = archive.infolist()
        _check_directory(parts, limits, where)
        _check_kind(parts, where)
        names = [part.filename for part in parts]
        contents = Contents(
            has_external_links=any(name.startswith("xl/externalLinks/") for name in names),
            has_macros=any(name.endswith("vbaProject.bin") for name in names),
        )
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _scan_part(archive, part, contents, limits, where)
    return contents


def _check_directory(parts: list[zipfile.ZipInfo], limits: TableLimits, where: str) -> None:
    if len(parts) > _MOST_PARTS:
        raise refusal(TableErrorCode.UNSAFE, where, detail=f"压缩包内有 {len(parts)} 个文件")
    for part in parts:
        _check_name(part.filename, where)
        if part.flag_bits & 1:
            raise refusal(TableErrorCode.ENCRYPTED, where)
        if part.file_size > max(_RATIO_FROM_BYTES, part.compress_size * _HIGHEST_RATIO):
            raise _bomb(part.compress_size, part.file_size, where)
    total = sum(part.file_size for part in parts)
    if total > limits.max_unpacked_bytes:
        raise _bomb(sum(part.compress_size for part in parts), total, where)


def _bomb(packed: int, unpacked: int, where: str) -> Exception:
    return refusal(TableErrorCode.BOMB, where, packed=packed, unpacked=unpacked)


def _check_name(name: str, where: str) -> None:
    steps = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in steps or ":" in steps[0]:
        raise refusal(TableErrorCode.UNSAFE, where, detail="压缩包内的文件名指向包外")


def _check_kind(parts: Iterable[zipfile.ZipInfo], where: str) -> None:
    names = [part.filename for part in parts]
    if "xl/workbook.xml" in names:
        return
    for start, kind in _OTHER_ARCHIVES:
        if any(name.startswith(start) for name in names):
            raise refusal(TableErrorCode.KIND, where, kind=kind)
    raise refusal(TableErrorCode.KIND, where, kind="压缩包（zip）")


def _scan_part(
    archive: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    contents: Contents,
    limits: TableLimits,
    where: str,
) -> None:
    has_formulas = _SHEET.fullmatch(part.filename) is not None
    has_cells = part.filename not in _WITHOUT_CELLS
    first = True
    for text in _pieces(archive, part, where):
        if first and not text.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise refusal(TableErrorCode.DAMAGED, where, detail=part.filename)
        first = False
        if _FORBIDDEN.search(text):
            raise refusal(TableErrorCode.UNSAFE, where, detail="XML 声明了外部实体")
        if has_formulas:
            _count_remarkable_cells(text, contents)
        if has_cells:
            _measure(text, contents)
            _check_extent(contents, limits, where)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, where: str) -> Iterator[bytes]:
    """The unpacked part in pieces that end behind a tag, so that no tag is cut in two."""
    rest = b""
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                text = rest + chunk
                cut = text.rfind(b">") + 1 or max(len(text) - _OVERLAP, 0)
                yield text[:cut]
                rest = text[cut:]
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise refusal(TableErrorCode.DAMAGED, where, detail=part.filename) from error
    if rest:
        yield rest


def _measure(text: bytes, contents: Contents) -> None:
    cells = _CELL.findall(text)
    if cells:
        columns, rows = zip(*cells, strict=True)
        contents.columns.update(columns)
        contents.last_row = max(contents.last_row, *map(int, set(rows)))


def _count_remarkable_cells(text: bytes, contents: Contents) -> None:
    if b"<f" in text or b":f" in text:
        contents.formulas += len(_FORMULA.findall(text))
        contents.formulas_without_value += len(_FORMULA_WITHOUT_VALUE.findall(text))
    contents.error_cells += len(_ERROR_CELL.findall(text))


def _check_extent(contents: Contents, limits: TableLimits, where: str) -> None:
    width, height = contents.last_column, contents.last_row
    if width > limits.max_columns:
        raise refusal(TableErrorCode.COLUMNS, where, count=width, limit=limits.max_columns)
    # Titles and header lie above the rows that count.
    if height > limits.max_rows + 100:
        raise refusal(TableErrorCode.ROWS, where, limit=limits.max_rows)
    if width * height * _BYTES_PER_CELL > limits.memory_bytes:
        raise refusal(TableErrorCode.SPREAD, where, row=height, column=width)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
