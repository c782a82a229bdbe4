"""A frozen version of the base roster: a number and a hash over the ids that count."""

import hashlib

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity, RosterVersion
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role
from tests.base_roster.lists import build_roster, make_unit
from tests.city import NOW, TODAY, SmallCity


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def counted(small_city: SmallCity, clerk: Actor) -> list[int]:
    """Ids of three entities, of which the first two count."""
    with acting(clerk):
        units = [make_unit(small_city, "market", name=f"安澜{letter}有限公司") for letter in "甲乙丙"]
        build_roster(small_city, [[unit] for unit in units], clerk)
        ids = list(Entity.objects.order_by("pk").values_list("pk", flat=True))
        Entity.objects.filter(pk__in=ids[:2]).update(counts_in_base=True)
    return ids


def freeze(by: Actor) -> RosterVersion:
    return services.freeze(as_of=TODAY, by=by, on=NOW)


def test_numbers_ascend_from_one(clerk: Actor, counted: list[int]) -> None:
    with acting(clerk):
        assert [freeze(clerk).number for _ in range(3)] == [1, 2, 3]


def test_the_hash_covers_the_ids_that_count_and_nothing_else(clerk: Actor, counted: list[int]) -> None:
    with acting(clerk):
        version = freeze(clerk)
    expected = hashlib.sha256("".join(f"{pk}\n" for pk in counted[:2]).encode()).hexdigest()
    assert (version.entities, version.hash, version.as_of, version.frozen_by) == (2, expected, TODAY, clerk.name)


def test_the_same_entities_give_the_same_hash_and_others_give_another(clerk: Actor, counted: list[int]) -> None:
    with acting(clerk):
        first, second = freeze(clerk), freeze(clerk)
        Entity.objects.filter(pk=counted[0]).update(counts_in_base=False)
        Entity.objects.filter(pk=counted[2]).update(counts_in_base=True)
        third = freeze(clerk)
    assert first.hash == second.hash != third.hash
    assert third.entities == first.entities


def test_a_change_that_leaves_the_ids_leaves_the_hash(clerk: Actor, counted: list[int]) -> None:
    with acting(clerk):
        before = freeze(clerk).hash
        Entity.objects.update(staff=7)
        assert freeze(clerk).hash == before


def test_only_a_clerk_of_the_whole_city_freezes_or_rebuilds(small_city: SmallCity, clerk: Actor) -> None:
    county_clerk = small_city.actor(Role.CLERK, place=small_city.county)
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.city)
    for actor in (county_clerk, organizer):
        with acting(actor):
            with pytest.raises(NotPermitted):
                freeze(actor)
            with pytest.raises(NotPermitted):
                services.rebuild(by=actor, on=NOW)
    assert not RosterVersion.objects.exists()


def test_a_freeze_leaves_a_journal_row(clerk: Actor, counted: list[int]) -> None:
    with acting(clerk):
        version = freeze(clerk)
    row = JournalEntry.objects.get(verb="base_roster.freeze")
    assert (row.subject_id, row.detail, row.actor_id) == (str(version.pk), {"entities": 2}, clerk.user_id)
