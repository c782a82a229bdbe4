"""Read a file, settle what its columns mean, and try out what storing it would do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from jingwei.core import journal, tables
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.tables import ParsedTable, TableError, map_columns
from jingwei.domain.lists import LISTS, ListKind
from jingwei.rosters import files
from jingwei.rosters.errors import IntakeRefused
from jingwei.rosters.models import Batch
from jingwei.rosters.progress import Progress
from jingwei.rosters.rows import RowPlan, Tally, read_chunks
from jingwei.rosters.staging import MatchCounts, match_units, stage_keys, staging


@transaction.atomic
def read(*, batch: Batch, by: Actor) -> Batch:
    """Read the file in a process of its own. The batch is CHECKED with guessed columns, or FAILED
    with message and way out. A batch that was read already is answered as it is.
    """
    _require(batch, by)
    batch.refresh_from_db()
    if batch.state not in (Batch.State.READING, Batch.State.FAILED):
        return batch
    reading = Batch.objects.filter(pk=batch.pk, state=batch.state)
    try:
        table = _parse(batch)
    except TableError as error:
        reading.update(state=Batch.State.FAILED, error=_error(error))
    else:
        reading.update(
            state=Batch.State.CHECKED,
            list_kind=table.kind or batch.list_kind,
            # Where the rows lie now is no fact about the file.
            parsed={name: value for name, value in table.to_json().items() if name != "rows_path"},
            mapping={str(column): field for column, field in table.mapping.items()},
            counts={},
            sample=[],
            error={},
        )
    batch.refresh_from_db()
    return batch


@transaction.atomic
def change_mapping(*, batch: Batch, mapping: Mapping[int, str], by: Actor, on: datetime) -> Batch:
    """Take the columns for these fields instead of the guessed ones; counts are void until checked.

    Raises IntakeRefused if two columns claim one field, or no column gives names or codes.
    """
    _require(batch, by)
    header: list[str] = batch.parsed["header"]
    _refuse_bad_mapping(ListKind(batch.list_kind), header, mapping)
    return _restart(batch, by, on, mapping={str(column): field for column, field in sorted(mapping.items())})


@transaction.atomic
def change_list(*, batch: Batch, list_kind: ListKind, by: Actor, on: datetime) -> Batch:
    """Take the file for another list and guess its columns anew."""
    _require(batch, by)
    guessed = map_columns(batch.parsed["header"], list_kind).mapping
    columns = {str(column): field for column, field in guessed.items()}
    return _restart(batch, by, on, list_kind=list_kind, mapping=columns)


@transaction.atomic
def check(*, batch: Batch, by: Actor) -> Batch:
    """Dry run: count what storing would do and keep examples of bad rows; no row is stored."""
    _require(batch, by)
    batch.refresh_from_db()
    if batch.state != Batch.State.CHECKED or not batch.is_mapped:
        return batch
    tally = Tally(ListKind(batch.list_kind))
    with staging():
        with Progress(batch) as progress:
            for accepted, _ in read_chunks(RowPlan.of(batch), parsed_rows(batch), tally):
                stage_keys(accepted)
                progress.report(tally.rows)
        matched = match_units(batch)
    # Whoever changed list or columns meanwhile has made these counts void.
    current = Batch.objects.filter(
        pk=batch.pk, state=Batch.State.CHECKED, list_kind=batch.list_kind, mapping=batch.mapping
    )
    current.update(counts=counts_of(tally, matched), sample=tally.sample, error={})
    batch.refresh_from_db()
    return batch


def parsed_rows(batch: Batch) -> Any:
    """Path of the parsed rows; where the work folder was emptied they are made again from the file.

    Raises TableError.
    """
    path = files.rows_path(batch.pk)
    if not path.exists():
        _parse(batch)
    return path


def counts_of(tally: Tally, matched: MatchCounts) -> dict[str, Any]:
    """The counts kept with a batch; rows = new + changed + same + rejected."""
    return {
        "rows": tally.rows,
        "rejected": tally.rejected,
        "flagged": tally.flagged,
        "new": matched.new,
        "changed": matched.changed,
        "same": matched.same,
        "repeated": matched.repeated,
        "missing": matched.missing,
        "latest_as_of": matched.latest_as_of.isoformat() if matched.latest_as_of else None,
        "codes": dict(tally.codes.most_common()),
    }


def _parse(batch: Batch) -> ParsedTable:
    limits = replace(tables.DEFAULT, max_bytes=settings.MAX_ROSTER_FILE_BYTES)
    kind = ListKind(batch.list_kind) if batch.list_kind else None
    with files.under_its_name(batch.file.sha256, batch.file.name) as path:
        return tables.parse_in_subprocess(path, files.rows_path(batch.pk), kind=kind, limits=limits)


def _restart(batch: Batch, by: Actor, on: datetime, **changes: Any) -> Batch:
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.CHECKED)
    if not waiting.update(counts={}, sample=[], error={}, progress=0, **changes):
        raise IntakeRefused("本批已不在核对中，不能再改列的对应", "需要时请重新上传文件")
    batch.refresh_from_db()
    journal.record(
        verb="batch.map", subject_type="batch", subject_id=batch.pk, by=by, on=on, fields=sorted(changes),
        detail={"list": batch.list_kind, "columns": batch.mapping}, place_id=batch.place_id, body_id=batch.body_id,
    )  # fmt: skip
    return batch


def _refuse_bad_mapping(kind: ListKind, header: list[str], mapping: Mapping[int, str]) -> None:
    definition = LISTS[kind]
    taken: dict[str, int] = {}
    for column, name in mapping.items():
        if not 0 <= column < len(header) or name not in {field.name for field in definition.fields}:
            raise IntakeRefused("列的对应已经过期", "请刷新页面后重新选择")
        if name in taken:
            pair = f"“{header[taken[name]]}”和“{header[column]}”"
            raise IntakeRefused(
                f"{pair}两列都对应为“{definition.field(name).zh}”", "请只保留其中一列，另一列选“不使用”"
            )
        taken[name] = column
    if not any(name in taken for name in definition.key_fields):
        names = "或".join(definition.field(name).zh for name in definition.key_fields)
        raise IntakeRefused("没有一列对应为名称或代码，任何一行都无法入库", f"请至少为“{names}”选择一列")


def _error(error: TableError) -> dict[str, str]:
    return {"code": error.code, "message": error.message_zh, "hint": error.hint_zh, "place": error.place_zh}


def _require(batch: Batch, by: Actor) -> None:
    require_scope(by, Permission.BATCH_IMPORT, place_id=batch.place_id, body_id=batch.body_id)
