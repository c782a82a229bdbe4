"""Figures by state, by form and by area are counted from the same rows."""

from typing import Any

import pytest

from jingwei.accounts.scope import acting
from jingwei.core.permissions import Actor, Role, local_operator
from jingwei.coverage.overview import Overview, overview
from jingwei.coverage.overview_pages import percent
from tests.base_roster.entities import elsewhere, make_entity, unplaced
from tests.city import TODAY, SmallCity
from tests.coverage.units import compute, make_organization, make_unit

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    base: dict[str, Any] = {"counts_in_base": True, "screening": "in", "ownership": "non_public"}
    with acting(OPERATOR):
        own = make_unit(small_city, "安澜单建有限公司", 3, 0, **base)
        joint = make_unit(small_city, "安澜联建有限公司", 4, 0, overlay=small_city.park, **base)
        posted = make_unit(small_city, "安澜派驻有限公司", 0, 0, **(base | {"ownership": "unknown"}))
        make_entity(small_city, "安澜未知有限公司", **base)
        make_unit(small_city, "安澜不计有限公司", 3, 0)
        unplaced(small_city, "安澜无落点有限公司", full_members=1, probationary_members=0)
        elsewhere(small_city, "白鹭空白有限公司", full_members=0, probationary_members=0, **base)
        make_organization(small_city, "安澜单建党支部", own)
        make_organization(small_city, "安澜联合党支部", joint, form="joint")
        make_organization(small_city, "安澜功能型党支部", posted, form="functional")
        compute()
    return small_city


def seen(actor: Actor, **where: Any) -> Overview:
    with acting(actor):
        return overview(actor=actor, on=TODAY, **where)


def test_coverage_is_counted_in_the_base_and_duties_in_all(city: SmallCity) -> None:
    whole = seen(OPERATOR).whole
    assert (whole.entities, whole.base) == (7, 5)
    assert (whole.base_covered, whole.base_work) == (2, 3)
    assert (whole.base_unknown, whole.base_canvass) == (1, 1)
    assert dict(whole.states) == {"covered": 1, "should": 2, "work": 1, "canvass": 1, "few": 1, "blank": 1}
    assert (whole.forms["branch"], whole.forms["joint"], whole.forms["functional"]) == (1, 1, 1)


def test_counties_add_up_to_the_city(city: SmallCity) -> None:
    found = seen(OPERATOR)
    assert found.by_county
    assert [(area.name, area.tally.entities) for area in found.areas] == [("青岚区", 6), ("白鹭县", 1)]
    assert sum(area.tally.base_covered for area in found.areas) == found.whole.base_covered


def test_towns_and_parks_add_up_to_the_county_with_what_lies_in_none(city: SmallCity) -> None:
    found = seen(OPERATOR, county=city.county)
    assert [(area.name, area.tally.entities) for area in found.areas] == [
        ("书院街道", 4), ("高新产业园", 1), ("未落到以上区域", 1),
    ]  # fmt: skip
    assert found.whole.entities == 6


def test_a_town_sees_its_own_and_nothing_else(city: SmallCity) -> None:
    found = seen(city.actor(Role.TOWN_ORGANIZER, place=city.far_town))
    assert [(area.name, area.tally.states["blank"]) for area in found.areas] == [("石桥镇", 1)]
    assert found.whole.entities == 1


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1029, 15388, "6.69"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (5, 5, "100.00"), (0, 0, None)],
)
def test_a_rate_has_two_decimals_half_up_and_nothing_has_none(part: int, whole: int, text: str | None) -> None:
    assert percent(part, whole) == text
