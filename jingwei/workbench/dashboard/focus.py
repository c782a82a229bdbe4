"""Whose figures the dashboard shows: the city, a county, a town or park, an industry, or just what one may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor
from jingwei.coverage.filters import area_condition
from jingwei.domain.indicators import Cut
from jingwei.places.models import Place

WHOLE = "全市"
OWN = "管辖范围"


@dataclass(frozen=True)
class Focus:
    """A member of a cut, the cut that divides it further (None: nothing does), and the places of that division.

    ``published`` says whether snapshots hold this member; a mixed scope is counted live only. ``place`` is the
    county, town or park of the focus, None for the city and for scopes that are no single place.
    """

    title: str
    cut: Cut = Cut.TOTAL
    member: str = ""
    place: Place | None = None
    parts: Cut | None = None
    places: Sequence[Place] = ()
    published: bool = True

    def entities(self, seen: QuerySet[Entity]) -> QuerySet[Entity]:
        """Those of the entities that belong to the focus."""
        if self.cut is Cut.COUNTY:
            return seen.filter(county_id=int(self.member))
        if self.cut is Cut.AREA:
            return seen.filter(area_condition(int(self.member)))
        return seen.filter(industry_body_id=int(self.member)) if self.cut is Cut.INDUSTRY_BODY else seen

    @property
    def place_id(self) -> int | None:
        return self.place.pk if self.place else None


def focus_of(actor: Actor, places: Sequence[Place], asked: int | None) -> Focus:
    """What the actor's grants amount to; whoever sees the city may look into one county, named by its id.

    ``places`` are the counties, towns and overlays he may see, in administrative order.
    """
    counties = [place for place in places if place.kind == Place.Kind.COUNTY]
    if actor.everything:
        county = next((place for place in counties if place.pk == asked), None)
        return of_county(county, places) if county else Focus(WHOLE, parts=Cut.COUNTY, places=counties)
    granted = {*actor.county_ids, *actor.town_ids, *actor.other_place_ids}
    own = [place for place in (*counties, *areas(places)) if place.pk in granted]
    if not granted and len(actor.body_ids) == 1:
        return Focus(OWN, Cut.INDUSTRY_BODY, str(actor.body_ids[0]))
    if len(own) != 1 or actor.body_ids:
        return Focus(OWN, parts=Cut.AREA, places=areas(places), published=False)
    if own[0].kind == Place.Kind.COUNTY:
        return of_county(own[0], places)
    return Focus(own[0].name, Cut.AREA, str(own[0].pk), own[0])


def of_county(county: Place, places: Sequence[Place]) -> Focus:
    """A county with its towns and those parks of it that answer for themselves."""
    within = [place for place in areas(places) if place.parent_id == county.pk]
    return Focus(county.name, Cut.COUNTY, str(county.pk), county, Cut.AREA, within)


def areas(places: Sequence[Place]) -> list[Place]:
    """Towns and then responsible overlays, the smallest areas a figure is published for."""
    towns = [place for place in places if place.kind == Place.Kind.TOWN]
    return towns + [place for place in places if place.is_overlay and place.takes_responsibility]
