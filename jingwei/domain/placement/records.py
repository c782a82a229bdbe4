"""Plain records a gazetteer is built from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from jingwei.domain.glossary import Labelled


class PlaceKind(Labelled):
    """Kind of a place: four levels of the administrative tree, and the overlays that lie over it."""

    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"
    PARK = "park"
    BUILDING = "building"
    MARKET = "market"
    BUSINESS_DISTRICT = "business_district"

    @property
    def administrative(self) -> bool:
        """Whether the kind is a level of the tree."""
        return self in _LEVELS


_LEVELS = frozenset({PlaceKind.CITY, PlaceKind.COUNTY, PlaceKind.TOWN, PlaceKind.COMMUNITY})


class Parity(Labelled):
    """Which house numbers of a range are meant."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


class DatedText(NamedTuple):
    """A code or a name in force from `since` on, until the day before `until`; None is open."""

    text: str
    since: date | None = None
    until: date | None = None


class Membership(NamedTuple):
    """An overlay lies (partly) in an administrative place for a time."""

    place_id: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """One place. Overlays hang under a county or the city and name the places they lie in.

    `codes` are division codes (6, 9 or 12 digits), abolished codes and zone codes; `aliases` are other
    names with their dates. An alias may hold two parts, such as the old district and the town that has
    gone elsewhere since. `boundary` is a GeoJSON geometry in the coordinates of the points asked for.
    """

    id: int
    kind: PlaceKind
    name: str
    parent_id: int | None = None
    short_names: tuple[str, ...] = ()
    codes: tuple[DatedText, ...] = ()
    aliases: tuple[DatedText, ...] = ()
    memberships: tuple[Membership, ...] = ()
    takes_responsibility: bool = False
    since: date | None = None
    until: date | None = None
    boundary: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RoadRange:
    """House numbers of a road of a county that lie in one place; no numbers means the whole road."""

    county_id: int
    road: str
    place_id: int
    first: int | None = None
    last: int | None = None
    parity: Parity = Parity.ALL


def in_force(since: date | None, until: date | None, on: date) -> bool:
    """Whether a dated thing is in force on the day; `until` is the first day after it."""
    return (since is None or since <= on) and (until is None or on < until)


def known_by(texts: Iterable[DatedText], on: date) -> list[DatedText]:
    """What had come into force by the day. Old codes and names stay readable after their end."""
    return [text for text in texts if text.since is None or text.since <= on]
