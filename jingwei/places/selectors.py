"""Reads of the places: by code, as a tree for pages, and as plain records for placement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.placement import (
    DatedText,
    Gazetteer,
    Membership,
    Parity,
    PlaceKind,
    PlaceRecord,
    RoadRange,
)
from jingwei.places.models import GazetteerStamp, OverlayMembership, Place, PlaceAlias, PlaceChange, PlaceCode
from jingwei.places.models import RoadRange as StoredRange

EMPTY_STAMP = UUID(int=0)


def root() -> Place | None:
    """The city, or None before the first import of divisions."""
    return Place.objects.filter(parent__isnull=True).first()


class CodeBook:
    """All codes of all times with the places they named, for reading a table row by row. One query."""

    def __init__(self) -> None:
        self._divisions: dict[str, list[PlaceCode]] = {}
        self._others: dict[str, list[PlaceCode]] = {}
        for code in PlaceCode.objects.select_related("place").defer("place__boundary").order_by("valid", "pk"):
            held = self._divisions if code.system == PlaceCode.System.DIVISION else self._others
            held.setdefault(code.code, []).append(code)

    def find(self, code: str) -> Place | None:
        """The division that has the code or had it last, else the place it stands for otherwise."""
        held = self._divisions.get(code) or self._others.get(code)
        return held[-1].place if held else None

    def division(self, code: str, *, since: date | None, until: date | None) -> Place | None:
        """The division that had the code on some day of the period; ``until`` is the first day after it."""
        for held in reversed(self._divisions.get(code, [])):
            lower, upper = held.valid.lower or date.min, held.valid.upper or date.max
            if lower < (until or date.max) and (since or date.min) < upper:
                return held.place
        return None


@dataclass(frozen=True)
class TreeNode:
    """One line of the tree: a place, its code of the day, and how many places lie right below it."""

    place: Place
    code: str
    below: int
    overlays: int


def tree_level(*, parent: Place | None, actor: Actor, on: date) -> list[TreeNode]:
    """The administrative places right below one (or the city itself), in administrative order.

    The tree is the same for everybody who may see places; it is no department's secret. Two queries.
    """
    require(actor, Permission.PLACES_VIEW)
    there = Q(children__valid__contains=on)
    inner, over = Q(children__kind__in=Place.ADMINISTRATIVE), Q(children__kind__in=Place.OVERLAYS)
    level = (
        Place.objects.filter(parent=parent)
        .administrative()
        .active_on(on)
        .annotate(below=Count("children", there & inner), lying_over=Count("children", there & over))
        .defer("boundary")
    )
    places = list(level.order_by("position", "pk"))
    codes = current_codes(places, on=on)
    return [TreeNode(place, codes.get(place.pk, ""), place.below, place.lying_over) for place in places]  # type: ignore[attr-defined]


def current_codes(places: Iterable[Place], *, on: date) -> dict[int, str]:
    """Place id -> division code of the day. One query."""
    held = PlaceCode.objects.filter(
        place_id__in=[place.pk for place in places], system=PlaceCode.System.DIVISION, valid__contains=on
    )
    return dict(held.values_list("place_id", "code"))


def ancestors(place: Place) -> list[Place]:
    """The places above one, the city first. One query."""
    ids = [int(part) for part in place.path.split(".")][:-1]
    found = Place.objects.defer("boundary").in_bulk(ids)
    return [found[pk] for pk in ids]


def search_places(*, text: str, actor: Actor, limit: int = 50) -> QuerySet[Place]:
    """Places whose name, other name or code begins with or contains the text."""
    require(actor, Permission.PLACES_VIEW)
    alias = PlaceAlias.objects.filter(place=OuterRef("pk"), name__contains=text)
    code = PlaceCode.objects.filter(place=OuterRef("pk"), code__startswith=text)
    named = Q(name__contains=text) | Q(short_name__contains=text)
    found = Place.objects.filter(named | Q(Exists(alias)) | Q(Exists(code)))
    return found.defer("boundary", "parent__boundary").select_related("parent").order_by("path")[:limit]


@dataclass(frozen=True)
class PlaceDetail:
    """Everything the page of one place shows, apart from the map."""

    place: Place
    ancestors: list[Place]
    children: list[TreeNode]
    codes: list[PlaceCode]
    aliases: list[PlaceAlias]
    lies_in: list[OverlayMembership]
    roads: list[StoredRange]
    road_count: int
    changes: list[PlaceChange]


ROADS_SHOWN = 40


def place_detail(*, place: Place, actor: Actor, on: date) -> PlaceDetail:
    """Load the page of one place in at most nine queries."""
    require(actor, Permission.PLACES_VIEW)
    roads = StoredRange.objects.filter(Q(place=place) | Q(county=place)).select_related("place", "county")
    shown = list(roads.order_by("road", "number_from", "parity")[: ROADS_SHOWN + 1])
    memberships = OverlayMembership.objects.filter(valid__contains=on)
    return PlaceDetail(
        place=place,
        ancestors=ancestors(place),
        children=tree_level(parent=place, actor=actor, on=on),
        codes=list(place.codes.order_by("-valid")),
        aliases=list(place.aliases.order_by("-valid")),
        lies_in=list(memberships.filter(overlay=place).select_related("place").defer("place__boundary")),
        roads=shown[:ROADS_SHOWN],
        road_count=len(shown) if len(shown) <= ROADS_SHOWN else roads.count(),
        changes=list(place.changes.all()),
    )


def overlays_page(
    *, actor: Actor, on: date, text: str = "", kind: str = "", place: Place | None = None
) -> QuerySet[Place]:
    """Overlays in force with the places they lie in, by county and kind; of one place if given. Two queries."""
    require(actor, Permission.PLACES_VIEW)
    found = Place.objects.overlays().active_on(on)
    if text:
        found = found.filter(name__contains=text)
    if kind:
        found = found.filter(kind=kind)
    if place is not None:
        within = OverlayMembership.objects.filter(
            overlay=OuterRef("pk"), valid__contains=on, place__path__within=place.path
        )
        found = found.filter(Exists(within))
    current = OverlayMembership.objects.filter(valid__contains=on).select_related("place").defer("place__boundary")
    return (
        found.defer("boundary", "parent__boundary")
        .select_related("parent")
        .prefetch_related(Prefetch("memberships", current.order_by("place__path"), to_attr="current_memberships"))
        .order_by("parent__path", "kind", "position", "pk")
    )


def outlines(place: Place, *, on: date) -> list[Place]:
    """The place and what lies right below it, those with a boundary only. One query."""
    near = Place.objects.filter(Q(pk=place.pk) | Q(parent=place)).filter(boundary__isnull=False)
    return list(near.active_on(on))


def gazetteer_stamp() -> UUID:
    """Changes with every committed change of places, codes, aliases, memberships or roads. One query."""
    return GazetteerStamp.objects.values_list("stamp", flat=True).first() or EMPTY_STAMP


def dates_between(after: date, until: date) -> bool:
    """Whether a place, a code, a name or a membership begins or ends after the one day and not after the other."""
    crossed = Q(valid__startswith__gt=after, valid__startswith__lte=until)
    crossed |= Q(valid__endswith__gt=after, valid__endswith__lte=until)
    dated = (Place, PlaceCode, PlaceAlias, OverlayMembership)
    return any(model._default_manager.filter(crossed).exists() for model in dated)


def gazetteer() -> Gazetteer:
    """The gazetteer of all places and roads, kept in memory until something changes.

    It holds every date, so it is asked with a day. One query while nothing has changed.
    """
    return _gazetteer(gazetteer_stamp())


@lru_cache(maxsize=2)
def _gazetteer(stamp: UUID) -> Gazetteer:
    # Read in the same transaction as the stamp or a later one: at worst it is built once more.
    return Gazetteer(place_records(), road_records())


def place_records() -> tuple[PlaceRecord, ...]:
    """All places of all times as plain records for ``jingwei.domain.placement``. Four queries."""
    codes, aliases = _code_records(), _alias_records()
    memberships: dict[int, list[Membership]] = {}
    for overlay_id, place_id, valid in OverlayMembership.objects.values_list("overlay_id", "place_id", "valid"):
        memberships.setdefault(overlay_id, []).append(Membership(place_id, valid.lower, valid.upper))
    return tuple(
        PlaceRecord(
            id=place.pk,
            kind=PlaceKind(place.kind),
            name=place.name,
            parent_id=place.parent_id,
            short_names=(place.short_name,) if place.short_name else (),
            codes=tuple(codes.get(place.pk, ())),
            aliases=tuple(aliases.get(place.pk, ())),
            memberships=tuple(memberships.get(place.pk, ())),
            takes_responsibility=place.takes_responsibility,
            since=place.valid.lower,
            until=place.valid.upper,
            boundary=place.boundary,
        )
        for place in Place.objects.order_by("pk")
    )


def road_records() -> tuple[RoadRange, ...]:
    """The road-and-number table as plain records. One query."""
    held = StoredRange.objects.order_by("pk").values_list(
        "county_id", "road", "place_id", "number_from", "number_to", "parity"
    )
    return tuple(
        RoadRange(county, road, place, first, last, Parity(parity)) for county, road, place, first, last, parity in held
    )


def _alias_records() -> Mapping[int, list[DatedText]]:
    aliases: dict[int, list[DatedText]] = {}
    for place_id, name, kind, valid in PlaceAlias.objects.values_list("place_id", "name", "kind", "valid"):
        until = valid.upper
        if until is None and kind == PlaceAlias.Kind.ABOLISHED:
            until = valid.lower or date.min  # an abolished name is read, but it is in force on no day
        aliases.setdefault(place_id, []).append(DatedText(name, valid.lower, until))
    return aliases


def _code_records() -> Mapping[int, list[DatedText]]:
    codes: dict[int, list[DatedText]] = {}
    for place_id, code, valid in PlaceCode.objects.values_list("place_id", "code", "valid"):
        codes.setdefault(place_id, []).append(DatedText(code, valid.lower, valid.upper))
    return codes
