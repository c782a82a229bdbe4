"""The administrative tree and the overlays over it, on one day."""

from collections.abc import Iterable
from datetime import date

from jingwei.domain.placement.records import PlaceKind, PlaceRecord, in_force

_DEPTH = {
    PlaceKind.CITY: 0,
    PlaceKind.COUNTY: 1,
    PlaceKind.PARK: 2,
    PlaceKind.TOWN: 3,
    PlaceKind.COMMUNITY: 4,
    PlaceKind.BUSINESS_DISTRICT: 5,
    PlaceKind.MARKET: 6,
    PlaceKind.BUILDING: 6,
}


class Tree:
    """Paths from the root, and for every overlay the places it lies in."""

    def __init__(self, records: Iterable[PlaceRecord], on: date) -> None:
        known = {record.id: record for record in records if in_force(record.since, record.until, on)}
        self.records = {id_: record for id_, record in known.items() if record.kind.administrative}
        self.overlays = {id_: record for id_, record in known.items() if not record.kind.administrative}
        self._paths: dict[int, tuple[int, ...]] = {}
        for id_ in self.records:
            self._path(id_)
        self._above = {id_: frozenset(path) for id_, path in self._paths.items()}
        self._inside = {id_: self._places_of(record, on) for id_, record in self.overlays.items()}
        self._county = {id_: self._county_on(path) for id_, path in self._paths.items()}

    def within(self, place_id: int, above_id: int) -> bool:
        """Whether a place is the other one or lies below it."""
        return above_id in self._above[place_id]

    def lies_in(self, id_: int, above_id: int) -> bool:
        """Whether a place or an overlay lies below a place, an overlay with every part of it."""
        if id_ in self._above:
            return id_ != above_id and above_id in self._above[id_]
        inside = self._inside[id_]
        return bool(inside) and all(above_id in self._above[place] for place in inside)

    def related(self, one_id: int, other_id: int) -> bool:
        """Whether one of two places holds the other."""
        return self.within(one_id, other_id) or self.within(other_id, one_id)

    def depth(self, place_id: int) -> int:
        """Steps from the root, the root has 1."""
        return len(self._paths[place_id])

    def common(self, place_ids: Iterable[int]) -> int | None:
        """The deepest place that holds all of them; None for none or for different roots."""
        paths = [self._paths[place_id] for place_id in place_ids]
        if len(paths) == 1:
            return paths[0][-1]
        shared: int | None = None
        for level in zip(*paths, strict=False):
            if len(set(level)) > 1:
                break
            shared = level[0]
        return shared

    def county_of(self, place_id: int) -> int | None:
        """The county a place lies in, or the county itself; None above."""
        return self._county[place_id]

    def places_of(self, overlay_id: int) -> tuple[int, ...]:
        """The administrative places an overlay lies in."""
        return self._inside[overlay_id]

    def name(self, place_id: int) -> str:
        """Name of a place or an overlay."""
        return (self.records.get(place_id) or self.overlays[place_id]).name

    def deeper_kind(self, place_id: int, overlay_id: int | None) -> PlaceKind:
        """Kind of the place or of the overlay, whichever says more."""
        kind = self.records[place_id].kind
        if overlay_id is None:
            return kind
        return max(kind, self.overlays[overlay_id].kind, key=_DEPTH.__getitem__)

    def _path(self, id_: int) -> tuple[int, ...]:
        if id_ not in self._paths:
            parent = self.records[id_].parent_id
            above = self._path(parent) if parent is not None and parent in self.records else ()
            self._paths[id_] = (*above, id_)
        return self._paths[id_]

    def _places_of(self, record: PlaceRecord, on: date) -> tuple[int, ...]:
        inside = [
            member.place_id
            for member in record.memberships
            if in_force(member.since, member.until, on) and member.place_id in self.records
        ]
        if not inside and record.parent_id in self.records:
            inside = [record.parent_id]
        return tuple(inside)

    def _county_on(self, path: tuple[int, ...]) -> int | None:
        for id_ in path:
            if self.records[id_].kind is PlaceKind.COUNTY:
                return id_
        return None
