"""The views of coverage as tabs, the same on every page of it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.domain.coverage import CoverageState

LISTED = (
    CoverageState.SHOULD, CoverageState.FEW, CoverageState.CANVASS, CoverageState.BLANK, CoverageState.WORK,
    CoverageState.COVERED,
)  # fmt: skip
OVERVIEW, LETTERS = "overview", "letters"


def tabs(
    current: str, counts: Mapping[str, int] | None = None, query: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Overview, one list a state, letters; numbers where they were counted, each with the same place."""
    asked = f"?{urlencode(query)}" if query else ""
    return [
        {"label": "总览", "url": reverse("coverage:overview") + asked, "current": current == OVERVIEW},
        *(
            {
                "label": state.zh,
                "url": reverse("coverage:units", args=[state.value]) + asked,
                "count": counts[state] if counts is not None else None,
                "current": current == state,
            }
            for state in LISTED
        ),
        {"label": "提示函", "url": reverse("coverage:letters"), "current": current == LETTERS},
    ]
