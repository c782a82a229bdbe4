"""The board that an address asks for."""

from datetime import date

from django.http import QueryDict

from jingwei.core.permissions import Actor
from jingwei.workbench.dashboard.board import LIVE, Board, board


def asked_board(actor: Actor, query: QueryDict, on: date) -> Board:
    """``month`` as 2026-10 or "live", and ``county`` as an id; what cannot be read is left out."""
    county = query.get("county", "")
    number = int(county) if county.isascii() and county.isdigit() and len(county) < 9 else None
    month = query.get("month", "")
    return board(actor=actor, on=on, month=_month(month), county=number, live=month == LIVE)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
