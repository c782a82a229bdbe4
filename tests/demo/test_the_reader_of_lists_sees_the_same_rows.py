from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jingwei.core.tables import parse
from jingwei.domain.lists import LISTS
from tests.demo.conftest import FIRST, SECOND, Written

NOTES = {"total": "total", "repeated_header": "repeated_header", "keyless": None, "": None}


@pytest.mark.parametrize("month", [FIRST, SECOND])
def test_rows_are_numbered_and_marked_alike(city: Written, month: str, tmp_path: Path) -> None:
    for path in city.files(month):
        table = parse(path, tmp_path / f"{path.stem}.parquet")
        seen = {row["row"]: row["note"] for row in pq.read_table(table.rows_path).to_pylist()}
        told = {int(row["row"]): NOTES[row["note"]] for row in city.rows(month) if row["file"] == path.name}

        assert seen == told


def test_each_list_is_recognised_with_all_its_columns(city: Written, tmp_path: Path) -> None:
    kinds = set()
    for path in city.files():
        table = parse(path, tmp_path / f"{path.stem}.parquet")
        kinds.add(table.kind)
        columns = [title for title in table.header if title != "序号"]

        assert table.kind is not None
        assert LISTS[table.kind].zh == path.stem
        assert len(table.mapping) == len(columns)
    assert kinds == set(LISTS)
