"""Repeatable randomness: every draw is a function of the seed, the name of the draw and an id.

Nothing depends on the order in which draws are made, so a later month, a larger city or a file
written piece by piece sees the same value for the same id.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def texts(items: list[str] | tuple[str, ...]) -> Texts:
    """An array of Python strings, so that an index array picks from it."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def blank(count: int) -> Texts:
    """`count` empty strings."""
    return np.full(count, "", dtype=object)


@dataclass(frozen=True)
class Noise:
    """A family of draws; `child` opens a family of its own below it."""

    seed: int
    path: str = ""

    def child(self, name: str) -> "Noise":
        return Noise(self.seed, f"{self.path}/{name}")

    def bits(self, what: str, ids: Ints) -> npt.NDArray[np.uint64]:
        """64 random bits for each id (splitmix64 over a key made of the name)."""
        name = f"{self.seed}{self.path}/{what}".encode()
        key = np.uint64(int.from_bytes(blake2b(name, digest_size=8).digest(), "little"))
        mixed = (ids.astype(np.uint64) + np.uint64(1)) * _GOLDEN + key
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
        return mixed ^ (mixed >> np.uint64(31))

    def uniform(self, what: str, ids: Ints) -> Floats:
        """A number in [0, 1) for each id."""
        return (self.bits(what, ids) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, what: str, ids: Ints) -> Floats:
        """A standard normal number for each id."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(f"{what}.radius", ids)))
        return radius * np.cos(2.0 * np.pi * self.uniform(f"{what}.angle", ids))

    def chance(self, what: str, ids: Ints, rate: float | Floats) -> Flags:
        """True for a share `rate` of the ids; a higher rate keeps every id that was chosen before."""
        return np.asarray(self.uniform(what, ids) < rate)

    def below(self, what: str, ids: Ints, bound: int | Ints) -> Ints:
        """A whole number from 0 up to, not including, `bound` for each id."""
        return np.floor(self.uniform(what, ids) * bound).astype(np.int64)

    def choice(self, what: str, ids: Ints, weights: tuple[float, ...] | Floats) -> Ints:
        """An index into `weights` for each id, with their proportions."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        picked = np.searchsorted(edges, self.uniform(what, ids) * edges[-1], side="right")
        return np.asarray(np.minimum(picked, len(edges) - 1), dtype=np.int64)

    def pick(self, what: str, ids: Ints, pool: Texts) -> Texts:
        """One text of the pool for each id."""
        return pool[self.below(what, ids, len(pool))]

    def order(self, what: str, ids: Ints) -> Ints:
        """Positions that put the ids into a random but repeatable order."""
        return np.argsort(self.bits(what, ids), kind="stable").astype(np.int64)

    def shuffled(self, what: str, items: list[str]) -> list[str]:
        """The items in a repeatable random order."""
        return [items[position] for position in self.order(what, np.arange(len(items)))]


def spread(numbers: Ints, space: int, step: int = 1_000_003) -> Ints:
    """Send 0, 1, 2 … to different places of 0..space-1: no two numbers below `space` meet.

    `step` is a prime, so it suffices that it does not divide `space`.
    """
    return (numbers * step + 7919) % space


def occurrence(keys: Ints) -> Ints:
    """How many equal keys stand before each one."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_first = np.ones(len(keys), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(is_first)
    lengths = np.diff(np.append(starts, len(keys)))
    before = np.empty(len(keys), dtype=np.int64)
    before[order] = np.arange(len(keys)) - np.repeat(starts, lengths)
    return before
