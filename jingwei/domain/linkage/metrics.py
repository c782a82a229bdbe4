"""How right a linkage is: precision, recall and F1 over pairs of rows, against a known truth."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairScores:
    """Counts of pairs: joined by both, by the linkage alone (`false`), by the truth alone (`missed`)."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of joined pairs that are right; 1 if nothing was joined."""
        joined = self.right + self.false
        return self.right / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """Share of true pairs that were joined; 1 if there are none."""
        true = self.right + self.missed
        return self.right / true if true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.false + self.missed) if self.right else 0.0


def pair_scores(
    predicted: Sequence[Hashable | None],
    truth: Sequence[Hashable | None],
    *,
    easy: Sequence[Hashable | None] | None = None,
) -> PairScores:
    """Compare two groupings of the same rows; None is a row that belongs to no group.

    With `easy` (say, the raw code of each row) only the hard pairs count: pairs of rows of one easy
    group are left out on both sides. Raises ValueError if the lengths differ.
    """
    both = list(zip(predicted, truth, strict=True))
    joined, true, right = (_pairs(group) for group in _groupings(both))
    if easy is not None:
        within = [
            (_inside(group, mark), _inside(real, mark), mark) for (group, real), mark in zip(both, easy, strict=True)
        ]
        joined -= _pairs(group for group, _, _ in within)
        true -= _pairs(real for _, real, _ in within)
        right -= _pairs((group, real) if group and real else None for group, real, _ in within)
    return PairScores(right, joined - right, true - right)


def _groupings(
    both: Sequence[tuple[Hashable | None, Hashable | None]],
) -> tuple[Iterable[Hashable | None], ...]:
    return (
        (group for group, _ in both),
        (real for _, real in both),
        (None if group is None or real is None else (group, real) for group, real in both),
    )


def _inside(group: Hashable | None, mark: Hashable | None) -> tuple[Hashable, Hashable] | None:
    return None if group is None or mark is None else (group, mark)


def _pairs(groups: Iterable[Hashable | None]) -> int:
    sizes = Counter(group for group in groups if group is not None)
    return sum(size * (size - 1) // 2 for size in sizes.values())
