"""How alike two names are, beyond being equal; on a scale the cascade's rules are written in."""

from enum import IntEnum
from typing import Final, NamedTuple

from jingwei.domain.linkage.engine import edits, likeness_of_brands
from jingwei.domain.linkage.normalize import is_named_branch, is_whole

SHORTEST_CUT_NAME: Final = 6
SHORTEST_FOR_ONE_EDIT: Final = 5
SHORTEST_FOR_TWO_EDITS: Final = 12
SHORTEST_CORE_FOR_ONE_EDIT: Final = 4


class Likeness(IntEnum):
    """EQUAL, CORE (equal without place and legal form) and SOUND (equal when read aloud) are equal
    keys, the rest is found by comparing.

    CLASH is a branch against its parent or another branch; it outweighs any other evidence.
    """

    CLASH = -1
    NONE = 0
    LOOSE = 1
    NEAR = 2
    SOUND = 3
    CORE = 4
    EQUAL = 5


class ComparedName(NamedTuple):
    """The parts of a name that are compared; see `normalize.NameParts`. `sound` is None where the
    name is too short to be told by it.
    """

    key: str
    core: str
    branch: str
    numerals: str
    sound: str | None


def likeness(left: ComparedName, right: ComparedName) -> Likeness:
    """Compare two different names.

    NEAR is a name cut short, or one or two wrong characters in a name long enough for that; names
    that differ in numerals are sisters, not misspellings. LOOSE only guards a join by code.
    """
    if left.key == right.key:
        return Likeness.EQUAL
    if left.core == right.core:
        return Likeness.CORE
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
    return Likeness.NONE if edits([left.branch], [right.branch])[0] <= 1 else Likeness.CLASH


def _of_wholes(left: ComparedName, right: ComparedName) -> Likeness:
    if left.numerals != right.numerals:
        return Likeness.NONE
    if left.sound is not None and left.sound == right.sound:
        return Likeness.SOUND
    if _is_misspelt(left.key, right.key) or _is_core_misspelt(left.core, right.core):
        return Likeness.NEAR
    brand, other = _brand(left), _brand(right)
    if _contains(brand, other) or _contains(other, brand):
        return Likeness.LOOSE
    return Likeness.LOOSE if likeness_of_brands([brand], [other])[0] else Likeness.NONE


def _is_cut(short: str, whole: str) -> bool:
    """A name that ends in a legal form is whole, however much longer the other one is."""
    if len(short) < SHORTEST_CUT_NAME or not whole.startswith(short):
        return False
    return not is_whole(short)


def _is_misspelt(left: str, right: str) -> bool:
    shorter = min(len(left), len(right))
    if shorter < SHORTEST_FOR_ONE_EDIT:
        return False
    allowed = 2 if shorter >= SHORTEST_FOR_TWO_EDITS else 1
    return bool(edits([left], [right])[0] <= allowed)


def _is_core_misspelt(left: str, right: str) -> bool:
    """A slip in a name of which one side leaves out the place or the legal form."""
    return min(len(left), len(right)) >= SHORTEST_CORE_FOR_ONE_EDIT and bool(edits([left], [right])[0] <= 1)


def _contains(whole: str, part: str) -> bool:
    return len(part) >= 2 and part in whole


def _brand(name: ComparedName) -> str:
    """The core without the branch part, which many parents have under the same name."""
    return name.core.removesuffix(name.branch)
