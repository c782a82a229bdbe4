"""Import of boundaries as GeoJSON."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from shapely import GEOSException
from shapely.geometry import shape
from shapely.validation import explain_validity

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.core.reference_tables import ImportCounts, RowProblem, TableRefused
from jingwei.places.models import Place
from jingwei.places.selectors import CodeBook
from jingwei.places.services.guards import require_whole_city

LARGEST_FILE = 256 * 2**20
CODE_KEYS = ("代码", "code")
NAME_KEYS = ("名称", "name")
SHAPES = ("Polygon", "MultiPolygon")


@transaction.atomic
def import_boundaries(*, collection: Mapping[str, Any], by: Actor, on: datetime) -> ImportCounts:
    """Store the geometries of a GeoJSON feature collection as boundaries.

    A feature names its place by the property 代码 or code, else by 名称 or name where the name is unique.
    Every geometry has to be a valid polygon in degrees. Raises ``TableRefused`` that names each
    feature which is not, counted from 1, and then nothing is stored.
    """
    require_whole_city(by, Permission.PLACES_EDIT)
    wanted = _read_features(collection)
    changed = []
    for place in Place.objects.filter(pk__in=wanted):
        if place.boundary != wanted[place.pk]:
            place.boundary = wanted[place.pk]
            changed.append(place)
    Place.objects.bulk_update(changed, ["boundary"], batch_size=200)
    if changed:
        journal.record(
            verb="places.import_boundaries", subject_type="place", subject_id="边界", by=by, on=on,
            fields=["boundary"], detail={"changed": len(changed)},
        )  # fmt: skip
    return ImportCounts(changed=len(changed), unchanged=len(wanted) - len(changed))


def read_geojson(path: Path) -> dict[str, Any]:
    """Read a GeoJSON file. Raises ``TableRefused`` when it is none."""
    if path.stat().st_size > LARGEST_FILE:
        raise TableRefused([], f"{path.name}：文件超过 {LARGEST_FILE // 2**20} MB。")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise TableRefused([], f"{path.name}：不是 JSON 文件（{error}）。") from error
    if not isinstance(content, dict):
        raise TableRefused([], f"{path.name}：不是 GeoJSON 要素集合。")
    return content


def _read_features(collection: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise TableRefused([], "不是 GeoJSON 要素集合（FeatureCollection）。")
    find = _PlaceFinder()
    found: dict[int, dict[str, Any]] = {}
    problems: list[RowProblem] = []
    for number, feature in enumerate(features, 1):
        label = _property(feature, (*NAME_KEYS, *CODE_KEYS))
        place_id, unknown = find(feature)
        message = unknown or _geometry_problem(feature)
        if place_id in found:
            message = "同一区划有两个要素"
        if message or place_id is None:
            problems.append(RowProblem(number, "要素", label, message))
        else:
            found[place_id] = feature["geometry"]
    if problems:
        raise TableRefused(problems)
    return found


class _PlaceFinder:
    def __init__(self) -> None:
        self._book = CodeBook()
        self._names: dict[str, list[int]] = {}
        for name, pk in Place.objects.values_list("name", "pk"):
            self._names.setdefault(name, []).append(pk)

    def __call__(self, feature: object) -> tuple[int | None, str]:
        """(place id, nothing) or (None, why not)."""
        code, name = _property(feature, CODE_KEYS), _property(feature, NAME_KEYS)
        place = self._book.find(code) if code else None
        if place is not None:
            return place.pk, ""
        named = self._names.get(name, [])
        if not code and len(named) == 1:
            return named[0], ""
        if not code and len(named) > 1:
            return None, "有几个同名区划，请写明代码"
        return None, "区划中没有这个代码或名称"


def _property(feature: object, keys: tuple[str, ...]) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    values: Iterator[object] = (properties.get(key) for key in keys) if isinstance(properties, dict) else iter(())
    return next((str(value).strip() for value in values if value not in (None, "")), "")


def _geometry_problem(feature: Any) -> str:
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES:
        return "边界应为 Polygon 或 MultiPolygon"
    try:
        outline = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, GEOSException):
        return "边界坐标读不出"
    if outline.is_empty:
        return "边界是空的"
    if not outline.is_valid:
        return f"边界无效：{explain_validity(outline)}"
    west, south, east, north = outline.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "坐标应为经纬度（度）"
    return ""
