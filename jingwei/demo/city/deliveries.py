"""Which lists arrive in which month."""

from collections.abc import Callable

from jingwei.demo.city.calendar import Month
from jingwei.demo.city.departments import SOCIAL, TAX
from jingwei.demo.city.forms import CIVIL, JUSTICE, MARKET
from jingwei.demo.city.party import COUNTS, ORGANIZATIONS

Deliveries = Callable[[Month], frozenset[str]]
"""From a month to the lists that arrive at its end, by their Chinese names."""

OWN_LISTS = frozenset({ORGANIZATIONS, COUNTS})
"""The office keeps these itself and closes them every month."""
ALL_LISTS = OWN_LISTS | {MARKET, TAX, SOCIAL, CIVIL, JUSTICE}


def everything(month: Month) -> frozenset[str]:
    """Every list every month."""
    return ALL_LISTS


def quarterly(first: Month, last: Month) -> Deliveries:
    """The departments deliver in the first and the last month and at the end of each quarter between."""

    def deliveries(month: Month) -> frozenset[str]:
        is_due = month in (first, last) or month.number % 3 == 0
        return ALL_LISTS if is_due else OWN_LISTS

    return deliveries
