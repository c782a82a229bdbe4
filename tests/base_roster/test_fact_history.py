"""The history of a fact: every value with its source, its day, and what it is worth now."""

from datetime import UTC, date, datetime

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.fact_history import FactHistory, fact_history
from jingwei.core.permissions import Actor, NotPermitted, Role
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit, repeat_unit
from tests.city import TODAY, SmallCity
from tests.domain.uscc.strategies import code_of

FIRM, OTHER = code_of("91", "990102", "MA1A2B3C"), code_of("91", "990102", "MA9X8Y7W")
NAME = "安澜衡川电子科技有限公司"
NOVEMBER, DECEMBER = date(2026, 11, 30), date(2026, 12, 31)
NOON = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def members(small_city: SmallCity, clerk: Actor) -> SourceUnit:
    """A firm of which two lists speak; returns its unit in the counts list."""
    with acting(clerk):
        market = make_unit(small_city, "market", name=NAME, uscc=FIRM, state="存续", address="青岚区书院街道1号")
        counts = make_unit(small_city, "party_member_counts", name=NAME, uscc=FIRM, full_members="1")
        build_roster(small_city, [[market, counts]], clerk)
    return counts


def history(members: SourceUnit, actor: Actor, kind: str = "full_members") -> FactHistory:
    return fact_history(actor=actor, entity=entity_of(members), kind=kind, on=TODAY)


def standings(told: FactHistory) -> list[tuple[str, str, str]]:
    return [(entry.text, entry.source_zh, entry.standing.value) for entry in told.entries]


def correct(members: SourceUnit, clerk: Actor, value: str) -> None:
    services.correct_fact(
        entity=entity_of(members), kind="full_members", value=value, reason="走访核实", by=clerk, on=NOON
    )


def test_the_newest_value_of_a_list_is_in_force_and_older_ones_stay(
    small_city: SmallCity, clerk: Actor, members: SourceUnit
) -> None:
    with acting(clerk):
        make_unit(small_city, "party_member_counts", name=NAME, uscc=FIRM, full_members="2", as_of=NOVEMBER)
        build_roster(small_city, [[members]], clerk, as_of=NOVEMBER)
        told = history(members, clerk)
    assert (told.zh, told.text, told.is_corrected) == ("正式党员数", "2", False)
    assert standings(told) == [("2", "党员数", "in_force"), ("1", "党员数", "earlier")]
    assert [entry.as_of for entry in told.entries] == [NOVEMBER, TODAY]


def test_a_correction_stands_first_and_the_contradiction_is_told(
    small_city: SmallCity, clerk: Actor, members: SourceUnit
) -> None:
    with acting(clerk):
        correct(members, clerk, "3")
        repeat_unit(small_city, members, NOVEMBER)
        build_roster(small_city, [[members]], clerk, as_of=NOVEMBER)
        told = history(members, clerk)
    assert (told.text, told.is_corrected) == ("3", True)
    assert standings(told) == [("3", "经办人更正", "in_force"), ("1", "党员数", "stated")]
    assert told.contradictions == ("党员数（2026-11-30）为“1”",)
    assert (told.entries[0].by, told.entries[0].reason) == (clerk.name, "走访核实")


def test_a_list_that_comes_round_contradicts_no_longer(
    small_city: SmallCity, clerk: Actor, members: SourceUnit
) -> None:
    with acting(clerk):
        correct(members, clerk, "3")
        make_unit(small_city, "party_member_counts", name=NAME, uscc=FIRM, full_members="3", as_of=NOVEMBER)
        build_roster(small_city, [[members]], clerk, as_of=NOVEMBER)
        told = history(members, clerk)
    assert told.contradictions == ()
    assert told.text == "3"


def test_an_overruled_correction_says_so(small_city: SmallCity, clerk: Actor, members: SourceUnit) -> None:
    with acting(clerk):
        correct(members, clerk, "3")
        make_unit(small_city, "party_member_counts", name=NAME, uscc=FIRM, full_members="5", as_of=NOVEMBER)
        build_roster(small_city, [[members]], clerk, as_of=NOVEMBER)
        told = history(members, clerk)
    assert standings(told)[:2] == [("5", "党员数", "in_force"), ("3", "经办人更正", "overruled")]
    assert told.entries[1].note == "此后名单另有说法，更正不再适用"


def test_a_withdrawal_is_an_entry_of_its_own(clerk: Actor, members: SourceUnit) -> None:
    with acting(clerk):
        correct(members, clerk, "3")
        services.withdraw_correction(entity=entity_of(members), kind="full_members", reason="看错了", by=clerk, on=NOON)
        told = history(members, clerk)
    assert standings(told) == [
        ("撤回更正", "经办人更正", "earlier"), ("3", "经办人更正", "withdrawn"), ("1", "党员数", "in_force"),
    ]  # fmt: skip
    assert told.text == "1"


def test_a_value_that_the_newest_list_leaves_out_is_marked_as_dropped(
    small_city: SmallCity, clerk: Actor, members: SourceUnit
) -> None:
    with acting(clerk):
        make_unit(small_city, "party_member_counts", name=NAME, uscc=FIRM, probationary_members="1", as_of=NOVEMBER)
        build_roster(small_city, [[members]], clerk, as_of=NOVEMBER)
        told = history(members, clerk)
        assert entity_of(members).full_members is None
    assert told.text == ""
    assert [(entry.standing, entry.note) for entry in told.entries] == [("dropped", "本期名单未再列出此项")]


def test_a_unit_that_the_newest_list_no_longer_names_is_data_of_the_former_period(
    small_city: SmallCity, clerk: Actor, members: SourceUnit
) -> None:
    with acting(clerk):
        make_unit(small_city, "party_member_counts", name="安澜别家有限公司", uscc=OTHER, as_of=NOVEMBER)
        build_roster(small_city, [[members]], clerk, as_of=NOVEMBER)
        told = history(members, clerk)
        entity = entity_of(members)
        assert entity.full_members == 1, "what it said stands"
    assert [(entry.standing, entry.note) for entry in told.entries] == [
        ("in_force", "本期名单未再列出该单位，最近一次为 2026-10-31")
    ]


def test_the_history_of_ownership_shows_chinese_words(clerk: Actor, members: SourceUnit) -> None:
    with acting(clerk):
        services.correct_fact(
            entity=entity_of(members), kind="ownership", value="public", reason="产权登记", by=clerk, on=NOON
        )
        told = history(members, clerk, "ownership")
    assert (told.zh, told.text, told.is_corrected) == ("所有制", "公有", True)
    assert standings(told) == [("公有", "经办人更正", "in_force")]


def test_who_sees_the_entity_sees_its_history_though_not_the_list(
    small_city: SmallCity, clerk: Actor, members: SourceUnit
) -> None:
    town = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with acting(clerk):
        entity, expected = entity_of(members), history(members, clerk)
    with acting(town):
        assert fact_history(actor=town, entity=entity, kind="full_members", on=TODAY) == expected
        assert not SourceUnit.objects.exists()
    auditor = small_city.actor(Role.AUDITOR, place=small_city.city)
    with acting(auditor), pytest.raises(NotPermitted):
        fact_history(actor=auditor, entity=entity, kind="full_members", on=TODAY)
