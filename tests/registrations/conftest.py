"""A small roster with its keys, and a person who registers in one of its towns."""

from dataclasses import dataclass

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, Role, local_operator
from jingwei.registrations import matching, services
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import NOW, SmallCity
from tests.domain.uscc.strategies import code_of

WEAVERS = "安澜市绿源纺织有限公司"
WEAVERS_CODE = code_of("91", "990102", "MA1A2B3C")
CARRIERS = "白鹭县长风物流有限公司"


@dataclass(frozen=True)
class Roster:
    """Two entities with keys: one in the town of the county, one in the far town of the other county."""

    city: SmallCity
    near: Entity
    far: Entity
    clerk: Actor
    organizer: Actor


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    """What a process keeps of one database is of no use in the next."""
    matching._kept.clear()


@pytest.fixture
def roster(small_city: SmallCity) -> Roster:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        near = make_unit(
            small_city, "market", name=WEAVERS, uscc=WEAVERS_CODE, address="安澜市青岚区书院街道青柳路12号",
            legal_representative="苏晚晴",
        )  # fmt: skip
        far = make_unit(
            small_city, "market", name=CARRIERS, address="安澜市白鹭县石桥镇渡口街3号", legal_representative="孟知秋"
        )
        build_roster(small_city, [[near], [far]], clerk)
        Entity.objects.filter(source_links__unit=far).update(
            place=small_city.far_town, county=small_city.other_county, town=small_city.far_town, body=None
        )
        Entity.objects.filter(source_links__unit=near).update(
            place=small_city.town, county=small_city.county, town=small_city.town, body=None
        )
        entities = entity_of(near), entity_of(far)
    with acting(local_operator()):
        services.rebuild_keys(by=local_operator(), on=NOW)
    return Roster(small_city, *entities, clerk, small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town))
