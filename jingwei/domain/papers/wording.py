"""Figures and dates as Chinese official prose writes them."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

NONE = "—"
MINUS = "\u2212"  # as wide as the plus sign, so that signed figures stand in line
_QUARTERS = "一二三四"
_TWO_PLACES = Decimal("0.01")


def count(value: Decimal | int | None) -> str:
    """A count with thousands separators; a dash where there is none."""
    return NONE if value is None else f"{int(value):,}"


def percent(numerator: Decimal | int | None, denominator: Decimal | int | None) -> Decimal | None:
    """Per cent, half up to two decimals (1029 of 15388 is 6.69); None without a denominator."""
    if numerator is None or not denominator:
        return None
    return (Decimal(numerator) * 100 / Decimal(denominator)).quantize(_TWO_PLACES, ROUND_HALF_UP)


def rate(value: Decimal | None) -> str:
    """A rate with two decimals and no sign."""
    return NONE if value is None else f"{value:.2f}"


def signed(value: Decimal | None) -> str:
    """A difference of rates with its sign; nothing changed is 0.00."""
    if value is None:
        return NONE
    if not value:
        return "0.00"
    return f"{'+' if value > 0 else MINUS}{abs(value):.2f}"


def day(value: date) -> str:
    """2026 年 10 月 31 日."""
    return f"{value.year} 年 {value.month} 月 {value.day} 日"


def short_day(value: date) -> str:
    """10 月 31 日."""
    return f"{value.month} 月 {value.day} 日"


def quarter(value: date) -> str:
    """第三季度, the quarter in which the day lies."""
    return f"第{_QUARTERS[(value.month - 1) // 3]}季度"


def end_of(value: date, *, seen_from: date) -> str:
    """How a text calls an earlier day: 二季度末 at the end of a quarter, else 8 月底 or the day itself."""
    year = "" if value.year == seen_from.year else "上年" if value.year == seen_from.year - 1 else f"{value.year} 年"
    tomorrow = value + timedelta(days=1)
    if tomorrow.day != 1:
        return f"{year} {short_day(value)}".strip()
    if value.month % 3:
        return f"{year} {value.month} 月底".strip()
    return f"{year}{_QUARTERS[value.month // 3 - 1]}季度末"


def end_of_next_month(value: date) -> date:
    """The last day of the month after the one in which the day lies."""
    months = value.year * 12 + value.month + 1
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def listed(names: Iterable[str]) -> str:
    """Names side by side: 甲、乙、丙."""
    return "、".join(names)
