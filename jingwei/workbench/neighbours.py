"""Where an entity stands in the list it was opened from: its place, the one before, the one after."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from jingwei.base_roster import counts
from jingwei.base_roster.finding import LIMIT, find
from jingwei.base_roster.selectors import visible_places
from jingwei.core.permissions import Actor
from jingwei.domain.rulebook import Rules
from jingwei.workbench.forms import RosterForm
from jingwei.workbench.roster_pages import ROSTERS

_PLACES = ("county", "town", "overlay")
_NAMED = {
    "coverage=should": "应建未建",
    "coverage=few": "有党员未组建",
    "screening=in": "三有",
    "base=on&coverage=canvass": "待摸排",
}


def position(*, actor: Actor, query: QueryDict, pk: int, rules: Rules) -> dict[str, str | None] | None:
    """Text and neighbours for the crumbs; None where the address names no list or the list has moved on.

    One to four queries.
    """
    kind, at = ROSTERS.get(query.get("in", "")), query.get("at", "")
    if kind is None or not (at.isascii() and at.isdigit() and len(at) < 7):
        return None
    here = int(at)
    places = visible_places(actor) if any(query.get(name) for name in _PLACES) else ()
    filters = RosterForm(query, places=places, rules=rules).filters(roster=kind.filter_value)
    kept = counts.total(actor=actor, filters=filters)
    many = kept is not None and kept.entities > LIMIT
    first = max(here - 1, 0)
    found = find(actor=actor, filters=filters, start=first, size=here - first + 2, many=many)
    if here - first >= len(found.ids) or found.ids[here - first] != pk:
        return None
    count = kept.entities if kept else found.count
    shown = f"{LIMIT:,} 家以上" if count > LIMIT and not kept else f"{count:,} {kind.noun}"
    ids: dict[int, int] = dict(enumerate(found.ids, start=first))
    return {
        "text": f"{_title(query) or kind.title} {shown}中的第 {here + 1:,} {kind.noun}",
        "previous_url": _address(query, ids.get(here - 1) if here else None, here - 1),
        "next_url": _address(query, ids.get(here + 1), here + 1),
        "list_url": f"{kind.url}?{_without(query, 'in', 'at').urlencode()}",
    }


def _title(query: QueryDict) -> str:
    """What the list is called: the name of a tab, else that it is a selection."""
    conditions = _without(query, "in", "at", "sort")
    asked = "&".join(f"{name}={value}" for name, value in sorted(conditions.items()))
    return _NAMED.get(asked, "筛选结果" if asked else "")


def _address(query: QueryDict, pk: int | None, at: int) -> str | None:
    if pk is None:
        return None
    asked: Any = query.copy()
    asked["at"] = str(at)
    return f"{reverse('workbench:entity', args=[pk])}?{asked.urlencode()}"


def _without(query: QueryDict, *names: str) -> QueryDict:
    left = query.copy()
    for name in names:
        left.pop(name, None)
    return left
