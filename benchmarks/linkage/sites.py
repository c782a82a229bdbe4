"""Addresses: towns, roads, house numbers and rooms; villages; shared registered addresses."""

from typing import Any

import numpy as np

from benchmarks.linkage import words
from benchmarks.linkage.rates import Shape

_NAMED_TOWN, _VILLAGE, _ROOM = 0.4, 0.12, 0.55


def add_sites(city: Any, shape: Shape, rng: np.random.Generator) -> None:
    """Give the city the columns town_text, road, house, room and site (the last three put together)."""
    count = len(city)
    counties, county = city.divisions.counties, city.numbers["county"]
    most_towns = np.array([len(item.towns) for item in counties])
    town = _table([item.towns for item in counties])[county, city.numbers["town"] % most_towns[county]]
    roads = _table([item.roads for item in counties])
    most_roads = np.array([len(item.roads) for item in counties])
    # A few main roads hold most firms.
    road = roads[county, (most_roads[county] * rng.random(count) ** 1.6).astype(int)]
    house = _text(1 + (rng.random(count) ** 1.5 * 400).astype(int)) + "号"
    village = rng.random(count) < _VILLAGE
    names = np.array(list("上下前后新老大小"), dtype=object)[rng.integers(0, 8, count)]
    surnames = np.array(words.SURNAMES[:60], dtype=object)[rng.integers(0, 60, count)]
    road[village] = (names + surnames + "村")[village]
    house[village] = (_text(rng.integers(1, 20, count)) + "组" + _text(rng.integers(1, 120, count)) + "号")[village]
    named = village | (rng.random(count) < _NAMED_TOWN)
    city.columns |= {
        "town_text": np.where(named, town, "").astype(object),
        "road": road,
        "house": house,
        "room": _rooms(count, ~village, rng),
    }
    _gather(city, shape, rng)
    city.columns["site"] = city["road"] + city["house"] + city["room"]


def _rooms(count: int, where: Any, rng: np.random.Generator) -> Any:
    building, unit = _text(rng.integers(1, 30, count)), _text(rng.integers(1, 5, count))
    door = _text(rng.integers(1, 30, count) * 100 + rng.integers(1, 12, count))
    style = rng.random(count)
    room = np.where(style < 0.4, building + "栋" + door + "室", building + "栋" + unit + "单元" + door + "室")
    room = np.where(style > 0.7, building + "幢" + door, room)
    return np.where(where & (rng.random(count) < _ROOM), room, "").astype(object)


def _gather(city: Any, shape: Shape, rng: np.random.Generator) -> None:
    """Move a share of the firms to shared registered addresses, hundreds at each."""
    count = len(city)
    moved = np.flatnonzero((rng.random(count) < shape.clustered) & ~city.outside)
    if not len(moved):
        return
    places = max(1, len(moved) // 300)
    which = (places * rng.random(len(moved)) ** 1.5).astype(int)
    model = rng.choice(np.flatnonzero(~city.outside), places)
    building = np.array(words.CLUSTER_SITES, dtype=object)[rng.integers(0, len(words.CLUSTER_SITES), places)]
    city.numbers["county"][moved] = city.numbers["county"][model][which]
    for name in ("town_text", "road", "house"):
        city[name][moved] = city[name][model][which]
    desk = _text(rng.integers(1, 1500, len(moved)))
    city["room"][moved] = building[which] + np.where(rng.random(len(moved)) < 0.5, "A座301室-" + desk, "").astype(
        object
    )


def _table(rows: list[tuple[str, ...]]) -> Any:
    table = np.full((len(rows), max(map(len, rows))), "", dtype=object)
    for at, row in enumerate(rows):
        table[at, : len(row)] = row
    return table


def _text(numbers: Any) -> Any:
    return numbers.astype("U6").astype(object)
