"""A map of areas in five classes, drawn from their boundaries. No map service, no tiles."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from shapely import union_all
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingwei.places.models import Place
from jingwei.places.outline import FINENESS, path_of, projection

CLASSES = 5
_LIGHT_FROM = 3  # the two darkest classes carry white letters
# Colours of as many classes as there are: few classes lie close together, as their values do.
_TONES = {1: (1,), 2: (1, 2), 3: (1, 2, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}
_LETTER = 19  # drawing units a character of a label needs, the uneven shape of areas allowed for


class Outline(NamedTuple):
    """One area as drawn: its path, where its label stands, and how much room there is for one."""

    path: str
    x: str
    y: str
    width: float


class Shade(NamedTuple):
    """The value an area is shaded by, None where there is nothing to shade, and its text."""

    value: float | None
    text: str


def area_map(
    places: Sequence[Place], shades: Mapping[int, Shade], urls: Mapping[int, str], *, unit: str, stamp: UUID
) -> dict[str, Any] | None:
    """Areas shaded by their values; None unless every area has a boundary. Areas without a value are hatched.

    ``stamp`` changes with every place; one query when it has changed, else none.
    """
    drawing = outlines(stamp, tuple(place.pk for place in places))
    if drawing is None:
        return None
    view_box, held = drawing
    edges = class_edges([shade.value for shade in shades.values() if shade.value is not None])
    drawn = [_drawn(place, held[place.pk], shades[place.pk], edges, urls[place.pk]) for place in places]
    blank = any(shade.value is None for shade in shades.values())
    return {"view_box": view_box, "shapes": drawn, "legend": legend(edges, unit, blank=blank)}


def _drawn(place: Place, outline: Outline, shade: Shade, edges: Sequence[int], url: str) -> dict[str, Any]:
    label = place.short_name or place.name.removesuffix("街道")
    shown = tone(bisect_right(edges, shade.value), len(edges)) if shade.value is not None else 0
    return {
        "path": outline.path, "x": outline.x, "y": outline.y, "css": f"m{shown}", "wide": len(label) * _LETTER <= outline.width,
        "hatched": shade.value is None, "light": shown >= _LIGHT_FROM,
        "label": label, "value": shade.text, "url": url,
    }  # fmt: skip


def class_edges(values: Sequence[float]) -> list[int]:
    """Whole numbers at which the next class begins: about as many areas in each, at most five classes."""
    ordered = sorted(values)
    cuts = {int(ordered[len(ordered) * step // CLASSES]) for step in range(1, CLASSES)} if ordered else set()
    return sorted(cut for cut in cuts if cut > ordered[0])


def tone(level: int, edges: int) -> int:
    """The colour of a class, counted from 0."""
    return _TONES[edges + 1][level]


def legend(edges: Sequence[int], unit: str, *, blank: bool) -> list[dict[str, Any]]:
    """The classes in words, and the hatch of areas without a value."""
    hatch = [{"css": "", "label": "没有数据", "hatched": True}] if blank else []
    if not edges:
        return hatch or [{"css": "m0", "label": "各处相同", "hatched": False}]
    between = [f"{low:,}–{high:,}" for low, high in pairwise(edges)]
    words = [f"< {edges[0]:,}{unit}", *between, f"≥ {edges[-1]:,}{unit}"]
    shades = [
        {"css": f"m{tone(level, len(edges))}", "label": word, "hatched": False} for level, word in enumerate(words)
    ]
    return shades + hatch


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
    for at, pk in enumerate(place_ids):
        free = _free(geometries[pk], [geometries[later] for later in place_ids[at + 1 :]])
        label = free.representative_point()
        x, y = to.point(label.x, label.y).split()
        width = (free.bounds[2] - free.bounds[0]) * to.across
        drawn[pk] = Outline(path_of(geometries[pk].simplify(tolerance), to), x, y, width)
    return view_box, drawn


def _free(geometry: BaseGeometry, above: Sequence[BaseGeometry]) -> BaseGeometry:
    """The largest piece of an area that nothing drawn above it hides; the whole where all is hidden."""
    left = geometry.difference(union_all([other for other in above if other.intersects(geometry)]))
    pieces = [piece for piece in getattr(left, "geoms", [left]) if not piece.is_empty]
    return max(pieces, key=lambda piece: float(piece.area), default=geometry)
