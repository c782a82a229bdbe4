"""Writes the places and bodies as the files an office would import."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from jingwei.demo.city import bodies, words
from jingwei.demo.city.boundaries import make_boundaries, on_earth
from jingwei.demo.city.calendar import day_of
from jingwei.demo.city.noise import Noise
from jingwei.demo.city.places import FOUNDED, PARK, Places
from jingwei.demo.city.streets import ALL, EVEN, ODD, Streets, Stretch, park_members
from jingwei.demo.city.tables import write_plain

_PARITY = {ALL: "全部", ODD: "单号", EVEN: "双号"}
_KNOWN_ROADS = 0.45  # share of roads the office has already placed
_YES, _NO = "是", "否"
_Row = tuple[object, ...]


def write_places(folder: Path, noise: Noise, places: Places, streets: Streets) -> None:
    """区划.csv, 区划沿革.csv, 载体.csv, 路段.csv, 边界.geojson."""
    folder.mkdir(parents=True)
    write_plain(folder / "区划.csv", ("代码", "名称", "上级代码", "级别", "启用日期", "停用日期"), _divisions(places))
    write_plain(folder / "区划沿革.csv", ("旧代码", "旧名称", "新代码", "起", "止", "说明"), _former_codes(places))
    write_plain(folder / "载体.csv", _OVERLAY_HEADER, _overlays(places, streets))
    write_plain(
        folder / "路段.csv",
        ("区县代码", "道路", "起号", "止号", "单双", "所属代码"),
        _known_stretches(noise.child("known roads"), places, streets),
    )
    _write_boundaries(folder / "边界.geojson", places)


def write_bodies(folder: Path, places: Places) -> None:
    """机构.csv."""
    folder.mkdir(parents=True)
    write_plain(folder / "机构.csv", bodies.HEADER, bodies.rows(bodies.make_bodies(places)))


def stretch_rows(places: Places, streets: Streets) -> Iterator[_Row]:
    """Every stretch of every road with the community it lies in: part of the truth."""
    for stretch in streets.stretches:
        yield (*_stretch_cells(places, streets, stretch), places.communities[stretch.community].code)


def _divisions(places: Places) -> Iterator[_Row]:
    since = FOUNDED.isoformat()
    city = str(words.CITY_AREA)
    yield city, words.CITY, "", "市", since, ""
    for county in places.counties:
        yield str(county.code), county.name, city, "区县", since, ""
    for area in places.former_areas:
        if not area.is_zone:
            yield str(area.code), area.name, city, "区县", area.since.isoformat(), _day_after(area.until)
    for tile in places.tiles:
        if tile.kind != PARK:
            yield tile.code, tile.name, str(places.counties[tile.county].code), "镇街", since, ""
    for town in places.former_towns:
        yield town.code, town.name, town.code[:6], "镇街", since, _day_after(town.until)
    for community in sorted(places.communities, key=lambda item: item.code):
        yield community.code, community.name, community.code[:9], "村（社区）", since, ""


def _day_after(last: date) -> str:
    """Divisions name the first day after their end, the table of former codes the last day of use."""
    return (last + timedelta(days=1)).isoformat()


def _former_codes(places: Places) -> Iterator[_Row]:
    for area in places.former_areas:
        new = str(places.counties[area.county].code)
        yield str(area.code), area.name, new, area.since.isoformat(), area.until.isoformat(), area.note
    for town in places.former_towns:
        successor = places.tiles[town.successor]
        note = f"撤销{town.name}，并入{successor.name}"
        yield town.code, town.name, successor.code, FOUNDED.isoformat(), town.until.isoformat(), note


_OVERLAY_HEADER = words.listed("编号 名称 类型 所在区划代码 承担管理责任 启用日期 停用日期 道路 门牌号 经度 纬度")


def _overlays(places: Places, streets: Streets) -> Iterator[_Row]:
    for tile, members in park_members(places).items():
        item = places.tiles[tile]
        inside, answers = _codes(places, members), _YES if item.answers else _NO
        yield item.code, item.name, PARK, inside, answers, "2009-03-01", "", "", "", *_point(item.centre)
    for number, overlay in enumerate(streets.overlays):
        inside = _codes(places, overlay.communities)
        since = day_of(12_000 + 37 * number % 6000).isoformat()
        road = streets.road_names[streets.stretches[overlay.stretch].road] if overlay.number else ""
        door = overlay.number or ""
        yield overlay.code, overlay.name, overlay.kind, inside, _NO, since, "", road, door, *_point(overlay.point)


def _codes(places: Places, communities: tuple[int, ...]) -> str:
    return "、".join(places.communities[community].code for community in communities)


def _point(point: tuple[float, float]) -> tuple[float, float]:
    x, y = on_earth(np.array([point]))[0]
    return float(x), float(y)


def _known_stretches(noise: Noise, places: Places, streets: Streets) -> Iterator[_Row]:
    """Roads the office has placed: whole roads inside one town or park, or stretch by stretch."""
    roads: dict[int, list[Stretch]] = {}
    for stretch in streets.stretches:
        roads.setdefault(stretch.road, []).append(stretch)
    for road, inside in sorted(roads.items()):
        if not noise.chance("known", np.array([road]), _KNOWN_ROADS)[0]:
            continue
        tiles = {places.communities[stretch.community].tile for stretch in inside}
        if len(tiles) == 1 and road % 2:
            start, end = min(item.start for item in inside), max(item.end for item in inside)
            whole = Stretch(road, start, end, ALL, inside[0].community)
            yield (*_stretch_cells(places, streets, whole), places.tiles[tiles.pop()].code)
            continue
        for item in inside:
            yield (*_stretch_cells(places, streets, item), places.communities[item.community].code)


def _stretch_cells(places: Places, streets: Streets, stretch: Stretch) -> _Row:
    county = places.counties[int(streets.road_counties[stretch.road])].code
    road = streets.road_names[stretch.road]
    return str(county), road, stretch.start, stretch.end, _PARITY[stretch.parity]


def _write_boundaries(path: Path, places: Places) -> None:
    shapes = make_boundaries(places)
    features = [_feature(str(words.CITY_AREA), words.CITY, "市", "", shapes.city)]
    features += [
        _feature(str(county.code), county.name, "区县", str(words.CITY_AREA), shape)
        for county, shape in zip(places.counties, shapes.counties, strict=True)
    ]
    for number, tile in enumerate(places.tiles):
        county = str(places.counties[tile.county].code)
        if tile.kind == PARK:
            features.append(_feature(tile.code, tile.name, PARK, places.tiles[tile.owner].code, shapes.tiles[number]))
        else:
            features.append(_feature(tile.code, tile.name, "镇街", county, shapes.towns[number]))
    features += [
        _feature(community.code, community.name, "村（社区）", community.code[:9], shape)
        for community, shape in zip(places.communities, shapes.communities, strict=True)
    ]
    collection = {"type": "FeatureCollection", "name": words.CITY, "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _feature(code: str, name: str, level: str, above: str, shape: BaseGeometry) -> dict[str, Any]:
    properties = {"代码": code, "名称": name, "级别": level, "上级代码": above}
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}
