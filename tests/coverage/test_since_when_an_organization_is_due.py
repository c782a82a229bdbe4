"""The day from which the duty has held, from dated facts; it does not move between runs."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.base_roster.models import Entity
from jingwei.branches.models import OrganizationPeriod
from jingwei.coverage import services
from jingwei.coverage.models import Verdict
from tests.base_roster.entities import make_entity
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import FIRST_LIST, compute, counted, make_organization, make_unit

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER = date(2026, 8, 31), date(2026, 9, 30)


def due(entity: Entity) -> date | None:
    return Verdict.objects.get(pk=entity.pk).due_since


def test_it_begins_with_the_list_that_first_counted_enough_members(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜增员有限公司", 2, 0)
    counted(unit, 3, AUGUST)
    counted(unit, 5, SEPTEMBER)
    Entity.objects.filter(pk=unit.pk).update(full_members=5)
    compute()
    assert due(unit) == AUGUST


def test_a_month_below_the_number_breaks_it(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜起伏有限公司", 3, 0)
    counted(unit, 2, AUGUST)
    counted(unit, 3, SEPTEMBER)
    compute()
    assert due(unit) == SEPTEMBER


def test_it_begins_again_when_the_organization_ended(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜曾建有限公司", 3, 0)
    make_organization(whole_city, "安澜旧党支部", unit, until=SEPTEMBER)
    compute()
    assert due(unit) == SEPTEMBER


def test_it_begins_when_an_own_branch_became_a_joint_one(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜改建有限公司", 3, 0)
    organization = make_organization(whole_city, "安澜党支部", unit, form="joint")
    OrganizationPeriod.objects.all().delete()
    for form, life in (("independent", (FIRST_LIST, SEPTEMBER)), ("joint", (SEPTEMBER, None))):
        OrganizationPeriod.objects.create(
            organization=organization, form=form, level="branch", valid=DateRange(*life), recorded_at=NOW
        )
    compute()
    assert due(unit) == SEPTEMBER


def test_what_a_person_stated_counts_for_its_day(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜更正有限公司", 2, 0)
    counted(unit, 3, SEPTEMBER, by="测试")
    Entity.objects.filter(pk=unit.pk).update(full_members=3)
    compute()
    assert due(unit) == SEPTEMBER


def test_a_word_taken_back_leaves_what_the_list_says(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜撤回更正有限公司", 3, 0)
    counted(unit, 1, AUGUST, by="测试")
    counted(unit, None, SEPTEMBER, by="测试")
    compute()
    assert due(unit) == SEPTEMBER


def test_it_stays_in_later_runs(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜应建有限公司", 3, 0)
    undated = make_entity(whole_city, "安澜无日期有限公司", full_members=3)
    compute()
    services.compute(on=NOW, day=TODAY.replace(year=2027))
    assert due(unit) == FIRST_LIST
    assert due(undated) == TODAY


def test_who_is_not_due_has_no_such_day(whole_city: SmallCity) -> None:
    unit = make_unit(whole_city, "安澜单建有限公司", 3, 0)
    make_organization(whole_city, "安澜党支部", unit)
    compute()
    assert due(unit) is None
