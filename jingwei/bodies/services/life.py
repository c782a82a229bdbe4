"""A body begins, changes and ends; each with its day and its entry in the journal."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.bodies.models import Body
from jingwei.bodies.selectors import superior_chain
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.refusal import Refused
from jingwei.places.models import Place

INDUSTRY_CODE = re.compile(r"[A-T]\d{0,4}")
ADJUSTABLE = ("name", "short_name", "superior", "industries", "list_kinds", "note")


@transaction.atomic
def create_body(
    *,
    kind: str,
    name: str,
    founded_on: date | None,
    by: Actor,
    on: datetime,
    place: Place | None = None,
    superior: Body | None = None,
    short_name: str = "",
    industries: Sequence[str] = (),
    list_kinds: Sequence[str] = (),
    note: str = "",
) -> Body:
    """Store a new body. Raises ``Refused`` for a name that its place has already, or a wrong industry."""
    require_scope(by, Permission.BODIES_EDIT, place_id=place.pk if place else None)
    refuse_industries(industries)
    if Body.objects.filter(name=name, place=place).exists():
        raise Refused(f"{place or '全市'}已有名为“{name}”的机构。")
    body = Body.objects.create(
        kind=kind, name=name, short_name=short_name, place=place, superior=superior, industries=list(industries),
        list_kinds=list(list_kinds), note=note, valid=DateRange(founded_on, None),
    )  # fmt: skip
    journal.record(
        verb="body.create", subject_type="body", subject_id=body.pk, by=by, on=on, body_id=body.pk,
        place_id=body.place_id, detail={"kind": kind},
    )  # fmt: skip
    return body


@transaction.atomic
def adjust_body(*, body: Body, by: Actor, on: datetime, **changes: object) -> Body:
    """Change name, short name, superior, industries, lists or note; what was before stays in the journal.

    Raises ``Refused`` when a body would come to stand above itself, or a name is taken.
    """
    require_scope(by, Permission.BODIES_EDIT, place_id=body.place_id, body_id=body.pk)
    unknown = set(changes) - set(ADJUSTABLE)
    if unknown:
        raise TypeError(f"not adjustable: {sorted(unknown)}")
    before = {field: _plain(getattr(body, field)) for field in changes}
    for field, value in changes.items():
        setattr(body, field, value)
    changed = [field for field in changes if before[field] != _plain(getattr(body, field))]
    if not changed:
        return body
    _refuse_contradictions(body)
    body.save(update_fields=changed)
    journal.record(
        verb="body.adjust", subject_type="body", subject_id=body.pk, by=by, on=on, body_id=body.pk,
        place_id=body.place_id, fields=changed, detail={"before": {field: before[field] for field in changed}},
    )  # fmt: skip
    return body


@transaction.atomic
def dissolve_body(*, body: Body, effective: date, by: Actor, on: datetime, reason: str = "") -> Body:
    """End a body on a day. Raises ``Refused`` while bodies below it go on, or for a day before its first."""
    require_scope(by, Permission.BODIES_EDIT, place_id=body.place_id, body_id=body.pk)
    if body.valid.upper is not None:
        raise Refused("该机构已经撤销。")
    if body.valid.lower and effective <= body.valid.lower:
        raise Refused("撤销日期应晚于成立日期。")
    if body.subordinates.active_on(effective).exists():
        raise Refused("尚有未撤销的下级机构，请先撤销或调整上级。")
    body.valid = DateRange(body.valid.lower, effective)
    body.save(update_fields=["valid"])
    journal.record(
        verb="body.dissolve", subject_type="body", subject_id=body.pk, by=by, on=on, body_id=body.pk,
        place_id=body.place_id, fields=["valid"], detail={"effective": effective.isoformat(), "reason": reason},
    )  # fmt: skip
    return body


def refuse_industries(codes: Sequence[str]) -> None:
    """Raise ``Refused`` for a code that is no letter of GB/T 4754 with up to four digits."""
    wrong = [code for code in codes if not INDUSTRY_CODE.fullmatch(code)]
    if wrong:
        raise Refused(f"行业代码应为门类字母加最多四位数字：{'、'.join(wrong)}。")


def _refuse_contradictions(body: Body) -> None:
    refuse_industries(body.industries)
    if not body.name.strip():
        raise Refused("名称不能为空。")
    if Body.objects.filter(name=body.name, place=body.place).exclude(pk=body.pk).exists():
        raise Refused(f"同一区域已有名为“{body.name}”的机构。")
    if body.superior_id and body.pk in {above.pk for above in superior_chain(body)}:
        raise Refused("不能归到自己或自己的下级之下。")


def _plain(value: object) -> object:
    return value.pk if isinstance(value, Body) else value
