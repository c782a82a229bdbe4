"""Ownership by its evidence, case by case."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from jingwei.domain import rulebook
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.ownership import Ownership, OwnershipFacts, Shareholder, decide

RULES = rulebook.at(date(2024, 6, 1))
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))


def facts_of(case: dict[str, Any]) -> OwnershipFacts:
    return OwnershipFacts(
        name=case.get("name", "安澜远帆有限公司"),
        form=LegalForm(case.get("form", "company")),
        tax_registration_type=case.get("tax_registration_type", ""),
        shareholders=tuple(Shareholder(kind, share) for kind, share in case.get("shareholders", ())),
        on_state_assets_list=case.get("on_state_assets_list"),
        statistics_control=case.get("statistics_control", ""),
        company_type=case.get("company_type", ""),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_ownership_follows_from_the_evidence_of_the_case(case: dict[str, Any]) -> None:
    verdict = decide(facts_of(case), RULES)
    assert verdict.value == case["ownership"], verdict.reasons
    assert verdict.rule == case.get("rule", verdict.rule)
    assert verdict.rule in rulebook.entries()
    assert list(verdict.hints) == case.get("hints", [])
    assert len([reason for reason in verdict.reasons if "不一致" in reason]) == case.get("against", 0)
    assert (verdict.question_key is not None) == (verdict.value is Ownership.UNKNOWN)


def test_every_deciding_verdict_shows_its_evidence() -> None:
    for case in CASES:
        verdict = decide(facts_of(case), RULES)
        assert bool(verdict.evidence) == (verdict.value is not Ownership.UNKNOWN), case["case"]
