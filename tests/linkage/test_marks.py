"""Differences of two texts are marked on both sides, and a hidden difference is seen without being shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.core.templatetags.jw import mask_name, mask_phone
from jingwei.linkage.marking import MISSING, Kind, Pieces, marked

texts = st.text(alphabet="安澜市拓新精密机械有限公司（）()ａA1２ ", max_size=14)


def shown(pieces: Pieces) -> str:
    """The text without what is missing; marked characters in brackets, a dot for each missing one."""
    marks = {Kind.SAME: "{}", Kind.DIFFERS: "[{}]", Kind.MISSING: "{}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


def test_other_characters_and_missing_ones_are_marked_on_both_sides() -> None:
    left, right = marked("安澜拓新机械有限公司", "安澜市拓新机械公司")
    assert (shown(left), shown(right)) == ("安澜·拓新机械[有限]公司", "安澜[市]拓新机械··公司")


def test_width_and_case_are_no_difference() -> None:
    left, right = marked("（ＡB）", "(aｂ)")
    assert {piece.kind for piece in left + right} == {Kind.SAME}


def test_a_difference_inside_a_masked_name_is_seen_and_not_shown() -> None:
    left, right = marked("钱守礼", "钱尊礼", mask=mask_name)
    assert (shown(left), shown(right)) == ("钱[＊]礼", "钱[＊]礼")


def test_a_mask_that_would_change_the_length_hides_everything() -> None:
    left, _ = marked("钱", "孙礼", mask=mask_name)
    assert "钱" not in shown(left)


@given(texts, texts)
@settings(max_examples=150, deadline=None)
def test_both_sides_keep_their_text_and_have_equally_many_places(left: str, right: str) -> None:
    sides = marked(left, right)
    for text, pieces in zip((left, right), sides, strict=True):
        assert "".join(piece.text for piece in pieces if piece.kind is not Kind.MISSING) == text
        assert all(set(piece.text) == {MISSING} for piece in pieces if piece.kind is Kind.MISSING)
    lengths = [sum(len(piece.text) for piece in pieces) for pieces in sides]
    assert lengths[0] == lengths[1]


@given(
    st.text(alphabet="0123456789-", min_size=1, max_size=13), st.text(alphabet="0123456789-", min_size=1, max_size=13)
)
@settings(max_examples=100, deadline=None)
def test_no_digit_of_the_middle_of_a_number_is_shown(left: str, right: str) -> None:
    for text, pieces in zip((left, right), marked(left, right, mask=mask_phone), strict=True):
        open_text = "".join(piece.text for piece in pieces if piece.kind is not Kind.MISSING)
        assert open_text == mask_phone(text) or set(open_text) == {"＊"}
