"""From registration to coverage: what is left at each step, what dropped out, and what to do next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.domain.indicators import NUMERATOR, Cut, definitions
from jingwei.workbench.dashboard.board import Board
from jingwei.workbench.dashboard.texts import capped, indicator_url, rows_url, share

_OWN = ("FORM-committee", "FORM-general_branch", "FORM-branch")
_GUIDED = ("FORM-instructor", "FORM-liaison")
_POSTED = ("FORM-functional", "FORM-temporary", "FORM-flow")


@dataclass(frozen=True, slots=True)
class _Step:
    """A step: its indicator, what its bar is compared with, the note beside it, whether it counts what is covered."""

    indicator: str
    above: str
    note: Callable[[Board], str]
    grey: bool = False
    of_base: bool = False


def _registered(board: Board) -> str:
    return "在营企业和社会组织"


def _one_source(board: Board) -> str:
    return f"其余 {board.amount('FUN-REG') - board.amount('FUN-TWO'):,} 家只有一方记录"


def _pending(board: Board) -> str:
    return f"另有三有待判 {board.amount('BASE-PENDING'):,}"


def _by_work(board: Board) -> str:
    parts = (("功能型", _POSTED), ("指导联络", _GUIDED), ("群团", ("FORM-mass",)))
    return "含" + "、".join(f"{word} {sum(map(board.amount, forms)):,}" for word, forms in parts)


def _by_form(board: Board) -> str:
    parts = (("单独", _OWN), ("联合", ("FORM-joint",)), ("挂靠", ("FORM-attached",)))
    return " · ".join(f"{word} {sum(map(board.amount, forms)):,}" for word, forms in parts)


def _uncovered(board: Board) -> str:
    canvass = board.beside("FORM-none", "待摸排")
    return f"空白 {board.amount('FORM-none') - canvass:,} · 待摸排 {canvass:,}（党员数未知）"


_STEPS = (
    _Step("FUN-REG", "", _registered, grey=True),
    _Step("FUN-TWO", "FUN-REG", _one_source, grey=True),
    _Step("FUN-THREE", "FUN-TWO", _pending, grey=True),
    _Step("FUN-VERIFIED", "FUN-THREE", lambda board: "尚无核实记录", grey=True),
    _Step("FUN-WORK", "FUN-THREE", _by_work, of_base=True),
    _Step("FUN-ORG", "FUN-THREE", _by_form, of_base=True),
    _Step("FORM-none", "FUN-THREE", _uncovered, grey=True, of_base=True),
)


def funnel(board: Board) -> dict[str, Any]:
    """The steps with bars by the square root, so that the last ones can still be seen beside the first."""
    return {
        "title": "从登记到覆盖",
        "hint": "条长按平方根刻度",
        "url": reverse("indicators:list"),
        "url_label": "全部指标",
        "steps": [_line(board, step) for step in _STEPS],
        "next_steps": next_steps(board),
    }


def _line(board: Board, step: _Step) -> dict[str, Any]:
    reading = board.readings.get(step.indicator)
    label = "尚未覆盖" if step.indicator == "FORM-none" else definitions()[step.indicator].zh
    if reading is None or reading.numerator is None:
        missing = reading.missing if reading else ""
        return {"label": label, "note": step.note(board), "count": None, "title": missing,
                "url": indicator_url(step.indicator), "rate": None}  # fmt: skip
    count, widest = board.amount(step.indicator), board.amount("FUN-REG")
    rate = _length(count, widest)
    part = share(count, board.amount(step.above)) if step.above else None
    known = _length(count - board.beside("FORM-none", "待摸排"), widest) if step.indicator == "FORM-none" else None
    return {
        "label": label, "note": step.note(board), "count": count, "grey": step.grey, "rate": rate, "known": known,
        "share": "" if part is None else f"{'占三有 ' if step.of_base else ''}{part}%",
        "url": rows_url(reading, NUMERATOR, board.snapshot),
    }  # fmt: skip


def _length(count: int, widest: int) -> float:
    return round(100 * sqrt(count / widest), 2) if widest else 0.0


def next_steps(board: Board) -> list[dict[str, Any]]:
    """Three lists to work through, with their numbers of the moment, whatever month is shown."""
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("should", "应建未建，逐户派发", {}),
        ("few", "有 1–2 名正式党员，可联建或挂靠", {}),
        ("canvass", "三有组织党员数未知，待摸排", {"base": "on"}),
    )
    return [
        {"count": capped(count), "text": text, "url": _list_url(board, state, more)}
        for state, text, more in steps
        if (count := board.waiting.numbers[state])
    ]


def _list_url(board: Board, state: str, more: Mapping[str, str]) -> str:
    focus = board.focus
    where = {"county": focus.member} if focus.cut is Cut.COUNTY else {"area": focus.member}
    query = {**more, **(where if focus.place else {})}
    url = reverse("coverage:units", args=[state])
    return f"{url}?{urlencode(query)}" if query else url
