import logging
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.core.calendar import WorkCalendar, remove_holiday, set_holiday, set_holidays, warning_zh, work_calendar
from jingwei.core.models import Holiday, JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from tests.city import NOW, SmallCity

BUILT_IN = WorkCalendar({})
FAR = date(2090, 3, 1)  # a Wednesday of a year that no calendar knows
days = st.dates(date(2005, 1, 1), date(2095, 12, 31))


def test_the_built_in_calendar_knows_holidays_and_make_up_days() -> None:
    assert not BUILT_IN.is_working_day(date(2025, 10, 1))
    assert BUILT_IN.is_working_day(date(2025, 9, 28))


def test_the_offices_own_table_goes_first() -> None:
    own = WorkCalendar({date(2025, 10, 1): True, date(2025, 9, 28): False})
    assert own.is_working_day(date(2025, 10, 1))
    assert not own.is_working_day(date(2025, 9, 28))


def test_a_missing_year_counts_by_the_week_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    assert BUILT_IN.is_working_day(FAR)
    assert not BUILT_IN.is_working_day(date(2090, 3, 4))
    assert BUILT_IN.unknown_years(date(2025, 1, 1), FAR)[-1] == 2090
    with caplog.at_level(logging.WARNING):
        assert "2090 年的放假安排尚未录入" in warning_zh([2090])
    assert "2090" in caplog.text


def test_a_year_is_known_once_the_office_has_entered_it() -> None:
    own = WorkCalendar({date(2090, 1, 1): False})
    assert own.unknown_years(date(2090, 1, 1), date(2090, 12, 31)) == ()
    assert warning_zh(()) == ""


def test_working_days_are_counted_over_holidays() -> None:
    assert BUILT_IN.working_days(date(2025, 9, 30), date(2025, 10, 9)) == 1
    assert BUILT_IN.after_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert BUILT_IN.after_working_days(date(2025, 9, 30), 0) == date(2025, 9, 30)


@given(start=days, count=st.integers(1, 40), off=st.sets(st.integers(0, 80), max_size=20))
def test_counting_and_adding_undo_each_other(start: date, count: int, off: set[int]) -> None:
    calendar = WorkCalendar({start + timedelta(days=number): number % 3 == 0 for number in off})
    end = calendar.after_working_days(start, count)
    assert calendar.working_days(start, end) == count
    assert calendar.is_working_day(end)


@pytest.mark.django_db
def test_the_table_is_edited_by_the_data_officer_or_a_clerk_of_the_city(small_city: SmallCity) -> None:
    officer = small_city.actor(Role.DATA_OFFICER, place=small_city.city)
    day = date(2025, 10, 1)
    set_holiday(day=day, kind=Holiday.Kind.OFF, name="国庆节", source="", by=officer, on=NOW)
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    held = set_holiday(day=day, kind=Holiday.Kind.WORK, name="值守", source="市府办通知", by=clerk, on=NOW)
    assert work_calendar().is_working_day(day)
    remove_holiday(holiday=held, by=local_operator(), on=NOW)
    assert not work_calendar().is_working_day(day)
    assert list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "holiday.set", "holiday.set", "holiday.remove",
    ]  # fmt: skip


@pytest.mark.django_db
def test_nobody_else_may_set_the_days_of_the_city(small_city: SmallCity) -> None:
    county = small_city.actor(Role.DATA_OFFICER, place=small_city.county)
    clerk = small_city.actor(Role.CLERK, place=small_city.county)
    department = small_city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=small_city.city)
    for actor in (county, clerk, department):
        with pytest.raises(NotPermitted):
            set_holiday(day=FAR, kind=Holiday.Kind.OFF, name="", source="", by=actor, on=NOW)


@pytest.mark.django_db
def test_days_in_a_row_are_set_at_once_but_no_whole_season(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    told = {"kind": Holiday.Kind.OFF, "name": "春节", "source": "国办通知", "by": clerk, "on": NOW}
    first = date(2027, 2, 5)
    assert len(set_holidays(first=first, last=first + timedelta(days=7), **told)) == 8
    assert work_calendar().after_working_days(date(2027, 2, 4), 1) > first + timedelta(days=7)
    for last in (first - timedelta(days=1), first + timedelta(days=31)):
        with pytest.raises(Refused):
            set_holidays(first=first, last=last, **told)
