"""How right a run is, from drawn pairs that people have judged: figures, intervals, and what is not known.

Precision of a class: the links judged right among those judged right or wrong. Those on which people were
unsure are left out and counted beside it. Overall precision weighs each class by its links. Recall: right links
over right links and missed ones; missed ones are estimated from drawn pairs that were compared and not joined.
A pair that was never compared cannot be drawn, so recall speaks of compared pairs alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from django.db.models import Count

from jingwei.linkage.models import Decision, QualitySample, SampledPair

# Two-sided normal quantile for an interval of 95 %.
_QUANTILE = 1.959964
NON_LINKS = (QualitySample.LIKELY, QualitySample.UNLIKELY)


class Interval(NamedTuple):
    """An estimate between 0 and 1 with its bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """What was found in one class: how many pairs it has, how many were drawn, and what people said of them."""

    key: str
    population: int
    drawn: int
    same: int
    different: int
    unsure: int

    @property
    def judged(self) -> int:
        """Pairs with a firm verdict."""
        return self.same + self.different

    @property
    def open(self) -> int:
        return self.drawn - self.judged - self.unsure

    @property
    def share_same(self) -> Interval | None:
        """Share of one-entity pairs; None while nobody has judged any."""
        return wilson(self.same, self.judged)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The whole run: precision and recall with intervals, None where nothing speaks of them.

    ``unjudged`` names the classes without a verdict, whose links the figures leave out.
    """

    precision: Interval | None
    recall: Interval | None
    links: int
    covered_links: int
    unjudged: tuple[str, ...]


def wilson(successes: int, trials: int) -> Interval | None:
    """Share with its 95 % Wilson score interval; None without trials. Right also at 0 and at 1."""
    if trials == 0:
        return None
    share, square = successes / trials, _QUANTILE**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _QUANTILE * sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def estimate(strata: Iterable[Stratum]) -> Estimate:
    """Precision over the judged classes of links, recall against what the judged non-links show to be missed.

    The bounds add up those of the classes, as if all erred to the same side: wider than need be, never narrower.
    """
    held = list(strata)
    links = [each for each in held if each.key not in NON_LINKS]
    non_links = [each for each in held if each.key in NON_LINKS]
    judged = [each for each in links if each.judged]
    right = _total(judged)
    weight = sum(each.population for each in judged)
    precision = Interval(*(part / weight for part in right)) if right and weight else None
    return Estimate(
        precision=precision,
        recall=_recall(right, non_links),
        links=sum(each.population for each in links),
        covered_links=weight,
        unjudged=tuple(each.key for each in held if not each.judged),
    )


def strata_of(sample: QualitySample) -> list[Stratum]:
    """The classes of a sample with their verdicts, in the order in which they were found. One query."""
    rows = SampledPair.objects.filter(sample=sample).order_by().values_list("stratum", "verdict")
    tallies: dict[str, dict[str, int]] = {}
    for stratum, verdict, pairs in rows.annotate(pairs=Count("pk")):
        tallies.setdefault(stratum, {})[verdict] = pairs
    return [_stratum(key, held, tallies.get(key, {})) for key, held in sorted(sample.strata.items())]


def _stratum(key: str, held: Mapping[str, int], tally: Mapping[str, int]) -> Stratum:
    said = {verdict: tally.get(verdict.value, 0) for verdict in Decision.Verdict}
    return Stratum(
        key, held["population"], held["drawn"], said[Decision.Verdict.SAME], said[Decision.Verdict.DIFFERENT],
        said[Decision.Verdict.UNSURE],
    )  # fmt: skip


def _total(strata: Iterable[Stratum]) -> Interval | None:
    """How many pairs of the classes are of one entity."""
    parts = [(each.population, each.share_same) for each in strata]
    known = [(population, share) for population, share in parts if share is not None]
    if not known:
        return None
    return Interval(*(sum(population * share[index] for population, share in known) for index in range(3)))


def _recall(right: Interval | None, non_links: Iterable[Stratum]) -> Interval | None:
    """The fewer right links and the more missed ones, the lower; None while a class of non-links is unjudged."""
    held = list(non_links)
    missed = _total(held)
    if right is None or missed is None or not all(each.judged for each in held):
        return None
    return Interval(_share(right.value, missed.value), _share(right.low, missed.high), _share(right.high, missed.low))


def _share(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 0.0
