"""The invented city's places: counties, towns, parks, communities, and what they were called before.

A *tile* is what the map shows side by side: a street, a town, or a park that takes responsibility.
A park lies over one street or town (its owner): the park's communities belong to the owner in the
administrative tree and to the park in the park's own right.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from jingwei.demo.city import words
from jingwei.demo.city.noise import Flags, Floats, Ints, Noise

STREET, TOWN, TOWNSHIP, PARK = "街道", "镇", "乡", "园区"
FOUNDED = date(1983, 5, 1)


@dataclass(frozen=True, slots=True)
class County:
    code: int
    name: str
    share: float
    centre: tuple[float, float]

    @property
    def short(self) -> str:
        return self.name[:-1]


@dataclass(frozen=True, slots=True)
class FormerArea:
    """An abolished district or a development zone: its code named units of `county` for a time."""

    code: int
    name: str
    county: int
    since: date
    until: date
    note: str

    @property
    def is_zone(self) -> bool:
        return self.name.endswith("开发区")


@dataclass(frozen=True, slots=True)
class Tile:
    """`owner` is the tile's own index, for a park that of the street or town it lies in;
    `former` points into `Places.former_areas`; every tile but some parks `answers` for its units."""

    code: str
    name: str
    kind: str
    county: int
    owner: int
    share: float
    centre: tuple[float, float]
    former: int | None
    answers: bool = True


@dataclass(frozen=True, slots=True)
class FormerTown:
    code: str
    name: str
    successor: int
    until: date


@dataclass(frozen=True, slots=True)
class Community:
    code: str
    name: str
    tile: int
    rural: bool

    @property
    def stem(self) -> str:
        return self.name.removesuffix("社区").removesuffix("村")


@dataclass(frozen=True)
class Places:
    counties: tuple[County, ...]
    former_areas: tuple[FormerArea, ...]
    tiles: tuple[Tile, ...]
    former_towns: tuple[FormerTown, ...]
    communities: tuple[Community, ...]
    sites: Floats
    """One point per community, in the plane of the map."""

    @property
    def tile_of(self) -> Ints:
        return np.array([community.tile for community in self.communities])

    @property
    def county_of(self) -> Ints:
        return np.array([self.tiles[community.tile].county for community in self.communities])

    @property
    def shares(self) -> Floats:
        """How many of the city's units each community holds."""
        counted = Counter(community.tile for community in self.communities)
        return np.array(
            [
                self.counties[tile.county].share * tile.share / counted[community.tile]
                for community in self.communities
                for tile in [self.tiles[community.tile]]
            ]
        )


# The county of the pictures: (name, kind, share, x, y, former area, owner if a park).
_QINGLAN = (
    ("红湾街道", STREET, 236, 0.12, -0.02, None, None),
    ("书院街道", STREET, 198, -0.28, -0.05, None, None),
    ("临江街道", STREET, 184, 0.10, -0.40, None, None),
    ("广润街道", STREET, 171, -0.12, 0.32, 1, None),
    ("青岚路街道", STREET, 158, 0.48, 0.08, None, None),
    ("望城街道", STREET, 142, -0.10, -0.76, None, None),
    ("云栖街道", STREET, 131, 0.12, 0.70, 0, None),
    ("东坪街道", STREET, 118, 0.58, -0.58, 0, None),
    ("沙洲镇", TOWN, 86, 0.78, 0.46, None, None),
    ("柏林镇", TOWN, 71, -0.62, 0.48, 1, None),
    ("石桥镇", TOWN, 53, 0.94, -0.12, 0, None),
    ("高新产业园", PARK, 231, -0.66, -0.14, 2, 1),
    ("物流产业园", PARK, 127, -0.60, -0.68, None, 5),
)
_FORMER_AREAS = (
    FormerArea(990104, "澜北区", 0, date(1983, 5, 1), date(2016, 12, 31), "撤销澜北区，并入青岚区"),
    FormerArea(990111, "郊区", 0, date(1983, 5, 1), date(2002, 6, 30), "撤销郊区，并入青岚区"),
    FormerArea(990170, "高新技术产业开发区", 0, date(2003, 1, 1), date(2019, 12, 31), "开发区代码停用"),
    FormerArea(990121, "安澜县", 1, date(1983, 5, 1), date(2010, 3, 31), "撤县设区，改称澜新区"),
    FormerArea(990171, "临港经济开发区", 1, date(2006, 1, 1), date(2021, 6, 30), "开发区代码停用"),
)
_FORMER_TOWNS = (("澜北镇", 7, date(2013, 8, 31)), ("荷渡乡", 8, date(2005, 12, 31)))
_URBAN_TILES = (*[STREET] * 7, *[TOWN] * 5, PARK)
_RURAL_TILES = (*[STREET] * 2, *[TOWN] * 8, *[TOWNSHIP] * 2, PARK)
_FIRST_CODE = {STREET: 1, TOWN: 100, TOWNSHIP: 200}
_TILE_SHARES = {STREET: 2.0, TOWN: 1.0, TOWNSHIP: 0.5, PARK: 1.6}
_FEWEST_COMMUNITIES = {STREET: 6, TOWN: 8, TOWNSHIP: 6, PARK: 2}
_ASPECT = 0.62  # height of the city's outline to its width


def make_places(noise: Noise, registered: int) -> Places:
    """Places for a city of this many registered units: 3 counties, 11 or 12."""
    noise = noise.child("places")
    count = 3 if registered <= 60_000 else 11 if registered <= 600_000 else 12
    counties = _counties(count)
    tiles = _tiles(noise, counties)
    communities, sites = _communities(noise, tiles)
    former_towns = tuple(
        FormerTown(f"990102{180 + number}", name, successor, until)
        for number, (name, successor, until) in enumerate(_FORMER_TOWNS)
    )
    return Places(counties, _FORMER_AREAS, tiles, former_towns, communities, sites)


def outline_radius(angle: Floats) -> Floats:
    """Distance of the city's border from its middle, before flattening."""
    return 1.0 + 0.06 * np.sin(2 * angle + 0.7) + 0.05 * np.sin(3 * angle + 2.1) + 0.035 * np.sin(5 * angle + 4.0)


def is_inside(points: Floats) -> Flags:
    """Whether points of the plane lie inside the city, a little away from its border."""
    flat = points / np.array([1.0, _ASPECT])
    angle = np.arctan2(flat[:, 1], flat[:, 0])
    return np.asarray(np.hypot(flat[:, 0], flat[:, 1]) < 0.96 * outline_radius(angle))


def outline() -> Floats:
    """The city's border as a closed ring."""
    angle = np.linspace(0.0, 2 * np.pi, 361)
    radius = outline_radius(angle)
    ring = np.stack([np.cos(angle) * radius, np.sin(angle) * radius * _ASPECT], axis=1)
    ring[-1] = ring[0]
    return ring


def _counties(count: int) -> tuple[County, ...]:
    """青岚区 in the middle, the others around it in one ring or two."""
    others = count - 1
    inner = others if others <= 5 else 4
    centres = [(0.0, 0.0), *_ring(inner, 0.62 if others <= 5 else 0.44, 0.3)]
    centres += _ring(others - inner, 0.80, 0.75)
    shares = [0.66, 0.22, 0.12] if count == 3 else [0.14] + [0.86 / others] * others
    codes = [990102, 990103, *(990122 + number for number in range(count - 2))]
    return tuple(County(*fields) for fields in zip(codes, words.COUNTIES, shares, centres, strict=False))


def _ring(count: int, radius: float, turn: float) -> list[tuple[float, float]]:
    angles = (turn + 2 * np.pi * number / count for number in range(count))
    return [(radius * float(np.cos(a)), radius * _ASPECT * float(np.sin(a))) for a in angles]


def _tiles(noise: Noise, counties: tuple[County, ...]) -> tuple[Tile, ...]:
    names = iter(noise.shuffled("town names", words.town_stems()))
    reach = 0.36 if len(counties) == 3 else 0.22
    tiles = [_fixed_tile(position, reach, counties[0]) for position in range(len(_QINGLAN))]
    for county in range(1, len(counties)):
        tiles += _invented_tiles(noise.child(str(county)), counties, county, len(tiles), names)
    return tuple(tiles)


def _fixed_tile(position: int, reach: float, county: County) -> Tile:
    name, kind, share, x, y, former, owner = _QINGLAN[position]
    rank = sum(row[1] == kind for row in _QINGLAN[: position + 1])
    return Tile(
        code=_tile_code(county.code, kind, rank),
        name=name,
        kind=kind,
        county=0,
        owner=position if owner is None else owner,
        share=share / sum(row[2] for row in _QINGLAN),
        centre=(x * reach, y * reach * 0.8),
        former=former,
    )


def _tile_code(county: int, kind: str, rank: int) -> str:
    """Nine digits for streets (001…), towns (100…) and townships (200…); a park's is no division code."""
    if kind == PARK:
        return f"P{county}{rank:03}"
    return f"{county}{_FIRST_CODE[kind] + rank - 1:03}"


def _invented_tiles(
    noise: Noise, counties: tuple[County, ...], county: int, first: int, names: Iterator[str]
) -> list[Tile]:
    kinds = _RURAL_TILES if counties[county].name.endswith("县") else _URBAN_TILES
    centres = _scattered(noise, counties, county, len(kinds))
    shares = 0.4 + noise.uniform("share", np.arange(len(kinds)))
    shares *= np.array([_TILE_SHARES[kind] for kind in kinds])
    former = [area for area, old in enumerate(_FORMER_AREAS) if old.county == county]
    return [
        Tile(
            code=_tile_code(counties[county].code, kind, kinds[: position + 1].count(kind)),
            name=f"{counties[county].short}经济产业园" if kind == PARK else next(names) + kind,
            kind=kind,
            county=county,
            owner=first if kind == PARK else first + position,
            share=float(shares[position] / shares.sum()),
            centre=centres[position],
            former=former[position // 3 % len(former)] if former and position % 3 == 0 else None,
            answers=kind != PARK or county % 2 == 0,
        )
        for position, kind in enumerate(kinds)
    ]


def _scattered(noise: Noise, counties: tuple[County, ...], county: int, count: int) -> list[tuple[float, float]]:
    """Town centres inside the county, well apart; the last, the park's, beside the first street."""
    middles = np.array([item.centre for item in counties])
    tries = _plane_points(noise, 6000)
    inside = tries[is_inside(tries) & (np.argmin(_distances(tries, middles), axis=1) == county)]
    centres = _evened_out(inside, count - 1)
    neighbour = centres[np.argsort(_distances(centres[:1], centres)[0])[1]]
    return [(float(x), float(y)) for x, y in [*centres, (centres[0] + neighbour) / 2]]


def _communities(noise: Noise, tiles: tuple[Tile, ...]) -> tuple[tuple[Community, ...], Floats]:
    names = iter(noise.shuffled("community names", words.community_stems()))
    counts = [
        _FEWEST_COMMUNITIES[tile.kind] + int(noise.below("communities", np.array([number]), 4)[0])
        for number, tile in enumerate(tiles)
    ]
    centres = np.array([tile.centre for tile in tiles])
    tries = _plane_points(noise.child("sites"), 100 * sum(counts))
    tries = tries[is_inside(tries)]
    nearest = shapely.STRtree(shapely.points(centres)).nearest(shapely.points(tries))
    used: Counter[tuple[int, bool]] = Counter()
    communities: list[Community] = []
    sites = []
    for number, tile in enumerate(tiles):
        sites.append(_evened_out(tries[nearest == number], counts[number]))
        for rank in range(counts[number]):
            rural = tile.kind in (TOWN, TOWNSHIP) and rank >= 2
            used[tile.owner, rural] += 1
            code = f"{tiles[tile.owner].code}{200 * rural + used[tile.owner, rural]:03}"
            name = next(names) + ("村" if rural else "社区")
            communities.append(Community(code, name, number, rural))
    return tuple(communities), np.concatenate(sites)


def _evened_out(points: Floats, count: int) -> Floats:
    """`count` points among `points`, each in the middle of its share of them (Lloyd's rounds)."""
    chosen = points[:count]
    for _ in range(8):
        nearest = np.argmin(_distances(points, chosen), axis=1)
        chosen = np.array([points[nearest == number].mean(axis=0) for number in range(count)])
    return chosen


def _plane_points(noise: Noise, count: int) -> Floats:
    ids = np.arange(count)
    x = noise.uniform("x", ids) * 2.4 - 1.2
    y = (noise.uniform("y", ids) * 2.4 - 1.2) * _ASPECT
    return np.stack([x, y], axis=1)


def _distances(points: Floats, others: Floats) -> Floats:
    return np.asarray(np.linalg.norm(points[:, None, :] - others[None, :, :], axis=2))
