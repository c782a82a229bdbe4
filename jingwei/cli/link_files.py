"""Reads the lists of a folder into the linkage engine, row by row checked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from rich.progress import Progress

from jingwei.core.tables import ParsedTable, TableError, parse_in_subprocess
from jingwei.domain import linkage
from jingwei.domain.headers import kind_of_file_name, unit_of_header
from jingwei.domain.intake import MESSAGES, CheckedRow, check_row
from jingwei.domain.lists import LISTS, ListKind

_TABLE_SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xls"})
_BATCH = 20_000

_FAULTS = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("rejected", pa.bool_()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("code", pa.string()),
        ("reason", pa.string()),
        ("repair", pa.string()),
    ]
)


class Outcome(StrEnum):
    """What became of one file."""

    READ = "read"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass
class FileReport:
    """One file of the folder: `message` says why it was skipped or refused, in Chinese."""

    file: str
    outcome: Outcome
    kind: str = ""
    rows: int = 0
    rejected: int = 0
    flagged: int = 0
    encoding: str = ""
    code: str = ""
    message: str = ""
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The report without what says nothing."""
        return {name: value for name, value in asdict(self).items() if value not in ("", [])}


def begin_reading(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that `read_files` fills: the linkage's records, and `faults`."""
    linkage.begin(engine)
    engine.register("faults_made", _FAULTS.empty_table())
    engine.execute("CREATE TABLE faults AS SELECT * FROM faults_made")
    engine.unregister("faults_made")


def read_files(
    engine: duckdb.DuckDBPyConnection,
    directory: Path,
    staging: Path,
    stage: Callable[[str], None],
    progress: Progress,
) -> list[FileReport]:
    """Read every list of the folder; a file that cannot be read does not hinder the others."""
    reports = []
    for path in sorted(directory.iterdir()):
        if path.is_dir() or path.name.startswith((".", "~$")):
            continue
        known = kind_of_file_name(path.name)
        if known is None and path.suffix.lower() not in _TABLE_SUFFIXES:
            reports.append(FileReport(path.name, Outcome.SKIPPED, message="不是表格文件"))
            continue
        stage("读取文件")
        parsed = _parse(path, staging, known)
        if isinstance(parsed, FileReport):
            reports.append(parsed)
            continue
        stage("核对各行")
        reports.append(_take_in(engine, path.name, parsed, progress))
        parsed.rows_path.unlink()
    return reports


def _parse(path: Path, staging: Path, known: ListKind | None) -> ParsedTable | FileReport:
    """The parsed table, or the report of a file that is no list or cannot be read."""
    try:
        table = parse_in_subprocess(path, staging / "rows.parquet", kind=known)
    except TableError as error:
        outcome = Outcome.SKIPPED if known is None else Outcome.REFUSED
        told = "，".join(part for part in (error.place_zh, error.message_zh, error.hint_zh) if part)
        return FileReport(path.name, outcome, code=error.code, message=told)
    if table.kind is None:
        message = "文件名和表头都看不出是哪个部门的名单"
        return FileReport(path.name, Outcome.SKIPPED, message=message)
    return table


def _take_in(engine: duckdb.DuckDBPyConnection, file: str, table: ParsedTable, progress: Progress) -> FileReport:
    kind = table.kind
    assert kind is not None
    report = FileReport(file, Outcome.READ, LISTS[kind].zh, encoding=table.encoding or "", notes=list(table.notes))
    task = progress.add_task(file, total=table.row_count)
    builder = linkage.RecordBuilder()
    faults: list[tuple[Any, ...]] = []
    for done, (row, checked) in enumerate(_checked_rows(table, kind), start=1):
        report.rows += 1
        if checked.rejected is not None:
            report.rejected += 1
        else:
            report.flagged += bool(checked.flags)
            builder.add(kind, file, row, checked)
        faults.extend(_faults(kind, file, row, checked))
        if done % _BATCH == 0:
            _store(engine, builder, faults)
            progress.update(task, completed=done)
    _store(engine, builder, faults)
    progress.remove_task(task)
    return report


def _checked_rows(table: ParsedTable, kind: ListKind) -> Iterator[tuple[int, CheckedRow]]:
    fields = [(f"c{index}", name) for index, name in sorted(table.mapping.items())]
    units = [unit_of_header(table.header[index]) for index, name in table.mapping.items() if name == "capital"]
    unit = units[0] if units else None
    on = _today()
    columns = ["row", "note", *(column for column, _ in fields)]
    for batch in pq.ParquetFile(table.rows_path).iter_batches(batch_size=_BATCH, columns=columns):
        for line in batch.to_pylist():
            values = {name: line[column] for column, name in fields if line[column] is not None}
            yield line["row"], check_row(kind, values, line["note"], on=on, capital_unit=unit)


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _faults(kind: ListKind, file: str, row: int, checked: CheckedRow) -> Iterator[tuple[Any, ...]]:
    """The lines for the lists of faults: the row's own rejection first, then its fields."""
    rejected = checked.rejected
    if rejected is not None:
        yield file, row, True, "", "", rejected.value, MESSAGES[rejected], ""
    zh: Mapping[str, str] = {item.name: item.zh for item in LISTS[kind].fields} if checked.flags else {}
    for flag in checked.flags:
        name = zh.get(flag.field, flag.field)
        yield file, row, rejected is not None, name, flag.value, flag.code.value, flag.message_zh, flag.repair or ""


def _store(engine: duckdb.DuckDBPyConnection, builder: linkage.RecordBuilder, faults: list[tuple[Any, ...]]) -> None:
    if len(builder):
        linkage.receive(engine, builder.take())
    if faults:
        columns = [list(column) for column in zip(*faults, strict=True)]
        engine.register("faults_made", pa.table(columns, schema=_FAULTS))
        engine.execute("INSERT INTO faults SELECT * FROM faults_made")
        engine.unregister("faults_made")
        faults.clear()
