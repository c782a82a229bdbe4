"""How alike two different names are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.linkage.likeness import ComparedName, Likeness, likeness
from jingwei.domain.linkage.normalize import fold_names, split_name


def compared(name: str) -> ComparedName:
    parts = split_name(fold_names([name])[0], frozenset({"安澜市", "安澜"}))
    return ComparedName(parts.key, parts.core, parts.branch, parts.numerals)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("安澜市绿源纺织有限公司", "安澜市绿原纺织有限公司", Likeness.NEAR),
        ("安澜市绿源纺织有限公司", "安澜市绿源纺织有限公公司", Likeness.NEAR),
        ("安澜市绿源纺织有限公司", "安澜市绿源纺织有", Likeness.NEAR),
        ("安澜市绿源纺织有限公司青柳营业部", "安澜市绿源纺织有限公司青柳", Likeness.NEAR),
        ("绿源纺织品贸易有限公司", "绿源纺织品进出口有限公司", Likeness.LOOSE),
        ("安澜市绿源纺织有限公司", "安澜市宏图贸易有限公司", Likeness.NONE),
        ("老槐树面馆3号店", "老槐树面馆5号店", Likeness.NONE),
        ("安澜市绿源纺织有限公司", "安澜市绿源纺织有限公司青柳店", Likeness.CLASH),
        ("安澜市绿源纺织有限公司", "安澜市绿源纺织青柳营业部", Likeness.CLASH),
        ("绿源建筑工作室", "绿源建筑工作室青柳营业部", Likeness.CLASH),
        ("绿源纺织有限公司东湾分公司", "绿源纺织有限公司东湾分公司青柳加油站", Likeness.CLASH),
        ("绿源纺织有限公司东湾店", "绿源纺织有限公司西岭店", Likeness.CLASH),
        ("绿源纺织有限公司第一营业部", "绿源纺织有限公司第二营业部", Likeness.CLASH),
        ("绿源纺织有限公司上柳店", "绿源纺织有限公司上桃店", Likeness.NONE),
        ("宏图贸易有限公司东湾分公司", "晨曦印务有限公司东湾分公司", Likeness.NONE),
    ],
)
def test_two_names_are_as_alike_as_this(left: str, right: str, level: Likeness) -> None:
    assert likeness(compared(left), compared(right)) is level


@given(*[st.text("安澜市绿源纺织有限公司青柳分店一二", min_size=1, max_size=16)] * 2)
def test_likeness_does_not_depend_on_the_side(left: str, right: str) -> None:
    assert likeness(compared(left), compared(right)) is likeness(compared(right), compared(left))
