"""Evened-out addresses taken apart, whole columns at a time; row by row as `split_address` does it."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingwei.domain.linkage.bulk_fold import Folded
from jingwei.domain.linkage.normalize import SHORTEST_REST, split_address
from jingwei.domain.text_columns import (
    Mask,
    Positions,
    Texts,
    column_of,
    cut,
    find,
    first_of_rows,
    mask_of,
    next_of,
    points_of,
)

_DIGITS = "0123456789"
_ABOVE_CITY = "省市区县"
_ABOVE_ROAD = "省市区县路街镇乡村"
# 区 behind these is a housing estate, a school district or an industrial park.
_NO_DISTRICT = "小社校厂片宅街库"
_NO_PARK = "业技创态流"
_ROAD_ENDS = "路街巷弄道里"
_LONGEST_ROAD = 14
_BUILDINGS = ("大厦", "广场", "中心", "大楼")


class _Endings(NamedTuple):
    """Where words that end a place's name begin and end, ascending."""

    at: Positions
    ends: Positions


class _Room(NamedTuple):
    """How many characters of a name stand before its ending, and which may not be among them."""

    least: int
    most: int
    blocks: Positions


class _Sites(NamedTuple):
    """Rows that have a road: where its name and the house number begin and end."""

    rows: Positions
    roads: Positions
    houses: Positions
    ends: Positions


def bulk_split_addresses(folded: Folded) -> dict[str, pa.Array]:
    """Columns `province`, `city`, `district`, `site`, `road` and `house`, null where there is none."""
    texts = folded.texts
    begins, provinces, cities, districts = _place_ends(texts)
    sites = _sites(texts, districts)
    site_starts, site_ends = districts.copy(), texts.ends.copy()
    short = site_ends - site_starts < SHORTEST_REST
    site_ends[short] = site_starts[short]
    site_starts[sites.rows], site_ends[sites.rows] = sites.roads, sites.ends
    road_starts, road_ends = texts.starts.copy(), texts.starts.copy()
    house_starts, house_ends = road_starts.copy(), road_starts.copy()
    road_starts[sites.rows], road_ends[sites.rows] = sites.roads, sites.houses
    house_starts[sites.rows], house_ends[sites.rows] = sites.houses, sites.ends
    pieces = {
        "province": (begins, provinces),
        "city": (provinces, cities),
        "district": (cities, districts),
        "site": (site_starts, site_ends),
        "road": (road_starts, road_ends),
        "house": (house_starts, house_ends),
    }
    columns = {name: column_of(cut(texts, piece), empty_is_null=True) for name, piece in pieces.items()}
    return _with_others(columns, folded)


def _with_others(columns: dict[str, pa.Array], folded: Folded) -> dict[str, pa.Array]:
    if not folded.others:
        return columns
    mask = np.zeros(len(folded.texts), dtype=np.bool_)
    mask[list(folded.others)] = True
    lines = [split_address(name.text)._asdict() for name in folded.others.values()]
    return {
        name: pc.replace_with_mask(
            column, pa.array(mask), pa.array([line[name] or None for line in lines], pa.string())
        )
        for name, column in columns.items()
    }


def _place_ends(texts: Texts) -> tuple[Positions, Positions, Positions, Positions]:
    """Where the province begins and where province, city and district end; equal where one is missing."""
    begins = texts.starts.copy()
    countries = find(texts, "中国")
    rows = texts.rows(countries)
    countries, rows = countries[countries == begins[rows]], rows[countries == begins[rows]]
    begins[rows] += 2
    blocks = np.flatnonzero(mask_of(_ABOVE_CITY).take(texts.codes))
    provinces = _name_ends(texts, begins, _province_endings(texts), _Room(2, 6, blocks))
    blocks = np.flatnonzero(mask_of(_ABOVE_ROAD).take(texts.codes))
    cities = _name_ends(texts, provinces, _city_endings(texts), _Room(2, 6, blocks))
    districts = _name_ends(texts, cities, _district_endings(texts), _Room(1, 10, blocks))
    return begins, provinces, cities, districts


def _name_ends(texts: Texts, begins: Positions, endings: _Endings, room: _Room) -> Positions:
    """Where a place's name ends that begins there; its beginning if there is none."""
    index = np.searchsorted(endings.at, begins + room.least)
    known = np.flatnonzero(index < len(endings.at))
    at, ends = endings.at[index[known]], endings.ends[index[known]]
    stops = next_of(room.blocks, begins[known], texts.ends[known])
    fits = (at - begins[known] <= room.most) & (ends <= texts.ends[known]) & ((stops < 0) | (at <= stops))
    found = begins.copy()
    found[known[fits]] = ends[fits]
    return found


def _province_endings(texts: Texts) -> _Endings:
    return _ordered((np.flatnonzero(texts.codes == ord("省")), 1), (find(texts, "自治区", by=1), 3))


def _city_endings(texts: Texts) -> _Endings:
    return _ordered(
        (_cities(texts), 1),
        (find(texts, "自治州", by=2), 3),
        (find(texts, "地区"), 2),
        (np.flatnonzero(texts.codes == ord("盟")), 1),
    )


def _district_endings(texts: Texts) -> _Endings:
    codes = texts.codes
    at = np.flatnonzero(codes == ord("区"))
    rows = texts.rows(at)
    behind = at - texts.starts[rows]
    before, second = codes[np.maximum(at - 1, 0)], codes[np.maximum(at - 2, 0)]
    estate = (behind >= 1) & mask_of(_NO_DISTRICT)[before]
    park = (behind >= 2) & (before == ord("园")) & mask_of(_NO_PARK)[second]
    others = np.flatnonzero(mask_of("县旗").take(codes))
    return _ordered((at[~estate & ~park], 1), (others, 1), (_cities(texts), 1))


def _cities(texts: Texts) -> Positions:
    """Where 市 stands that does not begin 市场."""
    at = np.flatnonzero(texts.codes == ord("市"))
    markets = find(texts, "市场")
    return np.setdiff1d(at, markets, assume_unique=True)


def _ordered(*words: tuple[Positions, int]) -> _Endings:
    at = np.concatenate([positions for positions, _ in words])
    ends = np.concatenate([positions + length for positions, length in words])
    order = np.argsort(at, kind="stable")
    return _Endings(at[order], ends[order])


def _sites(texts: Texts, begins: Positions) -> _Sites:
    """The first road with a house number behind the places of each address."""
    codes = texts.codes
    digit = mask_of(_DIGITS).take(codes)
    numbers, number_ends = _runs(texts, digit)
    rows = texts.rows(numbers)
    roads = _road_starts(texts, begins[rows], numbers)
    first = np.flatnonzero(roads >= 0)
    first = first[first_of_rows(rows[first])]
    rows, roads, houses = rows[first], roads[first], numbers[first]
    ends = number_ends[first]
    follows = np.minimum(first + 1, len(numbers) - 1)
    joined = (numbers[follows] == ends + 1) & (texts.rows(numbers[follows]) == rows)
    joined[joined] = codes[ends[joined]] == ord("-")
    ends = np.where(joined, number_ends[follows], ends)
    return _Sites(rows, _without_place(texts, roads, houses), houses, ends)


def _runs(texts: Texts, digit: Mask) -> tuple[Positions, Positions]:
    """Where numbers begin and end; none reaches from one row into the next."""
    padded = np.zeros(len(digit) + 2, dtype=np.int8)
    padded[1:-1] = digit
    edges = np.diff(padded)
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    breaks = texts.starts[texts.lengths > 0]
    breaks = breaks[breaks > 0]
    breaks = breaks[digit[breaks] & digit[breaks - 1]]
    return np.sort(np.concatenate([begins, breaks])), np.sort(np.concatenate([ends, breaks]))


def _road_starts(texts: Texts, begins: Positions, numbers: Positions) -> Positions:
    """Where the name of the road begins that stands before each number; -1 if none does."""
    codes = texts.codes
    blocks = np.flatnonzero(mask_of(f"{_DIGITS}号{_ABOVE_CITY}").take(codes))
    index = np.searchsorted(blocks, numbers) - 1
    behind_block = np.where(index >= 0, np.append(blocks, -1)[index] + 1, 0)
    starts = np.maximum(begins, behind_block)
    room = numbers - starts
    last = codes[np.maximum(numbers - 1, 0)]
    second = codes[np.maximum(numbers - 2, 0)]
    lane = (last == ord("同")) & (second == ord("胡")) & (room >= 3)
    long = lane | ((second == ord("大")) & np.isin(last, points_of("道街")))
    found = lane | (mask_of(_ROAD_ENDS)[last] & (room >= 2))
    starts = np.maximum(starts, numbers - np.where(long, _LONGEST_ROAD + 2, _LONGEST_ROAD + 1))
    return np.where(found, starts, -1)


def _without_place(texts: Texts, roads: Positions, houses: Positions) -> Positions:
    """Where the road's own name begins, behind a town, a village or a building that stands before it."""
    words = _words_before_roads(texts)
    index = np.searchsorted(words.at, houses) - 1
    at, ends = np.append(words.at, -1)[index], np.append(words.ends, -1)[index]
    stands_before = (index >= 0) & (at >= roads) & (ends < houses)
    return np.where(stands_before, ends, roads)


def _words_before_roads(texts: Texts) -> _Endings:
    streets = find(texts, "街道")
    offices = np.isin(streets, find(texts, "街道办事处", by=4))
    villages = np.flatnonzero(texts.codes == ord("村"))
    committees = np.isin(villages, find(texts, "村委会", by=1))
    return _ordered(
        (streets[offices], 5),
        (streets[~offices], 2),
        (villages[committees], 3),
        (villages[~committees], 1),
        (find(texts, "居委会", by=1), 3),
        (np.flatnonzero(mask_of("镇乡园").take(texts.codes)), 1),
        *((find(texts, word), len(word)) for word in _BUILDINGS),
    )
