"""Dated changes in a place's life: new name, new parent, new code, end. What was before is kept."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.refusal import Refused
from jingwei.places.models import Place, PlaceAlias, PlaceChange, PlaceCode


@transaction.atomic
def rename_place(*, place: Place, name: str, effective: date, by: Actor, on: datetime, basis: str = "") -> None:
    """Give a place its new name; the old one stays readable as a former name until the day."""
    require_scope(by, Permission.PLACES_EDIT, place_id=place.pk)
    if not name.strip() or name == place.name:
        raise Refused("新名称不能为空，也不能与现名相同。")
    note_rename(place, name.strip(), by=by, on=on, effective=effective, basis=basis)


@transaction.atomic
def recode_place(*, place: Place, code: str, effective: date, by: Actor, on: datetime, basis: str = "") -> None:
    """Give a place another division code from a day on; the old code stays with its dates."""
    require_scope(by, Permission.PLACES_EDIT, place_id=place.pk)
    if PlaceCode.objects.filter(code=code, valid__overlap=(effective, None)).exists():
        raise Refused(f"代码 {code} 在该日期之后已属于另一区划。")
    current = _end_codes(place, effective)
    PlaceCode.objects.create(place=place, code=code, valid=DateRange(effective, None))
    _note(place, PlaceChange.Kind.RECODE, effective, by=by, on=on, basis=basis, before=current, after=code)


@transaction.atomic
def move_place(*, place: Place, parent: Place, effective: date, by: Actor, on: datetime, basis: str = "") -> None:
    """Hang a place, and all below it, under another parent. The actor's scope has to hold both."""
    require_scope(by, Permission.PLACES_EDIT, place_id=place.pk)
    require_scope(by, Permission.PLACES_EDIT, place_id=parent.pk)
    if place.parent_id is None or parent.pk == place.parent_id:
        raise Refused("市没有上级；其他区划的新上级应与现上级不同。")
    if str(place.pk) in parent.path.split("."):
        raise Refused("不能归到自己或自己的下级之下。")
    if not place.is_overlay and _rank(parent) >= _rank(place):
        raise Refused("上级的级别应高于本级。")
    note_move(place, parent, by=by, on=on, effective=effective, basis=basis)


@transaction.atomic
def abolish_place(
    *, place: Place, effective: date, by: Actor, on: datetime, successor: Place | None = None, basis: str = ""
) -> None:
    """End a place. Its name and code lead to the successor from that day on, if there is one.

    Raises ``Refused`` while places or overlays below it are in force, for the city, and for a day
    that is not after the place's first.
    """
    require_scope(by, Permission.PLACES_EDIT, place_id=place.pk)
    if place.children.filter(valid__contains=effective).exists():
        raise Refused("尚有未撤销的下级或载体，请先撤销或调整隶属。")
    if place.parent_id is None:
        raise Refused("不能撤销市。")
    if place.valid.lower and effective <= place.valid.lower:
        raise Refused("撤销日期应晚于启用日期。")
    codes = list(place.codes.filter(valid__contains=effective).values_list("code", flat=True))
    close_place(place, effective, by=by, on=on, basis=basis, after=successor.name if successor else "")
    if successor is not None:
        _hand_over(place, codes, successor, effective, note=basis)


def note_rename(
    place: Place, name: str, *, by: Actor, on: datetime, effective: date | None = None, basis: str = ""
) -> bool:
    """Rename without asking for permission; for the imports, which have asked already."""
    day = effective or timezone.localdate(on)
    start = place.valid.lower if place.valid.lower is None or place.valid.lower < day else None
    PlaceAlias.objects.create(
        place=place, kind=PlaceAlias.Kind.ABOLISHED, name=place.name, valid=DateRange(start, day), note=basis
    )
    before, place.name = place.name, name
    place.save(update_fields=["name"])
    _note(place, PlaceChange.Kind.RENAME, day, by=by, on=on, basis=basis, before=before, after=name)
    return True


def note_move(
    place: Place, parent: Place | None, *, by: Actor, on: datetime, effective: date | None = None, basis: str = ""
) -> bool:
    """Move without asking for permission; the trigger carries the subtree along."""
    before = place.parent
    place.parent = parent
    place.save(update_fields=["parent"])
    place.refresh_from_db(fields=["path"])
    _note(
        place, PlaceChange.Kind.MOVE, effective or timezone.localdate(on), by=by, on=on, basis=basis,
        before=before.name if before else "", after=parent.name if parent else "", parents=(before, parent),
    )  # fmt: skip
    return True


def close_place(place: Place, effective: date, *, by: Actor, on: datetime, basis: str = "", after: str = "") -> bool:
    """End the place, its codes and memberships on the day, without asking for permission."""
    place.valid = DateRange(place.valid.lower, effective)
    place.save(update_fields=["valid"])
    _end_codes(place, effective)
    for membership in [*place.memberships.all(), *place.overlay_memberships.all()]:
        if membership.valid.upper is None or membership.valid.upper > effective:
            membership.valid = DateRange(membership.valid.lower, effective)
            membership.save(update_fields=["valid"])
    _note(place, PlaceChange.Kind.ABOLISH, effective, by=by, on=on, basis=basis, before=place.name, after=after)
    return True


def _end_codes(place: Place, day: date) -> str:
    """Close the codes in force on the day; returns the division code among them."""
    ended = ""
    for code in place.codes.filter(valid__contains=day):
        code.valid = DateRange(code.valid.lower, day)
        code.save(update_fields=["valid"])
        ended = code.code if code.system == PlaceCode.System.DIVISION else ended
    return ended


def _hand_over(place: Place, codes: list[str], successor: Place, day: date, *, note: str) -> None:
    PlaceCode.objects.bulk_create(
        PlaceCode(place=successor, system=PlaceCode.System.ABOLISHED, code=code, valid=DateRange(day, None))
        for code in codes
    )
    PlaceAlias.objects.create(
        place=successor, kind=PlaceAlias.Kind.ABOLISHED, name=place.name, valid=DateRange(day, None), note=note
    )


def _note(
    place: Place,
    kind: PlaceChange.Kind,
    effective: date,
    *,
    by: Actor,
    on: datetime,
    basis: str,
    before: str,
    after: str,
    parents: tuple[Place | None, Place | None] = (None, None),
) -> None:
    PlaceChange.objects.create(
        place=place, kind=kind, effective=effective, before=before, after=after, old_parent=parents[0],
        new_parent=parents[1], basis=basis, recorded_by=by.name, recorded_at=on,
    )  # fmt: skip
    journal.record(
        verb=f"place.{kind}", subject_type="place", subject_id=place.pk, by=by, on=on, place_id=place.pk,
        detail={"effective": effective.isoformat(), "before": before, "after": after},
    )  # fmt: skip


def _rank(place: Place) -> int:
    return Place.ADMINISTRATIVE.index(Place.Kind(place.kind)) if not place.is_overlay else len(Place.ADMINISTRATIVE)
