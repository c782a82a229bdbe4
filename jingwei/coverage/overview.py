"""Figures of coverage by state, by form and by area, counted from the columns of entities."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, Permission, require
from jingwei.coverage.computing import rules_of
from jingwei.coverage.filters import NOWHERE
from jingwei.coverage.joint_groups import AREA
from jingwei.domain.coverage import parameters
from jingwei.places.models import Place

_OWNERSHIP_UNKNOWN = ExpressionWrapper(Q(ownership=Entity.Ownership.UNKNOWN), output_field=BooleanField())
_CELL = ("area", "covered_as", "coverage_state", "counts_in_base", "is_unknown", "entities")


class Cell(NamedTuple):
    """Entities of one area that share everything coverage counts by."""

    area: int | None
    covered_as: str
    state: str
    in_base: bool
    ownership_unknown: bool
    entities: int


@dataclass
class Tally:
    """Numbers of entities. Those named ``base_…`` stand in the denominator of the rates.

    ``states`` and ``forms`` count every entity, in the base or not; ``base_covered`` has an organization,
    ``base_work`` that or work alone. ``base_unknown`` and ``base_canvass`` are shown beside each rate.
    """

    entities: int = 0
    base: int = 0
    base_covered: int = 0
    base_work: int = 0
    base_unknown: int = 0
    base_canvass: int = 0
    states: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    forms: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, cell: Cell, organization_forms: Collection[str], work_forms: Collection[str]) -> None:
        number = cell.entities
        self.entities += number
        self.states[cell.state] += number
        self.forms[cell.covered_as] += number
        if not cell.in_base:
            return
        organized = cell.covered_as in organization_forms
        self.base += number
        self.base_covered += number * organized
        self.base_work += number * (organized or cell.covered_as in work_forms)
        self.base_unknown += number * cell.ownership_unknown
        self.base_canvass += number * (cell.state == Entity.CoverageState.CANVASS)


@dataclass(frozen=True)
class AreaTally:
    """Figures of one county, town or responsible park; ``id`` is ``NOWHERE`` for what lies in none."""

    id: int
    name: str
    kind: str
    tally: Tally


@dataclass(frozen=True)
class Overview:
    """Figures of the actor's scope and of its areas in administrative order, which add up to the whole."""

    whole: Tally
    areas: list[AreaTally]
    by_county: bool
    county: Place | None


def overview(*, actor: Actor, on: date, county: Place | None = None) -> Overview:
    """Count the actor's entities by county, or those of one county by its towns and responsible parks.

    An actor of one county, or of less, sees towns at once. Three queries.
    """
    require(actor, Permission.ROSTER_VIEW)
    by_county = county is None and (actor.everything or len(actor.county_ids) > 1)
    entities = Entity.objects.in_scope(actor)
    if county is not None:
        entities = entities.filter(county=county)
    values = parameters(rules_of(on))
    whole = Tally()
    parts: defaultdict[int, Tally] = defaultdict(Tally)
    for cell in cells(entities, by_county=by_county):
        for tally in (whole, parts[cell.area or NOWHERE]):
            tally.add(cell, values.organization_forms, values.work_forms)
    return Overview(whole, named(parts), by_county, county)


def cells(entities: QuerySet[Entity], *, by_county: bool) -> Iterator[Cell]:
    """One row for each combination that occurs. One query."""
    counted = (
        entities.order_by()
        .annotate(area=F("county_id") if by_county else AREA, is_unknown=_OWNERSHIP_UNKNOWN)
        .values("area", "covered_as", "coverage_state", "counts_in_base", "is_unknown")
        .annotate(entities=Count("pk"))
    )
    return map(Cell._make, counted.values_list(*_CELL))


def named(parts: Mapping[int, Tally]) -> list[AreaTally]:
    """The areas with their names: towns before parks, each in administrative order, at the end what lies nowhere."""
    places = list(Place.objects.filter(pk__in=parts).defer("boundary").order_by("position", "pk"))
    places.sort(key=lambda place: place.is_overlay)
    known = [AreaTally(place.pk, place.name, place.kind, parts[place.pk]) for place in places]
    if NOWHERE not in parts:
        return known
    return [*known, AreaTally(NOWHERE, "未落到以上区域", "", parts[NOWHERE])]
