"""How alike two names are, beyond being equal; on a scale the cascade's rules are written in."""

from enum import IntEnum
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from jingwei.domain.linkage.normalize import is_named_branch, is_whole

_SHORTEST_CUT_NAME = 6
_SHORTEST_FOR_ONE_EDIT = 5
_SHORTEST_FOR_TWO_EDITS = 12
_LEAST_CORE_LIKENESS = 65.0


class Likeness(IntEnum):
    """EQUAL and CORE (equal without place and legal form) are found by joining, the rest here.

    CLASH is a branch against its parent or another branch; it outweighs any other evidence.
    """

    CLASH = -1
    NONE = 0
    LOOSE = 1
    NEAR = 2
    CORE = 3
    EQUAL = 4


class ComparedName(NamedTuple):
    """The parts of a name that are compared; see `normalize.NameParts`."""

    key: str
    core: str
    branch: str
    numerals: str


def likeness(left: ComparedName, right: ComparedName) -> Likeness:
    """Compare two different names.

    NEAR is a name cut short, or one or two wrong characters in a name long enough for that; names
    that differ in numerals are sisters, not misspellings. LOOSE only guards a join by code.
    """
    if _is_parent(left, right) or _is_parent(right, left):
        return Likeness.CLASH
    if _is_cut(left.key, right.key) or _is_cut(right.key, left.key):
        return Likeness.NEAR
    if left.branch != right.branch:
        return _of_branches(left, right)
    return _of_wholes(left, right)


def _is_parent(parent: ComparedName, branch: ComparedName) -> bool:
    """Whether the second name is the first with a branch behind it, legal form left out or not."""
    return any(
        whole.startswith(start) and is_named_branch(whole.removeprefix(start))
        for start, whole in ((parent.key, branch.key), (parent.core, branch.core))
    )


def _of_branches(left: ComparedName, right: ComparedName) -> Likeness:
    """One wrong character in a branch's name is another branch as easily as a slip."""
    if not left.branch or not right.branch or left.numerals != right.numerals:
        return Likeness.CLASH
    return Likeness.NONE if OSA.distance(left.branch, right.branch) <= 1 else Likeness.CLASH


def _of_wholes(left: ComparedName, right: ComparedName) -> Likeness:
    if left.numerals != right.numerals:
        return Likeness.NONE
    if _is_misspelt(left.key, right.key):
        return Likeness.NEAR
    brand, other = _brand(left), _brand(right)
    if _contains(brand, other) or _contains(other, brand):
        return Likeness.LOOSE
    alike = fuzz.ratio(brand, other, score_cutoff=_LEAST_CORE_LIKENESS)
    return Likeness.LOOSE if alike else Likeness.NONE


def _is_cut(short: str, whole: str) -> bool:
    """A name that ends in a legal form is whole, however much longer the other one is."""
    if len(short) < _SHORTEST_CUT_NAME or not whole.startswith(short):
        return False
    return not is_whole(short)


def _is_misspelt(left: str, right: str) -> bool:
    shorter = min(len(left), len(right))
    if shorter < _SHORTEST_FOR_ONE_EDIT:
        return False
    allowed = 2 if shorter >= _SHORTEST_FOR_TWO_EDITS else 1
    return OSA.distance(left, right, score_cutoff=allowed) <= allowed


def _contains(whole: str, part: str) -> bool:
    return len(part) >= 2 and part in whole


def _brand(name: ComparedName) -> str:
    """The core without the branch part, which many parents have under the same name."""
    return name.core.removesuffix(name.branch)
