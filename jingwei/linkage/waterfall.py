"""How the score of a pair comes about, as bars of a waterfall: where each begins and ends, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

from jingwei.domain.linkage.model import LABELS, likelihood

_WIDTH = 100.0
_EDGE = 0.04  # of the width is left free at both ends
_THINNEST = 0.6
_BIT = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: what it says, how many bits it adds, and where it is drawn, in hundredths of the width."""

    label: str
    bits: str
    kind: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All steps, where nought lies, and the total; ``percent`` is the probability it stands for."""

    bars: tuple[Bar, ...]
    zero: str
    total: Bar
    percent: str


def waterfall(contributions: Sequence[Sequence[str | int]]) -> Waterfall | None:
    """The drawing of a pair's contributions ([field, level, millibits]); None where nothing was weighed."""
    # A run outlives its model: an outcome that a later one does not know any more keeps its weight.
    steps = [
        (LABELS.get((str(field), str(level)), "其他比较"), int(millibits)) for field, level, millibits in contributions
    ]
    steps = [(label, millibits) for label, millibits in steps if millibits]
    if not steps:
        return None
    ends, at = [0], 0
    for _, millibits in steps:
        at += millibits
        ends.append(at)
    low, high = min(ends), max(ends)
    scale = _Scale(low, high)
    bars = tuple(_bar(label, millibits, scale, start) for (label, millibits), start in zip(steps, ends, strict=False))
    return Waterfall(bars, scale.place(0), _bar("合计", at, scale, 0, kind="total"), percent(at))


def percent(millibits: int) -> str:
    """Probability of a score, never rounded to certainty: 98.2%."""
    share = min(max(likelihood(millibits) * 100, 0.1), 99.9)
    return f"{share:.1f}%"


def bits(millibits: int) -> str:
    """A signed figure with one decimal and a true minus: −3.1."""
    return f"{millibits / _BIT:+.1f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class _Scale:
    low: int
    high: int

    def at(self, millibits: int) -> float:
        span = max(self.high - self.low, 1)
        share = _EDGE + (millibits - self.low) / span * (1 - 2 * _EDGE)
        return share * _WIDTH

    def place(self, millibits: int) -> str:
        return f"{self.at(millibits):.2f}"


def _bar(label: str, millibits: int, scale: _Scale, start: int, *, kind: str = "") -> Bar:
    begin, end = sorted((scale.at(start), scale.at(start + millibits)))
    kind = kind or ("plus" if millibits > 0 else "minus")
    return Bar(label, bits(millibits), kind, f"{begin:.2f}", f"{max(end - begin, _THINNEST):.2f}")
