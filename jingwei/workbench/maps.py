"""A map of areas in five classes, drawn from their boundaries. No map service, no tiles."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from shapely.geometry import shape

from jingwei.places.models import Place
from jingwei.places.outline import FINENESS, path_of, projection
from jingwei.places.selectors import gazetteer_stamp
from jingwei.workbench.selectors import Area

CLASSES = 5
_LIGHT_FROM = 3  # the two darkest classes carry white letters


class Outline(NamedTuple):
    """One area as drawn: its path and where its label stands."""

    path: str
    x: str
    y: str


def area_map(areas: Sequence[Area], roster: str, urls: Mapping[int, str]) -> dict[str, Any] | None:
    """Counts of three-haves entities by area; None unless every area has a boundary.

    Areas without any entity are hatched. Two queries when a place has changed, else one.
    """
    drawing = outlines(gazetteer_stamp(), tuple(area.place.pk for area in areas))
    if drawing is None:
        return None
    view_box, held = drawing
    counts = {area.place.pk: area.rosters[roster].screened_in for area in areas}
    edges = class_edges([count for count in counts.values() if count])
    shapes = []
    for area in areas:
        outline, count = held[area.place.pk], counts[area.place.pk]
        level = bisect_right(edges, count)
        shapes.append(
            {
                "path": outline.path, "x": outline.x, "y": outline.y, "css": f"m{level}",
                "hatched": not area.rosters[roster].total, "light": level >= _LIGHT_FROM,
                "label": area.place.short_name or area.place.name, "value": f"{count:,}", "url": urls[area.place.pk],
            }
        )  # fmt: skip
    return {"view_box": view_box, "shapes": shapes, "legend": legend(edges)}


def class_edges(counts: Sequence[int]) -> list[int]:
    """Numbers at which the next class begins: about as many areas in each, at most five classes."""
    ordered = sorted(counts)
    return sorted({ordered[len(ordered) * step // CLASSES] for step in range(1, CLASSES)}) if ordered else []


def legend(edges: Sequence[int]) -> list[dict[str, Any]]:
    """The classes in words, and the hatch of areas without any entity."""
    if not edges:
        return [{"css": "", "label": "没有数据", "hatched": True}]
    between = [f"{low:,}–{high - 1:,}" for low, high in pairwise(edges)]
    words = [f"不足 {edges[0]:,}", *between, f"{edges[-1]:,} 以上"]
    return [{"css": f"m{level}", "label": word, "hatched": False} for level, word in enumerate(words)]


@lru_cache(maxsize=32)
def outlines(stamp: UUID, place_ids: tuple[int, ...]) -> tuple[str, Mapping[int, Outline]] | None:
    """View box and outlines of the areas, kept in memory until a place changes."""
    held = Place.objects.filter(pk__in=place_ids, boundary__isnull=False).values_list("pk", "boundary")
    geometries = {pk: shape(boundary) for pk, boundary in held}
    if not place_ids or len(geometries) < len(place_ids):
        return None
    edges = list(zip(*(item.bounds for item in geometries.values()), strict=True))
    bounds = min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])
    to, view_box = projection(bounds)
    tolerance = (bounds[2] - bounds[0]) / FINENESS
    drawn = {}
    for pk, geometry in geometries.items():
        label = geometry.representative_point()
        x, y = to.point(label.x, label.y).split()
        drawn[pk] = Outline(path_of(geometry.simplify(tolerance), to), x, y)
    return view_box, drawn
