import json

import pytest
import shapely
from shapely.geometry import shape

from tests.demo.conftest import Written

TINY = 1e-9


@pytest.fixture(scope="module")
def shapes(city: Written) -> dict[str, dict[str, shapely.Geometry]]:
    text = (city.out / "places/边界.geojson").read_text(encoding="utf-8")
    found: dict[str, dict[str, shapely.Geometry]] = {}
    for feature in json.loads(text)["features"]:
        properties = feature["properties"]
        found.setdefault(properties["级别"], {})[properties["代码"]] = shape(feature["geometry"])
    return found


@pytest.mark.parametrize("level", ["区县", "镇街", "村（社区）"])
def test_the_places_of_a_level_fill_the_city_without_overlap(
    shapes: dict[str, dict[str, shapely.Geometry]], level: str
) -> None:
    city = shapes["市"]["990100"]
    parts = list(shapes[level].values())

    assert all(part.is_valid for part in parts)
    assert sum(part.area for part in parts) == pytest.approx(city.area)
    assert shapely.union_all(parts).symmetric_difference(city).area < TINY


@pytest.mark.parametrize(("level", "above", "digits"), [("村（社区）", "镇街", 9), ("镇街", "区县", 6)])
def test_a_place_is_the_union_of_what_it_contains(
    shapes: dict[str, dict[str, shapely.Geometry]], level: str, above: str, digits: int
) -> None:
    for code, whole in shapes[above].items():
        parts = [part for inner, part in shapes[level].items() if inner[:digits] == code]

        assert shapely.union_all(parts).symmetric_difference(whole).area < TINY


def test_a_park_lies_inside_the_place_that_owns_it(
    city: Written, shapes: dict[str, dict[str, shapely.Geometry]]
) -> None:
    owners = {row["编号"]: row["所在区划代码"][:9] for row in city.place("载体.csv")}

    for code, park in shapes["园区"].items():
        assert park.difference(shapes["镇街"][owners[code]]).area < TINY


def test_neighbours_share_their_border_point_by_point(shapes: dict[str, dict[str, shapely.Geometry]]) -> None:
    assert shapely.coverage_is_valid(list(shapes["村（社区）"].values()))


def test_every_division_of_today_has_a_boundary(city: Written, shapes: dict[str, dict[str, shapely.Geometry]]) -> None:
    drawn = {code for level in ("市", "区县", "镇街", "村（社区）") for code in shapes[level]}

    assert drawn == {row["代码"] for row in city.place("区划.csv") if not row["停用日期"]}


def test_the_city_lies_in_the_open_ocean(shapes: dict[str, dict[str, shapely.Geometry]]) -> None:
    west, south, east, north = shapes["市"]["990100"].bounds

    assert 158 < west < east < 162
    assert 28 < south < north < 32
