"""Invented boundaries: one tessellation of the city, in the open ocean where no land is.

Communities are the cells around their sites; towns, counties and the city are unions of
communities, so neighbours share their border point by point.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from jingwei.demo.city.noise import Floats
from jingwei.demo.city.places import PARK, Places, outline

_ORIGIN = np.array([160.0, 30.0])  # longitude, latitude
_SPAN = np.array([0.46, 0.40])  # degrees to one unit of the plane
_STEP = 0.006


@dataclass(frozen=True)
class Boundaries:
    communities: tuple[BaseGeometry, ...]
    tiles: tuple[BaseGeometry, ...]
    """Parks apart from the streets they lie in."""
    towns: Mapping[int, BaseGeometry]
    """By tile, parks within their owners: the administrative streets and towns."""
    counties: tuple[BaseGeometry, ...]
    city: BaseGeometry


def make_boundaries(places: Places) -> Boundaries:
    cells = _cells(places.sites)
    tiles = places.tiles
    by_tile = _united(cells, [community.tile for community in places.communities], len(tiles))
    towns = _united(by_tile, [tile.owner for tile in tiles], len(tiles))
    counties = _united(by_tile, [tile.county for tile in tiles], len(places.counties))
    return Boundaries(
        communities=tuple(cells),
        tiles=tuple(by_tile),
        towns={number: towns[number] for number, tile in enumerate(tiles) if tile.kind != PARK},
        counties=tuple(counties),
        city=shapely.union_all(counties),
    )


def on_earth(points: Floats) -> Floats:
    """Points of the plane as longitude and latitude, six decimals, bent as the borders are."""
    return np.asarray(np.round(_bent(points) * _SPAN + _ORIGIN, 6))


def _cells(sites: Floats) -> list[BaseGeometry]:
    """One polygon per site: Voronoi edges noded with the outline, bent together, then closed again."""
    border = Polygon(outline())
    edges = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=border, only_edges=True)
    lines = shapely.get_parts(shapely.union_all([edges, border.exterior]))
    bent = shapely.union_all(shapely.transform(shapely.segmentize(lines, _STEP), on_earth))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(bent)))
    site, face = shapely.STRtree(faces).query(shapely.points(on_earth(sites)), predicate="within")
    if not np.array_equal(site, np.arange(len(sites))) or len(set(face)) != len(sites):
        raise RuntimeError("the tessellation lost a cell")
    return [faces[number] for number in face]


def _bent(points: Floats) -> Floats:
    """Move every point by a smooth field, so that straight edges become winding ones."""
    x, y = points[:, 0], points[:, 1]
    push_x = 0.011 * np.sin(17 * y + 3 * x) + 0.004 * np.sin(61 * y - 23 * x)
    push_y = 0.011 * np.sin(19 * x - 5 * y + 1.3) + 0.004 * np.sin(57 * x + 29 * y + 0.4)
    return np.asarray(points + np.stack([push_x, push_y], axis=1))


def _united(parts: list[BaseGeometry], groups: list[int], count: int) -> list[BaseGeometry]:
    members: list[list[BaseGeometry]] = [[] for _ in range(count)]
    for part, group in zip(parts, groups, strict=True):
        members[group].append(part)
    return [shapely.union_all(member) for member in members]
