"""How pages write numbers and days: 0, none and unknown are three different things."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from jingwei.core.templatetags.jw import (
    day,
    day_zh,
    full_day,
    moment,
    num,
    num_or_unknown,
    or_none,
    span_zh,
)
from tests.ui.marks import read, render


def test_zero_none_and_unknown_are_told_apart() -> None:
    assert render("{{ value|num }} {{ nothing|num }}", value=0, nothing=None) == "0 —"
    shown = read(render("{{ value|num_or_unknown }}", value=None)).all("span")[0]
    assert (shown.text, shown.classes) == ("未知", {"unknown"})
    assert num_or_unknown(0) == "0"


def test_a_missing_count_is_never_shown_as_zero() -> None:
    assert "0" not in num_or_unknown(None) + num(None) + num("")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(7, "7"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567"), (-1200, "-1,200"), (1234.5, "1,234.5"),
     (Decimal("1000.50"), "1,000.50"), ("约 5 万", "约 5 万")],
)  # fmt: skip
def test_numbers_have_thousands_separators_and_text_stays(value: object, shown: str) -> None:
    assert num(value) == shown  # type: ignore[arg-type]


def test_a_dash_stands_for_no_text_but_not_for_zero() -> None:
    assert [or_none(value) for value in (None, "", 0, False, "甲")] == ["—", "—", 0, False, "甲"]


def test_unknown_text_is_escaped() -> None:
    assert "<b>" not in render("{{ text|unknown }}", text="<b>")


def test_days_are_written_for_prose_for_tables_and_in_full() -> None:
    value = date(2026, 3, 5)
    assert (day_zh(value), day(value), full_day(value)) == ("2026 年 3 月 5 日", "03-05", "2026-03-05")


def test_a_moment_belongs_to_the_local_day() -> None:
    late = datetime(2026, 10, 31, 17, 30, tzinfo=UTC)
    assert (full_day(late), moment(late)) == ("2026-11-01", "2026-11-01 01:30")


def test_a_moment_without_zone_is_local_already() -> None:
    naive = datetime(2026, 10, 31, 23, 30)  # noqa: DTZ001
    assert (full_day(naive), moment(naive)) == ("2026-10-31", "2026-10-31 23:30")


@pytest.mark.parametrize("written", [day, day_zh, full_day, moment, span_zh])
def test_no_date_is_a_dash(written: object) -> None:
    assert written(None) == "—"  # type: ignore[operator]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 分钟"),
        (1, "1 分钟"),
        (60, "1 分钟"),
        (61, "2 分钟"),
        (3540, "59 分钟"),
        (3541, "1 小时"),
        (3601, "2 小时"),
    ],
)
def test_a_length_of_time_is_rounded_up(seconds: int, shown: str) -> None:
    assert span_zh(timedelta(seconds=seconds)) == shown
