"""The three haves, case by case."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain import registration_state, rulebook
from jingwei.domain.legal_form import Roster
from jingwei.domain.screening import (
    Answer,
    FactSource,
    Presence,
    Screening,
    ScreeningFacts,
    StaffCount,
    Visit,
    screen,
)

RULES = rulebook.at(date(2024, 6, 1))
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))


def facts_of(case: dict[str, Any]) -> ScreeningFacts:
    return ScreeningFacts(
        roster=Roster(case.get("roster", "enterprise")),
        state=registration_state.decide(case["state"], RULES),
        presences=tuple(
            Presence(FactSource(source), address, date(2024, 4, 1)) for source, address in case.get("lists", {}).items()
        ),
        staff=tuple(StaffCount(count, FactSource(source), day) for count, source, day in case.get("staff", ())),
        visit=Visit(**case["visit"]) if "visit" in case else None,
        uscc=case.get("uscc", ""),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_result_follows_from_the_evidence_of_the_case(case: dict[str, Any]) -> None:
    verdict = screen(facts_of(case), RULES)
    assert verdict.value == case["result"], verdict.reasons
    haves = [verdict.premises.value, verdict.staff.value, verdict.activity.value]
    assert haves == case.get("haves", haves)
    assert case.get("says", verdict.reasons[0]) in verdict.reasons
    assert verdict.rule in rulebook.entries()


def test_a_count_is_shown_with_source_and_date() -> None:
    facts = facts_of({"state": "存续", "staff": [[3, "tax", date(2024, 3, 1)]]})
    assert screen(facts, RULES).staff.reason == "税务（2024-03-01）人数 3，不足 10 人"


def presences() -> st.SearchStrategy[tuple[Presence, ...]]:
    return st.lists(
        st.builds(Presence, st.sampled_from(FactSource), st.sampled_from(["", "望江路1号"])), max_size=4
    ).map(tuple)


def counts() -> st.SearchStrategy[tuple[StaffCount, ...]]:
    days = st.none() | st.dates(date(2020, 1, 1), date(2024, 1, 1))
    return st.lists(st.builds(StaffCount, st.integers(0, 60), st.sampled_from(FactSource), days), max_size=4).map(tuple)


@given(
    st.sampled_from(list(Roster)),
    st.sampled_from(["存续", "注销", "", "歇业"]),
    presences(),
    counts(),
    st.none() | st.builds(Visit, st.just(date(2024, 1, 1)), st.none() | st.booleans(), st.none() | st.booleans()),
)
def test_out_always_rests_on_a_fact_that_says_so(
    roster: Roster, state: str, lists: tuple[Presence, ...], staff: tuple[StaffCount, ...], visit: Visit | None
) -> None:
    known = registration_state.decide(state, RULES)
    verdict = screen(ScreeningFacts(roster, known, lists, staff, visit), RULES)
    parts = (verdict.premises, verdict.staff, verdict.activity)
    assert (verdict.value is Screening.OUT) == any(part.value is Answer.NO for part in parts)
    assert (verdict.value is Screening.IN) == all(part.value is Answer.YES for part in parts)
    assert all(part.evidence for part in parts if part.value is not Answer.UNKNOWN)


@given(presences(), counts())
def test_another_list_that_names_the_entity_never_puts_it_out(
    lists: tuple[Presence, ...], staff: tuple[StaffCount, ...]
) -> None:
    state = registration_state.decide("存续", RULES)
    before = screen(ScreeningFacts(Roster.ENTERPRISE, state, lists, staff), RULES)
    more = (*lists, Presence(FactSource.TAX, "望江路1号"))
    after = screen(ScreeningFacts(Roster.ENTERPRISE, state, more, staff), RULES)
    assert after.value is before.value or before.value is Screening.UNKNOWN
    assert (after.value is Screening.OUT) == (before.value is Screening.OUT)
