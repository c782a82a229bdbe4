"""The two check characters, cross-checked against an independent implementation."""

import pytest
from hypothesis import given
from stdnum.cn import uscc as independent

from jingwei.domain import uscc
from tests.domain.uscc.strategies import valid_codes


@given(valid_codes())
def test_a_valid_code_is_valid_to_an_independent_implementation_too(code: str) -> None:
    assert uscc.check(code).valid
    assert independent.is_valid(code)


@given(valid_codes())
def test_a_valid_code_is_read_through_the_dirt_of_a_spreadsheet(code: str) -> None:
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for dirty in (f"'{code}", f" {code} ", code.lower(), f"{code}\t", full_width, f"\ufeff{code}"):
        assert uscc.check(dirty) == uscc.UsccCheck(code, True)


def test_trailing_decimals_of_a_number_cell_are_dropped() -> None:
    assert uscc.normalize_code("913600000145010.0") == "913600000145010"


def test_the_expected_check_characters_are_told_with_their_positions() -> None:
    assert uscc.check("91990100MA2XQ07B3H").valid is False
    wrong_organization = uscc.check("91110000600037340L")
    assert wrong_organization.code is uscc.CodeError.CHECK_ORGANIZATION
    assert (wrong_organization.position, wrong_organization.expected) == (17, "1")
    wrong_last = uscc.check("91110000600037341K")
    assert wrong_last.code is uscc.CodeError.CHECK_USCC
    assert (wrong_last.position, wrong_last.expected) == (18, "L")


@pytest.mark.parametrize(
    ("raw", "code", "position"),
    [
        ("", uscc.CodeError.EMPTY, None),
        ("  ", uscc.CodeError.EMPTY, None),
        ("9.14E+17", uscc.CodeError.SCIENTIFIC, None),
        ("9111000060003734", uscc.CodeError.LENGTH, None),
        ("91110000600037341I", uscc.CodeError.CHARSET, 18),
        ("911100O0600037341L", uscc.CodeError.CHARSET, 7),
        ("9111000A600037341L", uscc.CodeError.CHARSET, 8),
        ("91110000企00037341L", uscc.CodeError.CHARSET, 9),
    ],
)
def test_a_fault_has_a_stable_code_and_a_place(raw: str, code: uscc.CodeError, position: int | None) -> None:
    verdict = uscc.check(raw)
    assert (verdict.valid, verdict.code, verdict.position) == (False, code, position)
