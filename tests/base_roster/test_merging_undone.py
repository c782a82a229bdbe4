"""What undoing a merge brings back, and what stands in its way."""

from typing import Any

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import counts, services
from jingwei.base_roster.models import Fact, Identifier, Placement, Succession
from jingwei.base_roster.services import merging
from jingwei.branches.models import CoveredUnit
from jingwei.core.permissions import Actor, Role
from jingwei.core.refusal import Refused
from jingwei.coverage.models import NoticeLetter
from tests.base_roster.entities import make_entity
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.base_roster.merges import (
    LATER,
    NEXT,
    correct,
    everything,
    issue_letter,
    make_organization,
    merged,
    place_by_hand,
    same_firm,
    state_cause,
    undone,
)
from tests.city import NOW, TODAY, SmallCity


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_undoing_brings_every_row_back_as_it_was(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        make_organization(small_city, twins.gone)
        before = everything()
        merge = merged(twins, clerk)
        assert everything() != before
        undone(merge, clerk)
        assert everything() == before
        assert counts.drift() == 0


def test_whatever_hangs_on_either_comes_back_as_it_was(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept, twins.gone
        site = make_unit(small_city, "market", name="衡川电子书院分公司", capital="")
        build_roster(small_city, [[site]], clerk)
        for entity in (kept, gone):
            place_by_hand(entity, small_city.town, clerk, reason=entity.name)
            correct(entity, clerk, "staff", str(entity.pk))
            make_organization(small_city, entity, f"{entity.name}党支部")
            state_cause(entity, "other", entity.name)
            issue_letter(entity, entity.name)
        correct(gone, clerk, "industry_code", "C39")
        elder = make_entity(small_city, "安澜前身有限公司")
        for later in (kept, gone):
            Succession.objects.create(earlier=elder, later=later, kind="re_registration")
        Succession.objects.create(earlier=gone, later=kept, kind="conversion")
        before = everything(without=("computed_at",))
        merge = merged(twins, clerk)
        assert services.differences(on=NOW) == []
        assert Succession.objects.count() == 1
        assert set(NoticeLetter.objects.values_list("entity", flat=True)) == {kept.pk}
        undone(merge, clerk)
        assert everything(without=("computed_at",)) == before
        assert counts.drift() == 0
        assert services.differences(on=NOW) == []


def test_what_a_unit_has_said_since_goes_back_with_it(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        gone = twins.gone.pk
        merge = merged(twins, clerk)
        make_unit(
            small_city,
            "market",
            name="安澜衡川电子科技有限公司",
            uscc=twins.market.source_key,
            state="注销",
            as_of=NEXT,
        )
        make_unit(small_city, "tax", name="衡川电子", staff="40", former_names="衡川", as_of=NEXT)
        build_roster(small_city, [[twins.market], [twins.tax, twins.members]], clerk, as_of=NEXT)
        undone(merge, clerk)
        assert (twins.gone.pk, twins.gone.staff, twins.kept.staff, twins.kept.operating) == (gone, 40, None, False)
        assert set(Fact.objects.filter(kind="staff").values_list("entity", flat=True)) == {gone}
        assert Identifier.objects.get(value="衡川").entity_id == gone
        assert services.differences(on=LATER) == []


def test_a_unit_that_spoke_for_nobody_may_not_be_lost(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        merge = merged(twins, clerk)
        late = make_unit(small_city, "social_insurance", name="衡川", insured="9", as_of=NEXT)
        build_roster(small_city, [[twins.tax, late]], clerk, as_of=NEXT)
        with pytest.raises(Refused, match=r"新增了来源单位.*社保名单的“衡川”.*请先把它移到"):
            undone(merge, clerk)
        merging.move_unit(unit=late, to=None, by=clerk, on=LATER, reason="另一家")
        undone(merge, clerk)
        assert len({twins.kept.pk, twins.gone.pk, entity_of(late).pk}) == 3


def test_a_later_unit_with_the_code_of_the_kept_entity_stays_with_it(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        merge = merged(twins, clerk)
        late = make_unit(small_city, "social_insurance", name="衡川", uscc=twins.market.source_key, as_of=NEXT)
        build_roster(small_city, [[twins.market, late]], clerk, as_of=NEXT)
        undone(merge, clerk)
        assert entity_of(late) == twins.kept


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda kept, clerk: NoticeLetter.objects.update(answer="agreed", answered_on=TODAY), "提示函 安组函1号"),
        (lambda kept, clerk: issue_letter(kept, "安组函2号"), "提示函 安组函2号"),
        (lambda kept, clerk: state_cause(kept, "other", "王"), "王 2026-10-31 填写的未建原因“其他”"),
        (lambda kept, clerk: correct(kept, clerk, "staff", "70", on=LATER), "更正从业人数为“70”"),
        (lambda kept, clerk: CoveredUnit.objects.update(entity=None), "党组织名册所写“衡川电子”的覆盖"),
        (lambda kept, clerk: Placement.objects.update(decided_by="王"), "王确定的落点"),
    ],
)
def test_undoing_is_refused_and_names_the_row_where_something_was_said_since(
    small_city: SmallCity, clerk: Actor, change: Any, named: str
) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        issue_letter(twins.gone, "安组函1号")
        make_organization(small_city, twins.gone)
        place_by_hand(twins.gone, small_city.town, clerk)
        merge = merged(twins, clerk)
        change(twins.kept, clerk)
        before = everything()
        with pytest.raises(Refused, match=named):
            undone(merge, clerk)
        assert everything() == before


def test_a_correction_that_was_taken_back_stands_in_nobodys_way(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        correct(twins.gone, clerk, "industry_code", "C39")
        merge = merged(twins, clerk)
        correct(twins.kept, clerk, "staff", "70", on=LATER)
        services.withdraw_correction(entity=twins.kept, kind="staff", reason="填错", by=clerk, on=LATER)
        undone(merge, clerk)
        assert twins.gone.industry_code == "C39"


def test_a_withdrawal_of_what_the_other_brought_is_not_overruled(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        correct(twins.gone, clerk, "staff", "70")
        merge = merged(twins, clerk)
        services.withdraw_correction(entity=twins.kept, kind="staff", reason="填错", by=clerk, on=LATER)
        with pytest.raises(Refused, match="撤回"):
            undone(merge, clerk)


def test_the_last_merge_is_undone_first(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        third = make_entity(small_city, "安澜第三有限公司")
        before = everything()
        first = merged(twins, clerk)
        second = merging.merge(kept=third, gone=twins.kept, by=clerk, on=NOW, reason="三家是一家")
        with pytest.raises(Refused, match="请先撤销后来的一次：“安澜衡川电子科技有限公司”并入“安澜第三有限公司”"):
            undone(first, clerk)
        undone(second, clerk)
        undone(first, clerk)
        assert everything() == before


def test_undoing_twice_is_undoing_once(small_city: SmallCity, clerk: Actor) -> None:
    other = small_city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=small_city.city)
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        merge = undone(merged(twins, clerk), clerk)
        assert undone(merge, clerk).undone_at == merge.undone_at
        with pytest.raises(Refused, match="已由"):
            undone(merge, other)


def test_branch_offices_follow_their_name_and_come_back(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        units = [make_unit(small_city, "market", name="安澜云栖连锁有限公司", company_type="国有独资公司", uscc=code)
                 for code in ("91990102MA0000015T", "91990102MA000002XU")]  # fmt: skip
        site = make_unit(small_city, "market", name="安澜云栖连锁有限公司书院分公司", capital="")
        build_roster(small_city, [[units[0]], [units[1]], [site]], clerk)
        parent, other = sorted((entity_of(unit) for unit in units), key=lambda entity: entity.pk)
        assert entity_of(site).parent == parent
        merge = merging.merge(kept=other, gone=parent, by=clerk, on=NOW, reason="同一家")
        assert (entity_of(site).parent, entity_of(site).ownership) == (other, "public")
        undone(merge, clerk)
        assert entity_of(site).parent == parent
        assert services.differences(on=NOW) == []
