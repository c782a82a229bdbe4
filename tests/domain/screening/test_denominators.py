"""What stands in a denominator."""

from datetime import date

import pytest

from jingwei.domain import registration_state, rulebook
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.ownership import Ownership
from jingwei.domain.screening import (
    Counting,
    FactSource,
    Presence,
    ScreeningFacts,
    ScreeningVerdict,
    StaffCount,
    count,
    screen,
)

RULES = rulebook.at(date(2024, 6, 1))


def screened(*, staff: int | None, state: str = "存续") -> ScreeningVerdict:
    counts = () if staff is None else (StaffCount(staff, FactSource.TAX),)
    facts = ScreeningFacts(
        Roster.ENTERPRISE,
        registration_state.decide(state, RULES),
        (Presence(FactSource.TAX, "望江路1号"),),
        counts,
    )
    return screen(facts, RULES)


@pytest.mark.parametrize("ownership", [Ownership.NON_PUBLIC, Ownership.UNKNOWN])
def test_a_firm_with_the_three_haves_counts_unless_it_is_public(ownership: Ownership) -> None:
    assert count(LegalForm.COMPANY, ownership, screened(staff=20), RULES).value is Counting.COUNTED


def test_a_public_firm_leaves_with_its_reason() -> None:
    verdict = count(LegalForm.COMPANY, Ownership.PUBLIC, screened(staff=20), RULES)
    assert verdict.value is Counting.EXCLUDED
    assert verdict.reasons == ("所有制为公有，不计入底数",)


@pytest.mark.parametrize("form", [LegalForm.BRANCH_OFFICE, LegalForm.SOLE_TRADER, LegalForm.COOPERATIVE])
def test_a_form_with_a_list_of_its_own_does_not_count(form: LegalForm) -> None:
    verdict = count(form, Ownership.NON_PUBLIC, screened(staff=20), RULES)
    assert verdict.value is Counting.EXCLUDED
    assert form.zh in verdict.reasons[0]


def test_an_unscreened_firm_is_pending_and_says_what_is_missing() -> None:
    verdict = count(LegalForm.COMPANY, Ownership.NON_PUBLIC, screened(staff=None), RULES)
    assert (verdict.value, verdict.reasons) == (Counting.PENDING, ("没有职工人数",))


def test_a_cancelled_firm_is_out_with_the_reason() -> None:
    verdict = count(LegalForm.COMPANY, Ownership.UNKNOWN, screened(staff=20, state="注销"), RULES)
    assert verdict.value is Counting.EXCLUDED
    assert "注销" in verdict.reasons[0]
