"""Persons and phones: surnames as skewed as in life, owners of several firms, agents of hundreds."""

import numpy as np
import numpy.typing as npt

from benchmarks.linkage import words
from benchmarks.linkage.rates import Shape

Texts = npt.NDArray[np.object_]
_SURNAME_SHARES = (0.072, 0.071, 0.067, 0.054, 0.045, 0.031, 0.022, 0.021, 0.02, 0.02)


def persons(count: int, shape: Shape, rng: np.random.Generator) -> Texts:
    """One person per entity; a share of them stands for another entity too."""
    names = person_names(count, shape.rare, rng)
    shared = np.flatnonzero(rng.random(count) < shape.same_owner)
    names[shared] = names[rng.integers(0, count, len(shared))]
    return names


def person_names(count: int, rare: float, rng: np.random.Generator) -> Texts:
    """Names of two or three characters, some with a double surname or a rare character."""
    rest = len(words.SURNAMES) - len(_SURNAME_SHARES)
    tail = (np.arange(rest) + 12.0) ** -1.0
    weights = np.concatenate([_SURNAME_SHARES, tail / tail.sum() * (1 - sum(_SURNAME_SHARES))])
    surname = np.array(words.SURNAMES, dtype=object)[rng.choice(len(weights), size=count, p=weights / weights.sum())]
    double = rng.random(count) < 0.003
    surname[double] = np.array(words.DOUBLE_SURNAMES, dtype=object)[rng.integers(0, 4, int(double.sum()))]
    given = _given(count, rng)
    odd = rng.random(count) < rare
    given[odd] = np.array(words.RARE_CHARACTERS, dtype=object)[
        rng.integers(0, len(words.RARE_CHARACTERS), int(odd.sum()))
    ]
    long = rng.random(count) < 0.78
    second = np.where(long, _given(count, rng), "").astype(object)
    return surname + given + second


def phones(kind: npt.NDArray[np.int64], county: npt.NDArray[np.int64], shape: Shape, rng: np.random.Generator) -> Texts:
    """Mobile or landline; a share gives the phone of one of a few hundred bookkeeping agents."""
    count = len(kind)
    mobile = 13_000_000_000 + rng.integers(0, 6_999_999_999, count)
    landline = rng.integers(2_000_000, 8_999_999, count)
    written = np.char.add(np.char.add((990 + county % 5).astype("U4"), "-"), landline.astype("U7"))
    own = np.where(rng.random(count) < 0.72, mobile.astype("U12"), np.char.add("0", written)).astype(object)
    agents = (13_000_000_000 + rng.integers(0, 6_999_999_999, max(3, count // 400))).astype("U11").astype(object)
    served = rng.random(count) < shape.agent_phone
    own[served] = agents[(len(agents) * rng.random(int(served.sum())) ** 2).astype(int)]
    return own


def _given(count: int, rng: np.random.Generator) -> Texts:
    weights = (np.arange(len(words.GIVEN_CHARACTERS)) + 8.0) ** -0.6
    picked = rng.choice(len(weights), size=count, p=weights / weights.sum())
    return np.array(words.GIVEN_CHARACTERS, dtype=object)[picked]
