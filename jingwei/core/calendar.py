"""Working days: the office's own table first, then the built-in calendar, then the week alone.

Public holidays are announced year by year. For a year that neither source knows, days from Monday
to Friday count as working days and the answer says so; nothing fails because a year is missing.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import chinese_calendar
from django.db import transaction

from jingwei.core import journal
from jingwei.core.models import Holiday
from jingwei.core.permissions import Actor, NotPermitted, Permission, require
from jingwei.core.reference_tables import ImportCounts, ReferenceTable, Row
from jingwei.core.refusal import Refused

logger = logging.getLogger(__name__)
SATURDAY = 5
HOLIDAY_KINDS = {"放假": "off", "调休上班": "work", "上班": "work"}
DAY = timedelta(days=1)
MOST_DAYS = 31


@dataclass(frozen=True)
class WorkCalendar:
    """The office's own days over the built-in calendar. Plain data, asked without a query."""

    own_days: Mapping[date, bool]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on the day."""
        own = self.own_days.get(day)
        if own is not None:
            return own
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < SATURDAY

    def working_days(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 when ``end`` is not later."""
        return sum(self.is_working_day(start + DAY * step) for step in range(1, (end - start).days + 1))

    def after_working_days(self, start: date, count: int) -> date:
        """The day on which the given number of working days after ``start`` have passed."""
        day = start
        while count > 0:
            day += DAY
            count -= self.is_working_day(day)
        return day

    def unknown_years(self, start: date, end: date) -> tuple[int, ...]:
        """Years of the period for which no public holidays are known, and so answers may be wrong."""
        own_years = {day.year for day in self.own_days}
        years = range(start.year, end.year + 1)
        return tuple(year for year in years if year not in own_years and not _built_in(year))


def work_calendar() -> WorkCalendar:
    """The calendar of this installation. One query."""
    days = Holiday.objects.values_list("day", "kind")
    return WorkCalendar({day: kind == Holiday.Kind.WORK for day, kind in days})


def first_and_last(year: int) -> tuple[date, date]:
    """The days with which a year begins and ends."""
    return date(year, 1, 1), date(year, 12, 31)


def warning_zh(years: Iterable[int]) -> str:
    """What to tell the reader of a result that rests on years without known holidays; empty for none."""
    listed = "、".join(str(year) for year in years)
    if not listed:
        return ""
    logger.warning("no public holidays known for %s", listed)
    return f"{listed} 年的放假安排尚未录入，按周一至周五计算；请在节假日表中补录。"


@transaction.atomic
def set_holiday(*, day: date, kind: str, name: str, source: str, by: Actor, on: datetime) -> Holiday:
    """Store what the office itself set for a day; it replaces what was stored before."""
    _require_holidays(by)
    holiday, _ = Holiday.objects.update_or_create(day=day, defaults={"kind": kind, "name": name, "source": source})
    journal.record(
        verb="holiday.set", subject_type="holiday", subject_id=day.isoformat(), by=by, on=on, detail={"kind": kind}
    )
    return holiday


@transaction.atomic
def set_holidays(
    *, first: date, last: date, kind: str, name: str, source: str, by: Actor, on: datetime
) -> list[Holiday]:
    """Store every day from the first to the last. Raises ``Refused`` for a period that is none or too long."""
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"最后一天不能早于第一天，一次最多 {MOST_DAYS} 天。")
    return [
        set_holiday(day=first + DAY * step, kind=kind, name=name, source=source, by=by, on=on) for step in range(days)
    ]


@transaction.atomic
def import_holidays(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Store days that the office set itself; days the table does not name stay.

    Columns: 日期, 类型 (放假, 调休上班 or 上班); optional: 名称, 依据. Raises ``TableRefused`` with every problem, and
    then stores nothing.
    """
    _require_holidays(by)
    table, wanted = ReferenceTable(rows, required=["日期", "类型"]), dict[date, tuple[str, str, str]]()
    for line in table:
        day, kind = line.day("日期"), line.choice("类型", HOLIDAY_KINDS)
        told = line.text("名称", longest=40, needed=False), line.text("依据", longest=120, needed=False)
        if not line.raw("日期"):
            line.problem("日期", "不能为空")
        elif day in wanted:
            line.problem("日期", "与前面的一行重复")
        elif day and kind:
            wanted[day] = (kind, *told)
    table.refuse_if_any()
    stored = {item.day: (item.kind, item.name, item.source) for item in Holiday.objects.filter(day__in=wanted)}
    fresh = {day: told for day, told in wanted.items() if stored.get(day) != told}
    for day, (kind, name, source) in fresh.items():
        set_holiday(day=day, kind=kind, name=name, source=source, by=by, on=on)
    created = len(fresh.keys() - stored.keys())
    return ImportCounts(created, len(fresh) - created, len(wanted) - len(fresh))


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: Actor, on: datetime) -> None:
    """Take a day out of the office's table; the built-in calendar decides it again."""
    _require_holidays(by)
    journal.record(
        verb="holiday.remove", subject_type="holiday", subject_id=holiday.day.isoformat(), by=by, on=on,
        detail={"kind": holiday.kind},
    )  # fmt: skip
    holiday.delete()


def _built_in(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _require_holidays(by: Actor) -> None:
    require(by, Permission.HOLIDAYS_EDIT)
    if not by.everything:
        raise NotPermitted("节假日表由全市统一维护。", permission=Permission.HOLIDAYS_EDIT)
