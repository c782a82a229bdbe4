"""A clerk's answer on the ownership of a body settles the body and its branch offices, against no source."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity, OwnershipAnswer
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role
from tests.base_roster.lists import build_roster, make_unit
from tests.city import NOW, SmallCity

PARENT = "安澜（云栖）连锁有限公司"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def build(city: SmallCity, clerk: Actor, *names: str, **parent_values: str) -> None:
    values = {"address": "安澜市白鹭县石桥镇", **parent_values}
    units = [make_unit(city, "market", name=name, **values) for name in names[:1]]
    units += [make_unit(city, "market", name=name, address="安澜市青岚区书院街道") for name in names[1:]]
    build_roster(city, [[unit] for unit in units], clerk)


def answer(by: Actor, value: str, parent: str = PARENT) -> int:
    return services.answer_ownership(parent_name=parent, value=value, basis="产权证明", by=by, on=NOW)


def ownership() -> dict[str, str]:
    return dict(Entity.objects.values_list("name", "ownership"))


def test_one_answer_settles_the_parent_and_all_its_branch_offices_and_nobody_else(
    small_city: SmallCity, clerk: Actor
) -> None:
    other = "安澜云上商贸有限公司"
    with acting(clerk):
        build(small_city, clerk, PARENT, f"{PARENT}书院店", f"{PARENT}临江店", other)
        assert set(ownership().values()) == {"unknown"}
        assert answer(clerk, "public") == 3
        assert ownership() == {
            PARENT: "public",
            f"{PARENT}书院店": "public",
            f"{PARENT}临江店": "public",
            other: "unknown",
        }
        assert services.differences(on=NOW) == []


def test_branch_offices_are_settled_although_their_parent_is_registered_elsewhere(
    small_city: SmallCity, clerk: Actor
) -> None:
    with acting(clerk):
        build(small_city, clerk, f"{PARENT}书院店", f"{PARENT}临江店")
        assert answer(clerk, "non_public") == 2
        assert set(ownership().values()) == {"non_public"}


@pytest.mark.parametrize("spelled", ["安澜(云栖)连锁有限公司", "安澜（云栖）连锁有限公司", "安澜（云栖） 连锁有限公司"])
def test_the_width_of_brackets_and_blanks_make_no_other_body(small_city: SmallCity, clerk: Actor, spelled: str) -> None:
    with acting(clerk):
        build(small_city, clerk, PARENT, f"{PARENT}书院店")
        answer(clerk, "public", spelled)
        assert set(ownership().values()) == {"public"}


def test_an_answer_never_overrules_a_source(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        build(small_city, clerk, PARENT, f"{PARENT}书院店", company_type="有限责任公司（国有独资）")
        answer(clerk, "non_public")
        assert set(ownership().values()) == {"public"}


def test_a_later_answer_replaces_the_earlier_one(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        build(small_city, clerk, PARENT, f"{PARENT}书院店")
        answer(clerk, "non_public")
        answer(clerk, "public")
        assert set(ownership().values()) == {"public"}
        assert OwnershipAnswer.objects.count() == 1
        assert services.differences(on=NOW) == []


def test_the_answer_of_a_county_reaches_branch_offices_everywhere(small_city: SmallCity, clerk: Actor) -> None:
    county_clerk = small_city.actor(Role.CLERK, place=small_city.other_county)
    with acting(clerk):
        build(small_city, clerk, PARENT, f"{PARENT}书院店")
    with acting(county_clerk):
        assert list(ownership()) == [PARENT]
        answer(county_clerk, "public")
        assert ownership() == {PARENT: "public"}
    with acting(clerk):
        assert ownership() == {PARENT: "public", f"{PARENT}书院店": "public"}
        assert services.differences(on=NOW) == []


def test_only_a_clerk_answers(small_city: SmallCity) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with acting(organizer):
        with pytest.raises(NotPermitted):
            answer(organizer, "public")
        assert not OwnershipAnswer.objects.exists()


def test_an_answer_leaves_a_journal_row(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        build(small_city, clerk, PARENT, f"{PARENT}书院店")
        answer(clerk, "public")
    row = JournalEntry.objects.get(verb="ownership.answer")
    assert (row.actor_id, row.detail, row.fields) == (clerk.user_id, {"entities": 2}, ["ownership"])
