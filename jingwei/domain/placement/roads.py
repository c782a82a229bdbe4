"""Roads and house numbers in addresses, the road table, and the roads worth asking about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jingwei.domain.placement.records import Parity, RoadRange
from jingwei.domain.rulebook.words import fold

if TYPE_CHECKING:
    from jingwei.domain.placement.verdict import PlacementVerdict


class Road(NamedTuple):
    """A road and the house number on it, if one is given."""

    name: str
    number: int | None


@dataclass(frozen=True, slots=True)
class UnplacedRoad:
    """A road of a county with entities that nothing below the county places."""

    county_id: int
    road: str
    count: int


# 街道 is a town-level place, not a road. A plain 道 ends many other words, so a number or the end must
# follow it. A number counts only with 号, else it may be a room.
_ROAD = re.compile(
    r"([0-9]{2,3}[国省县]道|[0-9]{1,3}号路|[\u4e00-\u9fffA-Za-z]{1,14}?"
    r"(?:大道|大街|公路|路|街(?!道)|胡同|巷|弄|(?<=[\u4e00-\u9fff]{2})(?<!街)道(?=[0-9]+号|$)))"
    r"(?:[东南西北中]段)?(?:[东南西北]侧)?(?:([0-9]{1,5})(?:[-~至.、][0-9]{1,5})*号)?"
)
_DIVISIONS = re.compile(
    r"(?:[^省市区县]{2,3}省|[^省市区县]{2,4}自治区)?"
    r"(?:[^市区县路街]{2,5}(?:市(?!场)|自治州|盟))?"
    r"(?:[^区县市路街道]{1,8}?(?:新区|区|县|市(?!场)|旗))?"
    r"(?:[^镇乡路街]{1,6}(?:镇|乡)|[^街路]{1,6}街道(?:办事处)?)?"
)
_BEFORE_A_ROAD = frozenset("区园村镇乡组号厦城场社队市县道室内旁侧校至")
_SHORTEST_CORE = 2
_ENDING = re.compile(r"(?:大道|大街|公路|路|街|胡同|巷|弄|道)$")


def parse_road(address: str) -> Road | None:
    """Road and house number of an address without a gazetteer, or None when it names no road."""
    text = fold(address)
    divisions = _DIVISIONS.match(text)
    return road_in(text, divisions.end() if divisions else 0)


def road_in(folded: str, start: int) -> Road | None:
    """The first road from `start` on in a folded address."""
    found = _ROAD.search(folded, start)
    if found is None:
        return None
    number = found.group(2)
    return Road(_without_surroundings(found.group(1)), int(number) if number else None)


def _without_surroundings(name: str) -> str:
    """小蓝工业园富山大道 is 富山大道: what stands before a road is cut, short names such as 洪城路 stay whole."""
    core_end = len(_ENDING.sub("", name))
    for index in range(core_end - _SHORTEST_CORE - 1, -1, -1):
        if name[index] in _BEFORE_A_ROAD:
            return name[index + 1 :]
    return name


class RoadTable:
    """House numbers of roads and the places they lie in."""

    def __init__(self, ranges: Iterable[RoadRange]) -> None:
        self._ranges: dict[tuple[int, str], list[RoadRange]] = {}
        for item in ranges:
            self._ranges.setdefault((item.county_id, fold(item.road)), []).append(item)

    def find(self, county_id: int, road: Road) -> tuple[int, bool] | None:
        """(place id, whether the house number was needed), or None unless exactly one place fits."""
        ranges = self._ranges.get((county_id, road.name))
        if not ranges:
            return None
        everywhere = {item.place_id for item in ranges}
        whole = _covers_every_number(ranges)
        if len(everywhere) == 1 and whole:
            return everywhere.pop(), False
        fitting = {item.place_id for item in ranges if _fits(item, road.number)}
        if len(fitting) != 1:
            return None
        return fitting.pop(), True


def _covers_every_number(ranges: Sequence[RoadRange]) -> bool:
    whole = {item.parity for item in ranges if item.first is None and item.last is None}
    return Parity.ALL in whole or {Parity.ODD, Parity.EVEN} <= whole


def _fits(item: RoadRange, number: int | None) -> bool:
    if number is None:
        return False
    if item.parity is not Parity.ALL and (number % 2 == 1) is not (item.parity is Parity.ODD):
        return False
    return (item.first is None or item.first <= number) and (item.last is None or number <= item.last)


def unplaced_roads(verdicts: Iterable["PlacementVerdict"]) -> list[UnplacedRoad]:
    """Roads of entities known only to their county, the road with most entities first.

    One answer in the road table places all of them.
    """
    counts = Counter(
        (verdict.county_id, verdict.road.name)
        for verdict in verdicts
        if verdict.road is not None and verdict.county_id is not None
    )
    found = [UnplacedRoad(county, road, count) for (county, road), count in counts.items()]
    return sorted(found, key=lambda item: (-item.count, item.county_id, item.road))
