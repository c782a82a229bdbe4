"""Weights are learned from rows whose code tells the truth."""

import duckdb
import pytest

from jingwei.domain.intake import check_row
from jingwei.domain.linkage import RecordBuilder, begin, link, receive
from jingwei.domain.linkage.frequencies import size_of
from jingwei.domain.linkage.model import LEVELS, standard
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.linkage.training import learn
from jingwei.domain.lists import ListKind
from tests.domain.linkage.rows import Row, market, tax
from tests.domain.uscc.strategies import code_of

BRANDS = "绿源 宏图 晨曦 云栖 远帆 青禾 明岳 星河 金桥 长风 恒信 嘉禾".split()  # noqa: SIM905
TRADES = "纺织 贸易 印务 物流 建筑 餐饮".split()  # noqa: SIM905


def firms() -> list[Row]:
    """Firms and their tax rows; each third tax row is written by another person, each fourth misspelt."""
    rows = []
    for at, (brand, trade) in enumerate((brand, trade) for brand in BRANDS for trade in TRADES):
        name, code = f"安澜市{brand}{trade}有限公司", code_of("91", "990101", f"MA{at:06d}")
        person, site = f"苏晚{chr(0x4E00 + at)}", f"安澜市东湾区青柳路{at + 1}号"
        filed = name.replace(trade, trade[0]) if at % 4 == 0 else name
        clerk = "孟知秋" if at % 3 == 0 else person
        rows.append(market(name, code, legal_representative=person, address=site))
        rows.append(tax(filed, code, legal_representative=clerk, address=site))
    return rows


def linked_city(engine: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    builder = RecordBuilder()
    for number, row in enumerate(rows, start=1):
        builder.add(row.kind, f"{row.kind.value}.csv", number, check_row(row.kind, row.values))
    begin(engine)
    receive(engine, builder.take())
    link(engine)


def test_what_often_differs_within_one_code_is_learned_to_mean_less() -> None:
    with duckdb.connect(config={"threads": 1}) as engine:
        linked_city(engine, firms())
        learned = learn(engine, standard(), registers=len(REGISTERS), size=size_of(engine), version="test")
    former = standard()
    assert learned.version == "test"
    assert learned.weights["person", "differs"] > former.weights["person", "differs"]
    codes = [(item.field, item.level) for item in LEVELS if item.field == "code"]
    assert [learned.weights[key] for key in codes] == [former.weights[key] for key in codes]


def test_lists_without_common_codes_teach_nothing() -> None:
    with duckdb.connect(config={"threads": 1}) as engine:
        linked_city(engine, [row for row in firms() if row.kind is ListKind.MARKET])
        with pytest.raises(ValueError, match="没有可用来学习权重的记录"):
            learn(engine, standard(), registers=len(REGISTERS), size=0, version="test")
