"""The language of indicators: what a text means, and how a fault is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.indicators import FormulaError, Population, parse
from jingwei.domain.indicators.columns import Type
from jingwei.domain.indicators.tree import Certainly, Compare, Field, Join, Known, Listed, Member, Not, Sum, Within

ENTITY = Population.ENTITY


def test_and_binds_tighter_than_or_and_not_tighter_than_and() -> None:
    node = parse("operating or not counts_in_base and staff is known", ENTITY)
    assert isinstance(node, Join)
    assert node.word == "or"
    second = node.parts[1]
    assert isinstance(second, Join)
    assert second.word == "and"
    assert [type(part) for part in second.parts] == [Not, Known]


def test_brackets_change_the_order() -> None:
    node = parse("(operating or counts_in_base) and staff is known", ENTITY)
    assert isinstance(node, Join)
    assert node.word == "and"


def test_sums_are_compared_with_numbers_and_rules() -> None:
    node = parse("full_members + probationary_members >= rule(branch.general_min)", ENTITY)
    assert isinstance(node, Compare)
    assert isinstance(node.left, Sum)
    assert node.type is Type.CONDITION


def test_words_lists_periods_and_lists_of_departments_are_understood() -> None:
    assert isinstance(parse("roster in ('social', 'small')", ENTITY), Member)
    assert isinstance(parse("covered_as not in rule(coverage.organization_forms)", ENTITY), Not)
    assert isinstance(parse("founded_on within last 12 months", ENTITY), Within)
    assert isinstance(parse("listed(market, civil_affairs)", ENTITY), Listed)
    assert isinstance(parse("certainly (staff > 3)", ENTITY), Certainly)
    assert isinstance(parse("operating", ENTITY), Field)


def test_only_what_can_be_unknown_is_so() -> None:
    assert parse("staff > 3", ENTITY).may_be_unknown
    assert parse("ownership = 'public'", ENTITY).may_be_unknown
    assert not parse("operating and roster = 'social'", ENTITY).may_be_unknown
    assert not parse("staff is unknown or certainly (ownership = 'public')", ENTITY).may_be_unknown


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("membres > 3", "第 1 个字符处：没有列“membres”"),
        ("operating and", "第 14 个字符处：此处应为列、数或条件，却到了结尾"),
        ("roster = 'firms'", "第 10 个字符处：“所在名册”没有“firms”这个值"),
        ("ownership = 'unknown'", "第 13 个字符处：“所有制”未知应写 ownership is unknown"),
        ("staff > 'many'", "第 9 个字符处：两边不是同一类的值，不能比较"),
        ("roster > 'social'", "第 10 个字符处：文字不能用“>”比较"),
        ("staff and operating", "第 1 个字符处：and 连接的应为条件"),
        ("operating operating", "第 11 个字符处：到这里应已结束，却是“operating”"),
        ("staff # 3", "第 7 个字符处：不认识的字符“#”"),
        ("(operating", "第 11 个字符处：此处应为“)”，却到了结尾"),
        ("staff in ('a')", "第 1 个字符处：in 之前应为文字列"),
        ("founded_on within this decade", "第 24 个字符处：此处应为 day、month、quarter 或 year，却是“decade”"),
        ("founded_on within last 1.5 years", "第 24 个字符处：last 之后应为整数，却是“1.5”"),
        ("listed(police)", "第 8 个字符处：没有名单“police”"),
        ("rule(three)", "第 6 个字符处：rule 之后应为规则编号，却是“three”"),
        ("operating + 1", "第 1 个字符处：加减的应为数"),
        ("and operating", "第 1 个字符处：此处不能用“and”"),
    ],
)
def test_a_fault_is_told_in_chinese_with_its_place(text: str, fault: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, ENTITY)
    assert str(caught.value) == fault


def test_each_population_has_its_own_columns() -> None:
    assert parse("units > 5", Population.ORGANIZATION).type is Type.CONDITION
    with pytest.raises(FormulaError, match="没有列“units”"):
        parse("units > 5", ENTITY)
    with pytest.raises(FormulaError, match="只有主体才能用 listed"):
        parse("listed(market)", Population.LETTER)


@settings(deadline=None)
@given(st.text(alphabet="operating andot()'=<>+-0123456789_stfrule.,", max_size=40))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    fault = ""
    try:
        parse(text, ENTITY)
    except FormulaError as refusal:
        fault = str(refusal)
    assert not fault or fault.startswith("第 ")
