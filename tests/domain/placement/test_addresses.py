"""Placement of addresses, case by case."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.placement import PlacementMethod
from tests.domain.placement.anlan import PLACES, place

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))
BY_ID = {record.id: record for record in PLACES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_address_proves_the_place_of_the_case(case: dict[str, Any]) -> None:
    verdict = place(case.get("address", ""), case.get("area", ""), case.get("registrar", ""))
    found = (verdict.place_id, verdict.overlay_id, verdict.level, verdict.method)
    assert found == (case.get("place"), case.get("overlay"), case["level"], case["method"]), verdict.reasons
    assert (verdict.disagreement is not None) == case.get("against", False), verdict.disagreement


def test_the_steps_of_the_proof_are_told_in_chinese() -> None:
    verdict = place("安澜市云溪区沿江中路12号", "990102")
    assert verdict.reasons == (
        "地址：地址写明“安澜市”、“云溪区”",
        "路段门牌：沿江中路12号属石桥镇",
        "代码区划：代码区划“990102”指向云溪区",
    )


def test_a_disagreement_tells_both_places() -> None:
    disagreement = place("云溪区石桥镇", "990103").disagreement
    assert disagreement is not None
    assert (disagreement.kept, disagreement.other) == (PlacementMethod.ADDRESS, PlacementMethod.CODE)
    assert (BY_ID[disagreement.kept_id].name, disagreement.other_id) == ("石桥镇", 11)
    assert disagreement.text == "地址落在石桥镇，代码区划“990103”指向文昌区"


def test_the_county_of_the_place_is_given() -> None:
    assert place("云溪区石桥镇青禾村").county_id == 10
    assert place("安澜市").county_id is None


PLACE_WORDS = ["安澜市", "云溪区", "文昌区", "文昌县", "湾岭区", "石桥镇", "城关镇", "新民村", "青禾村", "望江街道"]
OTHER_WORDS = ["东洲省", "宁海市", "高新区", "远帆大厦", "财富广场", "沿江中路", "12号", "柳林", "（", "）", "3栋", " "]
WORDS = st.sampled_from(PLACE_WORDS + OTHER_WORDS)


@given(st.lists(WORDS, max_size=8).map("".join), st.sampled_from(["", "990102", "990103", "990170", "110105"]))
def test_a_place_is_never_proven_by_a_name_that_does_not_stand_in_the_address(address: str, area: str) -> None:
    verdict = place(address, area)
    read = verdict.method in {PlacementMethod.ADDRESS, PlacementMethod.ROAD_TABLE}
    if verdict.place_id is None or not read or not verdict.evidence:
        return
    text = address.replace(" ", "").replace("（", "(").replace("）", ")")
    named = [step.text for step in verdict.evidence if step.method is PlacementMethod.ADDRESS and step.place_id]
    quoted = [name for step in named for name in step.removeprefix("地址写明").strip("“”").split("”、“")]
    assert quoted
    assert all(name in text for name in quoted)


@given(st.text(max_size=40), st.text("0123456789ABCDEFGH", min_size=18, max_size=18))
def test_any_text_is_placed_or_left_open_without_an_error(address: str, uscc: str) -> None:
    verdict = place(address, uscc[2:8])
    assert (verdict.place_id is None) == (verdict.method is PlacementMethod.NONE)
    assert (verdict.place_id is None) == (verdict.level is None)
