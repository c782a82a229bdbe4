"""How alike two different names are."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.linkage.engine import MOST_EDITS, add_functions
from jingwei.domain.linkage.fold_sound import sound_key
from jingwei.domain.linkage.likeness import ComparedName, Likeness, likeness
from jingwei.domain.linkage.names_sql import LIKENESS
from jingwei.domain.linkage.normalize import fold_names, split_name

NAMES = st.text("安澜市绿源原纺织有限公司青柳分店一二", min_size=1, max_size=16)


def compared(name: str) -> ComparedName:
    parts = split_name(fold_names([name])[0], frozenset({"安澜市", "安澜"}))
    sound = sound_key(parts.core.removesuffix(parts.branch))
    return ComparedName(parts.key, parts.core, parts.branch, parts.numerals, sound)


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("安澜市绿源纺织有限公司", "安澜市绿原纺织有限公司", Likeness.SOUND),
        ("安澜市绿源纺织有限公司", "安澜市绿杨纺织有限公司", Likeness.NEAR),
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


@given(NAMES, NAMES)
def test_likeness_does_not_depend_on_the_side(left: str, right: str) -> None:
    assert likeness(compared(left), compared(right)) is likeness(compared(right), compared(left))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=20, max_size=60))
def test_the_engines_expression_gives_the_same_likeness(
    engine: duckdb.DuckDBPyConnection, pairs: list[tuple[str, str]]
) -> None:
    add_functions(engine)
    sides = [(compared(left), compared(right)) for left, right in pairs]
    expression = LIKENESS.format(edits=MOST_EDITS, by_number=1)
    row = "(SELECT ? AS name_key, ? AS core, ? AS branch, ? AS numerals, ? AS sound, ? AS brand)"
    statement = f"SELECT {expression} FROM (SELECT 1 AS via) p, {row} l, {row} r"
    found = [engine.execute(statement, [*columns(left), *columns(right)]).fetchall()[0][0] for left, right in sides]
    assert found == [likeness(left, right) for left, right in sides]


def columns(name: ComparedName) -> tuple[str | None, ...]:
    return (*name, name.core.removesuffix(name.branch))
