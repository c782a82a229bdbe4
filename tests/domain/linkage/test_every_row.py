"""Whatever the lists hold: no row is lost, and order means nothing."""

from random import Random

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.intake import check_row
from jingwei.domain.linkage import REASONS, Basis
from jingwei.domain.lists import ListKind
from tests.domain.linkage.rows import (
    FILES,
    FIRM,
    OTHER_FIRM,
    TRADER,
    Row,
    groups,
    link_numbered,
)

NAMES = (
    "安澜市绿源纺织有限公司",
    "绿源纺织有限责任公司",
    "安澜市绿源纺织有限公司东湾分公司",
    "安澜市绿原纺织有限公司",
    "老槐树面馆",
    "",
    "无",
)
CODES = (FIRM, OTHER_FIRM, TRADER, FIRM[:17] + "*", "990199" + FIRM[8:17], "110108000000016", "无", "")
ADDRESSES = ("安澜市东湾区青柳路12号", "安澜市西岭区白鹭路3号", "")
PERSONS = ("苏晚晴", "孟知秋", "")


@st.composite
def rows(draw: st.DrawFn) -> Row:
    kind = draw(st.sampled_from(list(ListKind)))
    if kind is ListKind.PARTY_ORG:
        covered = "、".join(draw(st.lists(st.sampled_from(NAMES + CODES), max_size=3)))
        return Row(kind, {"organization_name": draw(st.sampled_from(NAMES)), "covered_units": covered})
    return Row(
        kind,
        {
            "name": draw(st.sampled_from(NAMES)),
            "uscc": draw(st.sampled_from(CODES)),
            "address": draw(st.sampled_from(ADDRESSES)),
            "legal_representative": draw(st.sampled_from(PERSONS)),
        },
    )


@settings(max_examples=6, deadline=None)
@given(st.lists(rows(), min_size=4, max_size=30), st.randoms(use_true_random=False))
def test_every_row_kept_is_placed_once_and_the_order_of_rows_changes_no_group(
    engine: duckdb.DuckDBPyConnection, drawn: list[Row], random: Random
) -> None:
    shuffled = list(enumerate(drawn))
    random.shuffle(shuffled)
    partitions = []
    for order in (list(enumerate(drawn)), shuffled):
        numbered = [(FILES[row.kind], number, row) for number, (_, row) in enumerate(order, start=1)]
        placed = link_numbered(numbered, engine)
        assert set(placed) == {
            (file, number) for file, number, row in numbered if check_row(row.kind, row.values).rejected is None
        }
        assert all(place.entity for place in placed.values())
        partitions.append(groups({order[number - 1][0]: place for (_, number), place in placed.items()}))
    assert partitions[0] == partitions[1]


def test_neither_threads_nor_the_order_of_arrival_make_a_difference(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    numbered = [
        (FILES[kind], number, Row(kind, {"name": name, "uscc": code, "address": address}))
        for kind in (ListKind.MARKET, ListKind.TAX, ListKind.SOCIAL)
        for number, (name, code, address) in enumerate(
            [(name, code, address) for name in NAMES for code in CODES for address in ADDRESSES], start=1
        )
    ]
    one = link_numbered(numbered, engine)
    with duckdb.connect(config={"threads": 4}) as threaded:
        assert link_numbered(reversed(numbered), threaded) == one


def test_every_ground_has_its_reason_and_only_links_rest_on_grounds_that_link() -> None:
    assert set(REASONS) == set(Basis)
    assert len({reason.zh for reason in REASONS.values()}) == len(Basis)
    assert all(0 <= reason.score <= 1 for reason in REASONS.values())
