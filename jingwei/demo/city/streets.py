"""Roads with their house numbers, and what stands on them: buildings, markets, business districts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jingwei.demo.city import words
from jingwei.demo.city.noise import Floats, Ints, Noise, Texts, texts
from jingwei.demo.city.places import PARK, STREET, Places

ALL, ODD, EVEN = 0, 1, 2
BUILDING, MARKET, BUSINESS_DISTRICT = "楼宇", "市场", "商圈"

# Roads the pictures name: the first road of the tile.
_KNOWN_ROADS = {
    "青岚路街道": "青岚路",
    "广润街道": "锦程路",
    "望城街道": "润泽大道",
    "红湾街道": "红湾东门街",
    "物流产业园": "物流大道",
    "东坪街道": "站前路",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """House numbers `start` to `end` of a road, on one side (`parity`) or both, lie in `community`."""

    road: int
    start: int
    end: int
    parity: int
    community: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """A building, market or business district. A district has no house number of its own (0)."""

    code: str
    name: str
    kind: str
    communities: tuple[int, ...]
    stretch: int
    number: int
    point: tuple[float, float]


@dataclass(frozen=True)
class Streets:
    road_names: Texts
    road_counties: Ints
    stretches: tuple[Stretch, ...]
    """Ordered by community."""
    overlays: tuple[Overlay, ...]
    """Buildings and markets first, ordered by community; business districts last."""
    hosts: Ints
    """By county: the building where firms without rooms of their own are registered together."""

    def column(self, field: str) -> Ints:
        return np.array([getattr(stretch, field) for stretch in self.stretches], dtype=np.int64)


def make_streets(noise: Noise, places: Places, registered: int) -> Streets:
    noise = noise.child("streets")
    names, counties, stretches = _roads(noise, places)
    stretches.sort(key=lambda stretch: (stretch.community, stretch.road, stretch.parity))
    standing, hosts = _buildings(noise.child("buildings"), places, stretches, registered)
    return Streets(
        road_names=texts(names),
        road_counties=np.array(counties),
        stretches=tuple(stretches),
        overlays=(*standing, *_business_districts(noise, places, len(standing))),
        hosts=np.array(hosts),
    )


def _roads(noise: Noise, places: Places) -> tuple[list[str], list[int], list[Stretch]]:
    """Every community gets one road that begins in it and may go on into its neighbours."""
    names: list[str] = []
    counties: list[int] = []
    stretches: list[Stretch] = []
    fresh = _road_names(noise)
    members = _members(places)
    for tile, communities in enumerate(members):
        beyond = members[(tile + 1) % len(members)][0]
        crosses = places.county_of[beyond] == places.tiles[tile].county
        walk = communities + ([beyond] if crosses else [])
        for first in range(len(communities)):
            road = len(names)
            known = _KNOWN_ROADS.get(places.tiles[tile].name) if first == 0 else None
            names.append(known or next(fresh))
            counties.append(places.tiles[tile].county)
            stretches += _stretches(noise.child(str(road)), road, walk[first : first + 3])
    return names, counties, stretches


def _road_names(noise: Noise) -> Iterator[str]:
    stems = noise.shuffled("road names", words.road_stems())
    endings = noise.pick("road endings", np.arange(len(stems)), texts(words.ROAD_ENDINGS))
    for stem, ending in zip(stems, endings, strict=True):
        if stem + ending not in _KNOWN_ROADS.values():
            yield stem + ending


def _stretches(noise: Noise, road: int, walk: list[int]) -> list[Stretch]:
    """Numbers run on along the road; two communities may share a stretch by odd and even numbers."""
    one = np.array([0])
    length = min(len(walk), 1 + int(noise.choice("length", one, (0.45, 0.35, 0.2))[0]))
    if length == 2 and noise.chance("split", one, 0.5)[0]:
        end = 60 + 2 * int(noise.below("end", one, 60)[0])
        return [Stretch(road, 1, end - 1, ODD, walk[0]), Stretch(road, 2, end, EVEN, walk[1])]
    steps = 40 + 2 * noise.below("steps", np.arange(length), 50)
    ends = np.cumsum(steps)
    return [
        Stretch(road, int(end - step) + 1, int(end), ALL, community)
        for end, step, community in zip(ends, steps, walk, strict=False)
    ]


def _members(places: Places) -> list[list[int]]:
    """The communities of each tile."""
    members: list[list[int]] = [[] for _ in places.tiles]
    for number, community in enumerate(places.communities):
        members[community.tile].append(number)
    return members


def _buildings(
    noise: Noise, places: Places, stretches: list[Stretch], registered: int
) -> tuple[list[Overlay], list[int]]:
    """Buildings where many units sit, more in dense communities; a market in every other tile."""
    names = iter(noise.shuffled("names", _building_names()))
    at = {stretch.community: number for number, stretch in reversed(list(enumerate(stretches)))}
    points = places.sites + 0.006 * _offsets(noise, len(places.communities))
    expected = places.shares * registered / 45
    expected *= np.array([not community.rural for community in places.communities])
    counts = np.minimum(4, np.floor(expected + noise.uniform("count", np.arange(len(expected)))))
    found: list[Overlay] = []
    hosts: list[int] = []
    for number, community in enumerate(places.communities):
        county = places.tiles[community.tile].county
        standing = [(BUILDING, next(names)) for _ in range(int(counts[number]))]
        if county == len(hosts):
            hosts.append(len(found))
            standing.insert(0, (BUILDING, f"{places.counties[county].short}众创空间"))
        if int(community.code[-1]) % 5 == 2 and not community.rural:
            standing.append((MARKET, community.stem + _market_ending(noise, number)))
        for place, (kind, name) in enumerate(standing):
            stretch = stretches[at[number]]
            code = f"{'B' if kind == BUILDING else 'M'}{len(found) + 1:05}"
            door = min(stretch.start + 2 * (3 + 5 * place), stretch.end)
            x, y = points[number] + 0.002 * place
            found.append(Overlay(code, name, kind, (number,), at[number], door, (float(x), float(y))))
    return found, hosts


def _building_names() -> list[str]:
    return [stem + ending for stem in words.building_stems() for ending in words.BUILDING_ENDINGS]


def _market_ending(noise: Noise, community: int) -> str:
    ending: str = noise.pick("market", np.array([community]), texts(words.MARKET_ENDINGS))[0]
    return ending


def _offsets(noise: Noise, count: int) -> Floats:
    ids = np.arange(count)
    return np.stack([noise.uniform("dx", ids) - 0.5, noise.uniform("dy", ids) - 0.5], axis=1)


def _business_districts(noise: Noise, places: Places, first: int) -> list[Overlay]:
    """A business district in every third street, over its first communities."""
    streets = [number for number, tile in enumerate(places.tiles) if tile.kind == STREET]
    members = _members(places)
    found = []
    for rank, tile in enumerate(streets[::3]):
        inside = tuple(members[tile][:3])
        x, y = places.sites[inside[0]]
        name = places.tiles[tile].name.removesuffix(STREET) + BUSINESS_DISTRICT
        code = f"D{first + rank + 1:05}"
        found.append(Overlay(code, name, BUSINESS_DISTRICT, inside, 0, 0, (float(x), float(y))))
    return found


def park_members(places: Places) -> dict[int, tuple[int, ...]]:
    """The communities of each park, by tile."""
    members = _members(places)
    return {n: tuple(members[n]) for n, tile in enumerate(places.tiles) if tile.kind == PARK}
