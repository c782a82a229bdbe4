"""Dates within a period that ends on the day of the figure."""

from datetime import date

import pytest

from jingwei.domain.indicators import Population, parse
from jingwei.domain.indicators.sql import Compiler, first_day, months_before
from tests.domain.indicators.duck import ORGANIZATION, RULES, table


@pytest.mark.parametrize(
    ("period", "last", "first"),
    [
        ("day", None, date(2026, 10, 31)),
        ("month", None, date(2026, 10, 1)),
        ("quarter", None, date(2026, 10, 1)),
        ("year", None, date(2026, 1, 1)),
        ("day", 7, date(2026, 10, 25)),
        ("month", 1, date(2026, 10, 1)),
        ("month", 12, date(2025, 11, 1)),
        ("quarter", 2, date(2026, 5, 1)),
        ("year", 1, date(2025, 11, 1)),
    ],
)
def test_a_period_begins_on_its_first_day(period: str, last: int | None, first: date) -> None:
    assert first_day(date(2026, 10, 31), period, last) == first


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


def test_days_after_the_day_of_the_figure_are_outside() -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 31), date(2026, 11, 1), None]
    rows = table([{"id": at, "founded_on": day} for at, day in enumerate(days)], ORGANIZATION)
    piece = Compiler(RULES).sql(parse("founded_on within this year", Population.ORGANIZATION))
    found = rows.execute(f"SELECT {piece.for_duckdb} FROM rows ORDER BY id", piece.parameters).fetchall()
    assert [row[0] for row in found] == [False, True, True, False, None]
