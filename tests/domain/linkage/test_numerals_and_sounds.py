"""What makes names equal that are written or heard differently: numerals and homophones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.linkage.fold_numerals import numerals
from jingwei.domain.linkage.fold_sound import sound_key

_ONES = "零一二三四五六七八九"


def written(number: int) -> str:
    tens, ones = divmod(number, 10)
    begin = ("" if tens == 1 else _ONES[tens]) + "十" if tens else ""
    return begin + (_ONES[ones] if ones else "")


@given(st.integers(min_value=1, max_value=99))
def test_a_number_is_the_same_in_words_and_in_digits(number: int) -> None:
    assert numerals(f"第{written(number)}分店") == numerals(f"第{number}分店") == str(number)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第壹分店", "1"),
        ("拾贰号", "12"),
        ("廿四桥", "24"),
        ("一百零五号", "105"),
        ("二〇一八", "2018"),
        ("01号", "1"),
        ("00号", "0"),
        ("甲2号", "甲,2"),
        ("3栋二室", "3,2"),
        ("十百", "十百"),
        ("陆家嘴零食", ""),
        ("绿源", ""),
    ],
)
def test_numbers_are_evened_out_one_by_one(text: str, found: str) -> None:
    assert numerals(text) == found


def test_numbers_of_the_same_digits_differ() -> None:
    assert numerals("三十二号") != numerals("二十三号")
    assert numerals("1号2店") != numerals("12号店")


def test_homophones_have_one_key_whatever_their_tones() -> None:
    assert sound_key("绿源纺织") == sound_key("滤园纺职")
    assert sound_key("绿源纺织") != sound_key("路远纺织")


def test_a_short_text_has_no_sound_key() -> None:
    assert sound_key("绿源") is None


def test_letters_and_digits_sound_as_themselves() -> None:
    assert sound_key("A1店") == sound_key("A1电")
