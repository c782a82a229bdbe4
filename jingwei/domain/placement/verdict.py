"""What placement answers."""

from dataclasses import dataclass
from typing import NamedTuple

from jingwei.domain.glossary import Labelled
from jingwei.domain.placement.records import PlaceKind
from jingwei.domain.placement.roads import Road


class PlacementMethod(Labelled):
    """What proved the deepest step, in the order of their force."""

    BOUNDARY = "boundary"
    ADDRESS = "address"
    ROAD_TABLE = "road_table"
    REGISTRAR = "registrar"
    CODE = "code"
    NONE = "none"


class Precision(Labelled):
    """How exactly the deepest step points at the entity."""

    POINT = "point"
    NUMBER = "number"
    ROAD = "road"
    NAME = "name"
    AREA_CODE = "area_code"
    NONE = "none"


class PlacementStep(NamedTuple):
    """One step of the proof: which method, what it read, and the place it led to (None: noted only)."""

    method: PlacementMethod
    text: str
    place_id: int | None


class Disagreement(NamedTuple):
    """Two sources name different places; the first won, somebody should look.

    `other_id` is None where the address names a city the gazetteer does not hold.
    """

    kept: PlacementMethod
    kept_id: int
    other: PlacementMethod
    other_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class PlacementVerdict:
    """The deepest proven place.

    `place_id` is administrative, `overlay_id` the park, building or the like that was proven too.
    `level` is the kind of the deeper of both. `road` is given where nothing below the county is known.
    `county_id` is the county of the place, None above it.
    """

    place_id: int | None
    overlay_id: int | None
    level: PlaceKind | None
    method: PlacementMethod
    precision: Precision
    evidence: tuple[PlacementStep, ...]
    disagreement: Disagreement | None
    county_id: int | None = None
    road: Road | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """The steps as Chinese phrases, in their order."""
        return tuple(f"{step.method.zh}：{step.text}" for step in self.evidence)
