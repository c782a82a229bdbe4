"""What the pages of snapshots and of monthly confirmation show."""

from datetime import date
from typing import Any

from django.urls import reverse

from jingwei.core.permissions import Actor, Permission
from jingwei.domain.indicators import Cut, definitions
from jingwei.domain.indicators.sql import months_before
from jingwei.indicators import pages, selectors
from jingwei.indicators.city import city_on
from jingwei.indicators.models import Confirmation, Snapshot
from jingwei.indicators.pages import Looked

# What a town looks at before it confirms.
LOOKED_AT = ("BASE-N", "COV-ORG", "COV-WORK", "COV-OWN3", "COV-SHOULD", "MEM-N")
MONTHS = 6


def month_of(text: str, today: date) -> date:
    """The month of an address (2026-10); by default the next to be published, at most the running one."""
    running = today.replace(day=1)
    try:
        return min(date.fromisoformat(f"{text}-01"), running)
    except ValueError:
        last = selectors.latest_snapshot()
    return min(months_before(last.month, -1), running) if last else running


def earlier(snapshot: Snapshot) -> Snapshot | None:
    """What a snapshot is compared with: the one that it revises, else the last of the months before."""
    if snapshot.revision > 1:
        return Snapshot.objects.filter(month=snapshot.month, revision=snapshot.revision - 1).first()
    return selectors.snapshots().filter(month__lt=snapshot.month).first()


def confirm_context(*, actor: Actor, month: date, on: date) -> dict[str, Any]:
    """Own places with their figures and a button, the places that have not confirmed, those that have."""
    mine = _own_places(actor, on)
    done = {item.place_id: item for item in Confirmation.objects.filter(month=month).select_related("place")}
    waiting = selectors.unconfirmed(month=month, on=on, actor=actor)
    return {
        "month": month,
        "months": [
            {"label": f"{item:%Y-%m}", "url": f"{reverse('indicators:confirm')}?month={item:%Y-%m}", "current": item == month}
            for item in (months_before(on.replace(day=1), back) for back in range(MONTHS))
        ],
        "own": _own(actor, mine, on, done),
        "waiting": [place.name for place in waiting],
        "done": [
            {"name": item.place.name, "at": item.confirmed_at, "by": item.confirmed_by, "note": item.note}
            for item in done.values()
            if actor.covers(place_id=item.place_id)
        ],
    }  # fmt: skip


def _own_places(actor: Actor, on: date) -> dict[int, str]:
    """Towns and parks that the actor confirms for; a grant above the town sees who has not, and confirms nothing."""
    if not actor.may(Permission.MONTH_CONFIRM) or actor.everything or actor.county_ids:
        return {}
    return {area.id: area.name for area in city_on(on).areas if actor.covers(place_id=area.id)}


def _own(actor: Actor, places: dict[int, str], on: date, done: dict[int, Confirmation]) -> list[dict[str, Any]]:
    if not places:
        return []
    readings = selectors.live(actor=actor, on=on, cut=Cut.AREA, ids=LOOKED_AT)
    looked = Looked(None, Cut.AREA)
    return [
        {
            "id": pk,
            "name": name,
            "done": pk in done,
            "figures": [
                pages.line(item, definitions()[item.indicator], looked) for item in readings if item.member == str(pk)
            ],
        }
        for pk, name in places.items()
    ]
