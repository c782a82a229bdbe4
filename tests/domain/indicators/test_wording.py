"""Formulas in Chinese."""

import pytest

from jingwei.domain.indicators import Population, parse
from jingwei.domain.indicators.wording import wording
from tests.domain.indicators.duck import RULES


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("operating and full_members >= rule(branch.min_full_members)", "在营，且正式党员不少于 3"),
        ("operating and (staff > 10 or staff is unknown)", "在营，且（职工数超过 10，或职工数未知）"),
        ("not certainly (ownership = 'public')", "不是（确知所有制为公有）"),
        ("roster in ('social', 'small')", "所在名册为社会组织名册、小个专名册"),
        ("roster in rule(indicators.two_new_rosters)", "所在名册为企业名册、社会组织名册"),
        ("listed(market, tax)", "在市场监管、税务名单之一"),
        ("founded_on within this year", "成立日期在本年内"),
        ("founded_on within last 6 months", "成立日期在最近 6 个月内"),
        ("founded_on <= as_of", "成立日期不晚于截至日期"),
        ("full_members + probationary_members", "正式党员加预备党员"),
        ("staff - full_members < 2", "职工数减正式党员小于 2"),
        ("industry_code = 'C39'", "行业代码为C39"),
        ("staff is known", "职工数已知"),
        ("certainly ('a' = 'b')", "确知“a”为“b”"),
    ],
)
def test_a_formula_reads_as_a_sentence(formula: str, words: str) -> None:
    assert wording(parse(formula, Population.ENTITY), RULES) == words
