"""A run keeps, beside each row, the units that a Party organization's row names."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import Entity, EntitySource
from jingwei.core.permissions import Actor, Role
from jingwei.linkage import selectors, services
from jingwei.linkage.models import LinkRun, ProposedLink
from tests.branches.lists import CHIPS, TEA, firm, party
from tests.city import NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
JOINT = "中共安澜市书院第1联合支部委员会"
CODE = "91990102MA0000015T"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def propose(city: SmallCity, by: Actor) -> LinkRun:
    firm(city, CHIPS, uscc=CODE)
    firm(city, TEA)
    party(city, JOINT, TEA, CODE, "安澜衡川电子科技", "云栖连锁", form="联合组建")
    return services.propose(as_of=TODAY, by=by, on=NOW, place_id=city.city.pk, body_id=city.office.pk)


def test_covered_units_are_parts_of_their_row_in_the_order_of_the_list(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        run = propose(small_city, clerk)
        parts = ProposedLink.objects.filter(run=run, part__gt=0).order_by("part")
        assert [(link.part, link.spelt, link.rule, link.needs_review) for link in parts] == [
            (1, TEA, "name_unique", False),
            (2, CODE, "code_only", False),
            (3, "安澜衡川电子科技", "name_core", True),
            (4, "云栖连锁", "unit_unknown", True),
        ]
        assert [link.cluster is None for link in parts] == [False, False, False, True]


def test_the_figures_and_samples_of_a_run_speak_of_rows_alone(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        run = propose(small_city, clerk)
        assert run.counts == {"own": {"rows": 3, "review": 0}}
        assert [(ground.rows, ground.sample) for ground in selectors.grounds(run=run, actor=clerk)] == [(3, ())]


def test_covered_units_found_no_entity_and_join_none(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        run = services.approve(run=propose(small_city, clerk), by=clerk, on=NOW)
        roster.build(run=run, by=clerk, on=NOW)
        assert sorted(Entity.objects.values_list("name", flat=True)) == sorted([CHIPS, TEA])
        assert EntitySource.objects.count() == 2
