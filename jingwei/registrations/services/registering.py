"""A registration is stored once, withdrawn with a reason, or handed over to the intake as rows of a list."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require_scope
from jingwei.core.refusal import Refused
from jingwei.domain.lists import LISTS, ListKind
from jingwei.places.models import Place
from jingwei.registrations.intake import Check, check
from jingwei.registrations.matching import Match, Shown
from jingwei.registrations.models import Registration
from jingwei.registrations.sealing import open_sealed, seal
from jingwei.rosters.models import Batch
from jingwei.rosters.rows import personal_fields
from jingwei.rosters.sealing import canonical_json, content_hash, installation_key
from jingwei.rosters.services import receive_file, start_reading

LONGEST_REASON, LONGEST_KEY = 200, 80
_GIVEN_UP = (Batch.State.CANCELLED, Batch.State.FAILED)


class Duplicate(Refused):
    """The roster very likely has this unit; nobody has confirmed that it is another one."""

    def __init__(self, found: Check) -> None:
        super().__init__("名册中很可能已有这个单位。确认不是同一个的，请写明理由后再保存。")
        self.found = found


class KeyReused(Refused):
    """The idempotency key has been used for something else."""

    def __init__(self) -> None:
        super().__init__("这个防重键已用于另一条内容不同的登记，请换一个新的防重键。")


@transaction.atomic
def register(
    *, kind: ListKind, values: Mapping[str, str], place: Place, by: Actor, on: datetime, key: str,
    distinct_reason: str = "", token_id: int | None = None, body_id: int | None = None,
) -> tuple[Registration, Match | None]:  # fmt: skip
    """Store a registration that waits for a clerk; the same person's same key stores it once, and answers without
    a match what was stored.

    Raises ``Unusable`` for values that cannot be taken, ``Duplicate`` for a likely duplicate without a reason why
    it is another unit, ``KeyReused`` where the key belongs to other content.
    """
    require_scope(by, Permission.REGISTRATION_SAVE, place_id=place.pk)
    if by.user_id is None:
        raise NotPermitted("登记须由具名的账号办理。", permission=Permission.REGISTRATION_SAVE)
    said, key = _reason(distinct_reason, needed=False), _key(key)
    stated = {name: text.strip() for name, text in values.items() if text.strip()}
    plain, personal = _parts(kind, stated)
    hashed = _hash(kind, plain, personal, place)
    _lock(f"registrations/{by.user_id}/{key}")
    stored = Registration.objects.filter(user_id=by.user_id, key=key).first()
    if stored is not None:
        if bytes(stored.content_hash) != hashed:
            raise KeyReused
        return stored, None
    found = check(kind, stated, on=timezone.localdate(on))
    if found.match.decision is Registration.Decision.LIKELY_DUPLICATE and not said:
        raise Duplicate(found)
    made = Registration.objects.create(
        list_kind=kind, place=place, body_id=body_id, name=found.checked.name or "", uscc=found.checked.uscc or "",
        values=plain, sealed=seal(personal, bound_to=f"{by.user_id}/{key}"), flags=_flags(found, kind),
        decision=found.match.decision, basis=found.match.basis or "", candidates=_candidates(found.match.shown),
        distinct_reason=said, key=key, content_hash=hashed, user_id=by.user_id, token_id=token_id, registered_by=by.name,
        registered_at=on,
    )  # fmt: skip
    _note("registration.save", made, by, on, {"decision": made.decision, "token": token_id})
    return made, found.match


@transaction.atomic
def withdraw(*, registration: Registration, by: Actor, on: datetime, reason: str) -> Registration:
    """Take a waiting registration back. Twice changes nothing. Raises ``Refused`` for one that was handed over."""
    require_scope(by, Permission.REGISTRATION_SAVE, place_id=registration.place_id, body_id=registration.body_id)
    said = _reason(reason, needed=True)
    held = Registration.objects.filter(pk=registration.pk, state=Registration.State.WAITING)
    changed = held.update(state=Registration.State.WITHDRAWN, settled_by=by.name, settled_at=on, withdrawn_reason=said)
    registration.refresh_from_db()
    if changed:
        _note("registration.withdraw", registration, by, on, {})
    elif registration.state != Registration.State.WITHDRAWN:
        raise Refused("这条登记已转名单导入，不能撤回；需要更正的，请在主体页更正。")
    return registration


@transaction.atomic
def hand_over(*, kind: ListKind, place: Place, by: Actor, on: datetime) -> Batch:
    """Hand all registrations of a place and kind to the intake, as one list that grows: those handed over before
    are in it again, so that the list is whole. From there on it is read, checked, stored and linked as any list.

    Raises ``Refused`` where nothing waits.
    """
    require_scope(by, Permission.BATCH_IMPORT, place_id=place.pk)
    _lock(f"registrations/list/{kind}/{place.pk}")
    listed = Registration.objects.filter(list_kind=kind, place=place).exclude(state=Registration.State.WITHDRAWN)
    waiting = listed.filter(Q(state=Registration.State.WAITING) | Q(batch__state__in=_GIVEN_UP))
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        raise Refused("没有待入库的登记。")
    batch = receive_file(
        source=[_sheet(kind, listed.order_by("pk"))], name=f"{LISTS[kind].zh}登记_{place.name}.csv", list_kind=kind,
        as_of=timezone.localdate(on), place=place, body=None, by=by, on=on,
    )  # fmt: skip
    Registration.objects.filter(pk__in=ids).update(
        state=Registration.State.HANDED_OVER, settled_by=by.name, settled_at=on, batch=batch
    )
    start_reading(batch=batch, by=by)
    journal.record(
        verb="registration.hand_over", subject_type="batch", subject_id=batch.pk, by=by, on=on,
        detail={"registrations": len(ids)}, place_id=place.pk,
    )  # fmt: skip
    return batch


def values_of(registration: Registration) -> dict[str, str]:
    """All that was said, the personal fields opened."""
    bound = f"{registration.user_id}/{registration.key}"
    return {**registration.values, **open_sealed(registration.sealed, bound_to=bound)}


def _sheet(kind: ListKind, registrations: Iterable[Registration]) -> bytes:
    """A CSV file with the list's own headers; a row for each registration, the oldest first."""
    text = io.StringIO()
    fields = LISTS[kind].fields
    writer = csv.writer(text)
    writer.writerow([field.zh for field in fields])
    for each in registrations:
        said = values_of(each)
        writer.writerow([said.get(field.name, "") for field in fields])
    return text.getvalue().encode("utf-8-sig")


def _parts(kind: ListKind, stated: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The plain and the personal fields."""
    personal = personal_fields(kind)
    plain = {name: text for name, text in stated.items() if name not in personal}
    return plain, {name: text for name, text in stated.items() if name in personal}


def _hash(kind: ListKind, plain: Mapping[str, str], personal: Mapping[str, str], place: Place) -> bytes:
    key = installation_key("content")
    return content_hash(key, f"{kind}/{place.pk}", canonical_json(plain), canonical_json(personal))


def _flags(found: Check, kind: ListKind) -> list[dict[str, str]]:
    """As an imported row keeps them: a repair of a personal field is not kept."""
    personal = personal_fields(kind)
    return [
        {"field": flag.field, "code": str(flag.code), "message": flag.message_zh}
        | ({"repair": flag.repair} if flag.repair and flag.field not in personal else {})
        for flag in found.checked.flags
    ]


def _candidates(shown: Iterable[Shown]) -> list[dict[str, object]]:
    return [{"entity": each.entity_id, "name": each.told.name, "millibits": each.millibits} for each in shown]


def _reason(reason: str, *, needed: bool) -> str:
    said = reason.strip()
    if needed and not said:
        raise Refused("请写明原因。")
    if len(said) > LONGEST_REASON:
        raise Refused(f"理由不能超过 {LONGEST_REASON} 个字。")
    return said


def _key(key: str) -> str:
    key = key.strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused(f"防重键应为 1 至 {LONGEST_KEY} 个字符。")
    return key


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _note(verb: str, registration: Registration, by: Actor, on: datetime, detail: dict[str, object]) -> None:
    journal.record(
        verb=verb, subject_type="registration", subject_id=registration.pk, by=by, on=on, detail=detail,
        place_id=registration.place_id, body_id=registration.body_id,
    )  # fmt: skip
