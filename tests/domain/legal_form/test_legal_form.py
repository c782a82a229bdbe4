"""Legal form, parent and roster, case by case."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain import rulebook
from jingwei.domain.legal_form import FormFacts, LegalForm, decide, parent_names_of, roster_of

RULES = rulebook.at(date(2024, 6, 1))
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))


def facts_of(case: dict[str, Any]) -> FormFacts:
    code = case.get("code", "")
    return FormFacts(
        name=case.get("name", ""),
        uscc=f"{code}990102MA00000000" if code else "",
        company_type=case.get("company_type", ""),
        capital=case.get("capital"),
        organization_type=case.get("organization_type", ""),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_form_follows_from_the_facts_of_the_case(case: dict[str, Any]) -> None:
    verdict = decide(facts_of(case), RULES)
    assert verdict.value == case["form"], verdict.reasons
    assert verdict.rule in rulebook.entries()
    assert all(verdict.reasons)
    if "parents" in case:
        assert list(verdict.parent_names) == case["parents"]
    if "roster" in case:
        assert roster_of(verdict.value, RULES, case.get("name", "")) == case["roster"]


def test_only_a_branch_office_has_parents() -> None:
    verdict = decide(FormFacts("安澜远帆科技有限公司", "91990102MA00000000", capital="5万"), RULES)
    assert verdict.parent_names == ()


def test_full_width_and_blanks_make_no_difference() -> None:
    assert parent_names_of("安澜 矿务（集团）有限公司　望江分公司", RULES) == ("安澜矿务(集团)有限公司",)


def test_a_name_that_begins_with_no_other_body_has_no_parent() -> None:
    assert parent_names_of("安澜远帆科技有限公司", RULES) == ()
    assert parent_names_of("", RULES) == ()


@given(
    st.text(max_size=30),
    st.sampled_from(["", "91990102MA00000000", "93990102MA00000000", "52990102MA00000000"]),
    st.text(max_size=10),
    st.none() | st.text(max_size=10),
)
def test_every_entity_gets_a_form_whatever_its_texts(
    name: str, uscc: str, company_type: str, capital: str | None
) -> None:
    verdict = decide(FormFacts(name, uscc, company_type, capital), RULES)
    assert isinstance(verdict.value, LegalForm)
    assert roster_of(verdict.value, RULES, name)


@given(st.text("安澜远帆公司有限责任分支行门市部厂供销社()0", max_size=24))
def test_a_parent_name_is_a_true_beginning_of_the_name(name: str) -> None:
    for parent in parent_names_of(name, RULES):
        assert name.startswith(parent)
        assert len(parent) < len(name)
