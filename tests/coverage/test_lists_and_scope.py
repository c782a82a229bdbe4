"""Lists of one state: order, conditions, and who sees what."""

from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.coverage import services
from jingwei.coverage.filters import NOWHERE, UNSTATED, CoverageFilters
from jingwei.coverage.models import Cause, NoticeLetter, Verdict
from jingwei.coverage.selectors import CoveragePage, coverage_page
from tests.base_roster.entities import elsewhere
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import compute, counted, make_organization, make_unit

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    """Four entities that ought to have an organization, one of them in a park and one in the other county."""
    with acting(OPERATOR):
        make_unit(small_city, "安澜书院物流有限公司", 3, 0, counts_in_base=True)
        make_unit(small_city, "安澜园区制造有限公司", 60, 0, overlay=small_city.park)
        late = make_unit(small_city, "安澜新近达标有限公司", 2, 0, roster="social", legal_form="law_firm")
        counted(late, 4, date(2026, 10, 20))
        Entity.objects.filter(pk=late.pk).update(full_members=4)
        elsewhere(small_city, "白鹭石桥建材有限公司", full_members=3)
        compute()
    return small_city


def page_of(actor: Actor, **conditions: object) -> CoveragePage:
    with acting(actor):
        filters = CoverageFilters(**({"state": "should"} | conditions))  # type: ignore[arg-type]
        return coverage_page(actor=actor, filters=filters, day=TODAY, number=1, size=50)


def names(page: CoveragePage) -> list[str]:
    return [row.name[2:4] for row in page.rows]


def test_the_oldest_duty_comes_first_with_its_age_in_days(city: SmallCity) -> None:
    page = page_of(OPERATOR)
    assert names(page)[:3] == ["书院", "园区", "新近"]
    assert [row.age(TODAY) for row in page.rows] == [92, 92, 11, 0]
    assert page.count == 4


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"text": "物流"}, {"书院"}),
        ({"roster": "social"}, {"新近"}),
        ({"fit": "general_branch"}, {"园区"}),
        ({"days": 30}, {"书院", "园区"}),
        ({"in_base": True}, {"书院"}),
        ({"cause": UNSTATED}, {"书院", "园区", "新近", "石桥"}),
        ({"cause": "owner"}, set()),
        ({"letter": "none"}, {"书院", "园区", "新近", "石桥"}),
        ({"area": NOWHERE}, set()),
        ({"state": "few"}, set()),
    ],
)  # fmt: skip
def test_each_condition_narrows(city: SmallCity, conditions: dict[str, object], found: set[str]) -> None:
    assert set(names(page_of(OPERATOR, **conditions))) == found


def test_a_town_leaves_out_what_lies_in_a_responsible_park(city: SmallCity) -> None:
    assert set(names(page_of(OPERATOR, area=city.town.pk))) == {"书院", "新近"}
    assert names(page_of(OPERATOR, area=city.park.pk)) == ["园区"]
    assert names(page_of(OPERATOR, county=city.other_county.pk)) == ["石桥"]


def test_causes_and_letters_are_shown_and_narrow(city: SmallCity) -> None:
    with acting(OPERATOR):
        first = Entity.objects.get(name="安澜书院物流有限公司")
        services.state_cause(entity=first, kind="owner", note="", by=OPERATOR, on=NOW)
        services.state_cause(entity=first, kind="superior", note="", by=OPERATOR, on=NOW)
        letter = services.issue_letter(entity=first, by=OPERATOR, on=NOW)
    assert names(page_of(OPERATOR, cause="superior")) == ["书院"]
    assert names(page_of(OPERATOR, cause="owner")) == []
    row = page_of(OPERATOR, letter="waiting").rows[0]
    assert (row.cause, row.letter) == (
        "superior",
        {"id": letter.pk, "number": letter.number, "reply_due_on": "2026-11-20", "answer": "", "closed_because": ""},
    )
    assert names(page_of(OPERATOR, letter="overdue")) == []
    with acting(OPERATOR):
        NoticeLetter.objects.update(reply_due_on=date(2026, 10, 1))
    assert names(page_of(OPERATOR, letter="overdue")) == ["书院"]


def test_an_entity_with_few_members_stands_beside_its_group(city: SmallCity) -> None:
    with acting(OPERATOR):
        for n, code in enumerate(("C13", "F51", "C13", "F51", "C13", "F51")):
            make_unit(city, f"安澜少员{n}号有限公司", 1, 0, industry_code=code)
        compute()
        services.group(day=TODAY, on=NOW)
    proposals = [row.proposal for row in page_of(OPERATOR, state="few").rows]
    assert proposals == sorted(proposals)
    assert len(set(proposals)) == 2


@pytest.mark.parametrize(
    ("role", "where", "found"),
    [
        (Role.CLERK, "city", {"书院", "园区", "新近", "石桥"}),
        (Role.CLERK, "county", {"书院", "园区", "新近"}),
        (Role.TOWN_ORGANIZER, "town", {"书院", "园区", "新近"}),
        (Role.TOWN_ORGANIZER, "far_town", {"石桥"}),
        (Role.TOWN_ORGANIZER, "other_town", set()),
    ],
)
def test_each_user_sees_his_own_part(city: SmallCity, role: Role, where: str, found: set[str]) -> None:
    assert set(names(page_of(city.actor(role, place=getattr(city, where))))) == found


def test_with_the_application_filter_taken_away_the_policies_still_hold(city: SmallCity) -> None:
    with acting(OPERATOR):
        for unit in Entity.objects.all():
            services.issue_letter(entity=unit, by=OPERATOR, on=NOW)
            services.state_cause(entity=unit, kind="owner", note="", by=OPERATOR, on=NOW)
    with acting(city.actor(Role.TOWN_ORGANIZER, place=city.far_town)):
        for model in (Verdict, NoticeLetter, Cause):
            assert {row.entity.name for row in model.objects.select_related("entity")} == {"白鹭石桥建材有限公司"}
    with acting(city.actor(Role.AUDITOR, place=city.city)):
        assert not any(model.objects.exists() for model in (Verdict, NoticeLetter, Cause))


def test_a_list_needs_the_permission(city: SmallCity) -> None:
    with pytest.raises(NotPermitted):
        page_of(city.actor(Role.AUDITOR, place=city.city))


def test_an_organization_out_of_scope_still_explains_what_it_covers(city: SmallCity) -> None:
    with acting(OPERATOR):
        unit = Entity.objects.get(name="白鹭石桥建材有限公司")
        make_organization(city, "书院联合党支部", unit, form="joint")
        compute()
    row = page_of(city.actor(Role.TOWN_ORGANIZER, place=city.far_town)).rows[0]
    assert row.covered_as == "joint"
