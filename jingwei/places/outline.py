"""Boundaries as SVG paths, drawn on the server without any map service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

WIDTH = 640.0
HIGHEST = 900.0
FINENESS = 800  # points closer than this part of the width fall together


@dataclass(frozen=True)
class Projection:
    """Degrees to drawing units: distances east and north look alike at this latitude."""

    west: float
    north: float
    across: float
    down: float

    def point(self, longitude: float, latitude: float) -> str:
        return f"{(longitude - self.west) * self.across:.1f} {(self.north - latitude) * self.down:.1f}"


def projection(bounds: tuple[float, float, float, float]) -> tuple[Projection, str]:
    """A projection that fits the bounds, and the view box it draws into."""
    west, south, east, north = bounds
    shrink = cos(radians((south + north) / 2))
    wide, high = max((east - west) * shrink, 1e-9), max(north - south, 1e-9)
    scale = min(WIDTH / wide, HIGHEST / high)
    box = f"-4 -4 {wide * scale + 8:.0f} {high * scale + 8:.0f}"
    return Projection(west, north, scale * shrink, scale), box


def path_of(geometry: BaseGeometry, to: Projection) -> str:
    """The rings of a polygon or of several, as one SVG path."""
    parts = getattr(geometry, "geoms", [geometry])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join(f"M{'L'.join(to.point(x, y) for x, y, *_ in ring.coords[:-1])}Z" for ring in rings)


def drawn(
    boundaries: Iterable[tuple[int, Mapping[str, Any]]], frame: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Paths by place id in one drawing, with the frame's own path; None when there is nothing to draw."""
    held = {place_id: shape(boundary) for place_id, boundary in boundaries}
    around = shape(frame) if frame else None
    shapes = [*held.values(), *([around] if around is not None else [])]
    if not shapes:
        return None
    edges = list(zip(*(item.bounds for item in shapes), strict=True))
    bounds = min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])
    to, box = projection(bounds)
    tolerance = (bounds[2] - bounds[0]) / FINENESS
    return {
        "view_box": box,
        "path": path_of(around.simplify(tolerance), to) if around is not None else "",
        "parts": {place_id: path_of(item.simplify(tolerance), to) for place_id, item in held.items()},
    }
