"""Reads of the pages that need several apps at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from jingwei.base_roster import counts
from jingwei.base_roster.counts import Figures
from jingwei.base_roster.selectors import visible_places
from jingwei.core.permissions import Actor, Permission
from jingwei.linkage.models import LinkRun
from jingwei.places.models import Place
from jingwei.rosters.models import Batch

COUNTED_ROSTERS = ("enterprise", "social", "small")
_LATEST = 8


def latest_batches(actor: Actor) -> dict[str, date]:
    """List -> date of its newest committed batch in scope. One query."""
    committed = Batch.objects.in_scope(actor).filter(state=Batch.State.COMMITTED).order_by()
    return dict(committed.values("list_kind").annotate(newest=Max("as_of")).values_list("list_kind", "newest"))


@dataclass(frozen=True)
class Area:
    """A county or town with the figures of its rosters."""

    place: Place
    rosters: Mapping[str, Figures]

    @property
    def figures(self) -> Figures:
        return sum_of(self.rosters.values())


@dataclass(frozen=True)
class HomeData:
    """What the home page shows: figures by roster and by area, latest batches, what waits."""

    rosters: Mapping[str, Figures]
    areas: list[Area]
    level: str
    batches: list[Batch] = field(default_factory=list)
    runs: list[LinkRun] = field(default_factory=list)

    @property
    def figures(self) -> Figures:
        return sum_of(self.rosters.values())


def home_data(actor: Actor) -> HomeData:
    """Everything of the home page in four queries, figures from the kept counts."""
    cells = {
        key: figures
        for key, figures in counts.figures(actor=actor, by=("county_id", "town_id", "roster")).items()
        if key[2] in COUNTED_ROSTERS
    }
    rosters = {
        roster: sum_of(figures for key, figures in cells.items() if key[2] == roster) for roster in COUNTED_ROSTERS
    }
    level, areas = _areas(actor, cells)
    may_see_batches = actor.may(Permission.BATCH_VIEW)
    may_approve = actor.may(Permission.LINK_APPROVE)
    return HomeData(
        rosters=rosters,
        areas=areas,
        level=level,
        batches=list(Batch.objects.in_scope(actor)[:_LATEST]) if may_see_batches else [],
        runs=list(LinkRun.objects.in_scope(actor).filter(state=LinkRun.State.PROPOSED)[:1]) if may_approve else [],
    )


def sum_of(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


def _areas(actor: Actor, cells: Mapping[tuple[int | None, int | None, str], Figures]) -> tuple[str, list[Area]]:
    """Counties of the city, or towns of the only county, in administrative order, also those with nothing."""
    places = list(visible_places(actor))
    counties = [place for place in places if place.kind == Place.Kind.COUNTY]
    towns = [place for place in places if place.kind == Place.Kind.TOWN]
    level, shown, position = ("county", counties, 0) if len(counties) != 1 else ("town", towns, 1)
    if level == "county" and not counties:
        level, shown, position = "town", towns, 1
    held: dict[int | None, dict[str, list[Figures]]] = {}
    for key, figures in cells.items():
        place_id = (key[0], key[1])[position]
        held.setdefault(place_id, {}).setdefault(key[2], []).append(figures)
    return level, [
        Area(place, {roster: sum_of(held.get(place.pk, {}).get(roster, ())) for roster in COUNTED_ROSTERS})
        for place in shown
    ]
