"""A city's divisions come out of the public table of the country."""

from pathlib import Path

import pytest

from jingwei.core.refusal import Refused
from jingwei.places.services import divisions_of_city

TABLES = {
    "provinces.csv": ["99,安澜省", "11,北京市"],
    "cities.csv": ["9901,安澜市", "9902,安宁市", "9903,独一市", "1101,市辖区"],
    "areas.csv": ["990102,青岚区", "990201,别处区", "990300,独一市", "110101,东城区"],
    "streets.csv": ["990102001,书院街道", "990201001,别处镇", "990300101,独一镇", "110101001,门里街道"],
    "villages.csv": ["990102001001,竹园社区", "990102009001,无镇村", "990201001001,别处村"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in TABLES.items():
        (tmp_path / name).write_text("\n".join(["code,name", *rows]), encoding="utf-8")
    return tmp_path


def test_a_city_comes_with_its_own_places_only(folder: Path) -> None:
    rows = divisions_of_city(city="安澜", folder=folder)
    assert [(row["代码"], row["级别"], row["上级代码"]) for row in rows] == [
        ("990100", "市", ""),
        ("990102", "区县", "990100"),
        ("990102001", "镇街", "990102"),
        ("990102001001", "村（社区）", "990102001"),
    ]


def test_a_community_without_its_town_is_left_out(folder: Path) -> None:
    assert "无镇村" not in {row["名称"] for row in divisions_of_city(city="安澜市", folder=folder)}


def test_a_city_without_counties_keeps_its_short_code(folder: Path) -> None:
    rows = divisions_of_city(city="独一市", folder=folder)
    assert [(row["代码"], row["上级代码"]) for row in rows] == [
        ("9903", ""), ("990300", "9903"), ("990300101", "990300"),
    ]  # fmt: skip


def test_a_municipality_is_a_city(folder: Path) -> None:
    assert divisions_of_city(city="北京", folder=folder)[0]["代码"] == "110000"


def test_an_unknown_city_is_answered_with_near_names(folder: Path) -> None:
    with pytest.raises(Refused, match="安宁市"):
        divisions_of_city(city="安泞", folder=folder)


def test_without_the_package_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--divisions"):
        divisions_of_city(city="安澜", folder=tmp_path)
