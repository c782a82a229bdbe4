"""Masked personal data: enough to recognise, never enough to know."""

from hypothesis import given
from hypothesis import strategies as st

from jingwei.core.templatetags.jw import STAR, mask_name, mask_phone

NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=12)
PHONES = st.text(st.characters(min_codepoint=ord("0"), max_codepoint=ord("9")), min_size=1, max_size=20)


def test_names_keep_their_ends() -> None:
    assert [mask_name(name) for name in ("王五", "王小五", "欧阳小五")] == ["王＊", "王＊五", "欧＊＊五"]


def test_phones_keep_their_ends() -> None:
    assert mask_phone("13800001234") == "138＊＊＊＊1234"
    assert mask_phone("0791-8660000") == "0791＊＊＊＊0000"


def test_nothing_to_hide_is_a_dash() -> None:
    assert {mask_name(None), mask_name(""), mask_phone(None), mask_phone("")} == {"—"}


@given(NAMES)
def test_of_a_name_at_most_two_characters_remain(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == max(len(name), 2)
    assert len(masked.replace(STAR, "")) <= min(2, len(name) - 1)


@given(PHONES)
def test_of_a_phone_number_a_third_and_at_least_four_digits_are_hidden(number: str) -> None:
    masked = mask_phone(number)
    assert len(masked) == len(number)
    assert masked.count(STAR) >= min(len(number), max(4, len(number) // 3))
    assert all(shown in (STAR, held) for shown, held in zip(masked, number, strict=True))
