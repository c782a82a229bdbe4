"""Units of the cases, and how hypothesis draws them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from jingwei.domain import rulebook
from jingwei.domain.coverage import Covering, UnitFacts
from jingwei.domain.legal_form import LegalForm, Roster

DAY = date(2026, 10, 31)
RULES = rulebook.at(DAY)
FORMS = ("independent", "joint", "attached", "functional", "temporary", "flow", "unknown")
LEVELS = ("committee", "general_branch", "branch", "group")
_NAMES = ("安澜第一党支部", "安澜第二党支部", "安澜第三党支部")


def unit_of(case: dict[str, Any]) -> UnitFacts:
    facts = case["facts"]
    coverings = [
        Covering(number, _NAMES[number - 1], form, level, date(2025, 3, 1))
        for number, (form, level) in enumerate(case.get("covered", ()), start=1)
    ]
    return UnitFacts(
        full_members=facts.get("full"),
        probationary_members=facts.get("probationary"),
        operating=facts.get("operating", True),
        state_zh=facts.get("state_zh", ""),
        legal_form=facts.get("legal_form", "company"),
        roster=facts.get("roster", "enterprise"),
        staff=facts.get("staff"),
        parent_name=facts.get("parent", ""),
        coverings=tuple(coverings),
        contacts=tuple(facts.get("contacts", ())),
    )


def counts() -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, 130)


def coverings() -> st.SearchStrategy[tuple[Covering, ...]]:
    one = st.builds(
        Covering, st.integers(1, 9), st.sampled_from(_NAMES), st.sampled_from(FORMS), st.sampled_from(LEVELS)
    )
    return st.lists(one, max_size=3).map(tuple)


def units() -> st.SearchStrategy[UnitFacts]:
    return st.builds(
        UnitFacts,
        full_members=counts(),
        probationary_members=counts(),
        operating=st.sampled_from([True, False, None]),
        state_zh=st.sampled_from(["", "存续", "吊销未注销"]),
        legal_form=st.sampled_from([form.value for form in LegalForm]),
        roster=st.sampled_from([roster.value for roster in Roster]),
        staff=st.none() | st.integers(0, 500),
        parent_name=st.sampled_from(["", "安澜供应链有限公司"]),
        coverings=coverings(),
        contacts=st.lists(st.sampled_from(["instructor", "liaison", "mass", "别的"]), max_size=2).map(tuple),
    )
