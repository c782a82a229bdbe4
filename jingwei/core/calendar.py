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

logger = logging.getLogger(__name__)
SATURDAY = 5
HOLIDAY_KINDS = {"放假": "off", "调休上班": "work", "上班": "work"}
DAY = timedelta(days=1)


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
    _require_parameters(by)
    holiday, _ = Holiday.objects.update_or_create(day=day, defaults={"kind": kind, "name": name, "source": source})
    journal.record(
        verb="holiday.set", subject_type="holiday", subject_id=day.isoformat(), by=by, on=on, detail={"kind": kind}
    )
    return holiday


@transaction.atomic
def import_holidays(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Store days that the office set itself; days the table does not name stay.

    Columns: 日期, 类型 (放假, 调休上班 or 上班); optional: 名称, 依据. Raises ``TableRefused`` with every problem, and
    then stores nothing.
    """
    _require_parameters(by)
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
    _require_parameters(by)
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


def _require_parameters(by: Actor) -> None:
    require(by, Permission.PARAMETERS_EDIT)
    if not by.everything:
        raise NotPermitted("节假日表由全市统一维护。", permission=Permission.PARAMETERS_EDIT)
