"""The dashboard in large type for the meeting room: five sheets, no list of firms, no personal data."""

from typing import Any

from django.urls import reverse

from jingwei.core.permissions import Actor
from jingwei.workbench.dashboard.areas import address, distribution
from jingwei.workbench.dashboard.board import Board
from jingwei.workbench.dashboard.cards import kpis
from jingwei.workbench.dashboard.funnel import funnel
from jingwei.workbench.dashboard.page import FOOTNOTE, lead
from jingwei.workbench.dashboard.texts import share
from jingwei.workbench.dashboard.trend import SHEET, trend


def slides_context(board: Board, actor: Actor, *, view: str) -> dict[str, Any]:
    """Context of ``presentation.html``; a sheet without data is left out."""
    areas = distribution(board, "work" if view == "work" else "organization", table=False)
    steps = funnel(board)
    sheets = [
        {"key": "figures", "title": "总体情况", "kpis": [*kpis(board), _canvass(board)]},
        {"key": "areas", "title": f"{'工作' if view == 'work' else '组织'}覆盖分布", "areas": areas} if areas else None,
        {"key": "funnel", "title": "从登记到覆盖", "funnel": steps},
        {"key": "trend", "title": "覆盖率走势", "trend": trend(board, SHEET)},
        {"key": "next", "title": "下一步", "steps": steps["next_steps"], "owed": _owed(board)},
    ]
    shown = [sheet for sheet in sheets if sheet and (sheet["key"] != "trend" or sheet["trend"])]
    return {
        "page_title": "演示视图",
        "unit": actor.unit_name,
        "focus": board.focus.title,
        "lead": " · ".join(str(piece["text"]) for piece in lead(board)),
        "sheets": shown,
        "back_url": reverse("workbench:home") + address(board, view=view),
        "footnote": FOOTNOTE,
    }


def _canvass(board: Board) -> dict[str, Any]:
    """Of how many in the base nobody knows the members: the sixth figure."""
    waiting, base = board.beside("COV-ORG", "待摸排"), board.amount("BASE-N")
    part = share(waiting, base)
    return {"label": "待摸排", "value": f"{waiting:,}", "unit": "家", "rate": part, "known": 0.0,
            "note": f"三有组织中党员数未知，占 {part}%"}  # fmt: skip


def _owed(board: Board) -> list[dict[str, Any]]:
    """应建未建 by area in administrative order, those with none left out."""
    counts = [
        (place.name, int(reading.numerator or 0))
        for place in board.focus.places
        if (reading := board.parts.get(str(place.pk), {}).get("COV-SHOULD")) and reading.numerator
    ]
    most = max((count for _, count in counts), default=0)
    return [{"label": name, "count": count, "rate": share(count, most)} for name, count in counts]
