from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Identifier, Succession
from jingwei.core.permissions import Actor, Role
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import TODAY, SmallCity

OLD_CODE, NEW_CODE = "91990102MA0000015T", "91990102MA000002XU"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_a_rename_keeps_the_entity_and_dates_both_names(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜旧名有限公司", uscc=OLD_CODE, as_of=date(2026, 9, 30))
        build_roster(small_city, [[unit]], clerk)
        number = entity_of(unit).pk
        make_unit(small_city, "market", name="安澜新名有限公司", uscc=OLD_CODE, as_of=TODAY)
        build_roster(small_city, [[unit]], clerk)
        entity = entity_of(unit)
        assert (entity.pk, entity.name) == (number, "安澜新名有限公司")
        former = Identifier.objects.get(entity=entity, kind="former_name")
        current = Identifier.objects.get(entity=entity, kind="name")
        assert (former.value, former.valid.upper) == ("安澜旧名有限公司", TODAY)
        assert (current.value, current.valid.lower) == ("安澜新名有限公司", TODAY)


def test_a_re_registration_is_a_new_entity_that_continues_the_old_one(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        same = {"name": "安澜书院茶馆", "address": "青岚区竹园路 9 号"}
        old = make_unit(small_city, "market", uscc=OLD_CODE, state="注销", founded_on="2011-03-01", **same)
        new = make_unit(small_city, "market", uscc=NEW_CODE, state="存续", founded_on="2020-05-06", **same)
        build_roster(small_city, [[old], [new]], clerk)
        assert Entity.objects.count() == 2
        link = Succession.objects.get()
        assert (link.earlier, link.later, link.since) == (entity_of(old), entity_of(new), date(2020, 5, 6))


def test_two_living_units_of_one_name_do_not_continue_each_other(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        same = {"name": "安澜书院茶馆", "state": "存续", "founded_on": "2020-05-06"}
        units = [make_unit(small_city, "market", uscc=code, **same) for code in (OLD_CODE, NEW_CODE)]
        build_roster(small_city, [[unit] for unit in units], clerk)
        assert Succession.objects.count() == 0
