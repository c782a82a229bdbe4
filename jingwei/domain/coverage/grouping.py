"""A simple grouping of units with too few members, by area and trade; it stands in until a plan is made.

It measures no distance and asks nobody: it shows only which neighbours together reach the number of a branch.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from jingwei.domain.coverage.parameters import Parameters, parameters
from jingwei.domain.rulebook import Rules

MIXED = "*"


class FewUnit(NamedTuple):
    """A unit to be grouped: where it lies, its section of trades ("" unknown), its full members, its neighbours' order."""

    id: int
    area: int
    section: str
    full_members: int
    order: tuple[str, int] = ("", 0)


class JointGroup(NamedTuple):
    """The number of a group within its area and section; the section is ``MIXED`` for several trades."""

    area: int
    section: str
    number: int


def group(units: Iterable[FewUnit], rules: Rules) -> dict[int, JointGroup]:
    """Unit id -> its group. Every group has enough full members and no more units than a joint branch may cover.

    Units of one section are joined first; what is left over joins across sections. A unit whose area
    cannot fill a group gets none. The same units give the same groups in whatever order they come.
    """
    values = parameters(rules)
    ordered = sorted(units, key=lambda unit: (unit.area, unit.section, unit.order, unit.id))
    found: dict[int, JointGroup] = {}
    for area, inside in groupby(ordered, key=attrgetter("area")):
        left: list[FewUnit] = []
        for section, held in groupby(inside, key=attrgetter("section")):
            members = list(held)
            if section:
                left += _place(members, area, section, values, found)
            else:
                left += members
        _place(sorted(left, key=lambda unit: (unit.order, unit.id)), area, MIXED, values, found)
    return found


def _place(
    units: Sequence[FewUnit], area: int, section: str, values: Parameters, found: dict[int, JointGroup]
) -> list[FewUnit]:
    """Number the groups that are large enough into `found`; returns the units of the others."""
    left: list[FewUnit] = []
    number = 0
    for part in _even_parts(units, values.joint_max_units):
        if len(part) < 2 or sum(unit.full_members for unit in part) < values.min_full:
            left += part
            continue
        number += 1
        found |= {unit.id: JointGroup(area, section, number) for unit in part}
    return left


def _even_parts(units: Sequence[FewUnit], most: int) -> Iterator[Sequence[FewUnit]]:
    """As few parts as the limit allows, as equal as can be: 6 gives 3 and 3, not 5 and 1."""
    parts = -(-len(units) // most)
    start = 0
    for index in range(parts):
        size = (len(units) - start) // (parts - index)
        yield units[start : start + size]
        start += size
