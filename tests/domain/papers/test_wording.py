"""Figures and dates in official prose."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.papers import wording


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [(1029, 15388, "6.69"), (77, 125, "61.60"), (1, 3, "33.33"), (1, 800, "0.13"), (0, 5, "0.00")],
)
def test_a_rate_is_rounded_half_up_to_two_decimals(numerator: int, denominator: int, percent: str) -> None:
    assert wording.percent(numerator, denominator) == Decimal(percent)


def test_nothing_divided_by_nothing_has_no_rate() -> None:
    assert wording.percent(0, 0) is None
    assert wording.rate(None) == "—"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_never_off_by_more_than_half_a_hundredth(numerator: int, denominator: int) -> None:
    rate = wording.percent(numerator, denominator)
    assert rate is not None
    assert abs(rate - Decimal(numerator) * 100 / denominator) <= Decimal("0.005")


def test_a_difference_carries_its_sign_and_none_is_zero() -> None:
    assert [wording.signed(Decimal(text)) for text in ("2.5", "-1.76", "0")] == ["+2.50", "−1.76", "0.00"]


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        (date(2026, 6, 30), "二季度末"),
        (date(2026, 8, 31), "8 月底"),
        (date(2026, 8, 20), "8 月 20 日"),
        (date(2025, 12, 31), "上年四季度末"),
        (date(2024, 3, 31), "2024 年一季度末"),
    ],
)
def test_an_earlier_day_is_called_as_offices_call_it(earlier: date, said: str) -> None:
    assert wording.end_of(earlier, seen_from=date(2026, 9, 30)) == said


@given(st.dates(date(2020, 1, 1), date(2039, 1, 1)))
def test_the_end_of_the_next_month_is_the_last_day_of_exactly_the_next_month(day: date) -> None:
    end = wording.end_of_next_month(day)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == 1
    assert end.day >= 28
