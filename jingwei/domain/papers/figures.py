"""Figures of a paper: one line an area and one for the whole, with what the compared snapshot said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce

from jingwei.domain.papers import wording
from jingwei.domain.papers.content import Part

REMAINDER = "尚未落点"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One indicator in one cell; None is unknown. ``beside`` counts what is not known, ``missing`` says why none is there."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    beside: Mapping[str, int] = field(default_factory=dict)
    missing: str = ""

    def __add__(self, other: "Quantity") -> "Quantity":
        return self._joined(other, 1)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return self._joined(other, -1)

    def _joined(self, other: "Quantity", sign: int) -> "Quantity":
        labels = dict.fromkeys([*self.beside, *other.beside])
        return Quantity(
            _sum(self.numerator, other.numerator, sign),
            _sum(self.denominator, other.denominator, sign),
            {label: self.beside.get(label, 0) + sign * other.beside.get(label, 0) for label in labels},
            self.missing or other.missing,
        )

    def percent(self) -> Decimal | None:
        """The rate in per cent with two decimals."""
        return wording.percent(self.numerator, self.denominator)

    def part(self, part: Part, label: str = "") -> Decimal | None:
        """A number of the quantity; a change needs two quantities and is asked of a line."""
        if part is Part.NUMERATOR:
            return self.numerator
        if part is Part.DENOMINATOR:
            return self.denominator
        if part is Part.GAP:
            return _sum(self.denominator, self.numerator, -1)
        if part is Part.BESIDE:
            return None if self.numerator is None else Decimal(self.beside.get(label, 0))
        return self.percent()


NOTHING = Quantity()


@dataclass(frozen=True, slots=True)
class Line:
    """One area (or the whole): its name, its cell of a cut, its quantities by indicator now and before.

    ``confirmed`` is None where nobody has to confirm; ``target`` is the rate aimed at, in per cent.
    """

    name: str
    cut: str
    member: str
    now: Mapping[str, Quantity]
    before: Mapping[str, Quantity] = field(default_factory=dict)
    confirmed: bool | None = None
    target: Decimal | None = None

    def value(self, indicator: str, part: Part, label: str = "", *, earlier: bool = False) -> Decimal | None:
        """A number of this line, of the compared snapshot with ``earlier``."""
        if part is Part.CHANGE:
            return self.change(indicator)
        held = self.before if earlier else self.now
        return held.get(indicator, NOTHING).part(part, label)

    def change(self, indicator: str) -> Decimal | None:
        """The difference of the two printed rates in percentage points, so that readers can check it."""
        now, before = (held.get(indicator, NOTHING).percent() for held in (self.now, self.before))
        return None if now is None or before is None else now - before


@dataclass(frozen=True, slots=True)
class Figures:
    """All lines of a paper in administrative order, and the line of the whole.

    ``rest_cut`` is the cut whose empty member holds what lies in no area; "" where no cut has that cell.
    """

    lines: tuple[Line, ...]
    total: Line
    rest_cut: str = ""

    def remainder(self) -> Line | None:
        """What lies in none of the areas, so that the lines add up; None where nothing is left."""
        now = _rest(self.total.now, [line.now for line in self.lines])
        if not any(quantity.numerator or quantity.denominator for quantity in now.values()):
            return None
        before = _rest(self.total.before, [line.before for line in self.lines])
        return Line(REMAINDER, self.rest_cut, "", now, before)

    def all_lines(self) -> tuple[Line, ...]:
        """The areas, and the remainder where there is one."""
        rest = self.remainder()
        return (*self.lines, rest) if rest else self.lines

    def overdrawn(self) -> tuple[str, ...]:
        """Indicators whose areas hold more than the whole: the lines do not add up."""
        rest = _rest(self.total.now, [line.now for line in self.lines])
        return tuple(name for name, quantity in rest.items() if _is_negative(quantity))


def _rest(total: Mapping[str, Quantity], lines: Sequence[Mapping[str, Quantity]]) -> dict[str, Quantity]:
    return {
        indicator: whole - _total(line.get(indicator, NOTHING) for line in lines) for indicator, whole in total.items()
    }


def _total(quantities: Iterable[Quantity]) -> Quantity:
    return reduce(Quantity.__add__, quantities, NOTHING)


def _sum(one: Decimal | None, other: Decimal | None, sign: int) -> Decimal | None:
    if one is None and other is None:
        return None
    return (one or Decimal(0)) + sign * (other or Decimal(0))


def _is_negative(quantity: Quantity) -> bool:
    return (quantity.numerator or 0) < 0 or (quantity.denominator or 0) < 0
