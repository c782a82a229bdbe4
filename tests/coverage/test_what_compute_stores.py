"""The decision on every entity, stored in its two columns and in its verdict."""

from datetime import date

import pytest

from jingwei.base_roster.models import Entity
from jingwei.coverage import services
from jingwei.coverage.models import Verdict
from jingwei.coverage.selectors import explain
from tests.base_roster.entities import make_entity
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import FIRST_LIST, columns_of, compute, make_organization, make_unit

pytestmark = pytest.mark.django_db


def test_each_state_follows_from_members_and_organizations(whole_city: SmallCity) -> None:
    city = whole_city
    units = {
        "should": make_unit(city, "安澜应建有限公司", 4, 1),
        "joint": make_unit(city, "安澜联建大户有限公司", 3, 0),
        "covered": make_unit(city, "安澜单建有限公司", 5, 0),
        "few": make_unit(city, "安澜两名党员有限公司", 2, 0),
        "blank": make_unit(city, "安澜没有党员有限公司", 0, 0),
        "work": make_unit(city, "安澜派驻有限公司", 0, 0),
        "canvass": make_entity(city, "安澜未知有限公司"),
        "closed": make_unit(city, "安澜注销有限公司", 6, 0, operating=False, state="cancelled"),
    }
    make_organization(city, "安澜联合党支部", units["joint"], form="joint")
    make_organization(city, "安澜单建党支部", units["covered"])
    make_organization(city, "安澜功能型党支部", units["work"], form="functional")
    assert compute() == len(units)
    assert {name: columns_of(unit) for name, unit in units.items()} == {
        "should": ("none", "should"), "joint": ("joint", "should"), "covered": ("branch", "covered"),
        "few": ("none", "few"), "blank": ("none", "blank"), "work": ("functional", "work"),
        "canvass": ("none", "canvass"), "closed": ("none", "closed"),
    }  # fmt: skip


def test_screening_plays_no_part_in_the_duty(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜六人有限公司", 3, 0, screening="out", staff=6)
    compute()
    assert columns_of(unit) == ("none", "should")


def test_only_entities_with_a_member_or_an_organization_get_a_verdict(whole_city: SmallCity) -> None:
    few = make_unit(whole_city, "安澜一名党员有限公司", 1, 0)
    posted = make_unit(whole_city, "安澜派驻有限公司", 0, 0)
    make_unit(whole_city, "安澜没有党员有限公司", 0, 0)
    make_entity(whole_city, "安澜未知有限公司")
    make_unit(whole_city, "安澜注销有限公司", 6, 0, operating=False, state="cancelled")
    organization = make_organization(whole_city, "安澜功能型党支部", posted, form="functional")
    compute()
    found = {verdict.entity_id: verdict for verdict in Verdict.objects.all()}
    assert set(found) == {few.pk, posted.pk}
    assert (found[few.pk].fit, found[few.pk].status, found[few.pk].due_since) == ("joint", "unmet", None)
    assert found[posted.pk].organization_id == organization.pk


def test_a_covering_that_waits_for_a_person_covers_nobody(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜待核有限公司", 1, 0)
    organization = make_organization(whole_city, "安澜联合党支部", unit, form="joint")
    organization.covered.update(waits=True)
    compute()
    assert columns_of(unit) == ("none", "few")


def test_an_organization_that_has_ended_covers_no_longer(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜曾建有限公司", 3, 0)
    make_organization(whole_city, "安澜旧党支部", unit, until=date(2026, 9, 30))
    compute()
    assert columns_of(unit) == ("none", "should")


def test_single_entities_are_decided_without_the_others(whole_city: SmallCity) -> None:
    first, second = make_unit(whole_city, "安澜甲有限公司", 3, 0), make_unit(whole_city, "安澜乙有限公司", 3, 0)
    assert compute(first) == 1
    assert columns_of(first) == ("none", "should")
    assert columns_of(second) == ("none", "canvass")


def test_a_second_run_writes_nothing(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜应建有限公司", 4, 1)
    compute()
    before = Verdict.objects.values().get(pk=unit.pk)
    versions = _row_version(unit)
    services.compute(on=NOW.replace(hour=9), day=TODAY)
    assert Verdict.objects.values().get(pk=unit.pk) == before
    assert _row_version(unit) == versions


def test_a_verdict_goes_when_its_ground_is_gone(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜应建有限公司", 4, 1)
    compute()
    Entity.objects.filter(pk=unit.pk).update(full_members=None, probationary_members=None)
    compute()
    assert not Verdict.objects.exists()
    assert columns_of(unit) == ("none", "canvass")


def test_the_page_of_an_entity_decides_the_same_as_the_list(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜联建有限公司", 4, 0)
    organization = make_organization(whole_city, "安澜联合党支部", unit, form="joint")
    compute()
    unit.refresh_from_db()
    decision = explain(entity=unit, on=TODAY)
    assert (decision.covered_as, decision.state) == (unit.covered_as, unit.coverage_state)
    assert decision.organization_id == organization.pk
    assert decision.rule == Verdict.objects.get().rule


def test_differences_finds_what_was_changed_behind_its_back(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜应建有限公司", 4, 1)
    compute()
    assert services.differences(on=NOW) == []
    Entity.objects.filter(pk=unit.pk).update(coverage_state="covered")
    Verdict.objects.update(due_since=FIRST_LIST.replace(month=1))
    assert services.differences(on=NOW) == [(unit.pk, ["coverage_state", "verdict"])]
    compute()
    assert services.differences(on=NOW) == []


def _row_version(unit: Entity) -> list[str]:
    rows = [
        Entity.objects.raw("SELECT id, xmin::text AS version FROM base_roster_entity WHERE id = %s", [unit.pk]),
        Verdict.objects.raw("SELECT entity_id, xmin::text AS version FROM coverage_verdict WHERE entity_id = %s", [unit.pk]),
    ]  # fmt: skip
    return [found[0].version for found in rows]  # type: ignore[attr-defined]
