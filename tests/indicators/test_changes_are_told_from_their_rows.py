"""Which rows entered or left a figure between two snapshots, and why."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Role
from jingwei.core.refusal import Refused
from jingwei.coverage.models import NoticeLetter
from jingwei.domain.indicators import Cut, definitions
from jingwei.indicators import selectors
from jingwei.indicators.models import Snapshot
from jingwei.indicators.readings import Difference
from tests.city import SmallCity
from tests.indicators.rows import NOVEMBER, WHOLE, as_whole_city, firm, letter, organization, take

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOVEMBER_1 = date(2026, 11, 1)


def told(
    first: Snapshot, second: Snapshot, indicator: str, cut: Cut = Cut.TOTAL, member: str = ""
) -> dict[tuple[str, str], Difference]:
    found = selectors.difference_rows(snapshot=second, compared=first, indicator=indicator, cut=cut, member=member)
    return {(item.name, item.part): item for item in found}


def change(entity: Entity, **columns: object) -> None:
    Entity.objects.filter(pk=entity.pk).update(**columns)


def test_nothing_is_told_where_nothing_changed(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first, second = take(), take(NOVEMBER, 30)
        assert told(first, second, "COV-ORG") == {}


def test_a_new_firm_enters_and_one_that_closed_leaves(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        first = take()
        firm(small_city, "安澜新设有限公司", founded_on=date(2026, 11, 3))
        change(rows["joint"], operating=False, state="cancelled", counts_in_base=False, screening="out",
               coverage_state="closed")  # fmt: skip
        found = told(first, take(NOVEMBER, 30), "COV-ORG")
    entered = found["安澜新设有限公司", "denominator"]
    assert (entered.entered, entered.amount, entered.causes) == (True, 1, ("arrived",))
    assert entered.causes_zh == ("新纳入名册（2026-11-03 成立）",)
    left = found["安澜岚汀商贸有限公司", "numerator"]
    assert (left.entered, left.causes[0], left.causes_zh[0]) == (False, "closed", "登记状态由存续变为注销")
    assert ("安澜岚汀商贸有限公司", "denominator") in found
    assert len(found) == 3


def test_a_branch_that_was_set_up_is_named_with_its_day(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        first = take()
        organization(small_city, "安澜沐禾制造有限公司党支部", rows["should"], founded_on=date(2026, 11, 12),
                     valid=DateRange(date(2026, 11, 12), None))  # fmt: skip
        change(rows["should"], covered_as="branch", coverage_state="covered")
        second = take(NOVEMBER, 30)
        found = told(first, second, "COV-ORG")
        left = told(first, second, "COV-SHOULD")
    assert list(found) == [("安澜沐禾制造有限公司", "numerator")]
    assert found["安澜沐禾制造有限公司", "numerator"].causes_zh == (
        "覆盖形式由无变为单独党支部",
        "由“安澜沐禾制造有限公司党支部”覆盖（2026-11-12 成立）",
    )
    assert not left["安澜沐禾制造有限公司", "numerator"].entered


def test_a_branch_that_ended_or_lost_a_unit_is_named(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first = take()
        ended = Organization.objects.get(name="安澜衡川科技有限公司党支部")
        Organization.objects.filter(pk=ended.pk).update(valid=DateRange(ended.valid.lower, NOVEMBER_1))
        held = CoveredUnit.objects.get(entity=rows["joint"])
        CoveredUnit.objects.filter(pk=held.pk).update(valid=DateRange(held.valid.lower, NOVEMBER_1))
        for name in ("own", "joint"):
            change(rows[name], covered_as="none", coverage_state="should")
        found = told(first, take(NOVEMBER, 30), "COV-ORG")
    assert found["安澜衡川科技有限公司", "numerator"].causes_zh[-1] == "“安澜衡川科技有限公司党支部”已终止"
    assert found["安澜岚汀商贸有限公司", "numerator"].causes_zh[-1] == "“岚汀片区联合党支部”不再覆盖"


def test_a_move_matters_in_the_groups_of_places_only(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        first = take()
        change(rows["few"], place=small_city.other_town, town=small_city.other_town)
        second = take(NOVEMBER, 30)
        left = told(first, second, "BASE-N", Cut.AREA, str(small_city.town.pk))
        entered = told(first, second, "BASE-N", Cut.AREA, str(small_city.other_town.pk))
        assert told(first, second, "BASE-N") == {}
    name = ("安澜霁栖软件有限公司", "numerator")
    assert (left[name].entered, entered[name].entered) == (False, True)
    assert left[name].causes_zh == entered[name].causes_zh == ("镇街、园区由书院街道改为临江街道",)


def test_a_counted_member_is_told_with_before_and_after(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first = take()
        change(rows["few"], full_members=3, coverage_state="should")
        change(rows["canvass"], full_members=0, probationary_members=0, coverage_state="blank")
        second = take(NOVEMBER, 30)
        assert told(first, second, "IND-01")["安澜霁栖软件有限公司", "numerator"].causes_zh == ("正式党员由 2 变为 3",)
        assert told(first, second, "COV-CANVASS")["安澜云栖物流有限公司", "numerator"].causes_zh == (
            "正式党员由未知变为 0",
            "预备党员由未知变为 0",
        )


def test_a_sum_tells_by_how_much_a_row_changed_it(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first = take()
        change(rows["own"], staff=100, probationary_members=3)
        found = told(first, take(NOVEMBER, 30), "IND-02")
    members, staff = found["安澜衡川科技有限公司", "numerator"], found["安澜衡川科技有限公司", "denominator"]
    assert (members.entered, members.amount) == (True, 2)
    assert (staff.entered, staff.amount) == (False, 20)
    assert "职工数由 120 变为 100" in staff.causes_zh


def test_the_differences_make_up_the_difference_of_the_figures(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        first = take()
        firm(small_city, "安澜新设有限公司", covered_as="joint", coverage_state="covered", full_members=1)
        change(rows["should"], covered_as="branch", coverage_state="covered")
        change(rows["own"], covered_as="none", staff=3, counts_in_base=False, screening="out")
        rows["pending"].delete()
        second = take(NOVEMBER, 30)
        figures = {
            taken: {item.indicator: item for item in selectors.figures(snapshot=taken)} for taken in (first, second)
        }
        for item in definitions().values():
            if not item.is_counted:
                continue
            found = selectors.difference_rows(snapshot=second, compared=first, indicator=item.id)
            for part in ("numerator", "denominator"):
                step = sum(row.amount if row.entered else -row.amount for row in found if row.part == part)
                now, before = (getattr(figures[taken][item.id], part) or 0 for taken in (second, first))
                assert step == now - before, item.id


def test_organizations_and_letters_are_told_too(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        first = take()
        organization(
            small_city, "安澜新建党支部", founded_on=date(2026, 11, 5), valid=DateRange(date(2026, 11, 5), None)
        )
        NoticeLetter.objects.filter(entity=rows["should"]).update(answered_on=date(2026, 11, 6), answer="agreed")
        letter(rows["own"], "安社函〔2026〕3 号")
        NoticeLetter.objects.filter(number="安社函〔2026〕3 号").update(issued_on=date(2026, 11, 20))
        second = take(NOVEMBER, 30)
        assert told(first, second, "ORG-N")["安澜新建党支部", "numerator"].causes_zh == (
            "新建党组织（2026-11-05 成立）",
        )
        letters = told(first, second, "IND-06")
    assert letters["安澜沐禾制造有限公司", "numerator"].entered
    assert letters["安澜衡川科技有限公司", "denominator"].entered


def test_a_county_is_told_of_its_own_rows(rows: dict[str, Entity], small_city: SmallCity) -> None:
    actor = small_city.actor(Role.CLERK, place=small_city.other_county)
    with as_whole_city():
        first = take()
        for name in ("far", "few"):
            change(rows[name], covered_as="branch", coverage_state="covered")
        second = take(NOVEMBER, 30)
    with acting(actor):
        found = selectors.difference_rows(snapshot=second, compared=first, indicator="COV-ORG", actor=actor)
    assert [item.name for item in found] == ["白鹭惠邻教育有限公司"]


def test_comparisons_and_later_snapshots_are_refused(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first, second = take(), take(NOVEMBER, 30)
        with pytest.raises(Refused, match="没有可以逐户比较的明细"):
            told(first, second, "IND-13")
        with pytest.raises(Refused, match="更早的快照"):
            told(second, first, "COV-ORG")
        assert (
            selectors.drill(actor=WHOLE, snapshot=first, indicator="ORG-N", part="numerator", on=NOVEMBER_1).count == 3
        )
