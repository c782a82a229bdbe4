"""What the pages of places show, as plain values for their templates."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from jingwei.places.models import OverlayMembership, Place, PlaceChange, RoadRange
from jingwei.places.outline import drawn
from jingwei.places.selectors import PlaceDetail, TreeNode

Piece = Mapping[str, Any]


def url_of(place: Place) -> str:
    return reverse("places:detail", args=[place.pk])


def node(item: TreeNode, *, children: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """One line of the tree; what lies below is fetched when it is opened, unless it is given."""
    place = item.place
    return {
        "id": place.pk,
        "name": place.name,
        "url": url_of(place),
        "kind": place.get_kind_display(),
        "code": item.code,
        "has_children": bool(item.below),
        "overlays": item.overlays,
        "overlays_url": f"{reverse('places:overlays')}?place={place.pk}",
        "children": children or [],
        "children_url": reverse("places:children", args=[place.pk]),
        "open": bool(children),
    }


def found_node(place: Place) -> dict[str, Any]:
    """A place found by search, with where it lies; nothing to open."""
    above = f"{place.parent.name} · " if place.parent else ""
    return {
        "id": place.pk, "name": place.name, "url": url_of(place), "kind": above + place.get_kind_display(),
        "has_children": False, "ended": ended(place),
    }  # fmt: skip


def ended(place: Place) -> str:
    last = last_day(place.valid.upper)
    return f"{last:%Y-%m-%d} 止" if last else ""


def last_day(upper: date | None) -> date | None:
    return upper - timedelta(days=1) if upper else None


def crumbs(detail: PlaceDetail) -> list[Piece]:
    above = [{"label": place.name, "url": url_of(place)} for place in detail.ancestors]
    return [{"label": "区划", "url": reverse("places:tree")}, *above, {"label": detail.place.name, "url": ""}]


def place_facts(detail: PlaceDetail) -> list[Piece]:
    place = detail.place
    facts: list[Piece] = [
        {"label": "类型", "value": place.get_kind_display()},
        {"label": "简称", "value": place.short_name},
        {"label": "启用日期", "value": dated(place.valid.lower)},
        {"label": "停用日期", "value": dated(place.valid.upper)},
    ]
    if place.is_overlay:
        facts += [
            {"label": "管理责任", "value": "承担" if place.takes_responsibility else "不承担"},
            {"label": "所在区划", "value": "、".join(item.place.name for item in detail.lies_in)},
        ]
    return facts


def dated(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def codes(detail: PlaceDetail, *, today: date) -> list[Piece]:
    return [
        {
            "code": code.code, "system": code.get_system_display(), "since": code.valid.lower,
            "until": last_day(code.valid.upper), "ended": bool(code.valid.upper and code.valid.upper <= today),
        }
        for code in detail.codes
    ]  # fmt: skip


def aliases(detail: PlaceDetail) -> list[Piece]:
    return [
        {
            "name": alias.name, "kind": alias.get_kind_display(), "since": alias.valid.lower,
            "until": last_day(alias.valid.upper), "note": alias.note,
        }
        for alias in detail.aliases
    ]  # fmt: skip


def children(detail: PlaceDetail) -> list[Piece]:
    return [
        {
            "name": item.place.name, "url": url_of(item.place), "kind": item.place.get_kind_display(),
            "code": item.code,
        }
        for item in detail.children
    ]  # fmt: skip


def overlay_row(place: Place) -> Piece:
    """One line of the list of overlays; expects ``overlays_page``."""
    memberships: list[OverlayMembership] = place.current_memberships  # type: ignore[attr-defined]
    return {
        "name": place.name,
        "url": url_of(place),
        "kind": place.get_kind_display(),
        "county": place.parent.name if place.parent else "",
        "places": "、".join(item.place.name for item in memberships),
        "responsible": place.takes_responsibility,
        "ended": ended(place),
    }


def roads(ranges: Iterable[RoadRange]) -> list[Piece]:
    return [
        {
            "road": item.road, "numbers": numbers(item), "place": item.place.name, "decided_by": item.decided_by,
            "decided_on": item.decided_on, "source": item.source,
        }
        for item in ranges
    ]  # fmt: skip


def numbers(item: RoadRange) -> str:
    """House numbers in words: 1–99 号（单号）, 100 号以上, 全路段."""
    parity = f"（{item.get_parity_display()}）" if item.parity != RoadRange.Parity.ALL else ""
    if item.number_from is None and item.number_to is None:
        return f"全路段{parity}"
    if item.number_to is None:
        return f"{item.number_from} 号以上{parity}"
    return f"{item.number_from or 1}–{item.number_to} 号{parity}"


def changes(items: Iterable[PlaceChange]) -> list[Piece]:
    return [
        {
            "date": item.effective,
            "title": item.get_kind_display(),
            "text": " ".join(filter(None, [" → ".join(filter(None, [item.before, item.after])), item.basis])),
        }
        for item in items
    ]


def outline(place: Place, near: Iterable[Place]) -> dict[str, Any] | None:
    """The place's boundary with those right below it, each a link."""
    below = {item.pk: item for item in near if item.pk != place.pk and not item.is_overlay}
    picture = drawn(((pk, item.boundary or {}) for pk, item in below.items()), place.boundary)
    if picture is None:
        return None
    parts = [{"path": path, "name": below[pk].name, "url": url_of(below[pk])} for pk, path in picture["parts"].items()]
    return {"view_box": picture["view_box"], "path": picture["path"], "parts": parts}
