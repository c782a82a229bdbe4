"""Import of what lies over the tree: parks, buildings, markets, business districts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.core.reference_tables import ImportCounts, Line, ReferenceTable, Row
from jingwei.places.models import OverlayMembership, Place, PlaceCode
from jingwei.places.selectors import CodeBook
from jingwei.places.services.guards import require_whole_city

KINDS = {
    "园区": Place.Kind.PARK,
    "楼宇": Place.Kind.BUILDING,
    "市场": Place.Kind.MARKET,
    "商圈": Place.Kind.BUSINESS_DISTRICT,
}
YES_OR_NO = {"是": True, "否": False, "": False}
Key = tuple[str, str, int | None]


@dataclass(frozen=True)
class Overlay:
    """One row: the overlay hangs under the county (or city) that holds all places it lies in."""

    name: str
    kind: str
    parent_id: int
    inside: tuple[int, ...]
    takes_responsibility: bool
    code: str
    valid: DateRange

    @property
    def key(self) -> Key:
        return self.name, self.kind, self.parent_id


@transaction.atomic
def import_overlays(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Bring the overlays in line with a table; those it does not name stay.

    Columns: 名称, 类型 (园区, 楼宇, 市场, 商圈), 所在区划代码 (several parted by 、), 承担管理责任 (是 or 否);
    optional: 编号 (a code of its own), 启用日期, 停用日期 (first day after the end). An overlay is known again
    by name, kind and county. Places it no longer lies in are left from the day of the import on.
    Raises ``TableRefused``.
    """
    require_whole_city(by, Permission.PLACES_EDIT)
    wanted = read_overlays(rows)
    stored = {(p.name, p.kind, p.parent_id): p for p in Place.objects.overlays().defer("boundary")}
    fresh = [item for item in wanted if item.key not in stored]
    flagged = _update_known(wanted, stored)
    created = Place.objects.bulk_create(
        Place(
            name=item.name, kind=item.kind, parent_id=item.parent_id, valid=item.valid,
            takes_responsibility=item.takes_responsibility,
        )
        for item in fresh
    )  # fmt: skip
    stored |= {item.key: place for item, place in zip(fresh, created, strict=True)}
    _store_codes(fresh, stored)
    moved = _store_memberships(wanted, stored, on=on) - {place.pk for place in created}
    counts = ImportCounts(len(created), len(flagged | moved), len(wanted) - len(created) - len(flagged | moved))
    if created or flagged or moved:
        journal.record(
            verb="places.import_overlays", subject_type="place", subject_id="载体表", by=by, on=on,
            detail={"created": counts.created, "changed": counts.changed},
        )  # fmt: skip
    return counts


def read_overlays(rows: Iterable[Row]) -> list[Overlay]:
    table, book = ReferenceTable(rows, required=["名称", "类型", "所在区划代码", "承担管理责任"]), CodeBook()
    items: dict[Key, Overlay] = {}
    for line in table:
        item = _read_overlay(line, book)
        if item is not None and item.key in items:
            line.problem("名称", "同一区县内有同名、同类的载体，请加以区别")
        elif item is not None:
            items[item.key] = item
    table.refuse_if_any()
    return list(items.values())


def _read_overlay(line: Line, book: CodeBook) -> Overlay | None:
    name = line.text("名称", longest=60)
    kind = line.choice("类型", KINDS)
    responsible = line.choice("承担管理责任", YES_OR_NO)
    codes = [code.strip() for code in line.raw("所在区划代码").replace(",", "、").split("、")]
    inside = [place for code in codes if (place := book.find(code))]
    if len(inside) < len(codes):
        unknown = [code for code in codes if not book.find(code)]
        line.problem("所在区划代码", f"区划中没有代码 {'、'.join(unknown) or '（空）'}")
        return None
    if kind is None or responsible is None or not name:
        return None
    pks = tuple(sorted({place.pk for place in inside}))
    code = line.text("编号", longest=12, needed=False)
    since, until = line.day("启用日期"), line.day("停用日期")
    if since and until and until <= since:
        line.problem("停用日期", "应晚于启用日期")
        return None
    return Overlay(name, kind, _county_or_city(inside), pks, responsible, code, DateRange(since, until))


def _county_or_city(places: list[Place]) -> int:
    """The county that holds all the places, else the city."""
    upper = {tuple(place.path.split(".")[:2]) for place in places}
    city, *county = upper.pop()
    return int(county[0] if county and not upper else city)


def _update_known(wanted: list[Overlay], stored: Mapping[Key, Place]) -> set[int]:
    changed = []
    for item in wanted:
        place = stored.get(item.key)
        target = (item.takes_responsibility, item.valid)
        if place is not None and (place.takes_responsibility, place.valid) != target:
            place.takes_responsibility, place.valid = target
            changed.append(place)
    Place.objects.bulk_update(changed, ["takes_responsibility", "valid"], batch_size=500)
    return {place.pk for place in changed}


def _store_codes(fresh: list[Overlay], stored: Mapping[Key, Place]) -> None:
    PlaceCode.objects.bulk_create(
        PlaceCode(place=stored[item.key], system=PlaceCode.System.OVERLAY, code=item.code, valid=item.valid)
        for item in fresh
        if item.code
    )


def _store_memberships(wanted: list[Overlay], stored: Mapping[Key, Place], *, on: datetime) -> set[int]:
    """Open and close memberships; returns the overlays whose places changed."""
    today = timezone.localdate(on)
    held: dict[tuple[int, int], OverlayMembership] = {
        (item.overlay_id, item.place_id): item for item in OverlayMembership.objects.filter(valid__contains=today)
    }
    named = {stored[item.key].pk for item in wanted}
    target = {(stored[item.key].pk, place_id) for item in wanted for place_id in item.inside}
    existing = {pair[0] for pair in held}
    opened = sorted(target - held.keys())
    OverlayMembership.objects.bulk_create(
        # The first places of an overlay have always been its own; later ones begin on the day.
        OverlayMembership(
            overlay_id=overlay, place_id=place, valid=DateRange(today if overlay in existing else None, None)
        )
        for overlay, place in opened
    )
    closed = [pair for pair in held if pair[0] in named and pair not in target]
    for pair in closed:
        membership = held[pair]
        if membership.valid.lower == today:
            membership.delete()
        else:
            membership.valid = DateRange(membership.valid.lower, today)
            membership.save(update_fields=["valid"])
    return {overlay for overlay, _ in [*opened, *closed]}
