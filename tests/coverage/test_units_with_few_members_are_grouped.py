"""The simple grouping in the stored verdicts."""

import pytest

from jingwei.base_roster.models import Entity
from jingwei.coverage import services
from jingwei.coverage.joint_groups import read_name
from jingwei.coverage.models import Verdict
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import compute, make_unit

pytestmark = pytest.mark.django_db


def proposals() -> dict[int, str]:
    return dict(Verdict.objects.exclude(proposal="").values_list("entity_id", "proposal"))


def test_neighbours_of_one_trade_get_one_group_and_a_park_goes_before_the_town(whole_city: SmallCity) -> None:
    city = whole_city
    in_town = [make_unit(city, f"安澜镇街{n}有限公司", 1, 0, industry_code="C13") for n in range(3)]
    in_park = [make_unit(city, f"安澜园区{n}有限公司", 1, 0, industry_code="C13", overlay=city.park) for n in range(3)]
    compute()
    assert services.group(day=TODAY, on=NOW) == 6
    found = proposals()
    assert {found[unit.pk] for unit in in_town} == {f"{city.town.pk}/C/1"}
    assert {found[unit.pk] for unit in in_park} == {f"{city.park.pk}/C/1"}
    name = read_name(found[in_town[0].pk])
    assert name is not None
    assert name.zh == "制造业第 1 组"


def test_running_again_changes_nothing_and_who_left_loses_the_group(whole_city: SmallCity) -> None:
    units = [make_unit(whole_city, f"安澜{n}号有限公司", 1, 0) for n in range(4)]
    compute()
    services.group(day=TODAY, on=NOW)
    assert services.group(day=TODAY, on=NOW) == 0
    Entity.objects.filter(pk=units[0].pk).update(full_members=3)
    compute()
    services.group(day=TODAY, on=NOW)
    assert set(proposals()) == {unit.pk for unit in units[1:]}


def test_units_that_are_not_placed_or_better_attached_get_none(whole_city: SmallCity) -> None:
    for n in range(3):
        make_unit(whole_city, f"安澜无落点{n}有限公司", 1, 0, place=whole_city.county, town=None)
        make_unit(whole_city, f"安澜分公司{n}", 1, 0, legal_form="branch_office", roster="other")
    compute()
    services.group(day=TODAY, on=NOW)
    assert proposals() == {}
