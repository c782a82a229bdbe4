"""Suppression of readings for what circulates widely."""

import pytest

from jingwei.base_roster.models import Entity
from jingwei.domain.indicators import Cut
from jingwei.indicators import selectors
from tests.city import TODAY, SmallCity
from tests.indicators.rows import WHOLE, as_whole_city, firm

pytestmark = pytest.mark.django_db


def test_small_groups_lose_their_numbers_and_the_next_one_too_while_they_are_few_together(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        for number in range(7):
            firm(small_city, f"安澜镇外{number}号有限公司", place=small_city.other_town, town=small_city.other_town)
        found = selectors.live(actor=WHOLE, on=TODAY, cut=Cut.AREA, ids=["BASE-N"])
        shown = selectors.suppress(readings=found, on=TODAY)
    assert {item.member_zh: item.text for item in shown} == {
        "书院街道": "＊", "临江街道": "7", "高新产业园": "＊", "石桥镇": "＊", "未落到镇街、园区": "＊",
    }  # fmt: skip
    hidden = [item for item in shown if item.suppressed]
    assert all((item.numerator, item.value, item.beside) == (None, None, {}) for item in hidden)


def test_totals_of_many_are_printed(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        found = selectors.live(actor=WHOLE, on=TODAY, ids=["BASE-N", "COV-SHOULD"])
        shown = selectors.suppress(readings=found, on=TODAY)
    assert [(item.text, item.suppressed) for item in shown] == [("9", False), ("＊", True)]
