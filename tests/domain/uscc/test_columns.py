"""Columns of codes are judged and repaired as single codes are."""

from random import Random

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain import uscc
from jingwei.domain.uscc_columns import (
    faults_of,
    is_settled,
    matrix_of,
    old_numbers,
    registration_numbers,
    repairs_of,
    upper,
    valid_codes,
)
from tests.domain.intake.odd_rows import odd_code

seeds = st.integers(min_value=0, max_value=2**32)


def codes(seed: int) -> list[str]:
    random = Random(seed)
    return [odd_code(random) for _ in range(300)]


def column(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_valid_is_what_is_valid_as_it_stands(seed: int) -> None:
    texts = codes(seed)
    expected = [uscc.check(text).valid and uscc.check(text).text == text for text in texts]
    assert valid_codes(column(texts)).tolist() == expected


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_faults_and_repairs_are_those_of_the_single_code(seed: int) -> None:
    texts = codes(seed)
    rows, made = matrix_of(column(texts), uscc.LENGTH)
    made = upper(made)
    settled = is_settled(made)
    rows, made = rows[settled], made[settled]
    faults = faults_of(made)
    repairs = repairs_of(made[faults.wrongs <= 1])
    repaired = np.flatnonzero(faults.wrongs <= 1)
    found: dict[int, set[str]] = {}
    for number, code in zip(repairs.rows, repairs.codes, strict=True):
        found.setdefault(int(repaired[number]), set()).add(code)
    for index, row in enumerate(rows):
        checked = uscc.check(texts[row])
        expected = faults.organization[index] or faults.last[index]
        assert checked.valid == (faults.wrong[index] < 0 and not expected)
        if faults.wrong[index] >= 0:
            assert (checked.code, checked.position) == (uscc.CodeError.CHARSET, faults.wrong[index] + 1)
        elif expected:
            assert checked.expected == expected
        if faults.wrongs[index] <= 1:
            assert found.get(index, set()) == set(uscc.repair_candidates(texts[row]))


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_old_numbers_are_those_of_the_single_text(seed: int) -> None:
    texts = codes(seed)
    assert registration_numbers(column(texts)).tolist() == [
        uscc.is_registration_number(text) and text.isdigit() and text.isascii() for text in texts
    ]
    rows, made = matrix_of(column(texts), 15)
    numbers = old_numbers(upper(made))
    for row, tax, registration in zip(rows, numbers.tax, numbers.registration, strict=True):
        assert not tax or uscc.kind_of_number(texts[row]) == "tax15"
        assert not registration or uscc.is_registration_number(texts[row])


def test_a_column_may_be_a_slice_and_have_gaps() -> None:
    texts = pa.array(["x", None, "91990101MA1A2B3C4D"], pa.string())
    assert valid_codes(texts.slice(1)).tolist() == [False, uscc.check("91990101MA1A2B3C4D").valid]
