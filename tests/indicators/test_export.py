"""The rows of a snapshot as a file that needs nothing of the product to be counted again."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from jingwei.base_roster.models import Entity
from jingwei.domain.indicators import Population
from jingwei.indicators import selectors
from tests.indicators.rows import NOVEMBER, as_whole_city, take

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_names_codes_and_unknown_values_are_in_the_file(rows: dict[str, Entity], tmp_path: Path, ending: str) -> None:
    with as_whole_city():
        snapshot = take()
        Entity.objects.filter(pk=rows["own"].pk).update(name="后来改名的公司")
        take(NOVEMBER, 30)
        path = selectors.export_population(snapshot=snapshot, path=tmp_path / f"rows.{ending}")
    found = duckdb.sql(
        f"SELECT name, county_name, county_code, town_code, area_name, staff, full_members FROM '{path}' ORDER BY id"
    ).fetchall()
    assert len(found) == len(rows)
    named = {row[0]: row[1:] for row in found}
    assert [str(value) for value in named["安澜衡川科技有限公司"]] == [
        "青岚区", "990102", "990102001", "书院街道", "120", "5",
    ]  # fmt: skip
    assert named["安澜晨启智造有限公司"][3] == "高新产业园"
    assert named["安澜云栖物流有限公司"][4:] == (None, None)


def test_organizations_are_written_with_their_days(rows: dict[str, Entity], tmp_path: Path) -> None:
    with as_whole_city():
        path = selectors.export_population(
            snapshot=take(), path=tmp_path / "organizations.parquet", population=Population.ORGANIZATION
        )
    found = duckdb.sql(f"SELECT form, level, founded_on FROM '{path}' ORDER BY id").fetchall()
    assert found[0] == ("independent", "branch", date(2026, 3, 1))
    assert len(found) == 3


def test_a_snapshot_without_rows_is_an_empty_table(db: None, tmp_path: Path) -> None:
    with as_whole_city():
        path = selectors.export_population(
            snapshot=take(), path=tmp_path / "letters.parquet", population=Population.LETTER
        )
    assert duckdb.sql(f"SELECT count(issued_on) FROM '{path}'").fetchall() == [(0,)]
