"""Points in boundaries."""

from collections.abc import Iterable

import shapely
from shapely.geometry import Point, shape

from jingwei.domain.placement.records import PlaceRecord
from jingwei.domain.placement.tree import Tree


class Boundaries:
    """The boundaries of the places of one day, searched by point."""

    def __init__(self, records: Iterable[PlaceRecord], tree: Tree) -> None:
        held = [
            (record.id, shape(record.boundary))
            for record in records
            if record.boundary and (record.id in tree.records or record.id in tree.overlays)
        ]
        self._ids = [id_ for id_, _ in held]
        geometries = [geometry for _, geometry in held]
        shapely.prepare(geometries)
        self._index = shapely.STRtree(geometries) if geometries else None
        self._tree = tree

    def find(self, point: tuple[float, float]) -> tuple[int | None, int | None]:
        """(deepest place, overlay) that hold the point (longitude, latitude).

        On a border the place is the one that holds both sides; two overlays at once prove neither.
        """
        if self._index is None:
            return None, None
        hit = {self._ids[index] for index in self._index.query(Point(point), predicate="intersects")}
        places = [id_ for id_ in hit if id_ in self._tree.records]
        overlays = [id_ for id_ in hit if id_ in self._tree.overlays]
        return self._deepest(places), overlays[0] if len(overlays) == 1 else None

    def _deepest(self, places: list[int]) -> int | None:
        ends = [id_ for id_ in places if not any(other != id_ and self._tree.within(other, id_) for other in places)]
        return self._tree.common(ends)
