"""The days of the work on one month."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jingwei.demo.city.calendar import Month, day_of

CITY_TIME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Cycle:
    """A month's lists come at two in the night after its last day; people follow in the days after."""

    month: Month

    @property
    def first_day(self) -> date:
        return day_of(self.month.first_day)

    @property
    def as_of(self) -> date:
        return day_of(self.month.last_day)

    @property
    def night(self) -> datetime:
        return self.at(1, hour=2)

    @property
    def ends_quarter(self) -> bool:
        return self.month.number % 3 == 0

    def at(self, day: int, *, hour: int) -> datetime:
        """A full hour on a day of the month after, counted from 1."""
        return datetime.combine(self.as_of + timedelta(days=day), time(hour), CITY_TIME)


def months_until(last: Month, count: int) -> list[Month]:
    """``count`` months up to ``last``, in order."""
    return [last.plus(number - count + 1) for number in range(count)]
