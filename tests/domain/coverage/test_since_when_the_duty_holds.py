"""The day from which an organization has been due without a break."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.coverage.duty import Count, Span, due_since
from tests.domain.coverage.units import RULES

JAN, MAR, JUN, SEP, OCT = (date(2026, month, 1) for month in (1, 3, 6, 9, 10))


@pytest.mark.parametrize(
    ("counts", "own", "since"),
    [
        ([(JAN, 3)], [], JAN),
        ([(JAN, 2), (MAR, 3)], [], MAR),
        ([(JAN, 3), (MAR, 5), (JUN, 4)], [], JAN),
        ([(JAN, 3), (MAR, 2), (JUN, 3)], [], JUN),
        ([(JAN, 3), (MAR, None), (JUN, 3)], [], JUN),
        ([(JAN, 3), (MAR, 2)], [], None),
        ([], [], None),
        ([(OCT, 3)], [], None),
        ([(JAN, 3)], [(None, MAR)], MAR),
        ([(JAN, 3)], [(MAR, JUN)], JUN),
        ([(JAN, 3)], [(MAR, None)], None),
        ([(JAN, 3)], [(MAR, OCT)], None),
        ([(JAN, 3)], [(OCT, None)], JAN),
        ([(MAR, 2), (MAR, 3)], [], MAR),
    ],
    ids=[
        "从第一份名单起", "从达到三名的那份名单起", "人数变动但一直够", "中断后重新起算", "人数未知即中断",
        "已不足三名，没有应建", "没有人数，没有应建", "以后的名单还不算", "撤销之后起算", "曾有党支部，从撤销之日起算",
        "现有党支部，没有应建", "党支部尚未撤销，没有应建", "以后才成立，现在仍应建", "同一天以后说的为准",
    ],
)  # fmt: skip
def test_the_first_day_of_the_present_duty(
    counts: list[tuple[date, int | None]], own: list[tuple[date | None, date | None]], since: date | None
) -> None:
    found = due_since([Count(*count) for count in counts], [Span(*span) for span in own], SEP, RULES)
    assert found == since


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.none() | st.integers(0, 6)), max_size=8), st.integers(0, 200))
def test_a_later_look_at_the_same_facts_gives_the_same_day(steps: list[tuple[int, int | None]], later: int) -> None:
    counts = [Count(JAN + timedelta(days=days), full) for days, full in sorted(steps, key=lambda step: step[0])]
    day = JAN + timedelta(days=300)
    found = due_since(counts, [], day, RULES)
    assert found == due_since(counts, [], day + timedelta(days=later), RULES)
    assert found is None or found in {count.on for count in counts}
