"""Three-valued logic, as the compiled SQL computes it."""

from typing import Any

import pytest

from jingwei.domain.indicators import FormulaError, Population, parse
from jingwei.domain.indicators.sql import Compiler
from tests.domain.indicators.duck import RULES, firm, table

TRUE, FALSE, UNKNOWN = "staff > 10", "staff > 99", "full_members >= 3"


def value(formula: str, **columns: Any) -> bool | None:
    """The formula over one firm of 20 staff whose members nobody counted."""
    row = firm(full_members=None, probationary_members=1, **columns)
    piece = Compiler(RULES).sql(parse(formula, Population.ENTITY))
    found = table([row]).execute(f"SELECT {piece.for_duckdb} FROM rows", piece.parameters).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (f"{TRUE} and {UNKNOWN}", None),
        (f"{FALSE} and {UNKNOWN}", False),
        (f"{TRUE} or {UNKNOWN}", True),
        (f"{FALSE} or {UNKNOWN}", None),
        (f"not {UNKNOWN}", None),
        (f"{UNKNOWN} and {UNKNOWN}", None),
        (f"certainly ({UNKNOWN})", False),
        (f"not certainly ({UNKNOWN})", True),
        ("full_members is unknown", True),
        ("full_members is known", False),
        ("full_members + probationary_members is unknown", True),
        ("full_members + probationary_members > 0", None),
    ],
)
def test_logic_has_three_values(formula: str, expected: bool | None) -> None:
    assert value(formula) is expected


def test_a_word_for_unknown_is_unknown_too() -> None:
    assert value("ownership = 'public'", ownership="unknown") is None
    assert value("ownership != 'public'", ownership="unknown") is None
    assert value("ownership in ('public', 'non_public')", ownership="unknown") is None
    assert value("ownership is unknown", ownership="unknown") is True
    assert value("industry_code is unknown", industry_code="") is True


def test_enough_full_members_decide_although_the_others_are_unknown() -> None:
    row = firm(full_members=4, probationary_members=None)
    piece = Compiler(RULES).sql(
        parse("full_members >= 3 or full_members + probationary_members >= 3", Population.ENTITY)
    )
    assert table([row]).execute(f"SELECT {piece.for_duckdb} FROM rows", piece.parameters).fetchone() == (True,)


def test_a_difference_of_sums_keeps_its_brackets() -> None:
    assert value("staff - (probationary_members + 1) = 18") is True


def test_numbers_come_from_the_rules_of_the_day() -> None:
    piece = Compiler(RULES).sql(parse("full_members >= rule(branch.min_full_members)", Population.ENTITY))
    assert piece.parameters == (RULES.number("branch.min_full_members"),)


def test_a_rule_that_does_not_exist_is_told() -> None:
    with pytest.raises(FormulaError, match=r"规则 branch\.no_such_rule 在 2026-10-31 没有可用的数"):
        Compiler(RULES).sql(parse("staff > rule(branch.no_such_rule)", Population.ENTITY))
    with pytest.raises(FormulaError, match="没有可用的词表"):
        Compiler(RULES).sql(parse("roster in rule(branch.min_full_members)", Population.ENTITY))
