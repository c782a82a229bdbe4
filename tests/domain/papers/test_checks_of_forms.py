"""Cross-checks written as on the form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.papers import checks
from jingwei.domain.papers.checks import Outcome
from jingwei.domain.papers.layout_files import LayoutError

CELLS = {name: f"A{name}" for name in ("1", "3", "4", "14", "16")}


def outcome(text: str, **values: int | None) -> Outcome:
    numbers = {name.removeprefix("r"): None if value is None else Decimal(value) for name, value in values.items()}
    return checks.evaluate(checks.parse(text), numbers, CELLS).outcome


def test_a_sum_holds_or_fails() -> None:
    assert outcome("1 = 3 + 4", r1=7, r3=3, r4=4) is Outcome.HOLDS
    assert outcome("1 = 3 + 4", r1=8, r3=3, r4=4) is Outcome.FAILS


def test_an_upper_bound_holds_up_to_equality() -> None:
    assert outcome("16 <= 14", r16=5, r14=5) is Outcome.HOLDS
    assert outcome("16 <= 14", r16=6, r14=5) is Outcome.FAILS
    assert outcome("14 >= 16", r16=6, r14=5) is Outcome.FAILS


def test_an_empty_cell_leaves_a_check_open_and_is_named() -> None:
    result = checks.evaluate(checks.parse("1 = 3 + 4"), {"1": Decimal(3), "3": None, "4": Decimal(3)}, CELLS)
    assert result.outcome is Outcome.OPEN
    assert result.text == "A3 没有数，无法校核"


def test_a_failed_check_lists_its_cells_and_the_difference() -> None:
    result = checks.evaluate(checks.parse("1 = 3 + 4"), {"1": Decimal(1200), "3": Decimal(3), "4": Decimal(4)}, CELLS)
    assert result.cells == ("A1", "A3", "A4")
    assert result.text == "1,200 ≠ 7，相差 1,193"
    assert result.check == "1 = 3 + 4"


@pytest.mark.parametrize("text", ["1 + 2", "1 = 2 = 3", "= 4", "1 = 3 +"])
def test_a_check_that_is_no_relation_is_refused(text: str) -> None:
    with pytest.raises(LayoutError):
        checks.parse(text)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(0, 3000))
def test_a_sum_holds_exactly_when_it_is_the_sum(parts: list[int], whole: int) -> None:
    names = [str(number) for number in range(2, 2 + len(parts))]
    values = {"1": Decimal(whole)} | {name: Decimal(part) for name, part in zip(names, parts, strict=True)}
    result = checks.evaluate(checks.parse(f"1 = {' + '.join(names)}"), values, {name: name for name in values})
    assert (result.outcome is Outcome.HOLDS) == (whole == sum(parts))
