"""Two clerks who merge the same two entities at the same moment: one does, the other is told."""

import threading

import pytest
from django.db import connections

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Merge
from jingwei.base_roster.services import merging
from jingwei.core.permissions import Actor, Role
from jingwei.core.refusal import Refused
from tests.base_roster.merges import same_firm
from tests.city import NOW, SmallCity


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [False, True])
def test_of_two_at_the_same_moment_one_merges_and_one_is_told(small_city: SmallCity, crossed: bool) -> None:
    first, second = (
        small_city.actor(role, place=small_city.city) for role in (Role.CLERK, Role.SOCIAL_WORK_DEPARTMENT)
    )
    with acting(first):
        twins = same_firm(small_city, first)
        kept, gone = twins.kept, twins.gone
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def merge(actor: Actor, pair: tuple[Entity, Entity]) -> None:
        ready.wait(timeout=20)
        try:
            with acting(actor):
                merging.merge(kept=pair[0], gone=pair[1], by=actor, on=NOW, reason="同一家")
                outcomes.append("merged")
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connections["default"].close()

    pairs = ((kept, gone), (gone, kept) if crossed else (kept, gone))
    threads = [
        threading.Thread(target=merge, args=(actor, pair)) for actor, pair in zip((first, second), pairs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted("merged" if outcome == "merged" else "told" for outcome in outcomes) == ["merged", "told"]
    assert any("已由" in outcome for outcome in outcomes)
    with acting(first):
        assert (Merge.objects.count(), Entity.objects.count()) == (1, 1)
