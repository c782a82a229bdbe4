"""Small cells of tables that circulate widely."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.indicators.suppression import Cell, hidden, is_small


def cells(*counts: int) -> list[Cell]:
    return [Cell(Decimal(count)) for count in counts]


def test_a_cell_is_small_by_itself_its_base_or_the_rest_of_its_base() -> None:
    assert is_small(Cell(Decimal(4)), 5)
    assert not is_small(Cell(Decimal(5)), 5)
    assert not is_small(Cell(Decimal(0)), 5)
    assert is_small(Cell(Decimal(0), Decimal(3)), 5)
    assert is_small(Cell(Decimal(97), Decimal(100)), 5)
    assert not is_small(Cell(Decimal(95), Decimal(100)), 5)
    assert not is_small(Cell(None), 5)


def test_one_hidden_cell_takes_the_smallest_other_with_it_where_the_total_is_printed() -> None:
    assert hidden(cells(3, 40, 12), least=5, with_total=False) == {0}
    assert hidden(cells(3, 40, 12), least=5, with_total=True) == {0, 2}


def test_hidden_cells_together_are_no_small_group_either() -> None:
    assert hidden(cells(1, 1, 40, 12), least=5, with_total=True) == {0, 1, 3}


def test_cells_without_anybody_hide_nobody() -> None:
    assert hidden(cells(3, 0, 12), least=5, with_total=True) == {0, 2}
    assert hidden(cells(0, 8, 12), least=5, with_total=True) == frozenset()


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=12))
def test_what_is_hidden_does_not_follow_from_the_total(counts: list[int]) -> None:
    chosen = hidden(cells(*counts), least=5, with_total=True)
    assert all(at in chosen for at, count in enumerate(counts) if 0 < count < 5)
    if chosen and sum(count > 0 for count in counts) > 1:
        assert len(chosen) >= 2
    if chosen and sum(counts) >= 5 and len([count for count in counts if count]) > 1:
        assert sum(counts[at] for at in chosen) >= 5
