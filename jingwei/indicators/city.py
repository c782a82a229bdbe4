"""The city on a day: its rules, its counties and areas in administrative order, the plans of all indicators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from jingwei.base_roster.surroundings import city_code
from jingwei.domain import rulebook
from jingwei.domain.indicators import Cut, Population, definitions
from jingwei.domain.indicators.cuts import key, tags
from jingwei.domain.indicators.plan import Plan, plan
from jingwei.domain.rulebook import Rules
from jingwei.places.models import Place
from jingwei.places.selectors import gazetteer_stamp


@dataclass(frozen=True, slots=True)
class Area:
    """A county, a town or a park that takes responsibility, and what it lies in."""

    id: int
    name: str
    kind: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class City:
    """What figures of a day look up. ``names`` has every place that a figure may name, also past ones."""

    on: date
    rules: Rules
    counties: tuple[Area, ...]
    areas: tuple[Area, ...]
    names: Mapping[int, str]
    plans: Mapping[Population, Plan]
    stamp: str


def city_on(day: date) -> City:
    """One query; three after a place has changed."""
    return _city(gazetteer_stamp(), day)


@lru_cache(maxsize=16)
def _city(stamp: UUID, day: date) -> City:
    rules = rulebook.at(day, city_code(day))
    plans = {population: plan(definitions().values(), population, rules) for population in Population}
    places = list(Place.objects.order_by("position", "pk").defer("boundary", "path"))
    standing = [place for place in places if (place.valid.lower or date.min) <= day < (place.valid.upper or date.max)]
    counties, areas = _in_order(standing)
    responsible = [area.id for area in areas if area.kind in Place.OVERLAYS]
    return City(
        day, rules, counties, areas,
        {place.pk: place.name for place in places}, plans, _stamp_of(plans[Population.ENTITY], rules, responsible),
    )  # fmt: skip


def _in_order(places: Sequence[Place]) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
    """Counties, then areas by county: towns before parks, each in administrative order."""
    counties = [place for place in places if place.kind == Place.Kind.COUNTY]
    order = {place.pk: at for at, place in enumerate(counties)}
    areas = [place for place in places if place.kind == Place.Kind.TOWN or place.takes_responsibility]
    areas.sort(key=lambda place: (order.get(place.parent_id or 0, len(order)), place.is_overlay))
    return tuple(map(_area, counties)), tuple(map(_area, areas))


def _area(place: Place) -> Area:
    return Area(place.pk, place.name, place.kind, place.parent_id)


def _stamp_of(entities: Plan, rules: Rules, responsible: list[int]) -> str:
    """Changes with everything that the kept cells depend on beside the entities."""
    cuts = [key(Cut.SIZE, rules), *tags(rules).values()]
    texts = [
        entities.stamp,
        *map(str, tags(rules)),
        *(f"{cut.text} {cut.parameters}" for cut in cuts),
        str(sorted(responsible)),
    ]
    return sha256("\n".join(texts).encode()).hexdigest()[:16]
