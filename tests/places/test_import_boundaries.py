import json
from pathlib import Path
from typing import Any

import pytest

from jingwei.core.permissions import local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused
from jingwei.places.models import Place
from jingwei.places.selectors import gazetteer
from jingwei.places.services import import_boundaries
from jingwei.places.services.boundaries import read_geojson
from tests.city import NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
SQUARE = [[[101, 31], [102, 31], [102, 32], [101, 32], [101, 31]]]
BOW_TIE = [[[101, 31], [102, 32], [102, 31], [101, 32], [101, 31]]]


def feature(coordinates: Any, kind: str = "Polygon", **properties: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def load(*features: Any) -> ImportCounts:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return import_boundaries(collection=collection, by=local_operator(), on=NOW)


def test_boundaries_find_their_place_by_code_or_by_name(small_city: SmallCity) -> None:
    assert load(feature(SQUARE, code="990102"), feature([SQUARE], "MultiPolygon", 名称="石桥镇")).changed == 2
    small_city.county.refresh_from_db()
    assert small_city.county.boundary == {"type": "Polygon", "coordinates": SQUARE}
    assert gazetteer().place("", point=(101.5, 31.5), on=TODAY).place_id is not None


def test_a_second_import_changes_nothing(small_city: SmallCity) -> None:
    load(feature(SQUARE, code="990102"))
    assert load(feature(SQUARE, code="990102")) == ImportCounts(unchanged=1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (feature(BOW_TIE, code="990121"), "990121.*边界无效：Self-intersection"),
        (feature([101, 31], "Point", code="990121"), "应为 Polygon"),
        (feature([[["x", 1]]], code="990121"), "读不出"),
        (feature([], code="990121"), "空的"),
        (feature([[[0, 0], [1000, 0], [0, 1000], [0, 0]]], code="990121"), "经纬度"),
        (feature(SQUARE, code="990199"), "没有这个代码"),
        (feature(SQUARE, name="没有的镇"), "没有这个代码或名称"),
        (feature(SQUARE, code="990102"), "两个要素"),
        ({"type": "Feature"}, "没有这个代码或名称"),
        ("石桥镇", "没有这个代码或名称"),
    ],
)
def test_a_wrong_feature_is_named_and_nothing_is_stored(small_city: SmallCity, wrong: Any, message: str) -> None:
    with pytest.raises(TableRefused, match=f"第 2 行 .*{message}"):
        load(feature(SQUARE, code="990102"), wrong)
    assert not Place.objects.filter(boundary__isnull=False).exists()


def test_a_name_that_two_places_have_needs_a_code(small_city: SmallCity) -> None:
    Place.objects.create(kind="town", name="石桥镇", parent=small_city.county, valid=small_city.county.valid)
    with pytest.raises(TableRefused, match="请写明代码"):
        load(feature(SQUARE, name="石桥镇"))


@pytest.mark.parametrize("content", ["[1]", "{", "", "[" * 100_000])
def test_a_file_that_is_no_geojson_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "边界.json"
    file.write_text(content)
    with pytest.raises(TableRefused, match=r"边界\.json"):
        read_geojson(file)


def test_another_kind_of_object_is_refused(small_city: SmallCity, tmp_path: Path) -> None:
    file = tmp_path / "边界.json"
    file.write_text(json.dumps({"type": "Topology"}))
    with pytest.raises(TableRefused, match="要素集合"):
        import_boundaries(collection=read_geojson(file), by=local_operator(), on=NOW)
