"""The definitions that come with the product."""

import re
from datetime import date

import pytest

from jingwei.domain import glossary, rulebook
from jingwei.domain.coverage import CoveredAs
from jingwei.domain.indicators import Population, Unit, definitions, version
from jingwei.domain.indicators.definitions import Definition
from jingwei.domain.indicators.parts import parts_of
from jingwei.domain.indicators.plan import plan
from jingwei.domain.indicators.tree import rules_of
from jingwei.domain.indicators.wording import wording

RULES = rulebook.at(date(2026, 10, 31))
ALL = list(definitions().values())
COUNTED = [item for item in ALL if item.is_counted]
NUMBERED = [*range(1, 11), *range(13, 19)]


def test_parts_one_and_three_of_the_requirements_are_there() -> None:
    assert {f"IND-{number:02}" for number in NUMBERED} <= definitions().keys()
    assert {f"FORM-{form}" for form in CoveredAs} <= definitions().keys()


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)
def test_every_indicator_names_its_source_and_stands_in_the_glossary(item: Definition) -> None:
    assert item.source
    assert item.rules
    assert len(item.id) <= 24
    assert glossary.zh(f"indicator.{item.id}") == item.zh


@pytest.mark.parametrize("item", COUNTED, ids=lambda item: item.id)
def test_every_formula_compiles_and_reads_as_chinese(item: Definition) -> None:
    assert parts_of(item, RULES).rows
    for node in (item.numerator, item.denominator, item.among):
        if node is not None:
            assert not re.search(r"[a-z_]{2,}", wording(node, RULES))
            assert all(rule in rulebook.entries() for rule in rules_of(node))


def test_what_has_no_facts_yet_says_which_list_would_bring_them() -> None:
    without = [item for item in ALL if item.missing]
    assert {"IND-04", "IND-10", "IND-15", "IND-16", "IND-17", "IND-18"} <= {item.id for item in without}
    assert all(re.search("名单|台账|记录|数据|部门", item.missing) for item in without)


def test_beside_every_rate_of_coverage_stand_unknown_ownership_and_those_to_canvass() -> None:
    for name in ("COV-ORG", "COV-WORK", "COV-INDEP"):
        assert definitions()[name].labels == ("性质未知", "待摸排")


def test_targets_are_rules_with_numbers() -> None:
    for item in ALL:
        if item.target:
            assert RULES.number(item.target) > 0
            assert item.unit is Unit.PERCENT


def test_a_month_to_compare_with_is_a_month() -> None:
    for item in ALL:
        if item.against and item.against.rule:
            assert re.fullmatch(r"[0-9]{4}-[0-9]{2}", str(RULES[item.against.rule].value))


def test_the_version_changes_with_the_text_only() -> None:
    assert re.fullmatch("[0-9a-f]{12}", version())
    assert version() == version()


def test_the_plan_asks_every_condition_once_and_knows_its_stamp() -> None:
    made = plan(ALL, Population.ENTITY, RULES)
    assert len(set(made.conditions)) == len(made.conditions)
    assert made.bit("COV-ORG", "denominator") == made.bit("BASE-N", "numerator")
    assert made.amount("IND-02", "numerator") != made.amount("IND-02", "denominator")
    assert made.amount("COV-ORG", "numerator") is None
    assert made.stamp == plan(ALL, Population.ENTITY, rulebook.at(date(2026, 11, 30))).stamp
    assert (
        plan(ALL, Population.ORGANIZATION, RULES).stamp
        != plan(ALL, Population.ORGANIZATION, rulebook.at(date(2026, 11, 30))).stamp
    )
