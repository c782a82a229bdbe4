"""Numbers in words, and the addresses of the rows behind them."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.base_roster.finding import LIMIT
from jingwei.domain.indicators import Unit
from jingwei.domain.indicators.values import rounded, text_of
from jingwei.indicators.models import Snapshot
from jingwei.indicators.selectors import Reading

Change = dict[str, str]
_CENT = Decimal("0.01")


def share(part: int, whole: int) -> float:
    """Per cent with one decimal; 0 of nothing is 0."""
    return round(100 * part / whole, 1) if whole else 0.0


def capped(count: int) -> int | str:
    """A number that was counted up to the limit of a list only."""
    return f"{LIMIT:,}+" if count > LIMIT else count


def number(reading: Reading | None, digits: int = 2) -> str | None:
    """The value without its unit; None where there is none."""
    if reading is None or reading.value is None:
        return None
    return text_of(reading.unit, reading.value, digits).removesuffix("%")


def change(now: Reading, then: Decimal | None, *, less_is_better: bool = False) -> Change | None:
    """How much a figure moved since the month before, as the reader sees both: rounded, then subtracted."""
    if now.value is None or then is None:
        return None
    percent = now.unit is Unit.PERCENT
    step = _CENT if percent else Decimal(1)
    moved = rounded(now.value, step) - rounded(then, step)
    if not moved:
        return {"text": "持平", "direction": "none", "mood": "flat"}
    good = (moved > 0) != less_is_better
    return {
        "text": f"{abs(moved):,} {'点' if percent else '家'}",
        "direction": "up" if moved > 0 else "down",
        "mood": "good" if good else "bad",
    }


def rows_url(reading: Reading, part: str, snapshot: Snapshot | None) -> str:
    """Address of the rows of one part of a figure."""
    query: dict[str, Any] = {"part": part}
    if reading.cut.value != "total":
        query |= {"cut": reading.cut.value, "member": reading.member}
    if reading.within:
        query["within"] = reading.within
    if snapshot:
        query["snapshot"] = snapshot.number
    return f"{reverse('indicators:rows', args=[reading.indicator])}?{urlencode(query)}"


def indicator_url(indicator: str) -> str:
    """Address of the page with the definition of an indicator."""
    return reverse("indicators:detail", args=[indicator])
