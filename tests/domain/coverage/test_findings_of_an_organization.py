"""What is not in order with a Party organization."""

from datetime import date
from typing import Any

import pytest

from jingwei.domain import rulebook
from jingwei.domain.coverage.organization_findings import (
    CoveredFacts,
    OrganizationFacts,
    OrganizationFinding,
    findings_of,
)
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel

RULES = rulebook.at(date(2026, 10, 31))
MOST = int(RULES.number("branch.joint_max_units"))
LEAST = int(RULES.number("branch.min_full_members"))


def unit(full: int | None = LEAST, **facts: Any) -> CoveredFacts:
    return CoveredFacts(**({"name": "安澜衡川电子科技有限公司", "settled": True, "full_members": full} | facts))


def kinds(*units: CoveredFacts, **facts: Any) -> list[str]:
    """Kinds of findings of an own branch that is in order but for the given facts."""
    given = {
        "name": "中共安澜衡川电子科技有限公司支部委员会", "form": OrganizationForm.INDEPENDENT,
        "level": OrganizationLevel.BRANCH, "superior_known": True, "founded_on": date(2025, 7, 1),
        "units": units or (unit(),),
    }  # fmt: skip
    return [finding.kind.value for finding in findings_of(OrganizationFacts(**(given | facts)), RULES)]


def joint(number: int) -> list[str]:
    return kinds(*[unit(1)] * number, form=OrganizationForm.JOINT)


def test_an_own_branch_with_enough_members_and_a_known_superior_is_in_order() -> None:
    assert kinds() == []


def test_a_superior_that_is_missing_or_means_no_one_body_is_found() -> None:
    assert kinds(superior_known=False) == ["no_superior"]
    assert kinds(superior_known=False, superior_text="某某综合党委") == ["no_superior"]


def test_a_joint_branch_may_cover_as_many_units_as_the_rulebook_says() -> None:
    assert joint(MOST) == []
    assert joint(MOST + 1) == ["too_many_units"]


def test_a_branch_that_others_hang_on_has_no_such_limit() -> None:
    assert kinds(*[unit(1)] * (MOST + 3), form=OrganizationForm.ATTACHED) == []


def test_an_own_branch_of_a_unit_with_too_few_members_is_found_only_when_their_number_is_known() -> None:
    assert kinds(unit(LEAST - 1)) == ["too_few_members"]
    assert kinds(unit(LEAST)) == []
    assert kinds(unit(None)) == []


def test_a_level_that_asks_for_more_members_wants_the_reply_of_the_superior() -> None:
    general, committee = OrganizationLevel.GENERAL_BRANCH, OrganizationLevel.COMMITTEE
    assert kinds(unit(40), level=general) == ["too_few_members"]
    assert kinds(unit(40, probationary_members=10), level=general) == []
    assert kinds(unit(99), level=committee) == ["too_few_members"]


@pytest.mark.parametrize(("full", "expected"), [(LEAST, ["form_conflict"]), (LEAST - 1, []), (None, [])])
def test_a_functional_branch_cannot_stand_for_a_branch_that_is_due(full: int | None, expected: list[str]) -> None:
    assert kinds(unit(full), form=OrganizationForm.FUNCTIONAL) == expected


def test_flow_members_belong_in_a_branch_of_their_own_kind() -> None:
    assert kinds(form=OrganizationForm.TEMPORARY, name="高新产业园流动党员临时党支部") == ["form_conflict"]
    assert kinds(form=OrganizationForm.TEMPORARY, name="会展项目临时党支部") == []


def test_a_form_that_contradicts_the_number_of_units_is_found() -> None:
    assert "form_conflict" in kinds(unit(), unit())
    assert joint(1) == ["form_conflict"]


def test_an_unread_form_is_found() -> None:
    assert kinds(form=OrganizationForm.UNKNOWN, form_text="其它") == ["form_unknown"]


def test_units_that_closed_or_are_not_settled_are_found() -> None:
    assert kinds(unit(operating=False)) == ["unit_closed"]
    assert kinds(unit(None, settled=False)) == ["name_unmatched"]
    assert kinds(units=()) == ["name_unmatched"]


def test_a_term_is_unknown_without_a_day_of_founding_or_after_a_whole_term() -> None:
    assert kinds(founded_on=None) == ["term_unknown"]
    assert kinds(founded_on=date(2023, 11, 1)) == []
    assert kinds(founded_on=date(2023, 10, 31)) == ["term_unknown"]
    assert kinds(unit(120), founded_on=date(2022, 1, 1), level=OrganizationLevel.COMMITTEE) == []
    assert kinds(founded_on=date(2020, 2, 29)) == ["term_unknown"]


def test_every_finding_says_what_was_found_and_what_to_do_and_numbers_cite_their_source() -> None:
    facts = OrganizationFacts(
        name="某某流动党员临时党支部", form=OrganizationForm.JOINT, level=OrganizationLevel.BRANCH,
        superior_known=False, units=tuple(unit(1, operating=False, settled=False) for _ in range(MOST + 1)),
    )  # fmt: skip
    found = findings_of(facts, RULES)
    assert [finding.kind for finding in found] == sorted(
        (finding.kind for finding in found), key=list(OrganizationFinding).index
    )
    assert all(finding.text and finding.advice for finding in found)
    limit = next(finding for finding in found if finding.kind is OrganizationFinding.TOO_MANY_UNITS)
    assert limit.article.startswith("《中国共产党支部工作条例（试行）》第五条")
    assert f"不超过 {MOST} 个" in limit.text
