"""From marks to counts: what each part of each indicator counts in each member of a cut."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from jingwei.domain.indicators import DENOMINATOR, NUMERATOR
from jingwei.domain.indicators.parts import Parts
from jingwei.domain.indicators.plan import WIDTH, Plan
from jingwei.indicators.counting import Counted


@dataclass(frozen=True, slots=True)
class Counts:
    """The parts of one figure. The denominator is None where nothing is divided."""

    numerator: Decimal
    denominator: Decimal | None
    beside: Mapping[str, int]


@dataclass(slots=True)
class Tally:
    """Adds up the entries of one cut, each condition once."""

    plan: Plan
    entries: Counted
    _sums: dict[tuple[int, int | None], NDArray[np.int64]] = field(default_factory=dict, init=False)

    def counts(self, indicator: str) -> Iterator[Counts]:
        """What the indicator counts in each member of the cut, in their order."""
        parts = self.plan.parts[indicator]
        sums = {part: self._sum(indicator, part) for part in parts.rows}
        for at in range(len(self.entries.members)):
            yield _counts({part: int(held[at]) for part, held in sums.items()}, parts.definition.labels)

    def holding(self, bit: int) -> NDArray[np.bool_]:
        """Which entries a condition holds for."""
        word, place = divmod(bit, WIDTH)
        return (self.entries.marks[word] >> place & 1).astype(bool)

    def _sum(self, indicator: str, part: str) -> NDArray[np.int64]:
        wanted = (self.plan.bit(indicator, part), self.plan.amount(indicator, part))
        if wanted not in self._sums:
            self._sums[wanted] = self._added(*wanted)
        return self._sums[wanted]

    def _added(self, bit: int, amount: int | None) -> NDArray[np.int64]:
        entries = self.entries
        values = entries.weights if amount is None else entries.amounts[amount]
        holding = self.holding(bit)
        added = np.zeros(len(entries.members), dtype=np.int64)
        np.add.at(added, entries.group[holding], values[holding])
        return added


def nothing(parts: Parts) -> Counts:
    """What a member without any row counts."""
    return _counts(dict.fromkeys(parts.rows, 0), parts.definition.labels)


def _counts(sums: Mapping[str, int], labels: tuple[str, ...]) -> Counts:
    whole = sums.get(DENOMINATOR)
    return Counts(
        Decimal(sums[NUMERATOR]),
        None if whole is None else Decimal(whole),
        {label: sums[label] for label in labels},
    )
