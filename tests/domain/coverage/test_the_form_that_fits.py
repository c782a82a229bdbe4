"""Which organization a unit ought to have and what reaches it, case by case."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from jingwei.domain import rulebook
from jingwei.domain.coverage import decide
from tests.domain.coverage.units import RULES, unit_of

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))
COMPARED = (
    "state", "fit", "second", "status", "rule", "covered_as", "change", "unconfirmed", "organization_covered",
    "work_covered", "headline",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_decision_of_the_case(case: dict[str, Any]) -> None:
    decision = decide(unit_of(case), RULES)
    got = {name: getattr(decision, name) for name in COMPARED if name in case}
    assert got == {name: case[name] for name in COMPARED if name in case}
    said = " / ".join(decision.reasons)
    assert all(text in said for text in _texts(case, "says")), decision.reasons
    assert set(_texts(case, "notes")) <= set(decision.notes), decision.notes
    assert set(_texts(case, "warns")) <= set(decision.warnings), decision.warnings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_every_decision_names_a_rule_of_the_rulebook_and_where_it_stands(case: dict[str, Any]) -> None:
    decision = decide(unit_of(case), RULES)
    assert decision.rule in rulebook.entries()
    assert RULES[decision.rule].source.title in decision.article
    assert decision.headline
    assert decision.reasons


def test_a_value_nobody_has_confirmed_is_marked() -> None:
    decision = decide(unit_of({"facts": {"full": 0, "probationary": 1}}), RULES)
    assert decision.unconfirmed
    assert decision.article.endswith("（参数，待本地确认）")


def _texts(case: dict[str, Any], name: str) -> list[str]:
    return [case[name]] if name in case else []
