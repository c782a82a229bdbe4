"""State of registration from its spellings."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain import rulebook
from jingwei.domain.registration_state import RegistrationState, decide

RULES = rulebook.at(date(2024, 6, 1))
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "空")
def test_a_spelling_gives_its_state_and_whether_it_operates(case: dict[str, Any]) -> None:
    verdict = decide(case["text"], RULES)
    assert (verdict.value, verdict.operating) == (case["state"], case["operating"])
    assert verdict.rule in rulebook.entries()


def test_the_reason_repeats_what_the_department_wrote() -> None:
    assert decide("吊销，未注销", RULES).reasons == ("登记状态“吊销，未注销”即吊销未注销",)
    assert decide("在途", RULES).reasons == ("登记状态“在途”不在已知写法之内",)
    assert decide(" ", RULES).reasons == ("没有登记状态",)


@given(st.text(max_size=12))
def test_only_an_unknown_state_leaves_open_whether_it_operates(text: str) -> None:
    verdict = decide(text, RULES)
    assert (verdict.operating is None) == (verdict.value is RegistrationState.UNKNOWN)
