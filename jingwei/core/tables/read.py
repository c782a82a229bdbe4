"""Read one file of a department whole, or refuse it whole with a reason."""

import errno
from contextlib import suppress
from pathlib import Path

from jingwei.core.tables.columns import settle_rivals
from jingwei.core.tables.delimited import open_delimited
from jingwei.core.tables.errors import TableError, TableErrorCode, place, refusal
from jingwei.core.tables.header import title_rows
from jingwei.core.tables.meaning import read_meaning
from jingwei.core.tables.model import DEFAULT, ParsedTable, TableLimits
from jingwei.core.tables.rows import Layout, RowWriter, Where
from jingwei.core.tables.sniff import is_zip_file
from jingwei.core.tables.source import IrregularRows, Source
from jingwei.core.tables.workbook import open_workbook
from jingwei.domain.headers import kind_of_file_name
from jingwei.domain.lists import ListKind

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)


def parse(path: Path, out: Path, *, kind: ListKind | None = None, limits: TableLimits = DEFAULT) -> ParsedTable:
    """Read a CSV or xlsx file in this process and write its rows to the parquet file `out`.

    `kind` is what the sender says the file is; without it, the file name and then the headers tell.
    Raises TableError and nothing else; then `out` is not touched. Memory and time are bounded only
    by `parse_in_subprocess`, which is the one to use for files of strangers.
    """
    part = out.with_name(out.name + ".part")
    try:
        table = _parse(path, part, out, kind, limits)
        part.replace(out)
    except TableError:
        raise
    except MemoryError as error:
        raise refusal(TableErrorCode.MEMORY, place(path.name)) from error
    except OSError as error:
        code = TableErrorCode.DISK if error.errno in _NO_SPACE else TableErrorCode.MISSING
        raise refusal(code, place(path.name)) from error
    except Exception as error:
        detail = type(error).__name__
        raise refusal(TableErrorCode.CRASH, place(path.name), detail=detail) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return table


def _open(path: Path, kind: ListKind | None, limits: TableLimits) -> Source:
    opener = open_workbook if is_zip_file(path) else open_delimited
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise refusal(TableErrorCode.TOO_LARGE, place(path.name), size=size, limit=limits.max_bytes)
    source: Source = opener(path, limits, kind or kind_of_file_name(path.name))
    width = len(source.fit.names)
    if width > limits.max_columns:
        where = place(path.name, sheet=source.sheet, row=source.fit.index + 1)
        raise refusal(TableErrorCode.COLUMNS, where, count=width, limit=limits.max_columns)
    return source


def _parse(path: Path, part: Path, out: Path, kind: ListKind | None, limits: TableLimits) -> ParsedTable:
    source = _open(path, kind, limits)
    header = source.fit.names
    where = Where(path.name, source.sheet, source.fit.index + 2)
    meaning = read_meaning(path.name, header, kind)
    meaning.refuse_without_key(where.zh(row=0))
    titles = title_rows(source.sample, source.fit)
    rivals = tuple(meaning.columns.rivals.values())
    layout = Layout(header, titles, meaning.name_column, meaning.code_column, rivals)
    stored = _store(source, part, layout, where, limits)
    if not stored.written:
        raise refusal(TableErrorCode.NO_ROWS, where.zh())
    conflicts = settle_rivals(meaning.columns, stored)
    meaning.refuse_undecided_keys(conflicts, where.zh(row=0))
    chosen = {each.chosen: each.field for each in conflicts if each.chosen is not None}
    return ParsedTable(
        source_name=path.name,
        sheet=source.sheet,
        encoding=source.encoding,
        header_row=source.fit.index + 1,
        header=header,
        title_rows=titles,
        row_count=stored.written,
        blank_rows=stored.rows - stored.written,
        kind=meaning.kind,
        mapping={**meaning.columns.mapping, **chosen},
        unmapped=meaning.columns.unmapped,
        ignored=meaning.columns.ignored,
        conflicts=conflicts,
        suggestions=meaning.suggestions,
        notes=(
            *meaning.notes_zh(source.fit, titles, conflicts, stored.code_like_names),
            *source.remarks(),
        ),
        rows_path=out,
    )


def _store(source: Source, part: Path, layout: Layout, where: Where, limits: TableLimits) -> RowWriter:
    """Write all rows by the first way of reading that understands them; the closed writer."""
    for chunks in source.passes():
        with suppress(IrregularRows), RowWriter(part, layout, where, limits) as writer:
            for chunk in chunks:
                writer.add(chunk)
            return writer
    raise refusal(TableErrorCode.QUOTES, where.zh())
