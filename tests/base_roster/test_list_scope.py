"""Who sees which rows of a list, and that both locks and both ways of counting agree."""

from collections.abc import Callable

import pytest
from django.db.models import Q

from jingwei.accounts.scope import acting
from jingwei.base_roster import counts
from jingwei.base_roster.filters import RosterFilters
from jingwei.base_roster.finding import find, outside, scope_parts
from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import roster_page
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from tests.base_roster.entities import some_city
from tests.city import SmallCity

pytestmark = pytest.mark.django_db

ACTORS: dict[str, Callable[[SmallCity], Actor]] = {
    "city": lambda city: city.actor(Role.CLERK, place=city.city),
    "county": lambda city: city.actor(Role.CLERK, place=city.county),
    "other county": lambda city: city.actor(Role.CLERK, place=city.other_county),
    "county and office": lambda city: city.actor(Role.CLERK, place=city.county, body=city.office),
    "town": lambda city: city.actor(Role.TOWN_ORGANIZER, place=city.town),
    "sibling town": lambda city: city.actor(Role.TOWN_ORGANIZER, place=city.other_town),
    "community": lambda city: city.actor(Role.TERRITORIAL_BODY, place=city.community),
    "park": lambda city: city.actor(Role.TERRITORIAL_BODY, place=city.park),
    "industry": lambda city: city.actor(Role.INDUSTRY_OFFICER, body=city.industry),
    "office": lambda city: city.actor(Role.CLERK, body=city.office),
}
SEEN = {
    "city": 8, "county": 6, "other county": 1, "county and office": 7, "town": 5, "sibling town": 0, "community": 4,
    "park": 1, "industry": 2, "office": 1,
}  # fmt: skip


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    with acting(local_operator()):
        some_city(small_city)
    return small_city


@pytest.mark.parametrize("who", list(ACTORS))
def test_everybody_sees_the_rows_of_his_scope_and_no_others(city: SmallCity, who: str) -> None:
    actor = ACTORS[who](city)
    with acting(actor):
        first_lock = set(Entity.objects.in_scope(actor).values_list("pk", flat=True))
        second_lock = set(Entity.objects.values_list("pk", flat=True))
        listed = set(find(actor=actor, filters=RosterFilters(), start=0, size=50).ids)
    assert first_lock == second_lock == listed
    assert len(listed) == SEEN[who]


@pytest.mark.parametrize("who", list(ACTORS))
def test_kept_and_counted_totals_are_the_same(city: SmallCity, who: str) -> None:
    actor = ACTORS[who](city)
    for filters in (
        RosterFilters(),
        RosterFilters(roster="enterprise"),
        RosterFilters(ownership="unknown", operating=True),
        RosterFilters(screening="in", counts_in_base=True),
        RosterFilters(evidence="confirmed"),
        RosterFilters(unplaced=True),
        RosterFilters(placed=True),
        RosterFilters(county=city.county.pk),
        RosterFilters(overlay=city.park.pk),
    ):
        with acting(actor):
            found = find(actor=actor, filters=filters, start=0, size=50)
            kept = counts.total(actor=actor, filters=filters)
        assert kept is None or (kept.entities, kept.unknown) == (found.count, found.unknown), filters
        assert (kept is None) == (who in {"community", "park"})


@pytest.mark.parametrize("who", list(ACTORS))
def test_the_figures_of_a_page_add_up_to_the_rows(city: SmallCity, who: str) -> None:
    actor = ACTORS[who](city)
    with acting(actor):
        held = counts.figures(actor=actor)
        rows = list(Entity.objects.in_scope(actor))
    for roster in ("enterprise", "social", "small"):
        mine = [row for row in rows if row.roster == roster]
        figures = held.get(roster, counts.Figures())
        assert figures.total == len(mine)
        assert figures.in_base == sum(row.counts_in_base for row in mine)
        assert figures.unplaced == sum(row.operating and not row.town_id and not row.overlay_id for row in mine)
        levels = (figures.overlay, figures.community, figures.town, figures.county, figures.nowhere)
        assert sum(levels) == figures.total


@pytest.mark.django_db(transaction=True)
def test_an_unset_scope_shows_nothing(city: SmallCity) -> None:
    actor = ACTORS["city"](city)
    assert find(actor=actor, filters=RosterFilters(), start=0, size=50).ids == []
    assert counts.total(actor=actor, filters=RosterFilters()) == counts.KeptTotal(0, 0)


def test_without_the_permission_there_is_no_list(city: SmallCity) -> None:
    with acting(local_operator()), pytest.raises(NotPermitted):
        roster_page(actor=city.actor(Role.AUDITOR, place=city.city), filters=RosterFilters(), number=1, size=20)


def test_the_parts_of_a_scope_exclude_one_another(city: SmallCity) -> None:
    actor = ACTORS["county and office"](city)
    with acting(local_operator()):
        parts = [set(Entity.objects.filter(part).values_list("pk", flat=True)) for part in scope_parts(actor)]
        whole = set(Entity.objects.in_scope(actor).values_list("pk", flat=True))
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(whole)


def test_outside_of_ids_is_everything_else_and_null(city: SmallCity) -> None:
    with acting(local_operator()):
        inside = Entity.objects.filter(county_id__in=[city.county.pk])
        others = Entity.objects.filter(outside("county_id", [city.county.pk]))
        both = Entity.objects.filter(outside("county_id", [city.county.pk, city.other_county.pk]))
        assert inside.count() + others.count() == Entity.objects.count()
        assert list(both) == list(Entity.objects.filter(Q(county_id__isnull=True)))
