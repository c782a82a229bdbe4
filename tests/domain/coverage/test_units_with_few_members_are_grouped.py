"""The simple grouping that stands in until a plan is made."""

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.coverage.grouping import MIXED, FewUnit, JointGroup, group
from tests.domain.coverage.units import RULES

MOST = int(RULES.number("branch.joint_max_units"))
LEAST = int(RULES.number("branch.min_full_members"))


def few_units() -> st.SearchStrategy[list[FewUnit]]:
    one = st.builds(
        FewUnit, st.integers(1, 60), st.integers(1, 3), st.sampled_from(["C", "F", "I", ""]), st.integers(1, 2)
    )
    return st.lists(one, max_size=30, unique_by=lambda unit: unit.id)


@settings(max_examples=150, deadline=None)
@given(few_units(), st.randoms(use_true_random=False))
def test_every_group_can_become_a_joint_branch(units: list[FewUnit], chance: st.DataObject) -> None:
    found = group(units, RULES)
    held: dict[JointGroup, list[FewUnit]] = defaultdict(list)
    for unit in units:
        if unit.id in found:
            held[found[unit.id]].append(unit)
    for joint, inside in held.items():
        assert 2 <= len(inside) <= MOST
        assert sum(unit.full_members for unit in inside) >= LEAST
        assert {unit.area for unit in inside} == {joint.area}
        assert joint.section == MIXED or {unit.section for unit in inside} == {joint.section}
    shuffled = list(units)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group(shuffled, RULES) == found


def test_six_units_make_two_groups_of_three_and_not_five_and_one() -> None:
    units = [FewUnit(number, 1, "C", 1) for number in range(6)]
    assert sorted(Counter(group(units, RULES).values()).values()) == [3, 3]


def test_what_no_trade_of_the_area_can_fill_is_joined_across_trades() -> None:
    units = [FewUnit(1, 1, "C", 1), FewUnit(2, 1, "F", 1), FewUnit(3, 1, "", 1)]
    assert set(group(units, RULES).values()) == {JointGroup(1, MIXED, 1)}


def test_an_area_without_enough_members_gets_no_group() -> None:
    assert group([FewUnit(1, 1, "C", 1), FewUnit(2, 1, "C", 1), FewUnit(3, 2, "C", 2)], RULES) == {}


def test_neighbours_on_one_road_come_together() -> None:
    units = [FewUnit(n, 1, "C", 1, (road, n)) for n, road in enumerate(["甲路", "乙路"] * 3, start=1)]
    found = group(units, RULES)
    assert len({found[unit.id] for unit in units if unit.order[0] == "甲路"}) == 1
