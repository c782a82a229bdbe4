"""Reads of the placement queue: roads with many unplaced entities, single entities, contradictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet

from jingwei.base_roster import counts
from jingwei.base_roster.models import Entity, Fact, Placement
from jingwei.core.permissions import Actor, Permission, require
from jingwei.places.models import Place

MOST_ROADS = 1_000
MOST_UNITS = 1_000


@dataclass(frozen=True, slots=True)
class WaitingRoad:
    """A road of a county and how many entities on it wait for a place; house numbers where known."""

    road: str
    entities: int
    lowest: int | None
    highest: int | None


def waiting_by_county(actor: Actor) -> dict[int | None, int]:
    """County -> entities that wait for a place; None for those without a county. One query."""
    require(actor, Permission.PLACEMENT_DECIDE)
    waiting = Q(operating=True, town_id__isnull=True, overlay_id__isnull=True)
    held = counts.figures(actor=actor, by=("county_id",), condition=waiting, only=("total",))
    return {county: figures.total for county, figures in held.items() if figures.total}


def waiting_roads(*, actor: Actor, county: int, text: str = "") -> list[WaitingRoad]:
    """Roads of the county, most entities first, at most ``MOST_ROADS``. One query."""
    waiting = _waiting(actor).filter(county_id=county).exclude(road="")
    if text:
        waiting = waiting.filter(road__contains=text)
    rows = waiting.values("road").annotate(entities=Count("*"), lowest=Min("road_number"), highest=Max("road_number"))
    ordered = rows.order_by("-entities", "road").values_list("road", "entities", "lowest", "highest")
    return [WaitingRoad(*row) for row in ordered[:MOST_ROADS]]


def samples_of(*, actor: Actor, county: int, roads: Sequence[str]) -> Mapping[str, list[str]]:
    """Road -> addresses of two of its entities, so that a person sees what it looks like. Two queries."""
    waiting = _waiting(actor).filter(county_id=county, road__in=roads).order_by()
    edges = waiting.values("road").annotate(first=Min("pk"), last=Max("pk")).values_list("road", "first", "last")
    ends = {road: (first, last) for road, first, last in edges}
    addresses = addresses_of([pk for pair in ends.values() for pk in pair])
    return {road: list(dict.fromkeys(addresses[pk] for pk in pair if pk in addresses)) for road, pair in ends.items()}


def waiting_units(*, actor: Actor, county: int | None, road: str = "") -> QuerySet[Entity]:
    """Single entities that wait, those whose address names no road first, or all of one road."""
    waiting = _waiting(actor).filter(county_id=county) if county else _waiting(actor).filter(county_id__isnull=True)
    if road:
        waiting = waiting.filter(road=road)
    return waiting.select_related("placement").defer("bigrams").order_by("road", "pk")


def contradictions(*, actor: Actor, county: int | None) -> QuerySet[Placement]:
    """Placements whose address and code point at different places, and that nobody has decided yet."""
    require(actor, Permission.PLACEMENT_DECIDE)
    visible = Entity.objects.in_scope(actor).filter(county_id=county, operating=True)
    found = Placement.objects.exclude(disagreement="").filter(decided_by="", entity__in=visible)
    return found.select_related("entity", "place").defer("entity__bigrams", "place__boundary").order_by("-entity_id")


def addresses_of(entity_ids: Sequence[int]) -> Mapping[int, str]:
    """Entity -> its newest address as some list gives it. One query."""
    facts = Fact.objects.filter(entity_id__in=entity_ids, kind="address").order_by("as_of", "pk")
    return dict(facts.values_list("entity_id", "value"))


def places_of_county(county: int) -> list[Place]:
    """Towns, communities and overlays of a county, each under what it lies in. One query."""
    below = Place.objects.filter(Q(parent_id=county) | Q(parent__parent_id=county)).defer("boundary")
    return list(below.order_by("position", "pk"))


def _waiting(actor: Actor) -> QuerySet[Entity]:
    require(actor, Permission.PLACEMENT_DECIDE)
    return Entity.objects.in_scope(actor).filter(operating=True, town_id__isnull=True, overlay_id__isnull=True)
