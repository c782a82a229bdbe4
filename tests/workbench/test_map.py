"""Areas in classes: few classes lie close together, labels stand where nothing hides them."""

from uuid import uuid4

import pytest
from shapely.geometry import box

from jingwei.workbench.maps import Shade, area_map, class_edges, legend, outlines, tone
from tests.city import SmallCity


def test_classes_ascend_and_are_five_at_most() -> None:
    edges = class_edges([float(value) for value in range(1, 40)])
    assert edges == sorted(set(edges))
    assert len(legend(edges, "%", blank=False)) == 5
    assert legend(class_edges([]), "%", blank=True) == [{"css": "", "label": "没有数据", "hatched": True}]


def test_values_that_hardly_differ_get_neighbouring_colours() -> None:
    edges = class_edges([28.2, 28.3, 29.2])
    assert edges == [29]
    assert [tone(level, len(edges)) for level in (0, 1)] == [1, 2]


@pytest.mark.django_db
def test_a_label_stands_outside_what_is_drawn_above_its_area(small_city: SmallCity) -> None:
    town, park = small_city.town, small_city.park
    for place, (west, east) in ((town, (110.0, 114.0)), (park, (110.0, 112.5))):
        ring = list(box(west, 30.0, east, 34.0).exterior.coords)
        place.boundary = {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}
        place.save()
    places = [town, park]
    drawn = area_map(
        places, {town.pk: Shade(12.0, "12.0"), park.pk: Shade(None, "—")}, {town.pk: "/t", park.pk: "/p"}, unit="%",
        stamp=uuid4(),
    )  # fmt: skip
    outlines.cache_clear()
    assert drawn is not None
    inner, outer = drawn["shapes"]
    assert float(inner["x"]) > float(outer["x"]) * 1.5
    assert inner["label"] == "书院"
    assert outer["hatched"]
