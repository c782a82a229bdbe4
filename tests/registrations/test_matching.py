"""One new record is matched with the whole city, and told only what may be told."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.core.permissions import Actor, local_operator
from jingwei.domain.lists import ListKind
from jingwei.registrations.intake import check
from jingwei.registrations.matching import KeysMissing, Match
from tests.city import TODAY, SmallCity
from tests.registrations.conftest import CARRIERS, WEAVERS, WEAVERS_CODE, Roster


def match_of(by: Actor, **values: str) -> Match:
    with acting(by):
        return check(ListKind.MARKET, values, on=TODAY).match


def test_an_equal_code_and_name_is_a_likely_duplicate_with_its_evidence(roster: Roster) -> None:
    found = match_of(roster.organizer, name="安澜绿源纺织有限责任公司", uscc=WEAVERS_CODE)
    assert (found.decision, found.basis) == ("likely_duplicate", "code_exact")
    assert [each.entity_id for each in found.shown] == [roster.near.pk]
    assert ("code", "same") in [(field, level) for field, level, _ in found.shown[0].contributions]


def test_a_code_with_one_wrong_character_still_finds_its_entity(roster: Roster) -> None:
    wrong = WEAVERS_CODE[:12] + "7" + WEAVERS_CODE[13:]
    found = match_of(roster.organizer, name=WEAVERS, uscc=wrong)
    assert (found.decision, found.basis) == ("likely_duplicate", "code_repair")


def test_nobody_is_like_a_new_unit(roster: Roster) -> None:
    found = match_of(roster.organizer, name="安澜市青禾服装有限公司", legal_representative="顾南星")
    assert (found.decision, found.shown, found.elsewhere) == ("none", (), 0)


def test_of_an_entity_elsewhere_only_name_code_and_whom_to_ask_are_told(roster: Roster) -> None:
    found = match_of(roster.organizer, name=CARRIERS, legal_representative="孟知秋", address="白鹭县石桥镇渡口街3号")
    assert found.decision == "likely_duplicate"
    [shown] = found.shown
    assert (shown.entity_id, shown.millibits, shown.contributions) == (None, None, ())
    assert found.basis is None
    assert (shown.told.name, shown.told.place_name) == (CARRIERS, "白鹭县 石桥镇")


def test_an_entity_elsewhere_that_is_merely_alike_is_counted_and_not_named(roster: Roster) -> None:
    found = match_of(roster.organizer, name="安澜长风货运部", address="白鹭县石桥镇渡口街3号")
    assert found.decision == "possible"
    assert (found.shown, found.elsewhere) == ((), 1)
    assert len(match_of(roster.clerk, name="安澜长风货运部", address="白鹭县石桥镇渡口街3号").shown) == 1


def test_the_look_up_takes_one_query_once_the_process_knows_its_basis(
    roster: Roster, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    match_of(roster.organizer, name=WEAVERS)
    with acting(roster.organizer), django_assert_num_queries(1):  # type: ignore[operator]
        check(ListKind.MARKET, {"name": WEAVERS, "uscc": WEAVERS_CODE}, on=TODAY)


def test_without_keys_nobody_is_told_that_a_unit_is_new(small_city: SmallCity) -> None:
    with pytest.raises(KeysMissing):
        match_of(local_operator(), name=WEAVERS)
