"""Small counts that must not be printed."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.papers.suppression import hidden

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=12)


def of(counts: list[int]) -> list[Decimal | None]:
    return [Decimal(count) for count in counts]


@given(COUNTS)
def test_every_small_count_is_hidden_and_zero_is_not_small(counts: list[int]) -> None:
    found = hidden(of(counts), 5)
    assert {index for index, count in enumerate(counts) if 0 < count < 5} <= found
    assert not any(counts[index] == 0 for index in found)


@given(COUNTS)
def test_the_sum_never_gives_a_hidden_count_away(counts: list[int]) -> None:
    found = hidden(of(counts), 5)
    if len(found) == 1:
        (only,) = found
        assert not any(count for index, count in enumerate(counts) if index != only)


@given(COUNTS)
def test_a_limit_of_zero_hides_nothing(counts: list[int]) -> None:
    assert hidden(of(counts), 0) == frozenset()


def test_the_next_smallest_count_goes_with_a_lone_small_one() -> None:
    assert hidden(of([20, 3, 9, 0]), 5) == {1, 2}


def test_what_is_not_known_is_neither_hidden_nor_used_to_hide() -> None:
    assert hidden([None, Decimal(2), Decimal(7)], 5) == {1, 2}
