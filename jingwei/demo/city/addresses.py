"""Addresses as clerks write them, from the site of a unit and what was left out or written otherwise."""

from dataclasses import dataclass

import numpy as np

from jingwei.demo.city import words
from jingwei.demo.city.calendar import day_number
from jingwei.demo.city.mess import Mess
from jingwei.demo.city.noise import Flags, Ints, Noise, Texts, texts
from jingwei.demo.city.places import PARK
from jingwei.demo.city.settling import Land, Where
from jingwei.demo.city.streets import MARKET

NO_DISTRICT, TODAYS, ABOLISHED = 0, 1, 2
_SECTIONS = "ABCDE"


@dataclass(frozen=True)
class Look:
    """What a row's address says: one flag per row and part; `district` is one of the numbers above."""

    city: Flags
    district: Ints
    town: Flags
    building: Flags
    unit: Flags
    reordered: Flags


class AddressBook:
    """Writes addresses of one city; the names are laid out once."""

    def __init__(self, land: Land) -> None:
        places, streets = land.places, land.streets
        tiles = places.tiles
        self._tile_of, self._county_of = places.tile_of, places.county_of
        self._counties = texts([county.name for county in places.counties])
        self._towns = texts([tile.name if tile.kind == PARK else tiles[tile.owner].name for tile in tiles])
        former = [None if tile.former is None else places.former_areas[tile.former] for tile in tiles]
        self._former = texts(["" if area is None else area.name for area in former])
        self._former_until = np.array([0 if area is None else day_number(area.until) for area in former])
        self._former_towns = texts([tiles[tile.owner].name for tile in tiles])
        for town in places.former_towns:
            self._former_towns[town.successor] = town.name
        self._villages = texts([community.name for community in places.communities])
        self._roads = streets.road_names[streets.column("road")]
        self._overlays = texts([overlay.name for overlay in streets.overlays])
        self._is_market = np.array([overlay.kind == MARKET for overlay in streets.overlays])

    def full(self, where: Where) -> Texts:
        """The whole address, as it should be."""
        every = np.ones(len(where.community), dtype=bool)
        district = np.full(len(every), TODAYS)
        return self.write(where, Look(every, district, every, every, every, ~every))

    def write(self, where: Where, look: Look) -> Texts:
        tile = self._tile_of[where.community]
        area = np.where(look.city, words.CITY, "").astype(object) + self._district(where, look.district)
        was_here = (look.district == ABOLISHED) & (self._former[tile] != "")
        town = np.where(was_here, self._former_towns[tile], self._towns[tile])
        area = area + np.where(look.town | (where.stretch < 0), town, "")
        door, inside = self._door(where), self._inside(where, look)
        bracketed = np.where(area == "", "", "（" + area + "）")
        turned = look.reordered & (inside != "")
        return np.asarray(np.where(turned, inside + door + bracketed, area + door + inside))

    def look(self, noise: Noise, mess: Mess, ids: Ints, *, where: Where, founded: Ints) -> Look:
        """How a clerk of this department writes each address."""
        district = np.where(noise.chance("no district", ids, mess.address_without_district), NO_DISTRICT, TODAYS)
        is_old = founded <= self._former_until[self._tile_of[where.community]]
        abolished = is_old & noise.chance("abolished", ids, mess.address_abolished)
        return Look(
            city=noise.chance("city", ids, mess.address_with_city),
            district=np.where(abolished, ABOLISHED, district),
            town=noise.chance("town", ids, mess.address_with_town),
            building=~noise.chance("no building", ids, mess.address_without_building),
            unit=~noise.chance("no unit", ids, mess.address_without_unit),
            reordered=noise.chance("reordered", ids, mess.address_reordered),
        )

    def _district(self, where: Where, district: Ints) -> Texts:
        today = self._counties[self._county_of[where.community]]
        former = self._former[self._tile_of[where.community]]
        abolished = np.where(former == "", today, former)
        return np.select([district == TODAYS, district == ABOLISHED], [today, abolished], "").astype(object)

    def _door(self, where: Where) -> Texts:
        number = texts([str(number) for number in where.number.tolist()])
        group = texts([str(unit) for unit in where.unit.tolist()])
        village = self._villages[where.community] + group + "组" + number + "号"
        part = np.where((where.overlay < 0) & (where.unit > 0), "-" + group, "")
        road = self._roads[where.stretch] + number + part + "号"
        return np.asarray(np.where(where.stretch < 0, village, road))

    def _inside(self, where: Where, look: Look) -> Texts:
        unit = where.unit
        room = texts([f"{number // 100}{number % 100:02}室" for number in unit.tolist()])
        stall = texts([f"{_SECTIONS[number // 1000 % 5]}区{number % 1000}号" for number in unit.tolist()])
        text = np.where(self._is_market[where.overlay], stall, room)
        named = np.where(look.building, self._overlays[where.overlay], "").astype(object)
        inside = named + np.where(look.unit, text, "").astype(object)
        return np.asarray(np.where(where.overlay < 0, "", inside))
