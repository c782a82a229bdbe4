"""Figures, live and published, the rows behind them, targets and confirmations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.indicators import Cut, Population, definitions
from jingwei.domain.indicators.cuts import CUTS
from jingwei.domain.indicators.sql import months_before
from jingwei.domain.indicators.suppression import Cell, hidden
from jingwei.domain.indicators.values import STORED, rounded, text_of, value_of
from jingwei.indicators import cells
from jingwei.indicators.changes import difference_rows
from jingwei.indicators.city import City, city_on
from jingwei.indicators.computing import Key, Value, complete, cut_values, needed
from jingwei.indicators.counting import Counted, counted
from jingwei.indicators.counting import cells as counted_cells
from jingwei.indicators.drilling import drill
from jingwei.indicators.exporting import export_population
from jingwei.indicators.members import UNKNOWN, Members
from jingwei.indicators.models import Confirmation, Figure, Snapshot, Target
from jingwei.indicators.populations import live as live_rows
from jingwei.indicators.readings import Difference, Drill, Point, Reading, Row, remainder, suppressed
from jingwei.indicators.scope import visible
from jingwei.indicators.tally import Tally
from jingwei.places.models import Place

__all__ = [
    "Difference",
    "Drill",
    "Point",
    "Reading",
    "Row",
    "city_targets",
    "difference_rows",
    "drill",
    "export_population",
    "figures",
    "latest_snapshot",
    "left_of_county",
    "live",
    "live_by_cut",
    "series",
    "snapshots",
    "suppress",
    "targets",
    "unconfirmed",
]


def live(*, actor: Actor, on: date, cut: Cut = Cut.TOTAL, ids: Collection[str] | None = None) -> list[Reading]:
    """Figures of the moment over the rows the actor may see, in the order of definitions, then of members.

    About four queries for entities, one more for organizations and one for letters.
    """
    return live_by_cut(actor=actor, on=on, cuts=[cut], ids=ids)[cut]


def live_by_cut(
    *, actor: Actor, on: date, cuts: Sequence[Cut], ids: Collection[str] | None = None
) -> dict[Cut, list[Reading]]:
    """Live figures of several cuts at once, for no more queries than one takes."""
    require(actor, Permission.INDICATORS_VIEW)
    city = city_on(on)
    wanted = list(definitions()) if ids is None else list(ids)
    counting = needed(wanted)
    members = {cut: Members(cut, city) for cut in cuts}
    values: dict[Key, Value] = {}
    for population in Population:
        if not counting & city.plans[population].parts.keys():
            continue
        for cut, entries in _entries(actor, city, population, cuts).items():
            tally = Tally(city.plans[population], entries)
            standing = members[cut].standing(actor)
            values |= {value.key: value for value in cut_values(tally, cut, standing=standing, wanted=counting)}
    found = complete(values, city.rules, wanted)
    return {cut: _readings((value for value in found if value.cut is cut), members[cut]) for cut in cuts}


def figures(*, snapshot: Snapshot, cut: Cut = Cut.TOTAL, ids: Collection[str] | None = None) -> list[Reading]:
    """Published figures of the whole city, in the order of definitions, then of members (administrative order).

    One query, up to three more for names.
    """
    held = Figure.objects.filter(snapshot=snapshot, cut=cut)
    if ids is not None:
        held = held.filter(indicator__in=list(ids))
    values = [published_value(figure) for figure in held if figure.indicator in definitions()]
    return _readings(values, Members(cut, city_on(snapshot.as_of)), snapshot.number)


def left_of_county(*, county: int, readings: Mapping[Cut, Sequence[Reading]], on: date) -> list[Reading]:
    """Of each counted indicator what lies in none of the areas that the county has on the day.

    ``readings`` are those of the cuts by county and by area; indicators without areas are left out.
    """
    areas = {str(area.id) for area in city_on(on).areas if area.parent_id == county}
    held: dict[str, list[Reading]] = {reading.indicator: [] for reading in readings[Cut.AREA]}
    for reading in readings[Cut.AREA]:
        if reading.member in areas:
            held[reading.indicator].append(reading)
    return [
        remainder(reading, held[reading.indicator], UNKNOWN[Cut.AREA])
        for reading in readings[Cut.COUNTY]
        if reading.member == str(county) and reading.indicator in held and definitions()[reading.indicator].is_counted
    ]


def series(*, indicator: str, cut: Cut = Cut.TOTAL, member: str = "", months: int = 13, until: date) -> list[Point]:
    """The last revision of each of the months that end with the month of ``until``, the earliest first. Two queries."""
    last = until.replace(day=1)
    wanted = [months_before(last, back) for back in reversed(range(months))]
    held = (
        Figure.objects.filter(snapshot__month__in=wanted, indicator=indicator, cut=cut, member=member)
        .select_related("snapshot")
        .order_by("snapshot__month", "snapshot__revision")
    )
    by_month = {figure.snapshot.month: figure for figure in held}
    return [_point(month, by_month.get(month)) for month in wanted]


def snapshots() -> QuerySet[Snapshot]:
    """All snapshots, the newest month and in it the last revision first."""
    return Snapshot.objects.order_by("-month", "-revision")


def latest_snapshot(*, month: date | None = None) -> Snapshot | None:
    """The last revision of the month, or of the newest month. One query."""
    held = snapshots()
    return (held.filter(month=month) if month else held).first()


def targets(*, on: date, indicators: Collection[str] | None = None) -> Mapping[tuple[str, int], Decimal]:
    """Targets in force by indicator and place id. One query."""
    held = Target.objects.filter(since__lte=on).order_by("since")
    if indicators is not None:
        held = held.filter(indicator__in=list(indicators))
    return {(target.indicator, target.place_id): target.value for target in held}


def city_targets(*, on: date, indicators: Collection[str] | None = None) -> Mapping[str, Decimal]:
    """Targets of the whole city in force, by indicator. One query."""
    held = Target.objects.filter(since__lte=on, place__parent=None).order_by("since")
    if indicators is not None:
        held = held.filter(indicator__in=list(indicators))
    return dict(held.values_list("indicator", "value"))


def unconfirmed(*, month: date, on: date, actor: Actor | None = None) -> list[Place]:
    """Towns and responsible parks that have not confirmed the month, in administrative order; of the actor's scope.

    Two queries, three after a place has changed.
    """
    done = set(Confirmation.objects.filter(month=month).values_list("place_id", flat=True))
    order = [
        area.id
        for area in city_on(on).areas
        if area.id not in done and (actor is None or actor.covers(place_id=area.id))
    ]
    places = Place.objects.defer("boundary").in_bulk(order)
    return [places[pk] for pk in order]


def suppress(*, readings: Sequence[Reading], on: date) -> list[Reading]:
    """Readings for what circulates widely: numbers under the rulebook's limit are not shown, nor what would tell them.

    All members of a cut of an indicator have to be among the readings.
    """
    least = int(city_on(on).rules.number("indicators.suppress_below"))
    groups: dict[tuple[str, Cut], list[int]] = {}
    for at, reading in enumerate(readings):
        groups.setdefault((reading.indicator, reading.cut), []).append(at)
    chosen: set[int] = set()
    for (_, cut), held in groups.items():
        cells = [Cell(readings[at].numerator, readings[at].denominator) for at in held]
        positions = hidden(cells, least=least, with_total=cut not in {Cut.TOTAL, Cut.TAG})
        chosen.update(held[position] for position in positions)
    return [suppressed(reading) if at in chosen else reading for at, reading in enumerate(readings)]


def published_value(figure: Figure) -> Value:
    """A stored figure, its value as exact as its parts allow."""
    definition = definitions()[figure.indicator]
    value = figure.value
    if definition.is_counted:
        value = value_of(definition.unit, figure.numerator, figure.denominator)
    return Value(
        figure.indicator, Cut(figure.cut), figure.member, figure.numerator, figure.denominator, value, figure.beside,
        figure.missing, figure.rows,
    )  # fmt: skip


def _entries(actor: Actor, city: City, population: Population, cuts: Sequence[Cut]) -> dict[Cut, Counted]:
    plan, possible = city.plans[population], [cut for cut in cuts if cut in CUTS[population]]
    if not possible:
        return {}
    if population is Population.ENTITY:
        lines = cells.lines(actor=actor, city=city, cuts=possible)
    else:
        rows = live_rows(population, city.on)
        lines = counted_cells(rows, plan, possible, where=visible(actor, population))
    return {cut: counted(held, cut, plan) for cut, held in lines.items()}


def _readings(values: Iterable[Value], members: Members, snapshot: str = "") -> list[Reading]:
    order = {name: at for at, name in enumerate(definitions())}
    held = sorted(values, key=lambda value: (order[value.indicator], members.rank(value.member)))
    return [_reading(value, members.name(value.member), snapshot) for value in held]


def _point(month: date, figure: Figure | None) -> Point:
    if figure is None:
        return Point(month, None)
    return Point(month, _reading(published_value(figure), "", figure.snapshot.number), figure.snapshot.definitions)


def _reading(value: Value, member_zh: str, snapshot: str) -> Reading:
    definition = definitions()[value.indicator]
    return Reading(
        indicator=value.indicator, zh=definition.zh, unit=definition.unit, cut=value.cut, member=value.member,
        member_zh=member_zh, numerator=_whole(value.numerator), denominator=_whole(value.denominator),
        value=None if value.value is None else rounded(value.value, STORED),
        text=text_of(definition.unit, value.value), missing=value.missing, snapshot=snapshot,
        beside={label: value.beside[label] for label in definition.labels if label in value.beside},
    )  # fmt: skip


def _whole(number: Decimal | None) -> Decimal | None:
    """Counts without the two decimals they are stored with; rates that a ratio compares keep theirs."""
    return number.quantize(Decimal(1)) if number is not None and number == number.to_integral_value() else number
