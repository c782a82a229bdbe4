"""Cross-checks of a form, written as on the form itself: 1 = 3 + 4 + 5, 16 ≤ 14, B ≥ C."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jingwei.domain.papers.layout_files import LayoutError

_SIGN = re.compile(r"\s*(>=|<=|=)\s*")
_TERM = re.compile(r"\s*\+\s*")
_PRINTED = {"=": "=", ">=": "≥", "<=": "≤"}
_BROKEN = {"=": "≠", ">=": "<", "<=": ">"}


class Outcome(StrEnum):
    """What a check came to; OPEN where a cell of it is empty."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"

    @property
    def zh(self) -> str:
        """The word of the sheet 校核."""
        return {"holds": "相符", "fails": "不符", "open": "无法校核"}[self.value]


@dataclass(frozen=True, slots=True)
class Check:
    """A relation between cells: sums on both sides of a sign."""

    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The cells it speaks of, from left to right."""
        return self.left + self.right

    def zh(self, names: Mapping[str, str] | None = None) -> str:
        """The check as a form prints it, with other names for its cells where given."""
        sides = [" + ".join((names or {}).get(name, name) for name in side) for side in (self.left, self.right)]
        return f"{sides[0]} {_PRINTED[self.sign]} {sides[1]}"


@dataclass(frozen=True, slots=True)
class Result:
    """One check in one column, row or form: what it came to, the cells it looked at, and the sentence on it."""

    check: str
    outcome: Outcome
    cells: tuple[str, ...]
    text: str


def parse(text: str) -> Check:
    """Read a check; raises LayoutError."""
    sides = _SIGN.split(text.strip())
    if len(sides) != 3:
        raise LayoutError(f"校核式“{text}”应有且只有一个 =、>= 或 <=")
    left, sign, right = sides
    terms = [tuple(_TERM.split(side)) for side in (left, right)]
    if any(not term for side in terms for term in side):
        raise LayoutError(f"校核式“{text}”缺少一项")
    return Check(terms[0], sign, terms[1])


def evaluate(check: Check, values: Mapping[str, Decimal | None], cells: Mapping[str, str], *, zh: str = "") -> Result:
    """Try a check on named values; ``cells`` says where each of them stands, ``zh`` how the check is called.

    A value of None leaves the check open: what is not known neither holds nor fails.
    """
    name = zh or check.zh()
    places = tuple(cells[item] for item in check.names)
    empty = [cells[item] for item in check.names if values.get(item) is None]
    if empty:
        return Result(name, Outcome.OPEN, places, f"{'、'.join(empty)} 没有数，无法校核")
    left, right = (_total(side, values) for side in (check.left, check.right))
    if _holds(check.sign, left, right):
        return Result(name, Outcome.HOLDS, places, f"{_number(left)} {_PRINTED[check.sign]} {_number(right)}")
    difference = f"，相差 {_number(abs(left - right))}"
    return Result(name, Outcome.FAILS, places, f"{_number(left)} {_BROKEN[check.sign]} {_number(right)}{difference}")


def _total(names: Sequence[str], values: Mapping[str, Decimal | None]) -> Decimal:
    return sum((values[name] or Decimal(0) for name in names), Decimal(0))


def _holds(sign: str, left: Decimal, right: Decimal) -> bool:
    if sign == "=":
        return left == right
    return left >= right if sign == ">=" else left <= right


def _number(value: Decimal) -> str:
    return f"{value:,f}"
