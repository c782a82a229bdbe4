"""The line over the months: geometry, text and table say the same."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.indicators import Cut, Unit, definitions
from jingwei.domain.indicators.sql import months_before
from jingwei.domain.indicators.values import text_of
from jingwei.indicators.readings import Point, Reading
from jingwei.indicators.trends import BOTTOM, LEFT, RIGHT, TOP, trend

COVERAGE = definitions()["COV-ORG"]
LAST = date(2026, 10, 1)


def points(*values: float | None, versions: str = "") -> list[Point]:
    """Months up to October with these values; a letter of ``versions`` for each month's definitions."""
    found = []
    for at, value in enumerate(values):
        number = None if value is None else Decimal(str(value))
        text = text_of(Unit.PERCENT, number)
        reading = Reading("COV-ORG", "", Unit.PERCENT, Cut.TOTAL, "", "", Decimal(1), Decimal(2), number, text)
        version = versions[at] if versions else ""
        found.append(Point(months_before(LAST, len(values) - 1 - at), reading if number is not None else None, version))
    return found


def test_one_month_makes_no_line() -> None:
    assert trend(points(None, 40.0), COVERAGE) is None


def test_a_month_without_a_snapshot_breaks_the_line() -> None:
    drawn = trend(points(40.0, 41.0, None, 45.0), COVERAGE)
    assert drawn is not None
    assert [len(line.split(" ")) for line in drawn["lines"]] == [2, 1]
    assert len(drawn["dots"]) == 3
    assert drawn["summary"] == "组织覆盖率：2026 年 7 月 40.00%，2026 年 10 月 45.00%，其间 1 个月没有快照"
    assert [row["text"] for row in drawn["table"]] == ["40.00%", "41.00%", "—", "45.00%"]


def test_the_scale_has_round_ticks_and_holds_the_target() -> None:
    drawn = trend(points(56.2, 61.0, 65.5), COVERAGE, Decimal(70))
    assert drawn is not None
    assert [tick["label"] for tick in drawn["ticks"]] == ["55%", "60%", "65%", "70%"]
    assert drawn["target"]["label"] == "目标 70%"
    assert drawn["target"]["y"] == TOP


def test_a_level_line_is_drawn_too() -> None:
    drawn = trend(points(50.0, 50.0), COVERAGE)
    assert drawn is not None
    assert len(drawn["ticks"]) >= 2


def test_a_change_of_definitions_is_marked_in_its_month() -> None:
    drawn = trend(points(50.0, 51.0, 52.0, versions="aab"), COVERAGE)
    assert drawn is not None
    assert [row["changed"] for row in drawn["table"]] == [False, False, True]


@settings(deadline=None)
@given(
    st.lists(st.none() | st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2)), min_size=2, max_size=13)
)
def test_whatever_the_values_the_line_stays_in_its_box(values: list[float | None]) -> None:
    drawn = trend(points(*values), COVERAGE)
    if sum(value is not None for value in values) < 2:
        assert drawn is None
        return
    assert drawn is not None
    for dot in drawn["dots"]:
        assert LEFT <= dot["x"] <= RIGHT
        assert TOP <= dot["y"] <= BOTTOM
    assert len(drawn["ticks"]) <= 6
