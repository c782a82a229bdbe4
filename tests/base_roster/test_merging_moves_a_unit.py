"""A source unit goes to another entity, or to one of its own, stays there, and comes back when that is undone."""

from datetime import date, datetime
from typing import Any

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import counts, services
from jingwei.base_roster.models import Entity, Fact, Identifier, Merge
from jingwei.base_roster.services import merging
from jingwei.core.permissions import Actor, NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.coverage.models import Cause
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit, repeat_unit
from tests.base_roster.merges import everything, same_firm
from tests.city import NOW, TODAY, SmallCity

LATER = datetime(2026, 11, 30, 2, 0, tzinfo=NOW.tzinfo)
NEXT = date(2026, 11, 30)


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def moved(unit: SourceUnit, to: Entity | None, clerk: Actor, **how: Any) -> Merge:
    return merging.move_unit(unit=unit, to=to, by=clerk, on=NOW, reason="归错了", **how)


def undone(merge: Merge, clerk: Actor) -> Merge:
    return merging.unmerge(merge=merge, by=clerk, on=LATER, reason="归对了")


def test_a_moved_unit_takes_along_what_it_said(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        before = everything()
        done = moved(twins.members, twins.kept, clerk, decision=7)
        assert (twins.kept.full_members, twins.gone.full_members, twins.gone.staff) == (4, None, 12)
        assert Fact.objects.get(kind="full_members").entity == twins.kept
        assert (done.kind, done.kept_id, done.gone_id, done.unit, done.decision) == (
            "move", twins.kept.pk, twins.gone.pk, twins.members, 7,
        )  # fmt: skip
        assert services.differences(on=NOW) == []
        undone(done, clerk)
        assert everything() == before
        assert counts.drift() == 0


def test_a_unit_may_stand_alone(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        old = make_unit(small_city, "market", name="安澜甲有限公司", uscc="91990102MA0000015T", as_of=date(2026, 9, 30))
        make_unit(small_city, "market", name="安澜乙有限公司", uscc="91990102MA0000015T")
        tax = make_unit(small_city, "tax", name="安澜丙有限公司", uscc="91990102MA000002XU", staff="5")
        build_roster(small_city, [[old, tax]], clerk)
        before = everything()
        done = moved(tax, None, clerk)
        alone = entity_of(tax)
        assert (alone.pk, alone.name, alone.staff) == (done.kept_id, "安澜丙有限公司", 5)
        assert set(alone.identifiers.values_list("value", flat=True)) == {"91990102MA000002XU"}
        assert not Identifier.objects.filter(entity=entity_of(old), value="91990102MA000002XU").exists()
        assert services.differences(on=NOW) == []
        undone(done, clerk)
        assert everything() == before
        assert counts.drift() == 0


def test_what_both_units_say_stays_and_goes(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        same = {"name": "安澜甲有限公司", "uscc": "91990102MA0000015T"}
        market = make_unit(small_city, "market", **same)
        civil = make_unit(small_city, "civil_affairs", **same)
        build_roster(small_city, [[market, civil]], clerk)
        moved(civil, None, clerk)
        for unit in (market, civil):
            assert set(entity_of(unit).identifiers.values_list("value", flat=True)) == set(same.values())


def test_next_months_lists_leave_a_moved_unit_where_it_is(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        moved(twins.members, twins.kept, clerk)
        for unit in (twins.market, twins.tax, twins.members):
            repeat_unit(small_city, unit, NEXT)
        build_roster(small_city, [[twins.market], [twins.tax, twins.members]], clerk, as_of=NEXT)
        assert (entity_of(twins.members), Entity.objects.count()) == (twins.kept, 2)
        assert services.differences(on=LATER) == []


def test_the_last_unit_takes_its_entity_along(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        kept, gone = twins.kept, twins.gone
        Cause.objects.create(entity=kept, kind="other", stated_on=TODAY, stated_by="张", recorded_at=NOW)
        before = everything()
        done = moved(twins.market, gone, clerk)
        assert (done.kind, done.kept_id, done.gone_id, done.unit) == ("merge", gone.pk, kept.pk, twins.market)
        assert [each.kind for each in gone.causes.all()] == ["other"]
        assert not Entity.objects.filter(pk=kept.pk).exists()
        undone(done, clerk)
        assert everything() == before


@pytest.mark.parametrize("case", ["alone already", "party list", "there already", "nowhere"])
def test_a_move_that_means_nothing_is_refused(small_city: SmallCity, clerk: Actor, case: str) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        loose = make_unit(small_city, "social_insurance", name="没有归入")
        unit, to = {
            "alone already": (twins.market, None),
            "party list": (twins.members, None),
            "there already": (twins.tax, twins.gone),
            "nowhere": (loose, twins.gone),
        }[case]
        with pytest.raises(Refused):
            moved(unit, to, clerk)
        assert not Merge.objects.exists()


def test_both_entities_have_to_lie_in_scope(small_city: SmallCity, clerk: Actor) -> None:
    county = small_city.actor(Role.CLERK, place=small_city.county)
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        far = make_unit(small_city, "market", name="安澜远方有限公司", address="安澜市白鹭县石桥镇1号")
        build_roster(small_city, [[far]], clerk)
        there = entity_of(far)
    with acting(county), pytest.raises(NotPermitted):
        moved(twins.tax, there, county)


def test_an_entity_made_for_a_unit_is_not_unmade_once_something_hangs_on_it(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        done = moved(twins.tax, None, clerk)
        Cause.objects.create(
            entity=entity_of(twins.tax), kind="other", stated_on=TODAY, stated_by="张", recorded_at=NOW
        )
        with pytest.raises(Refused, match="张 2026-10-31 填写的未建原因"):
            undone(done, clerk)


def test_a_unit_that_was_moved_on_holds_the_first_move(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        before = everything()
        first = moved(twins.members, twins.kept, clerk)
        second = moved(twins.members, twins.gone, clerk)
        with pytest.raises(Refused, match="请先撤销后来的一次"):
            undone(first, clerk)
        undone(second, clerk)
        undone(first, clerk)
        assert everything() == before
