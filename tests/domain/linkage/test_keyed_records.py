"""The table of keys: what it holds, and that neither threads nor the order of arrival change it."""

from random import Random

import duckdb
import pyarrow as pa
import pytest

from jingwei.domain.linkage.bulk_keys import keyed_texts
from tests.domain.linkage.odd_texts import odd_addresses, odd_names, odd_persons, odd_phones
from tests.domain.linkage.rows import FIRM, linked, market

_COLUMNS = ("name", "address", "person", "phone")


def records(count: int) -> pa.Table:
    random = Random(7)
    columns = (odd_names, odd_addresses, odd_persons, odd_phones)
    texts = {name: pa.array(make(random, count)) for name, make in zip(_COLUMNS, columns, strict=True)}
    return pa.table({"rid": pa.array(range(count), pa.int64()), **texts})


FORMER = pa.table({"rid": pa.array([3], pa.int64()), "name": pa.array(["安澜市绿源纺织厂"])})


def test_threads_and_parts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = records(900)
    one = keyed_texts(table, FORMER)
    monkeypatch.setattr("jingwei.domain.linkage.bulk_keys._PART", 100)
    many = keyed_texts(table, FORMER, threads=2)
    assert many.table.equals(one.table)
    assert many.former.equals(one.former)
    assert many.places == one.places


def test_the_order_of_records_changes_no_key() -> None:
    table = records(300)
    turned = keyed_texts(table.take(pa.array(range(299, -1, -1))), FORMER).table
    assert turned.sort_by("rid").equals(keyed_texts(table, FORMER).table.combine_chunks())


def test_given_divisions_are_places_though_nothing_else_names_them() -> None:
    names = pa.table({"rid": [1], **{name: ["北山市绿源纺织有限公司"] for name in _COLUMNS}})
    empty = FORMER.slice(0, 0)
    assert keyed_texts(names, empty).table["core"].to_pylist() == ["北山市绿源纺织"]
    made = keyed_texts(names, empty, divisions=("北山市",))
    assert made.table["core"].to_pylist() == ["绿源纺织"]
    assert made.table["place"].to_pylist() == ["北山市"]


def test_a_record_has_keys_for_all_that_is_compared(engine: duckdb.DuckDBPyConnection) -> None:
    values = {"address": "安澜市东湾区梧桐路12-3号", "phone": "0999-8765432", "legal_representative": "苏晚晴"}
    linked(market("绿源第十二纺织有限公司青柳路店", FIRM, **values), engine=engine)
    columns = "name_key, core, branch, form, numerals, area_code, district, road, house, site, person, phone"
    assert engine.execute(f"SELECT {columns} FROM linkage.keyed").fetchall() == [
        (
            *("绿源第十二纺织有限公司青柳路店", "绿源第十二纺织青柳路店", "青柳路店", "有限公司", "12", "990101"),
            *("东湾区", "梧桐路", "12-3", "梧桐路12-3", "苏晚晴", "8765432"),
        )
    ]


def test_the_hash_of_a_row_is_the_same_in_every_run_and_tells_rows_apart(engine: duckdb.DuckDBPyConnection) -> None:
    hashes = []
    for name in ("绿源纺织有限公司", "绿源纺织有限公司", "绿园纺织有限公司"):
        linked(market(name, FIRM), engine=engine)
        hashes += engine.execute("SELECT row_hash FROM linkage.keyed").fetchall()
    assert hashes[0] == hashes[1] == (5549531507046756032,)
    assert hashes[2] != hashes[0]
