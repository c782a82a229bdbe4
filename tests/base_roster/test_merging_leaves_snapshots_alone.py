"""Published months keep the entities that they were taken with, and the live figures follow a merge."""

import pytest
from django.db import connection

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity
from jingwei.base_roster.services import merging
from jingwei.core import journal
from jingwei.core.permissions import Actor, Role, local_operator
from jingwei.coverage.following import follow_journal
from jingwei.coverage.services import compute, differences
from jingwei.indicators.models import EntityState
from tests.base_roster.merges import Twins, make_organization, same_firm
from tests.city import NOW, TODAY, SmallCity
from tests.indicators.rows import NOVEMBER, take

PUBLISHED = ("snapshot", "figure", "entitystate", "organizationstate")


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def twins(small_city: SmallCity, clerk: Actor) -> Twins:
    with acting(clerk):
        found = same_firm(small_city, clerk)
        make_organization(small_city, found.gone)
        compute(on=NOW, day=TODAY)
    return found


def published() -> list[object]:
    with connection.cursor() as cursor:
        rows: list[object] = []
        for table in PUBLISHED:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM indicators_{table} t ORDER BY id")
            rows += cursor.fetchall()
    return rows


def follow() -> None:
    """What the jobs of a minute do."""
    with acting(local_operator("任务")):
        journal.seal()
        follow_journal(by=local_operator("任务"), on=NOW)


def test_a_snapshot_stays_byte_for_byte(clerk: Actor, twins: Twins) -> None:
    with acting(clerk):
        snapshot = take()
        gone = twins.gone.pk
        before = published()
        merge = merging.merge(kept=twins.kept, gone=twins.gone, by=clerk, on=NOW, reason="同一家")
        assert published() == before
        services.freeze(as_of=TODAY, by=clerk, on=NOW)
        assert EntityState.objects.filter(entity_id=gone, first=snapshot, last=None).exists()
        merging.unmerge(merge=merge, by=clerk, on=NOW, reason="两家")
        assert published() == before


def test_the_next_snapshot_ends_the_state_of_the_one_that_went(clerk: Actor, twins: Twins) -> None:
    with acting(clerk):
        first = take()
        gone = twins.gone.pk
        merging.merge(kept=twins.kept, gone=twins.gone, by=clerk, on=NOW, reason="同一家")
        second = take(NOVEMBER, 30)
        assert (first.entities, second.entities) == (2, 1)
        assert EntityState.objects.get(entity_id=gone).last == first


@pytest.mark.django_db(transaction=True)
def test_coverage_follows_a_merge_and_its_undoing(clerk: Actor, twins: Twins) -> None:
    with acting(clerk):
        before = list(Entity.objects.order_by("pk").values_list("pk", "covered_as", "coverage_state"))
        merge = merging.merge(kept=twins.kept, gone=twins.gone, by=clerk, on=NOW, reason="同一家")
    follow()
    with acting(clerk):
        assert twins.kept.covered_as == "branch"
        assert differences(on=NOW) == []
        merging.unmerge(merge=merge, by=clerk, on=NOW, reason="两家")
    follow()
    with acting(clerk):
        assert list(Entity.objects.order_by("pk").values_list("pk", "covered_as", "coverage_state")) == before
        assert differences(on=NOW) == []
