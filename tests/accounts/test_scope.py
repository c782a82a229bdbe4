"""What grants resolve to: permissions, places, bodies."""

from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.models import Grant, User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import SCOPED, actor_for, reach
from jingwei.core.permissions import ROLES, Actor, Permission, Role, local_operator
from jingwei.places.models import Place
from tests.city import ALWAYS, NOW, TODAY, SmallCity, make_place

pytestmark = pytest.mark.django_db


def scope(actor: Actor) -> tuple[bool, set[int], set[int]]:
    return actor.everything, set(actor.place_ids), set(actor.body_ids)


def test_a_grant_on_the_city_reaches_everything_without_a_list(small_city: SmallCity) -> None:
    assert scope(small_city.actor(Role.CLERK, place=small_city.city)) == (True, set(), set())


def test_a_grant_on_a_county_reaches_its_towns_communities_and_overlays(small_city: SmallCity) -> None:
    actor = small_city.actor(Role.CLERK, place=small_city.county)
    inside = {small_city.county, small_city.town, small_city.other_town, small_city.community, small_city.park}
    assert scope(actor) == (False, {place.pk for place in inside}, set())
    assert (actor.county_ids, actor.town_ids) == ((small_city.county.pk,), ())


def test_a_grant_on_a_town_reaches_its_communities(small_city: SmallCity) -> None:
    actor = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    assert scope(actor) == (False, {small_city.town.pk, small_city.community.pk}, set())
    assert (actor.county_ids, actor.town_ids) == ((), (small_city.town.pk,))


@pytest.mark.parametrize("name", ["community", "park"])
def test_a_grant_on_a_community_or_an_overlay_reaches_that_alone(small_city: SmallCity, name: str) -> None:
    place = getattr(small_city, name)
    actor = small_city.actor(Role.TERRITORIAL_BODY, place=place)
    assert scope(actor) == (False, {place.pk}, set())
    assert (actor.county_ids, actor.town_ids) == ((), ())


def test_a_grant_for_a_body_reaches_the_rows_of_the_body(small_city: SmallCity) -> None:
    actor = small_city.actor(Role.INDUSTRY_OFFICER, body=small_city.industry)
    assert scope(actor) == (False, set(), {small_city.industry.pk})


@pytest.mark.parametrize("role", [role for role in Role if not ROLES[role].permissions & SCOPED])
def test_roles_without_work_on_the_roster_open_no_scope(small_city: SmallCity, role: Role) -> None:
    assert scope(small_city.actor(role, place=small_city.city)) == (False, set(), set())


def test_the_administrator_reaches_accounts_and_no_data(small_city: SmallCity) -> None:
    admin = small_city.actor(Role.ADMINISTRATOR, place=small_city.county)
    assert scope(admin) == (False, set(), set())
    assert reach(admin, Permission.GRANTS_EDIT, on=TODAY).covers(place_id=small_city.town.pk)
    assert not reach(admin, Permission.GRANTS_EDIT, on=TODAY).covers(place_id=small_city.far_town.pk)
    assert not reach(admin, Permission.ROSTER_VIEW, on=TODAY).covers(place_id=small_city.town.pk)


def test_the_local_operator_reaches_everything_without_a_query(small_city: SmallCity) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert reach(local_operator(), Permission.GRANTS_EDIT, on=TODAY).covers(place_id=None)
    assert len(captured) == 0


def test_an_actor_is_resolved_by_one_query_with_the_name_of_his_unit(small_city: SmallCity) -> None:
    user = User.objects.get(pk=small_city.user("a", Role.CLERK, place=small_city.county).pk)
    with CaptureQueriesContext(connection) as captured:
        actor = actor_for(user, on=TODAY)
    assert len(captured) == 1
    assert actor.unit_name == small_city.office.name


def test_settings_of_one_transaction_do_not_reach_the_next(small_city: SmallCity) -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('jw.everything', true)")
            return cursor.fetchone()[0] or ""

    # The test itself runs inside a transaction, so this one is rolled back like a failed request.
    with transaction.atomic():
        with acting(small_city.actor(Role.CLERK, place=small_city.city)):
            assert setting() == "on"
        transaction.set_rollback(True)
    assert setting() == ""


roles = st.sampled_from([Role.CLERK, Role.TOWN_ORGANIZER, Role.INDUSTRY_OFFICER, Role.AUDITOR, Role.MEMBER])
trees = st.lists(st.integers(0, 5), min_size=1, max_size=9)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees, given_to=st.lists(st.tuples(roles, st.integers(0, 9)), max_size=4))
def test_scope_is_exactly_the_subtrees_of_the_grants_that_work_on_the_roster(
    db: None, tree: list[int], given_to: list[tuple[Role, int]]
) -> None:
    with transaction.atomic():
        places = grow(tree)
        user = User.objects.create(username="u", name="u", created_at=NOW)
        for role, number in given_to:
            place = places[number % len(places)]
            Grant.objects.create(user=user, role=role, place=place, valid=ALWAYS, granted_by="x", granted_at=NOW)
        actor = actor_for(user, on=TODAY)
        tops = [places[number % len(places)] for role, number in given_to if ROLES[role].permissions & SCOPED]
        below = {p.pk for p in places for top in tops if top.parent_id and p.path.startswith(f"{top.path}.")}
        assert actor.everything == any(top.parent_id is None for top in tops)
        assert set(actor.place_ids) == below | {top.pk for top in tops if top.parent_id}
        assert actor.permissions == frozenset().union(*(ROLES[role].permissions for role, _ in given_to))
        transaction.set_rollback(True)


def grow(choices: list[int]) -> list[Place]:
    """A random tree: every place hangs under an earlier one that is high enough."""
    kinds = Place.ADMINISTRATIVE
    places = [make_place(kinds[0], "市", None)]
    for number, choice in enumerate(choices):
        parents = [place for place in places if place.kind != kinds[-1]]
        parent = parents[choice % len(parents)]
        kind = dict(pairwise(kinds))[Place.Kind(parent.kind)]
        places.append(make_place(kind, f"地{number}", parent))
    return places
