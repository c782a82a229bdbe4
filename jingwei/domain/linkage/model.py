"""The weights behind a link that no fixed rule settles: how much each comparison speaks for or against.

Fellegi and Sunter's model with term frequencies: an agreement is worth the more the fewer others share
the value. All weights are whole thousandths of a bit (binary logarithm of the likelihood ratio), so that
every engine adds up the same integers. `model.json` holds the weights with their version and where they
were learned; the size of the roster and the counts of values come from the roster itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

# A value that so many others share has lost what it could say.
MOST_DOUBLINGS: Final = 24
# Two firms agree by chance as rarely in a small roster as in one of 2**15 entities.
LEAST_SCALE: Final = 15


class Contribution(NamedTuple):
    """What one comparison adds to a pair's score, in thousandths of a bit."""

    field: str
    level: str
    millibits: int


class Level(NamedTuple):
    """One outcome of a comparison and its weight.

    A `scaled` outcome gains a bit with each doubling of the roster, since a chance agreement becomes
    rarer among more candidates; if `counted` names a count, it loses a bit with each doubling of the
    others that share the value.
    """

    field: str
    level: str
    zh: str
    scaled: bool = False
    counted: str = ""


LEVELS: Final = (
    Level("prior", "one", "起点：名册中任取一户"),
    Level("code", "same", "代码相同"),
    Level("code", "repaired", "代码差一位，改正后相同", scaled=True),
    Level("code", "organization", "组织机构代码相同", scaled=True),
    Level("code", "number", "旧注册号相同", scaled=True),
    Level("code", "borrowed", "所填代码属于另一户，本户是分支机构"),
    Level("code", "differs", "双方有效代码不同"),
    Level("name", "equal", "名称一致", scaled=True, counted="name"),
    Level("name", "common", "名称一致，但此类字号可以重名", scaled=True, counted="name"),
    Level("name", "core", "名称去掉地名和组织形式后一致", scaled=True, counted="core"),
    Level("name", "sound", "名称读音一致", scaled=True, counted="core"),
    Level("name", "near", "名称相差一两个字或被截短", scaled=True, counted="core"),
    Level("name", "former", "名称与曾用名一致", scaled=True),
    Level("name", "loose", "名称部分相同"),
    Level("name", "none", "名称不同"),
    Level("name", "clash", "名称是总分机构或不同的分支"),
    Level("person", "equal", "法定代表人一致", scaled=True, counted="person"),
    Level("person", "differs", "法定代表人不同"),
    Level("site", "equal", "地址的路名门牌一致", scaled=True, counted="site"),
    Level("site", "road", "地址同路，门牌不同或不全"),
    Level("site", "differs", "地址不同"),
    Level("area", "same", "同一区县"),
    Level("area", "differs", "不同区县"),
    Level("phone", "equal", "电话一致", scaled=True, counted="phone"),
    Level("phone", "differs", "电话不同"),
    Level("state", "ended", "该户已注销或吊销"),
    Level("founded", "same", "成立日期一致"),
    Level("founded", "differs", "成立日期不同"),
)
_BY_KEY: Final = {(item.field, item.level): item for item in LEVELS}
LABELS: Final[Mapping[tuple[str, str], str]] = {key: item.zh for key, item in _BY_KEY.items()}


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of one version. A pair links by its score alone at `accept` millibits or more if it leads
    the second best by `margin`; from `review` on a person looks at it.
    """

    version: str
    accept: int
    margin: int
    review: int
    weights: Mapping[tuple[str, str], int]
    once: Mapping[tuple[str, str], int]

    def weigh(self, field: str, level: str, *, size: int, others: int | None = None) -> Contribution:
        """The contribution of one outcome in a roster of 2**`size` entities, where `others` more
        entities share the value (None where the outcome is not counted).
        """
        item = _BY_KEY[field, level]
        millibits = self.weights[field, level] + (scale(size) if item.scaled else 0)
        if item.counted and others is not None:
            millibits += self.once[field, level] if others <= 0 else -1000 * doublings(others)
        return Contribution(field, level, millibits)

    def prior(self, *, size: int) -> Contribution:
        """What is known before anything is compared: one of 2**`size` entities."""
        return Contribution("prior", "one", self.weights["prior", "one"] - 1000 * size)


def scale(size: int) -> int:
    """What an agreement gains, in millibits, because chance agreements are rare among 2**`size` entities."""
    return 1000 * max(size, LEAST_SCALE)


def doublings(count: int) -> int:
    """How often 1 was doubled to reach `count`, rounded down; 0 for 1 and less."""
    return min(max(count, 1).bit_length() - 1, MOST_DOUBLINGS)


def likelihood(millibits: int) -> float:
    """The probability that a pair of this score is one entity, between 0 and 1."""
    bits = min(max(millibits / 1000, -60.0), 60.0)
    return float(1 / (1 + 2.0**-bits))


def waterfall(contributions: Sequence[tuple[str, str, int]]) -> list[tuple[str, int]]:
    """Chinese label and millibits of each contribution that says something, in order."""
    return [(LABELS[field, level], millibits) for field, level, millibits in contributions if millibits]


@lru_cache(maxsize=1)
def standard() -> Model:
    """The weights that come with the product."""
    text = resources.files("jingwei.domain.linkage").joinpath("model.json").read_text(encoding="utf-8")
    return read_model(text)


def read_model(text: str) -> Model:
    """A model from its JSON text; raises KeyError if a weight is missing."""
    held = json.loads(text)
    weights = {tuple(key.split(".")): value for key, value in held["weights"].items()}
    once = {tuple(key.split(".")): value for key, value in held["once"].items()}
    return Model(
        version=held["version"],
        accept=held["accept"],
        margin=held["margin"],
        review=held["review"],
        weights={key: int(weights[key]) for key in _BY_KEY},
        once={key: int(once[key]) for key, item in _BY_KEY.items() if item.counted},
    )
