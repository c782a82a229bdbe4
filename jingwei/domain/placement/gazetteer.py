"""The gazetteer of a city, and the placement of one entity in it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from jingwei.domain.placement.boundaries import Boundaries
from jingwei.domain.placement.chain import Chain, read_chain
from jingwei.domain.placement.codes import CodeTable, area_code_of
from jingwei.domain.placement.names import NameIndex
from jingwei.domain.placement.records import PlaceKind, PlaceRecord, RoadRange
from jingwei.domain.placement.roads import Road, RoadTable, road_in
from jingwei.domain.placement.tree import Tree
from jingwei.domain.placement.verdict import (
    Disagreement,
    PlacementMethod,
    PlacementStep,
    PlacementVerdict,
    Precision,
)
from jingwei.domain.rulebook.words import fold

_DAYS_KEPT = 4


class Gazetteer:
    """Places, overlays and roads, ready to place addresses. It keeps an index for the days last asked."""

    def __init__(self, places: Iterable[PlaceRecord], roads: Iterable[RoadRange] = ()) -> None:
        self._places = tuple(places)
        self._roads = RoadTable(roads)
        self._day = lru_cache(maxsize=_DAYS_KEPT)(self._build)

    def place(
        self,
        address: str = "",
        uscc: str = "",
        registrar: str = "",
        point: tuple[float, float] | None = None,
        *,
        on: date,
    ) -> PlacementVerdict:
        """The deepest place that is proven on the day; nothing is guessed.

        `uscc` is a valid code of 18 characters or an old number of 15, `point` is (longitude, latitude)
        in the coordinates of the boundaries. In this order: point in a boundary, names in the address,
        road and number, registrar, area code. An earlier source wins, a contradiction is reported.
        """
        return self._day(on).place(address, uscc, registrar, point)

    def _build(self, on: date) -> "_Day":
        return _Day(self._places, self._roads, on)


class _Day:
    """The gazetteer on one day."""

    def __init__(self, places: tuple[PlaceRecord, ...], roads: RoadTable, on: date) -> None:
        self.tree = Tree(places, on)
        self.names = NameIndex(places, self.tree, on)
        self.codes = CodeTable(places, self.tree, on)
        self.boundaries = Boundaries(places, self.tree)
        self.roads = roads
        self._area = lru_cache(maxsize=8192)(self._read_area)

    def place(self, address: str, uscc: str, registrar: str, point: tuple[float, float] | None) -> PlacementVerdict:
        trail = _Trail(self.tree)
        if point is not None:
            trail.by_point(self.boundaries, point)
        if address:
            trail.by_address(fold(address), self.names, self.roads)
        if registrar:
            trail.by_area(self._area(PlacementMethod.REGISTRAR, registrar))
        if code := area_code_of(uscc):
            trail.by_area(self._area(PlacementMethod.CODE, code))
        return trail.verdict()

    def _read_area(self, method: PlacementMethod, text: str) -> "_Area":
        if method is PlacementMethod.CODE:
            found = self.codes.find(text)
        else:
            chain = read_chain(fold(text), self.names, self.tree)
            read = chain.overlay_id or chain.place_id
            found = () if read is None else (read,)
        tree = self.tree
        places = [place for id_ in found for place in ((id_,) if id_ in tree.records else tree.places_of(id_))]
        overlay = found[0] if len(found) == 1 and found[0] in tree.overlays else None
        says = f"{method.zh}“{text}”指向{'、'.join(tree.name(id_) for id_ in found)}"
        return _Area(method, tuple(places), overlay, says)


class _Area(NamedTuple):
    """What a registrar or an area code stands for: several places prove only what they have in common."""

    method: PlacementMethod
    places: tuple[int, ...]
    overlay_id: int | None
    says: str


class _Trail:
    """The steps of one placement. Each method may go on below what is proven, never beside it."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._place: int | None = None
        self._overlay: int | None = None
        self._method = PlacementMethod.NONE
        self._precision = Precision.NONE
        self._steps: list[PlacementStep] = []
        self._disagreement: Disagreement | None = None
        self._road: Road | None = None
        self._elsewhere = ""

    def by_point(self, boundaries: Boundaries, point: tuple[float, float]) -> None:
        place, overlay = boundaries.find(point)
        if place is None:
            return
        self._go(place, PlacementMethod.BOUNDARY, Precision.POINT, f"坐标在{self._tree.name(place)}边界内")
        self._overlay = overlay

    def by_address(self, text: str, names: NameIndex, roads: RoadTable) -> None:
        chain = read_chain(text, names, self._tree)
        self._note_strangers(chain)
        if chain.place_id is not None:
            read = "、".join(f"“{name}”" for name in chain.names)
            if self._advance(chain.place_id, PlacementMethod.ADDRESS, Precision.NAME, f"地址写明{read}"):
                self._overlay = chain.overlay_id or self._overlay
        # Some write the area last, in brackets: 1817室虹澜东街18号(安澜市青岚区).
        self._by_road(road_in(text, chain.end) or road_in(text[: chain.begin], 0), roads)

    def by_area(self, area: _Area) -> None:
        """Goes by a registrar or an area code."""
        here, tree = self._place, self._tree
        near = [id_ for id_ in area.places if here is None or tree.related(id_, here)]
        common = tree.common(near or area.places)
        if common is None:
            return
        went = self._advance(common, area.method, Precision.AREA_CODE, area.says)
        if went and here is None and self._elsewhere:
            text = f"地址在外地（{self._elsewhere}），{area.says}"
            self._disagree(common, area.method, PlacementMethod.ADDRESS, None, text)
        if went and self._overlay is None:
            self._overlay = area.overlay_id

    def verdict(self) -> PlacementVerdict:
        place, tree = self._place, self._tree
        county = None if place is None else tree.county_of(place)
        at_county = county is not None and place == county and self._overlay is None
        return PlacementVerdict(
            place_id=place,
            overlay_id=self._overlay,
            level=None if place is None else tree.deeper_kind(place, self._overlay),
            method=self._method,
            precision=self._precision,
            evidence=tuple(self._steps),
            disagreement=self._disagreement,
            county_id=county,
            road=self._road if at_county else None,
        )

    def _by_road(self, road: Road | None, roads: RoadTable) -> None:
        place = self._place
        county = None if place is None else self._tree.county_of(place)
        if place is None or county is None:
            return
        if self._tree.records[place].kind is PlaceKind.COMMUNITY:
            return
        self._road = road
        if self._road is None or (found := roads.find(county, self._road)) is None:
            return
        target, by_number = found
        overlay = target if target in self._tree.overlays else None
        inside = self._tree.places_of(target) if overlay is not None else (target,)
        common = self._tree.common(id_ for id_ in inside if id_ in self._tree.records)
        if common is None:
            return
        precision = Precision.NUMBER if by_number else Precision.ROAD
        number = f"{self._road.number}号" if by_number else ""
        says = f"{self._road.name}{number}属{self._tree.name(target)}"
        if self._advance(common, PlacementMethod.ROAD_TABLE, precision, says):
            self._overlay = self._overlay or overlay

    def _note_strangers(self, chain: Chain) -> None:
        self._elsewhere = chain.elsewhere
        if chain.elsewhere:
            self._steps.append(PlacementStep(PlacementMethod.ADDRESS, f"地址在外地（{chain.elsewhere}）", None))
        if chain.against is not None and chain.place_id is not None:
            before, name, other = chain.against
            text, by = f"地址既写{before}，又写{name}", PlacementMethod.ADDRESS
            self._disagree(chain.place_id, by, by, other, text)

    def _advance(self, place: int, method: PlacementMethod, precision: Precision, text: str) -> bool:
        """Goes to the place if it lies below; True unless it lies beside, which is a disagreement."""
        here, tree = self._place, self._tree
        if here is None or (here != place and tree.within(place, here)):
            self._go(place, method, precision, text)
            return True
        if tree.within(here, place):
            self._steps.append(PlacementStep(method, text, place))
            return here == place
        says = f"{self._method.zh}落在{tree.name(here)}，{text}"
        self._disagree(here, self._method, method, place, says)
        return False

    def _go(self, place: int, method: PlacementMethod, precision: Precision, text: str) -> None:
        self._place, self._method, self._precision = place, method, precision
        self._steps.append(PlacementStep(method, text, place))

    def _disagree(
        self, kept: int, by: PlacementMethod, other: PlacementMethod, other_id: int | None, text: str
    ) -> None:
        self._steps.append(PlacementStep(other, text, None))
        if self._disagreement is None:
            self._disagreement = Disagreement(by, kept, other, other_id, text)
