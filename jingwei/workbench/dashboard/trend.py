"""Thirteen months as two lines: drawn here, so that the page needs no script and the table says the same."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from jingwei.domain.indicators import Unit, definitions
from jingwei.domain.indicators.values import text_of
from jingwei.workbench.dashboard.board import TRENDS, Board

_STEP, _APART = 10, 15.0
_LEFT, _TOP = 40.0, 14.0
_CSS = ("second", "first")
Values = Mapping[date, Decimal]
_SHORT = {"COV-ORG": "组织", "COV-WORK": "工作"}


class Frame(NamedTuple):
    """Size of a drawing, and how much of its width is left for the labels at the ends of the lines."""

    width: float = 430.0
    height: float = 250.0
    labels: float = 108.0

    def x(self, at: int, count: int) -> float:
        return round(_LEFT + (self.right - _LEFT) * at / max(count - 1, 1), 1)

    def y(self, value: float, bounds: tuple[int, int]) -> float:
        low, high = bounds
        return round(self.bottom - (self.bottom - _TOP) * (value - low) / (high - low), 1)

    @property
    def right(self) -> float:
        return self.width - self.labels

    @property
    def bottom(self) -> float:
        return self.height - 24.0


CARD, SHEET = Frame(), Frame(760.0, 330.0, 108.0)


def trend(board: Board, frame: Frame = CARD) -> dict[str, Any] | None:
    """Both coverage rates; None before there are two months to connect."""
    held = {name: board.past.get(name, {}) for name in TRENDS if board.past.get(name)}
    if not held or max(map(len, held.values())) < 2:
        return None
    months = _months(held)
    aims = [float(board.targets[name]) for name in held if name in board.targets]
    bounds = low, high = _bounds([*aims, *(float(value) for values in held.values() for value in values.values())])
    lines = [_line(name, values, months, bounds, frame) for name, values in held.items()]
    _part_labels(lines)
    return {
        "title": "覆盖率走势",
        "hint": f"近 {len(months)} 个月",
        "summary": _summary(held),
        "frame": {"width": frame.width, "height": frame.height, "left": _LEFT, "right": frame.right},
        "ticks": [{"y": frame.y(value, bounds), "label": f"{value}%"} for value in range(low, high + 1, _STEP)],
        "months": [{"x": frame.x(at, len(months)), "label": f"{month.month}月"} for at, month in _labelled(months)],
        "targets": [{"y": frame.y(aim, bounds), "label": f"目标 {aim:.0f}%"} for aim in aims],
        "series": lines,
        "columns": [definitions()[name].zh for name in held],
        "rows": [{"month": month, "cells": [_text(values.get(month)) for values in held.values()]} for month in months],
    }


def _months(held: Mapping[str, Values]) -> list[date]:
    """Every month from the first to the last that holds a value, also those without any."""
    known = sorted({month for values in held.values() for month in values})
    months = [known[0]]
    while months[-1] < known[-1]:
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    return months


def _bounds(values: Sequence[float]) -> tuple[int, int]:
    """Whole tens around all values, at least two steps apart and within 0 and 100."""
    low, high = int(min(values) // _STEP) * _STEP, int(-(-max(values) // _STEP)) * _STEP
    high = min(max(high, low + 2 * _STEP), 100)
    return min(low, high - 2 * _STEP), high


def _line(name: str, values: Values, months: Sequence[date], bounds: tuple[int, int], frame: Frame) -> dict[str, Any]:
    spots = [
        (frame.x(at, len(months)), frame.y(float(values[month]), bounds))
        for at, month in enumerate(months)
        if month in values
    ]
    return {
        "points": " ".join(f"{x},{y}" for x, y in spots),
        "css": _CSS[TRENDS.index(name)],
        "x": spots[-1][0],
        "y": spots[-1][1],
        "label": f"{_SHORT[name]} {_text(values[max(values)])}",
    }


def _part_labels(lines: Sequence[dict[str, Any]]) -> None:
    """Move the labels at the ends of two lines apart where they would lie on one another."""
    if len(lines) == 2 and abs(lines[0]["y"] - lines[1]["y"]) < _APART:
        upper, lower = sorted(lines, key=lambda line: float(line["y"]))
        upper["y"] -= _APART / 2
        lower["y"] += _APART / 2


def _labelled(months: Sequence[date]) -> list[tuple[int, date]]:
    """Every third month, counted back from the last."""
    last = len(months) - 1
    return [(at, month) for at, month in enumerate(months) if (last - at) % 3 == 0]


def _text(value: Decimal | None) -> str:
    return text_of(Unit.PERCENT, value)


def _summary(held: Mapping[str, Values]) -> str:
    said = []
    for name, values in held.items():
        first, last = min(values), max(values)
        said.append(
            f"{definitions()[name].zh}由 {first:%Y-%m} 的 {_text(values[first])} 到 {last:%Y-%m} 的 {_text(values[last])}"
        )
    return "；".join(said)
