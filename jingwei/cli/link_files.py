"""Reads the lists of a folder into the linkage engine, every row checked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.progress import Progress

from jingwei.core.tables import ParsedTable, Parsing, TableError
from jingwei.domain import linkage
from jingwei.domain.headers import kind_of_file_name, unit_of_header
from jingwei.domain.linkage.bulk_records import Taken, bulk_records
from jingwei.domain.linkage.records import RANK
from jingwei.domain.lists import LISTS, ListKind

_TABLE_SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xls"})
_BATCH = 65_536
_BATCHES_AT_ONCE = 4

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
    *,
    also: Callable[[str, ParsedTable], None] = lambda file, table: None,
) -> list[FileReport]:
    """Read every list of the folder; a file that cannot be read does not hinder the others.

    Files are parsed side by side and checked as they come, but handed to the engine in a fixed order,
    so that nothing hangs on which of them was quicker. The reports stand in the order of names. `also`
    is called for every file that was read, while its parsed rows are there.
    """
    reports, files = [], []
    for path in sorted(directory.iterdir()):
        if path.is_dir() or path.name.startswith((".", "~$")):
            continue
        if kind_of_file_name(path.name) is None and path.suffix.lower() not in _TABLE_SUFFIXES:
            reports.append(FileReport(path.name, Outcome.SKIPPED, message="不是表格文件"))
        else:
            files.append(path)
    ((threads,),) = engine.execute("SELECT current_setting('threads')").fetchall()
    found: list[_Checked] = []
    stage("读取文件")
    with ThreadPoolExecutor(threads) as pool:
        for path, parsed in _parsed(files, staging, threads):
            if isinstance(parsed, FileReport):
                reports.append(parsed)
                continue
            stage("核对各行")
            found.append(_check(path.name, parsed, progress, pool))
            also(path.name, parsed)
            parsed.rows_path.unlink()
            stage("读取文件")
    stage("核对各行")
    # The engine takes in few large tables several times faster than many small ones.
    for checked in sorted(found, key=lambda each: (each.rank, each.report.file)):
        linkage.receive(engine, checked.records)
        _store_faults(engine, checked.faults)
        reports.append(checked.report)
    return sorted(reports, key=lambda report: report.file)


def _parsed(files: list[Path], staging: Path, threads: int) -> Iterator[tuple[Path, ParsedTable | FileReport]]:
    """The files as they are parsed, the largest begun first."""
    ordered = sorted(files, key=lambda path: (-path.stat().st_size, path.name))
    under_way: list[Parsing] = []

    def parse(number: int, path: Path) -> tuple[Path, ParsedTable | FileReport]:
        return path, _parse(path, staging / f"rows-{number}.parquet", under_way)

    with ThreadPoolExecutor(threads) as pool:
        try:
            for done in as_completed([pool.submit(parse, number, path) for number, path in enumerate(ordered)]):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for parsing in under_way:
                parsing.stop()
            raise


def _parse(path: Path, out: Path, under_way: list[Parsing]) -> ParsedTable | FileReport:
    """The parsed table, or the report of a file that is no list or cannot be read."""
    known = kind_of_file_name(path.name)
    try:
        parsing = Parsing(path, out, kind=known)
        under_way.append(parsing)
        table = parsing.result()
    except TableError as error:
        outcome = Outcome.SKIPPED if known is None else Outcome.REFUSED
        told = "，".join(part for part in (error.place_zh, error.message_zh, error.hint_zh) if part)
        return FileReport(path.name, outcome, code=error.code, message=told)
    if table.kind is None:
        message = "文件名和表头都看不出是哪个部门的名单"
        return FileReport(path.name, Outcome.SKIPPED, message=message)
    return table


class _Checked(NamedTuple):
    """A file whose rows are checked: place of its list in the linkage's order, what becomes of its rows."""

    rank: int
    report: FileReport
    records: pa.Table
    faults: pa.Table


def _check(file: str, table: ParsedTable, progress: Progress, pool: ThreadPoolExecutor) -> _Checked:
    kind = table.kind
    assert kind is not None
    report = FileReport(file, Outcome.READ, LISTS[kind].zh, encoding=table.encoding or "", notes=list(table.notes))
    task = progress.add_task(file, total=table.row_count)
    check = _checker(table, kind, file)
    columns = ["row", "note", *_columns(table).values()]
    batches = pq.ParquetFile(table.rows_path).iter_batches(batch_size=_BATCH, columns=columns)
    records: list[pa.Table] = []
    faults: list[pa.Table] = []
    while some := list(islice(batches, _BATCHES_AT_ONCE)):
        for batch, taken in zip(some, pool.map(check, some), strict=True):
            report.rows += len(batch)
            report.rejected += int(taken.rejected.sum())
            report.flagged += int((taken.flagged & ~taken.rejected).sum())
            records.append(taken.records)
            faults.append(_named_faults(kind, file, batch.column("row"), taken))
            progress.update(task, completed=report.rows)
    progress.remove_task(task)
    return _Checked(RANK[kind], report, pa.concat_tables(records), pa.concat_tables(faults))


def _columns(table: ParsedTable) -> dict[str, str]:
    """The columns of the parsed rows by canonical field."""
    return {name: f"c{index}" for index, name in sorted(table.mapping.items())}


def _checker(table: ParsedTable, kind: ListKind, file: str) -> Callable[[pa.RecordBatch], Taken]:
    fields = _columns(table)
    units = [unit_of_header(table.header[index]) for index, name in table.mapping.items() if name == "capital"]
    unit, on = (units[0] if units else None), _today()

    def check(batch: pa.RecordBatch) -> Taken:
        values = {name: batch.column(column) for name, column in fields.items()}
        notes, rows = batch.column("note"), batch.column("row")
        return bulk_records(kind, values, notes, file=file, rows=rows, on=on, capital_unit=unit)

    return check


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _named_faults(kind: ListKind, file: str, rows: pa.Array, taken: Taken) -> pa.Table:
    """The lines for the lists of faults, with the row's number and the field's Chinese name."""
    faults = taken.faults
    index = faults["index"]
    fields = faults["field"].combine_chunks().dictionary_encode()
    zh = {item.name: item.zh for item in LISTS[kind].fields}
    names = pa.array([zh.get(name, name) for name in fields.dictionary.to_pylist()], pa.string())
    columns = {
        "file": pa.array([file], pa.string()).take(pa.array(np.zeros(len(faults), np.int64))),
        "row": rows.take(index),
        "rejected": pa.array(taken.rejected).take(index),
        "field": names.take(fields.indices),
        "value": faults["value"],
        "code": faults["code"],
        "reason": faults["message"],
        "repair": pc.fill_null(faults["repair"], ""),
    }
    return pa.table(columns, schema=_FAULTS)


def _store_faults(engine: duckdb.DuckDBPyConnection, faults: pa.Table) -> None:
    if len(faults):
        engine.register("faults_made", faults)
        engine.execute("INSERT INTO faults SELECT * FROM faults_made")
        engine.unregister("faults_made")
