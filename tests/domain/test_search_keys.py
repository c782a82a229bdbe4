from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.search_keys import INITIALS_LENGTH, PINYIN_LENGTH, bigrams, initials, pinyin_key, search_text

NAMES = st.text(alphabet="安澜市银行长春（）() ·ABab１２12启明星有限公司", max_size=40)


def test_width_case_blanks_brackets_and_traditional_characters_make_no_difference() -> None:
    assert (
        search_text(" 安澜啟明（書院）ＡＢ－1 有限公司")
        == search_text("安澜启明(书院)ab1有限公司")
        == "安澜启明书院ab1有限公司"
    )


def test_a_part_of_a_name_has_only_pairs_that_the_name_has() -> None:
    name = search_text("安澜市衡川电子科技有限公司")
    assert set(bigrams("衡川电子")) <= set(bigrams(name))
    assert bigrams("川") == []


def test_names_sort_by_sound() -> None:
    names = ["重庆路百货", "长春路书店", "安澜书院"]
    assert sorted(names, key=pinyin_key) == ["安澜书院", "长春路书店", "重庆路百货"]


def test_initials_know_the_pairs_that_sound_otherwise() -> None:
    assert initials("安澜银行重庆路支行") == "alyhcqlzx"
    assert initials("长川3D打印（安澜）有限公司") == "cc3ddyalyxgs"


def test_keys_fit_their_columns() -> None:
    name = "双" * 200
    assert len(pinyin_key(name)) == PINYIN_LENGTH
    assert len(initials(name)) == INITIALS_LENGTH


@settings(max_examples=60)
@given(NAMES)
def test_evening_out_twice_changes_nothing_more(name: str) -> None:
    once = search_text(name)
    assert search_text(once) == once
    assert bigrams(once) == sorted(set(bigrams(once)))
    assert all(len(pair) == 2 for pair in bigrams(once))
