"""Coverage by area: the table, and the map with the same numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.domain.indicators import DENOMINATOR, NUMERATOR, Cut
from jingwei.indicators.selectors import Reading
from jingwei.places.models import Place
from jingwei.workbench.dashboard.board import Board
from jingwei.workbench.dashboard.texts import number, rows_url, share
from jingwei.workbench.maps import Shade, area_map

VIEWS = {"organization": "组织覆盖", "work": "工作覆盖", "canvass": "待摸排"}
_INDICATOR = {"organization": "COV-ORG", "work": "COV-WORK", "canvass": "COV-ORG"}
_CANVASS, _UNKNOWN = "待摸排", "性质未知"
_FEW = 6
Cells = list[dict[str, Any]]


def distribution(board: Board, view: str, *, table: bool) -> dict[str, Any] | None:
    """The card of areas in one view; ``table`` leaves the map out and shows every column."""
    if not board.parts:
        return None
    drawn = None if table else _map(board, view)
    # A few counties leave room for every column below their map.
    below = bool(drawn) and len(board.focus.places) <= _FEW
    full = table or below
    rows = [_row(board, place, view, table=table, full=full) for place in board.focus.places]
    rest = _rest(board, view, full)
    rows += [rest] if rest else []
    return {
        "title": "覆盖分布",
        "hint": _hint(board.focus.places),
        "crumb": _crumb(board),
        "views": [
            {"label": label, "url": address(board, view=name, table=table), "current": name == view}
            for name, label in VIEWS.items()
        ],
        "toggle": {"url": address(board, view=view, table=not table), "table": table},
        "summary": _summary(board, view),
        "columns": _columns(board, view, full),
        "rows": rows,
        "total": _cells(board, board.readings, view, full),
        "map": drawn,
        "below": below,
    }


def address(board: Board, *, view: str, table: bool = False, county: int | None = None) -> str:
    """Address of the dashboard with another view, the month and the county as they are."""
    query: dict[str, Any] = {"view": view, "month": board.asked_month}
    query |= {"table": "on"} if table else {}
    shown = county or (board.focus.place_id if board.actor.everything else None)
    query |= {"county": shown} if shown else {}
    return f"?{urlencode(query)}"


def _hint(places: Sequence[Place]) -> str:
    """3 个区县, or 9 个镇街、2 个园区."""
    towns = sum(place.kind == Place.Kind.TOWN for place in places)
    counties = sum(place.kind == Place.Kind.COUNTY for place in places)
    parks = len(places) - towns - counties
    words = ((counties, "个区县"), (towns, "个镇街"), (parks, "个园区"))
    return "、".join(f"{count} {word}" for count, word in words if count) + "，按行政次序"


def _crumb(board: Board) -> dict[str, str] | None:
    if not (board.actor.everything and board.focus.place):
        return None
    url = f"{reverse('workbench:home')}?{urlencode({'month': board.asked_month})}"
    return {"label": "全市", "url": url, "here": board.focus.title}


def _columns(board: Board, view: str, full: bool) -> list[dict[str, Any]]:
    first = "区县" if board.focus.parts is Cut.COUNTY else "镇街 / 园区"
    names: tuple[str, ...]
    if full:
        names = ("三有", "性质未知", "组织覆盖", "组织覆盖率", "工作覆盖", "工作覆盖率", "待摸排", "应建未建")
    elif view == "canvass":
        names = ("三有", "待摸排", "占三有", "比例", "应建未建")
    else:
        names = ("三有", "性质未知", VIEWS[view], "覆盖率", "待摸排")
    return [{"label": first}, *({"label": name, "numeric": full or at != 2} for at, name in enumerate(names))]


def _row(board: Board, place: Place, view: str, *, table: bool, full: bool) -> dict[str, Any]:
    held = board.parts.get(str(place.pk), {})
    county = board.focus.parts is Cut.COUNTY
    return {
        "label": place.name,
        "url": address(board, view=view, table=table, county=place.pk) if county else place_url(place),
        "mark": "尚未确认" if place in board.unconfirmed and not county else "",
        "cells": _cells(board, held, view, full),
    }


def place_url(place: Place) -> str:
    """The firms of a town or park."""
    query = {"overlay": place.pk} if place.is_overlay else {"county": place.parent_id or 0, "town": place.pk}
    return f"{reverse('workbench:roster', args=['enterprise'])}?{urlencode(query)}&base=on"


def _rest(board: Board, view: str, full: bool) -> dict[str, Any] | None:
    """What lies in none of the areas, so that the rows add up to the total."""
    held = board.parts.get("", {})
    if not _count(held.get("BASE-N")):
        return None
    label = "未定区县" if board.focus.parts is Cut.COUNTY else "未落到镇街、园区"
    return {"label": label, "cells": _cells(board, held, view, full)}


def _cells(board: Board, held: Mapping[str, Reading], view: str, full: bool) -> Cells:
    base, rate = held.get("BASE-N"), held.get(_INDICATOR[view])
    if full:
        return [
            _amount(board, base, NUMERATOR), _amount(board, base, _UNKNOWN),
            *_rated(board, held.get("COV-ORG")), *_rated(board, held.get("COV-WORK")),
            _amount(board, held.get("COV-ORG"), _CANVASS), _amount(board, held.get("COV-SHOULD"), NUMERATOR),
        ]  # fmt: skip
    if view == "canvass":
        waiting, whole = _part(rate, _CANVASS), _count(base)
        part = share(waiting, whole)
        return [
            _amount(board, base, NUMERATOR), _amount(board, rate, _CANVASS), {"rate": part, "hatched": 0},
            {"text": f"{part}%" if whole else "—", "strong": True}, _amount(board, held.get("COV-SHOULD"), NUMERATOR),
        ]  # fmt: skip
    target = board.targets.get(_INDICATOR[view])
    value = float(rate.value) if rate and rate.value is not None else 0.0
    return [
        _amount(board, base, NUMERATOR), _amount(board, base, _UNKNOWN),
        {"rate": value, "target": float(target) if target is not None else None},
        _percent(board, rate), _amount(board, rate, _CANVASS),
    ]  # fmt: skip


def _rated(board: Board, reading: Reading | None) -> Cells:
    return [_amount(board, reading, NUMERATOR), _percent(board, reading)]


def _percent(board: Board, reading: Reading | None) -> dict[str, Any]:
    text = number(reading, 1)
    url = rows_url(reading, DENOMINATOR, board.snapshot) if reading and text else None
    return {"text": f"{text}%" if text else "—", "strong": True, "url": url}


def _amount(board: Board, reading: Reading | None, part: str) -> dict[str, Any]:
    """A count that opens its rows; nothing to open of 0."""
    count = _part(reading, part)
    url = rows_url(reading, part, board.snapshot) if reading and count else None
    return {"text": f"{count:,}", "url": url, "muted": part == _UNKNOWN}


def _part(reading: Reading | None, part: str) -> int:
    if reading is None:
        return 0
    return _count(reading) if part == NUMERATOR else reading.beside.get(part, 0)


def _count(reading: Reading | None) -> int:
    return int(reading.numerator) if reading and reading.numerator is not None else 0


def _shade(board: Board, place: Place, view: str) -> Shade:
    held = board.parts.get(str(place.pk), {})
    reading = held.get(_INDICATOR[view])
    if view == "canvass":
        waiting = _part(reading, _CANVASS)
        return Shade(float(waiting) if _count(held.get("BASE-N")) else None, f"{waiting:,}")
    text = number(reading, 1)
    return Shade(float(reading.value) if reading and reading.value is not None else None, text or "—")


def _map(board: Board, view: str) -> dict[str, Any] | None:
    county = board.focus.parts is Cut.COUNTY
    shades = {place.pk: _shade(board, place, view) for place in board.focus.places}
    urls = {
        place.pk: address(board, view=view, county=place.pk) if county else place_url(place)
        for place in board.focus.places
    }
    return area_map(board.focus.places, shades, urls, unit="" if view == "canvass" else "%", stamp=board.stamp)


def _summary(board: Board, view: str) -> str:
    unit = " 家" if view == "canvass" else "%"
    said = (f"{place.name} {_shade(board, place, view).text}{unit}" for place in board.focus.places)
    return f"{VIEWS[view]}：{'，'.join(said)}"
