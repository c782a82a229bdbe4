"""Values of all indicators out of counts, comparisons with earlier snapshots included."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from jingwei.domain.indicators import Against, Cut, Definition, Unit, definitions
from jingwei.domain.indicators.sql import months_before
from jingwei.domain.indicators.values import CENT, growth, rounded, value_of
from jingwei.domain.rulebook import Rules
from jingwei.indicators.models import Figure, Snapshot
from jingwei.indicators.tally import Counts, Tally, nothing

Key = tuple[str, Cut, str]


def no_hash(indicator: str, position: int | None) -> str:
    """Live figures carry no hash."""
    return ""


@dataclass(frozen=True, slots=True)
class Value:
    """One figure, not rounded. ``rows`` is the hash of its rows, empty for live figures."""

    indicator: str
    cut: Cut
    member: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    beside: Mapping[str, int] = field(default_factory=dict)
    missing: str = ""
    rows: str = ""

    @property
    def key(self) -> Key:
        return self.indicator, self.cut, self.member


def cut_values(
    tally: Tally, cut: Cut, *, standing: Iterable[str], wanted: Collection[str] | None = None,
    hash_of: Callable[[str, int | None], str] = no_hash,
) -> Iterator[Value]:  # fmt: skip
    """Figures of the counted indicators in every member of a cut; ``standing`` members also without any row.

    ``hash_of`` gives the hash of the rows of an indicator in the member at a position, or in none.
    """
    members = tally.entries.members
    absent = [member for member in standing if member not in members]
    for indicator, parts in tally.plan.parts.items():
        if wanted is not None and indicator not in wanted:
            continue
        for at, (member, counts) in enumerate(zip(members, tally.counts(indicator), strict=True)):
            yield _counted(parts.definition, cut, member, counts, hash_of(indicator, at))
        for member in absent:
            yield _counted(parts.definition, cut, member, nothing(parts), hash_of(indicator, None))


def _counted(definition: Definition, cut: Cut, member: str, counts: Counts, rows: str) -> Value:
    value = value_of(definition.unit, counts.numerator, counts.denominator)
    return Value(definition.id, cut, member, counts.numerator, counts.denominator, value, counts.beside, "", rows)


def complete(counted: Mapping[Key, Value], rules: Rules, wanted: Iterable[str] | None = None) -> list[Value]:
    """All figures in the order of the definitions: the counted ones, comparisons, and those without facts."""
    ids = list(definitions()) if wanted is None else [name for name in definitions() if name in set(wanted)]
    by_indicator: dict[str, list[Value]] = {}
    for value in counted.values():
        by_indicator.setdefault(value.indicator, []).append(value)
    earlier = Earlier([definitions()[name] for name in ids], {key[1] for key in counted}, rules)
    found: list[Value] = []
    for definition in (definitions()[name] for name in ids):
        if definition.missing:
            found.append(Value(definition.id, Cut.TOTAL, "", None, None, None, missing=definition.missing))
        elif definition.is_comparison:
            found.extend(earlier.compared(definition, by_indicator.get(definition.of, ())))
        else:
            found.extend(by_indicator.get(definition.id, ()))
    return found


def needed(ids: Iterable[str]) -> set[str]:
    """The indicators that have to be counted for these."""
    asked = [definitions()[name] for name in ids if name in definitions()]
    return {item.of or item.id for item in asked}


class Earlier:
    """Published figures that comparisons stand on. One query, none where nothing is compared."""

    def __init__(self, wanted: list[Definition], cuts: set[Cut], rules: Rules) -> None:
        compared = [item for item in wanted if item.against is not None]
        self._months = {item.id: base_month(item.against, rules) for item in compared if item.against}
        self._snapshots: dict[tuple[date, str], Snapshot] = {}
        self._figures: dict[tuple[int, str, str, str], Figure] = {}
        for figure in self._held(compared, cuts) if compared else ():
            self._snapshots[figure.snapshot.month, figure.indicator] = figure.snapshot
            self._figures[figure.snapshot_id, figure.indicator, figure.cut, figure.member] = figure

    def compared(self, definition: Definition, now: Iterable[Value]) -> Iterator[Value]:
        """The comparison for every member; without the earlier snapshot only the total, which says so."""
        month = self._months[definition.id]
        snapshot = self._snapshots.get((month, definition.of))
        for value in now:
            if snapshot is not None:
                before = self._figures.get((snapshot.pk, definition.of, value.cut, value.member))
                yield _comparison(definition, value, before, snapshot)
            elif value.cut is Cut.TOTAL:
                missing = f"{month.year} 年 {month.month} 月的快照，用作比较的基期"
                yield Value(definition.id, Cut.TOTAL, "", None, None, None, missing=missing)

    def _held(self, compared: list[Definition], cuts: set[Cut]) -> QuerySet[Figure]:
        """Figures of the earlier months, those of a later revision after the others."""
        figures = Figure.objects.filter(
            snapshot__month__in=set(self._months.values()), indicator__in={item.of for item in compared}, cut__in=cuts
        )
        return figures.select_related("snapshot").order_by("snapshot__revision")


def base_month(against: Against, rules: Rules) -> date:
    """First day of the month that figures of the day are compared with."""
    if against.rule:
        return date.fromisoformat(f"{rules[against.rule].value}-01")
    return months_before(rules.on.replace(day=1), against.months)


def _comparison(definition: Definition, now: Value, before: Figure | None, snapshot: Snapshot) -> Value:
    of = definitions()[definition.of]
    if before is None:
        missing = f"{snapshot.number} 中该组的数"
        return Value(definition.id, now.cut, now.member, None, None, None, missing=missing)
    is_rate = of.unit in {Unit.PERCENT, Unit.RATIO}
    first = now.value if is_rate else now.numerator
    second = value_of(of.unit, before.numerator, before.denominator) if is_rate else before.numerator
    value = growth(first, second) if definition.unit is Unit.PERCENT else value_of(Unit.RATIO, first, second)
    return Value(definition.id, now.cut, now.member, _shown(first), _shown(second), value)


def _shown(number: Decimal | None) -> Decimal | None:
    return None if number is None else rounded(number, CENT)
