"""Published figures as the lines of a paper: the areas of a place, the place itself, and the snapshot before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jingwei.domain.indicators import Cut
from jingwei.domain.papers.figures import Figures, Line, Quantity
from jingwei.indicators.city import Area, city_on
from jingwei.indicators.models import Snapshot
from jingwei.indicators.readings import Reading
from jingwei.indicators.selectors import figures, targets, unconfirmed
from jingwei.places.models import Place
from jingwei.places.selectors import ancestors

TARGETED = "COV-ORG"
Quantities = Mapping[str, Quantity]


@dataclass(frozen=True, slots=True)
class Divided:
    """How a place is divided in a paper: the cuts of its lines and of its total, and its lines in order."""

    lines: tuple[Area, ...]
    cut: Cut
    total_cut: Cut
    total_member: str


def figures_of(*, snapshot: Snapshot, compared: Snapshot | None, place: Place, on: date) -> Figures:
    """The lines of a city (its counties) or of a county (its towns and responsible parks).

    ``on`` is the day of the paper, on which targets and confirmations count.
    """
    division = divided(place, snapshot.as_of)
    now, before = _by_member(snapshot, division), _by_member(compared, division) if compared else {}
    goals, waiting = _Goals(place, on), _waiting(snapshot, on)
    confirms = bool(division.lines)
    lines = tuple(
        Line(
            name=area.name,
            cut=division.cut,
            member=str(area.id),
            now=now.get(str(area.id), {}),
            before=before.get(str(area.id), {}),
            confirmed=area.id not in waiting if confirms else None,
            target=goals.of(area.id),
        )
        for area in division.lines
    )
    total = Line(
        place.name, division.total_cut, division.total_member, _total(snapshot, division),
        _total(compared, division) if compared else {},
    )  # fmt: skip
    return Figures(lines, total, rest_cut=Cut.COUNTY if division.cut is Cut.COUNTY else "")


def divided(place: Place, day: date) -> Divided:
    """How a city or a county is divided on the day."""
    city = city_on(day)
    if place.kind == Place.Kind.CITY:
        return Divided(city.counties, Cut.COUNTY, Cut.TOTAL, "")
    below = set(Place.objects.filter(parent=place).values_list("pk", flat=True))
    areas = tuple(area for area in city.areas if area.id in below)
    return Divided(areas, Cut.AREA, Cut.COUNTY, str(place.pk))


def _by_member(snapshot: Snapshot, division: Divided) -> dict[str, Quantities]:
    wanted = [str(area.id) for area in division.lines]
    found: dict[str, dict[str, Quantity]] = {}
    for reading in figures(snapshot=snapshot, cut=division.cut):
        if reading.member in wanted:
            found.setdefault(reading.member, {})[reading.indicator] = _quantity(reading)
    return {member: held for member, held in found.items()}


def _total(snapshot: Snapshot, division: Divided) -> Quantities:
    readings = figures(snapshot=snapshot, cut=division.total_cut)
    return {item.indicator: _quantity(item) for item in readings if item.member == division.total_member}


def _quantity(reading: Reading) -> Quantity:
    return Quantity(reading.numerator, reading.denominator, reading.beside, reading.missing)


def _waiting(snapshot: Snapshot, on: date) -> frozenset[int]:
    """Areas that have not confirmed the month of the snapshot, and the counties they lie in."""
    places: Iterable[Place] = unconfirmed(month=snapshot.month, on=on)
    return frozenset(pk for place in places for pk in (place.pk, place.parent_id) if pk is not None)


class _Goals:
    """The target of a place: its own, else that of the nearest place above it."""

    def __init__(self, place: Place, on: date) -> None:
        self._held = targets(on=on)
        self._above = [place.pk, *(above.pk for above in reversed(ancestors(place)))]

    def of(self, place_id: int) -> Decimal | None:
        """The rate aimed at, in per cent; None without a target."""
        keys = [(TARGETED, pk) for pk in (place_id, *self._above)]
        return next((self._held[key] for key in keys if key in self._held), None)
