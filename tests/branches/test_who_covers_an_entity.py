"""Coverings by entity, for the decision on coverage."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.selectors import coverings
from jingwei.core.permissions import Actor, Role
from tests.branches.lists import CHIPS, NEXT, TEA, firm, party, take
from tests.city import TODAY, SmallCity

pytestmark = pytest.mark.django_db
OWN = f"中共{CHIPS}支部委员会"
JOINT = "中共安澜市书院第1联合支部委员会"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def ids() -> dict[str, int]:
    return dict(Entity.objects.values_list("name", "pk"))


def test_entities_come_in_order_with_every_organization_that_covers_them(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, TEA)
        firm(small_city, CHIPS)
        party(small_city, OWN, CHIPS, form="功能型")
        party(small_city, JOINT, CHIPS, TEA, form="联合组建")
        take(small_city, clerk)
        found = list(coverings(None, TODAY))
        assert [entity_id for entity_id, _ in found] == sorted(ids().values())
        forms = {entity_id: {(item.name, item.form, item.level) for item in held} for entity_id, held in found}
        assert forms[ids()[CHIPS]] == {(OWN, "functional", "branch"), (JOINT, "joint", "branch")}
        assert {item.since for _, held in found for item in held} == {TODAY}
        assert [entity_id for entity_id, _ in coverings([ids()[TEA]], TODAY)] == [ids()[TEA]]


def test_what_waits_or_has_ended_covers_nobody(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS)
        firm(small_city, TEA)
        party(small_city, JOINT, "安澜衡川电子科技", TEA, form="联合组建")
        take(small_city, clerk)
        assert [entity_id for entity_id, _ in coverings(None, TODAY)] == [ids()[TEA]]
        party(small_city, OWN, CHIPS, as_of=NEXT)
        take(small_city, clerk, NEXT)
        assert [entity_id for entity_id, _ in coverings(None, NEXT)] == [ids()[CHIPS]]
        assert [entity_id for entity_id, _ in coverings(None, TODAY)] == [ids()[TEA]]


def test_an_organization_that_names_an_entity_twice_covers_it_once(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        firm(small_city, CHIPS, uscc="91990102MA0000015T")
        party(small_city, JOINT, CHIPS, "91990102MA0000015T", form="联合组建")
        take(small_city, clerk)
        assert [len(held) for _, held in coverings(None, TODAY)] == [1]
