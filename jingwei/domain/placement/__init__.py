"""From an address to the deepest proven place: boundary, address text, road table, registrar, code."""

from jingwei.domain.placement.gazetteer import Gazetteer
from jingwei.domain.placement.records import (
    DatedText,
    Membership,
    Parity,
    PlaceKind,
    PlaceRecord,
    RoadRange,
)
from jingwei.domain.placement.roads import Road, UnplacedRoad, parse_road, unplaced_roads
from jingwei.domain.placement.verdict import (
    Disagreement,
    PlacementMethod,
    PlacementStep,
    PlacementVerdict,
    Precision,
)

__all__ = [
    "DatedText",
    "Disagreement",
    "Gazetteer",
    "Membership",
    "Parity",
    "PlaceKind",
    "PlaceRecord",
    "PlacementMethod",
    "PlacementStep",
    "PlacementVerdict",
    "Precision",
    "Road",
    "RoadRange",
    "UnplacedRoad",
    "parse_road",
    "unplaced_roads",
]
