"""Checks on one row of a department's list: what may be used as a key, what is flagged and why."""

from jingwei.domain.intake.check import CheckedRow, Flag, check_row
from jingwei.domain.intake.errors import MESSAGES, ErrorCode
from jingwei.domain.intake.values import (
    Capital,
    is_placeholder,
    parse_capital,
    parse_count,
    parse_date,
    split_names,
)

__all__ = [
    "MESSAGES",
    "Capital",
    "CheckedRow",
    "ErrorCode",
    "Flag",
    "check_row",
    "is_placeholder",
    "parse_capital",
    "parse_count",
    "parse_date",
    "split_names",
]
