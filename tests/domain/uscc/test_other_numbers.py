"""Placeholders and the numbers that came before the code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain import uscc
from tests.domain.uscc.strategies import valid_codes

PLACEHOLDERS = (
    "",
    " ",
    "无",
    "／",
    "/",
    "-",
    "——",
    "0",
    "0000",
    "暂无",
    "N/A",
    "null",
    "***",
    "1234567",
)


@pytest.mark.parametrize("raw", PLACEHOLDERS)
def test_a_placeholder_is_known_as_one_and_is_never_valid(raw: str) -> None:
    assert uscc.is_placeholder(raw)
    assert uscc.kind_of_number(raw) == "placeholder"
    assert not uscc.check(raw).valid
    assert uscc.organization_code(raw) is None


@given(st.characters(), st.integers(1, 20))
def test_one_repeated_character_is_never_valid_whatever_its_sums_say(character: str, times: int) -> None:
    assert not uscc.check(character * times).valid


def test_an_all_zero_organization_code_is_never_valid() -> None:
    assert uscc.check("910000000000000000").valid is False
    assert uscc.organization_code("990101000000000") is None


@given(valid_codes())
def test_the_organization_code_is_read_from_the_code_the_old_tax_number_and_alone(
    code: str,
) -> None:
    inner = code[8:17]
    assert uscc.organization_code(code) == inner
    assert uscc.organization_code(code[2:17]) == inner
    assert uscc.organization_code(f"{inner[:8]}-{inner[8]}") == inner
    assert uscc.kind_of_number(code[2:17]) == "tax15"
    assert uscc.kind_of_number(inner) == "organization9"
    assert uscc.kind_of_number(code) == "uscc"


@given(st.text("0123456789", min_size=14, max_size=14).filter(lambda stem: len(set(stem)) > 1))
def test_exactly_one_last_digit_completes_an_old_registration_number(stem: str) -> None:
    sound = [digit for digit in "0123456789" if uscc.is_registration_number(stem + digit)]
    assert len(sound) == (0 if len(set(stem[6:14])) == 1 else 1)


def test_an_old_registration_number_is_told_from_a_tax_number() -> None:
    assert uscc.kind_of_number("110108000000016") == "registration15"
    assert uscc.kind_of_number("110108000000017") == "unknown"


@pytest.mark.parametrize("raw", ["9.14E+17", "9.1101E+17", "9E+17"])
def test_scientific_notation_is_recognised(raw: str) -> None:
    assert uscc.kind_of_number(raw) == "scientific"


def test_a_number_of_another_shape_is_unknown() -> None:
    assert uscc.kind_of_number("赣A12345") == "unknown"
