"""What a figure looks like to pages, tables and bulletins, live or out of a snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from jingwei.domain.indicators import Cut, Unit
from jingwei.domain.indicators.values import STORED, rounded, text_of, value_of

# In place of a number that is not shown because few are counted; a note below the table explains it.
NOT_SHOWN = "＊"


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator in one group of a cut.

    ``member`` is the group's id or code as text: empty for the total, and in other cuts for rows of which
    the group is not known. ``value`` is in the indicator's unit (65.479538 for 65.48 %), ``text`` ready to show.
    ``beside`` counts what is not known, by label. Without a value ``missing`` says in Chinese what lacks, if
    anything. ``snapshot`` is the number it was published under, empty for live figures. ``within`` is the county
    of rows that lie in none of its areas; no figure is kept of them, they are what the areas leave of the county.
    """

    indicator: str
    zh: str
    unit: Unit
    cut: Cut
    member: str
    member_zh: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    text: str
    beside: Mapping[str, int] = field(default_factory=dict)
    missing: str = ""
    snapshot: str = ""
    suppressed: bool = False
    within: int | None = None

    @property
    def fraction(self) -> str:
        """1,248 ÷ 1,906; empty where nothing is divided or a part is not there."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{self.numerator:,} ÷ {self.denominator:,}"


@dataclass(frozen=True, slots=True)
class Point:
    """A month of a series; without a reading where no snapshot was taken or it does not hold the group.

    ``definitions`` is the version of the definitions in force then.
    """

    month: date
    reading: Reading | None
    definitions: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that a part of a figure counts. ``amount`` is what it adds: 1, or a number of persons."""

    id: int
    name: str
    code: str
    place_zh: str
    amount: Decimal
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drill:
    """The rows of one part of a figure. ``total`` is what the part says; ``shown`` what the visible rows add up to.

    ``outside`` is the rest, which lies outside the actor's scope. ``count`` is the number of visible rows over
    all pages, ``rows`` those of the page. ``indicator`` and ``snapshot`` name where the rows come from, which
    for a comparison is the compared indicator and, for its denominator, the earlier snapshot. ``note`` says in
    Chinese why the rows may not add up, if definitions changed since.
    """

    indicator: str
    snapshot: str
    part: str
    part_zh: str
    unit_zh: str
    total: Decimal
    shown: Decimal
    count: int
    page: int
    pages: int
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def outside(self) -> Decimal:
        return self.total - self.shown


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that entered or left a part of a figure between two snapshots, and why.

    ``part`` is numerator or denominator, ``entered`` False where the row left. ``amount`` is what it adds or
    takes away. ``causes`` are codes, ``causes_zh`` their words with what was and what is, main cause first.
    """

    id: int
    name: str
    part: str
    entered: bool
    amount: Decimal
    causes: tuple[str, ...]
    causes_zh: tuple[str, ...]


def suppressed(reading: Reading) -> Reading:
    """The reading without its numbers, as it stands in what circulates widely."""
    return replace(reading, numerator=None, denominator=None, value=None, text=NOT_SHOWN, beside={}, suppressed=True)


def remainder(county: Reading, areas: Sequence[Reading], name: str) -> Reading:
    """What lies in none of the areas of a county: its counts less those of its areas, the value from what is left."""
    numerator = _less(county.numerator, [area.numerator for area in areas])
    denominator = _less(county.denominator, [area.denominator for area in areas])
    value = value_of(county.unit, numerator, denominator)
    return replace(
        county, cut=Cut.AREA, member="", member_zh=name, within=int(county.member), numerator=numerator,
        denominator=denominator, value=None if value is None else rounded(value, STORED),
        text=text_of(county.unit, value),
        beside={label: count - sum(area.beside.get(label, 0) for area in areas) for label, count in county.beside.items()},
    )  # fmt: skip


def _less(whole: Decimal | None, parts: Iterable[Decimal | None]) -> Decimal | None:
    return None if whole is None else whole - sum((part for part in parts if part is not None), Decimal(0))
