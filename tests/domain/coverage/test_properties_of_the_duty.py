"""What holds for every unit, whatever the facts."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain import rulebook
from jingwei.domain.coverage import CoverageFit, CoverageState, UnitFacts, decide, own_levels
from tests.domain.coverage.units import DAY, RULES, units

SOME = settings(max_examples=150, deadline=None)
# How much of an organization a form asks for; 待摸排 asks for a count and stands outside.
DUTY = {
    CoverageFit.NONE: 0, CoverageFit.FALLBACK: 1, CoverageFit.INSTRUCTOR: 1, CoverageFit.FUNCTIONAL: 1,
    CoverageFit.ATTACHED: 2, CoverageFit.JOINT: 2, CoverageFit.BRANCH: 3, CoverageFit.GENERAL_BRANCH: 4,
    CoverageFit.COMMITTEE: 5,
}  # fmt: skip


@SOME
@given(units())
def test_every_unit_gets_exactly_one_state_and_a_rule(facts: UnitFacts) -> None:
    decision = decide(facts, RULES)
    assert decision.state in set(CoverageState)
    assert decision.rule in rulebook.entries()
    assert decision.organization_covered <= decision.work_covered


@SOME
@given(units(), st.integers(0, 120))
def test_one_more_full_member_never_lowers_the_duty(facts: UnitFacts, full: int) -> None:
    before = decide(replace(facts, full_members=full), RULES)
    after = decide(replace(facts, full_members=full + 1), RULES)
    if before.fit is not CoverageFit.CANVASS:
        assert DUTY[after.fit] >= DUTY[before.fit]
    if before.state is CoverageState.SHOULD:
        assert after.state is CoverageState.SHOULD


@SOME
@given(units())
def test_an_unknown_count_is_never_taken_for_zero(facts: UnitFacts) -> None:
    decision = decide(replace(facts, full_members=None, operating=True), RULES)
    assert decision.fit is CoverageFit.CANVASS
    assert decision.state in {CoverageState.CANVASS, CoverageState.COVERED}
    assert decision.status in {None, "unknown", "instructed"}


@SOME
@given(units(), st.integers(0, 500), st.sampled_from(["enterprise", "social", "small", "other"]))
def test_neither_staff_nor_roster_moves_the_duty_to_build(facts: UnitFacts, staff: int, roster: str) -> None:
    first = decide(replace(facts, full_members=3, staff=None), RULES)
    second = decide(replace(facts, full_members=3, staff=staff, roster=roster), RULES)
    assert (first.state, first.fit, first.change) == (second.state, second.fit, second.change)


@SOME
@given(units())
def test_the_duty_stands_until_the_unit_has_an_organization_of_its_own(facts: UnitFacts) -> None:
    decision = decide(replace(facts, full_members=3, operating=True), RULES)
    assert (decision.state is CoverageState.SHOULD) == (decision.covered_as not in own_levels(RULES))


@SOME
@given(units())
def test_what_does_not_operate_is_closed_and_asked_for_nothing(facts: UnitFacts) -> None:
    decision = decide(replace(facts, operating=False), RULES)
    assert decision.state is CoverageState.CLOSED
    assert decision.fit is CoverageFit.NONE
    assert decision.status is None


@SOME
@given(units())
def test_the_order_of_the_coverings_does_not_matter(facts: UnitFacts) -> None:
    turned = replace(facts, coverings=facts.coverings[::-1])
    first, second = decide(facts, RULES), decide(turned, RULES)
    assert (first.covered_as, first.state) == (second.covered_as, second.state)
    assert {item.organization_id for item in facts.coverings} >= {first.organization_id} - {None}


def test_the_rules_of_an_earlier_day_have_their_own_values() -> None:
    assert rulebook.at(DAY) is RULES
    assert decide(UnitFacts(3), rulebook.at(DAY.replace(year=2019))).state is CoverageState.SHOULD
