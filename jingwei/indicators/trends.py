"""The line of an indicator over the months, drawn on the server, with the same figures as text and table."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from jingwei.domain.indicators import Definition
from jingwei.domain.indicators.values import text_of
from jingwei.indicators.readings import Point

# The box of the drawing and the plot inside it.
LEFT, RIGHT, TOP, BOTTOM = 50, 340, 16, 200
TICKS = 4
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


def trend(points: Sequence[Point], definition: Definition, target: Decimal | None = None) -> Mapping[str, Any] | None:
    """Geometry, text and table of a line; None with fewer than two months that have a value."""
    known = [point.reading.value for point in points if point.reading and point.reading.value is not None]
    if len(known) < 2:
        return None
    ticks = _ticks([*known, target] if target is not None else known)
    scale = _Scale(ticks[0], ticks[-1], len(points))
    return {
        "width": RIGHT + 70, "height": BOTTOM + 34, "left": LEFT, "right": RIGHT, "label_x": LEFT - 6,
        "month_y": BOTTOM + 22, "summary": _summary(points, definition),
        "ticks": [{"y": scale.y(tick), "label": text_of(definition.unit, tick, _digits(ticks))} for tick in ticks],
        "months": [{"x": scale.x(at), "label": _month(points, at)} for at in range(len(points)) if at % 3 == (len(points) - 1) % 3],
        "target": {"y": scale.y(target), "label": f"目标 {text_of(definition.unit, target, _digits([Decimal(0), target]))}"} if target is not None else None,
        "lines": _lines(points, scale),
        "dots": _dots(points, scale),
        "end": _end(points, scale),
        "table": [
            {"month": f"{point.month:%Y-%m}", "text": point.reading.text if point.reading else "—",
             "fraction": point.reading.fraction if point.reading else "", "changed": changed}
            for point, changed in zip(points, definition_changes(points), strict=True)
        ],
    }  # fmt: skip


def definition_changes(points: Sequence[Point]) -> list[bool]:
    """For each month whether the definitions are others than in the month before that has a figure."""
    changed, last = [], ""
    for point in points:
        changed.append(bool(last and point.definitions and point.definitions != last))
        last = point.definitions or last
    return changed


class _Scale:
    """Places values and months in the plot."""

    def __init__(self, low: Decimal, high: Decimal, months: int) -> None:
        self._low, self._span, self._months = low, high - low, months

    def x(self, at: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * at / max(self._months - 1, 1), 1)

    def y(self, value: Decimal) -> float:
        share = float((value - self._low) / self._span)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def _ticks(values: Sequence[Decimal]) -> list[Decimal]:
    """Round numbers that enclose the values, a handful of them."""
    low, high = min(values), max(values)
    span = (high - low) or max(abs(high) / 10, Decimal(1))
    power = Decimal(1).scaleb((span / TICKS).adjusted())
    step = next(factor * power for factor in _STEPS if factor * power * TICKS >= span)
    first = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    ticks = [first]
    while ticks[-1] < high or len(ticks) < 2:
        ticks.append(ticks[-1] + step)
    return ticks


def _digits(ticks: Sequence[Decimal]) -> int:
    """Decimals that the step between two ticks needs."""
    exponent = (ticks[1] - ticks[0]).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _lines(points: Sequence[Point], scale: _Scale) -> list[str]:
    """One run of months after the other; a month without a figure breaks the line."""
    numbered = list(enumerate(points))
    runs = groupby(numbered, key=lambda item: item[1].reading is not None and item[1].reading.value is not None)
    return [
        " ".join(f"{scale.x(at)},{scale.y(value)}" for at, point in run if (value := _value(point)) is not None)
        for held, run in runs
        if held
    ]


def _dots(points: Sequence[Point], scale: _Scale) -> list[dict[str, float]]:
    held = ((at, _value(point)) for at, point in enumerate(points))
    return [{"x": scale.x(at), "y": scale.y(value)} for at, value in held if value is not None]


def _value(point: Point) -> Decimal | None:
    return point.reading.value if point.reading else None


def _end(points: Sequence[Point], scale: _Scale) -> dict[str, Any]:
    at, point = [(at, point) for at, point in enumerate(points) if _value(point) is not None][-1]
    return {
        "x": scale.x(at),
        "y": scale.y(_value(point) or Decimal(0)),
        "label": point.reading.text if point.reading else "",
    }


def _month(points: Sequence[Point], at: int) -> str:
    month = points[at].month
    return f"{month.year} 年 {month.month} 月" if at == 0 else f"{month.month} 月"


def _summary(points: Sequence[Point], definition: Definition) -> str:
    held = [(point.month, point.reading.text) for point in points if point.reading and point.reading.value is not None]
    (first, start), (last, end) = held[0], held[-1]
    missing = len(points) - len(held)
    gap = f"，其间 {missing} 个月没有快照" if missing else ""
    return f"{definition.zh}：{first.year} 年 {first.month} 月 {start}，{last.year} 年 {last.month} 月 {end}{gap}"
