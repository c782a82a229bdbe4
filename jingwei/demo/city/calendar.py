"""Months as the departments deliver them, and days as whole numbers."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """From 2026-10; ValueError otherwise."""
        try:
            day = date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise ValueError(f"月份须写作 2026-10 这样，现为 {text}") from error
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    def plus(self, months: int) -> "Month":
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def since(self, other: "Month") -> int:
        """Months from `other` to this one."""
        return (self.year - other.year) * 12 + self.number - other.number

    @property
    def days(self) -> int:
        return monthrange(self.year, self.number)[1]

    @property
    def first_day(self) -> int:
        return day_number(date(self.year, self.number, 1))

    @property
    def last_day(self) -> int:
        return self.first_day + self.days - 1

    @property
    def zh(self) -> str:
        return f"{self.year}年{self.number}月"
