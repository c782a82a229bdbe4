"""Store a checked batch: every row exactly once, all of them or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.domain.lists import ListKind
from jingwei.rosters import files
from jingwei.rosters.errors import CommitCancelled, IntakeRefused
from jingwei.rosters.models import Batch, RejectedRow
from jingwei.rosters.progress import Progress
from jingwei.rosters.rows import CHUNK_ROWS, RefusedRow, RowPlan, Tally, read_chunks
from jingwei.rosters.sealing import BatchCipher, make_cipher
from jingwei.rosters.services.jobs import defer
from jingwei.rosters.services.reading import counts_of, parsed_rows
from jingwei.rosters.staging import match_units, stage_rows, staging

COMMIT_TASK = "rosters.commit_batch"
_WRITTEN_AT_ONCE = 10 * CHUNK_ROWS

# The records follow in the same transaction; the foreign key is checked at its end.
_INSERT_UNITS = """
INSERT INTO rosters_sourceunit
       (id, list_kind, place_id, body_id, source_key, number, last_record_id, last_as_of, content_record_id)
OVERRIDING SYSTEM VALUE
SELECT unit_id, %(kind)s, %(place)s, %(body)s, source_key, number, record_id, %(as_of)s, record_id
  FROM staged_unit WHERE is_new ORDER BY row
"""
_INSERT_RECORDS = """
INSERT INTO rosters_sourcerecord
       (id, batch_id, row, unit_id, name, uscc, values, flags, content_hash, same_as_before, mends_id)
OVERRIDING SYSTEM VALUE
SELECT matched.record_id, %(batch)s, staged.row, matched.unit_id, staged.name, staged.uscc, staged.plain,
       staged.flags, staged.content_hash, matched.is_same, refused.id
  FROM staged_row staged JOIN staged_unit matched USING (row)
  LEFT JOIN rosters_rejectedrow refused
         ON refused.batch_id = staged.mends_batch AND refused.row = staged.mends_row
 WHERE staged.row > %(after)s AND staged.row <= %(upto)s
"""
_INSERT_PERSONAL = """
INSERT INTO rosters_sourcepersonal (record_id, batch_id, sealed)
SELECT matched.record_id, %(batch)s, staged.sealed
  FROM staged_row staged JOIN staged_unit matched USING (row)
 WHERE staged.row > %(after)s AND staged.row <= %(upto)s AND staged.sealed IS NOT NULL
"""
# A list of the same day replaces its forerunner only where it says something else.
_UPDATE_UNITS = """
UPDATE rosters_sourceunit unit
   SET last_record_id = matched.record_id, last_as_of = %(as_of)s,
       content_record_id = CASE WHEN matched.is_same THEN unit.content_record_id ELSE matched.record_id END
  FROM staged_unit matched
 WHERE unit.id = matched.unit_id AND NOT matched.is_new
   AND (unit.last_as_of < %(as_of)s OR (unit.last_as_of = %(as_of)s AND NOT matched.is_same))
"""


@transaction.atomic
def start_commit(*, batch: Batch, by: Actor) -> Batch:
    """Let the worker store the batch. A second click, or a click after a dead worker, does no harm.

    Raises IntakeRefused while the batch is not ready, or if the same file is stored already.
    """
    require_scope(by, Permission.BATCH_COMMIT, place_id=batch.place_id, body_id=batch.body_id)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == Batch.State.COMMITTED:
        return batch
    _refuse_unready(batch)
    if not batch.counts:
        raise IntakeRefused("本批还没有核对完", "请等核对结果出来后再确认入库")
    batch.state = Batch.State.COMMITTING
    batch.progress, batch.error = 0, {}
    batch.save(update_fields=["state", "progress", "error"])
    defer(COMMIT_TASK, batch=batch, by=by)
    return batch


@transaction.atomic
def commit(*, batch: Batch, by: Actor, on: datetime) -> Batch:
    """Store every row as a source record or a rejected row, in one transaction.

    A batch that is stored already is answered as it is. Commits of one list wait for each other.
    Raises IntakeRefused, CommitCancelled (a CommitCancelled batch keeps nothing) or TableError.
    """
    require_scope(by, Permission.BATCH_COMMIT, place_id=batch.place_id, body_id=batch.body_id)
    _lock_list(batch)
    batch.refresh_from_db()
    if batch.state == Batch.State.COMMITTED:
        return batch
    _refuse_unready(batch)
    counts = _store(batch)
    _finish(batch, counts, by, on)
    transaction.on_commit(lambda: files.rows_path(batch.pk).unlink(missing_ok=True))
    batch.refresh_from_db()
    return batch


@transaction.atomic
def report_failure(*, batch: Batch, error: IntakeRefused) -> None:
    """Take a batch whose job failed back to where its page can be used again, with the reason."""
    said = {"code": "S-INTERRUPTED", "message": error.message_zh, "hint": error.hint_zh, "place": ""}
    Batch.objects.filter(pk=batch.pk, state=Batch.State.READING).update(state=Batch.State.FAILED, error=said)
    Batch.objects.filter(pk=batch.pk, state=Batch.State.COMMITTING).update(state=Batch.State.CHECKED)
    Batch.objects.filter(pk=batch.pk, state=Batch.State.CHECKED).update(error=said)


def _store(batch: Batch) -> dict[str, Any]:
    tally = Tally(ListKind(batch.list_kind))
    with staging(), Progress(batch) as progress:
        cipher = make_cipher(batch)
        last_row = 0
        for accepted, refused in read_chunks(RowPlan.of(batch), parsed_rows(batch), tally):
            _refuse_cancelled(batch)
            stage_rows(accepted, cipher)
            _store_refused(batch, refused, cipher)
            last_row = max([last_row, *(each.row for each in accepted)])
            progress.report(tally.rows // 2)
        matched = match_units(batch)
        facts = {
            "batch": batch.pk, "kind": batch.list_kind, "place": batch.place_id, "body": batch.body_id,
            "as_of": batch.as_of,
        }  # fmt: skip
        _execute(_INSERT_UNITS, facts)
        for after in range(0, last_row, _WRITTEN_AT_ONCE):
            _refuse_cancelled(batch)
            write_range(facts | {"after": after, "upto": after + _WRITTEN_AT_ONCE})
            progress.report(tally.rows // 2 + min(after, tally.rows) // 2)
        _execute(_UPDATE_UNITS, facts)
    return counts_of(tally, matched)


def write_range(facts: Mapping[str, Any]) -> None:
    """Move one range of staged rows into the tables that last."""
    _execute(_INSERT_RECORDS, facts)
    _execute(_INSERT_PERSONAL, facts)


def _store_refused(batch: Batch, refused: list[RefusedRow], cipher: BatchCipher) -> None:
    RejectedRow.objects.bulk_create(
        RejectedRow(
            batch=batch,
            row=each.row,
            field=each.field,
            code=each.code,
            reason=each.reason,
            repair=each.repair,
            sealed=cipher.seal(each.row, each.cells),
        )
        for each in refused
    )


def _finish(batch: Batch, counts: dict[str, Any], by: Actor, on: datetime) -> None:
    """Declare the batch stored, unless it was given up a moment ago."""
    open_batch = Batch.objects.filter(pk=batch.pk, state__in=[Batch.State.CHECKED, Batch.State.COMMITTING])
    done = open_batch.update(
        state=Batch.State.COMMITTED,
        counts=counts,
        progress=counts["rows"],
        error={},
        committed_at=on,
        committed_by=by.name,
    )
    if not done:
        raise CommitCancelled
    detail = {name: counts[name] for name in ("rows", "rejected", "new", "changed", "same")}
    journal.record(
        verb="batch.commit", subject_type="batch", subject_id=batch.pk, by=by, on=on, detail=detail,
        place_id=batch.place_id, body_id=batch.body_id,
    )  # fmt: skip


def _refuse_unready(batch: Batch) -> None:
    if batch.state not in (Batch.State.CHECKED, Batch.State.COMMITTING):
        raise IntakeRefused(f"本批{batch.get_state_display()}，不能入库", "请重新上传文件")
    if not batch.is_mapped:
        raise IntakeRefused("还没有选定名单，或没有一列对应为名称或代码", "请在核对页选好后再入库")
    stored = Batch.objects.filter(
        list_kind=batch.list_kind, file=batch.file, place=batch.place, body=batch.body,
        state__in=[Batch.State.COMMITTING, Batch.State.COMMITTED],
    )  # fmt: skip
    other = stored.exclude(pk=batch.pk).first()
    if other is not None:
        day = f"于 {timezone.localtime(other.committed_at):%Y-%m-%d} " if other.committed_at else "正在"
        raise IntakeRefused(f"该文件已{day}入库（批次 {other.pk}），未作改动", "无须重复导入，可放弃本批")


def _refuse_cancelled(batch: Batch) -> None:
    if Batch.objects.filter(pk=batch.pk, state=Batch.State.CANCELLED).exists():
        raise CommitCancelled


def _lock_list(batch: Batch) -> None:
    """Commits that may touch the same units run one after the other."""
    name = f"rosters/list/{batch.list_kind}/{batch.place_id}/{batch.body_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _execute(statement: str, facts: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
