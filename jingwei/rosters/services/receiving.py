"""A file comes in, is given up, or has its personal columns destroyed."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction

from jingwei.bodies.models import Body
from jingwei.core import journal
from jingwei.core.models import StoredFile
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.domain.lists import ListKind
from jingwei.places.models import Place
from jingwei.rosters import files
from jingwei.rosters.errors import IntakeRefused
from jingwei.rosters.models import Batch, BatchKey
from jingwei.rosters.services.jobs import defer

READ_TASK = "rosters.read_batch"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_NAME = 255
_OPEN_STATES = (Batch.State.READING, Batch.State.CHECKED, Batch.State.COMMITTING)


@transaction.atomic
def receive_file(
    *,
    source: Path | Iterable[bytes],
    name: str,
    list_kind: ListKind | None,
    as_of: date,
    place: Place | None,
    body: Body | None,
    by: Actor,
    on: datetime,
    department: Body | None = None,
) -> Batch:
    """Keep the file and open a batch for it; ``list_kind`` None leaves the list to the reader.

    A file that was stored before for the same place, body and list answers with that batch, which is
    then COMMITTED, and a file that is being handled with the batch at hand: sending twice changes
    nothing. Raises IntakeRefused for an empty or too large file.
    """
    # The more exact lock first: whoever names a place must cover it, whatever his bodies are.
    scope = {"place_id": place.pk} if place else {"body_id": body.pk if body else None}
    require_scope(by, Permission.BATCH_IMPORT, **scope)
    kept = files.keep(files.pieces_of(source) if isinstance(source, Path) else source)
    _lock(f"rosters/file/{kept.sha256}")
    earlier = Batch.objects.filter(file__sha256=kept.sha256, place=place, body=body)
    known = _same_batch(earlier, list_kind, as_of)
    if known is not None:
        return known
    same_file = earlier.select_related("file").first()
    batch = Batch.objects.create(
        list_kind=list_kind or "",
        file=same_file.file if same_file else _record_file(kept, name, by, on),
        as_of=as_of,
        department=department,
        place=place,
        body=body,
        created_at=on,
        created_by=by.name,
    )
    _journal("batch.receive", batch, by, on, {"size": kept.size, "list": batch.list_kind})
    return batch


@transaction.atomic
def start_reading(*, batch: Batch, by: Actor) -> None:
    """Let the worker read the file, or check its rows again after a change of columns."""
    require_scope(by, Permission.BATCH_IMPORT, place_id=batch.place_id, body_id=batch.body_id)
    defer(READ_TASK, batch=batch, by=by)


@transaction.atomic
def cancel(*, batch: Batch, by: Actor, on: datetime) -> Batch:
    """Give a batch up before it is stored; one that is being stored is rolled back.

    Raises IntakeRefused for a stored batch.
    """
    require_scope(by, Permission.BATCH_IMPORT, place_id=batch.place_id, body_id=batch.body_id)
    given_up = Batch.objects.filter(pk=batch.pk, state__in=[*_OPEN_STATES, Batch.State.FAILED])
    if given_up.update(state=Batch.State.CANCELLED):
        _journal("batch.cancel", batch, by, on, {})
        transaction.on_commit(lambda: files.rows_path(batch.pk).unlink(missing_ok=True))
    batch.refresh_from_db()
    if batch.state == Batch.State.COMMITTED:
        raise IntakeRefused("本批已经入库，不能放弃", "请重新导入正确的名单，以同一或更晚的数据日期覆盖")
    return batch


@transaction.atomic
def forget_personal(*, batch: Batch, by: Actor, on: datetime, reason: str) -> None:
    """Destroy the key of a batch's personal columns, and the file they came in. There is no way back."""
    require_scope(by, Permission.BATCH_COMMIT, place_id=batch.place_id, body_id=batch.body_id)
    if not batch.is_settled:
        raise IntakeRefused("本批还没有入库或放弃", "请先入库或放弃，再销毁个人信息")
    BatchKey.objects.filter(batch=batch, destroyed_at__isnull=True).update(wrapped=None, destroyed_at=on)
    sha256 = batch.file.sha256
    transaction.on_commit(lambda: files.remove(sha256))
    _journal("batch.forget_personal", batch, by, on, {"reason": reason})


def _same_batch(earlier: Iterable[Batch], list_kind: ListKind | None, as_of: date) -> Batch | None:
    for batch in earlier:
        if list_kind is not None and batch.list_kind not in ("", list_kind):
            continue
        if batch.state == Batch.State.COMMITTED or (batch.state in _OPEN_STATES and batch.as_of == as_of):
            return batch
    return None


def _record_file(kept: files.KeptFile, name: str, by: Actor, on: datetime) -> StoredFile:
    return StoredFile.objects.create(
        sha256=kept.sha256, name=_plain_name(name), size=kept.size, received_at=on, received_by=by.name
    )


def _plain_name(name: str) -> str:
    """The last part of a file name, as browsers of any system send it."""
    last = _CONTROL.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    return (last if last.strip(".") else "未命名")[-_LONGEST_NAME:]


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _journal(verb: str, batch: Batch, by: Actor, on: datetime, detail: dict[str, object]) -> None:
    journal.record(
        verb=verb, subject_type="batch", subject_id=batch.pk, by=by, on=on, detail=detail,
        place_id=batch.place_id, body_id=batch.body_id,
    )  # fmt: skip
