"""Repair candidates of a damaged code."""

import string

from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as independent

from jingwei.domain import uscc
from tests.domain.uscc.strategies import valid_codes


@given(
    valid_codes(),
    st.integers(0, 17),
    st.sampled_from(string.digits + string.ascii_letters + "*?口Оо"),
)
def test_any_single_substitution_leaves_the_true_code_among_the_candidates(
    code: str, index: int, character: str
) -> None:
    assert code in uscc.repair_candidates(code[:index] + character + code[index + 1 :])


@given(valid_codes(), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_candidates_are_valid_distinct_and_ascending(code: str, index: int, character: str) -> None:
    found = uscc.repair_candidates(code[:index] + character + code[index + 1 :])
    assert list(found) == sorted(set(found))
    assert all(independent.is_valid(candidate) or not candidate[:2].isdigit() for candidate in found)
    assert all(uscc.check(candidate).valid for candidate in found)


@given(valid_codes(), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_substitution_never_turns_a_valid_code_into_another(code: str, index: int, character: str) -> None:
    damaged = code[:index] + character + code[index + 1 :]
    assert uscc.check(damaged).valid == (damaged == code)


@given(valid_codes())
def test_a_valid_code_is_its_own_only_candidate(code: str) -> None:
    assert uscc.repair_candidates(code) == (code,)


def test_letters_read_for_their_look_alikes_are_repaired_together() -> None:
    assert "91110000600037341L" in uscc.repair_candidates("9IIIOOOO600037341L")


def test_nothing_is_proposed_for_a_placeholder_or_a_text_of_another_length() -> None:
    assert uscc.repair_candidates("0" * 18) == ()
    assert uscc.repair_candidates("9111000060003734") == ()
    assert uscc.repair_candidates("IOSVZIOSVZIOSVZIOS") == ()
