"""Where units sit: a house number on a road, a room in a building, a stall in a market, a village."""

from dataclasses import dataclass, fields

import numpy as np

from jingwei.demo.city import forms
from jingwei.demo.city.noise import Flags, Floats, Ints, Noise
from jingwei.demo.city.places import Places
from jingwei.demo.city.streets import ALL, BUILDING, MARKET, Streets


@dataclass(frozen=True)
class Where:
    """Columns of sites, one row per unit.

    `stretch` is -1 in a village (then `unit` is the villagers' group); `overlay` is -1 outside buildings
    and markets; `unit` is a room (floor × 100 + door), a stall (section × 1000 + number), a part of a
    house number, or 0.
    """

    community: Ints
    stretch: Ints
    number: Ints
    overlay: Ints
    unit: Ints

    def take(self, rows: Ints) -> "Where":
        return Where(*(getattr(self, field.name)[rows] for field in fields(self)))

    def put(self, chosen: Flags, other: "Where") -> "Where":
        """These sites, with those of `other` where `chosen`."""
        return Where(
            *(np.where(chosen, getattr(other, field.name), getattr(self, field.name)) for field in fields(self))
        )


@dataclass(frozen=True)
class Land:
    """Places and streets as columns to pick from."""

    places: Places
    streets: Streets
    shares: Floats
    urban: Floats
    rural: Floats
    first_stretch: Ints
    stretch_count: Ints
    first_overlay: Ints
    overlay_count: Ints


def survey(places: Places, streets: Streets) -> Land:
    count = len(places.communities)
    is_rural = np.array([community.rural for community in places.communities])
    standing = np.array([overlay.communities[0] for overlay in streets.overlays if overlay.kind in (BUILDING, MARKET)])
    stretch_counts = np.bincount(streets.column("community"), minlength=count)
    overlay_counts = np.bincount(standing, minlength=count)
    return Land(
        places,
        streets,
        shares=places.shares,
        urban=places.shares * ~is_rural,
        rural=places.shares * is_rural,
        first_stretch=np.cumsum(stretch_counts) - stretch_counts,
        stretch_count=stretch_counts,
        first_overlay=np.cumsum(overlay_counts) - overlay_counts,
        overlay_count=overlay_counts,
    )


def settle(noise: Noise, land: Land, ids: Ints, form: Ints) -> Where:
    """A site for each unit: cooperatives in villages, lawyers and accountants in town."""
    community = noise.choice("community", ids, land.shares)
    community = np.where(form == forms.COOPERATIVE, noise.choice("village", ids, land.rural), community)
    in_town = np.isin(form, (forms.LAW, forms.ACCOUNTING, forms.FOUNDATION))
    community = np.where(in_town, noise.choice("town", ids, land.urban), community)
    where = _on_a_road(noise, land, ids, community)
    where = where.put(_wants_a_building(noise, land, ids, form, community), _inside(noise, land, ids, community))
    in_village = (land.rural[community] > 0) & noise.chance("in village", ids, 0.6)
    where = where.put(in_village, _in_village(noise, ids, community))
    is_hosted = (form == forms.FIRM) & noise.chance("hosted", ids, 0.025)
    return where.put(is_hosted, _hosted(noise, land, ids, community))


def _on_a_road(noise: Noise, land: Land, ids: Ints, community: Ints) -> Where:
    streets = land.streets
    stretch = land.first_stretch[community] + noise.below("stretch", ids, land.stretch_count[community])
    start, end = streets.column("start")[stretch], streets.column("end")[stretch]
    step = np.where(streets.column("parity")[stretch] == ALL, 1, 2)
    number = start + step * noise.below("number", ids, (end - start) // step + 1)
    part = np.where(noise.chance("has part", ids, 0.25), 1 + noise.below("part", ids, 9), 0)
    return Where(community, stretch, number, np.full(len(ids), -1), part)


def _wants_a_building(noise: Noise, land: Land, ids: Ints, form: Ints, community: Ints) -> Flags:
    rate = np.where(form == forms.SOLE_TRADER, 0.22, 0.45)
    rate = np.where(np.isin(form, (forms.LAW, forms.ACCOUNTING)), 0.85, rate)
    return (land.overlay_count[community] > 0) & noise.chance("in a building", ids, rate)


def _inside(noise: Noise, land: Land, ids: Ints, community: Ints) -> Where:
    """A room or a stall; rows in communities without buildings are filled with nonsense, never taken."""
    rank = noise.below("building", ids, np.maximum(land.overlay_count[community], 1))
    return _at(noise, land, ids, land.first_overlay[community] + rank)


def _hosted(noise: Noise, land: Land, ids: Ints, community: Ints) -> Where:
    """In the county's host building, all in a handful of rooms."""
    where = _at(noise, land, ids, land.streets.hosts[land.places.county_of[community]])
    return Where(where.community, where.stretch, where.number, where.overlay, 201 + noise.below("desk room", ids, 3))


def _at(noise: Noise, land: Land, ids: Ints, overlay: Ints) -> Where:
    overlays = land.streets.overlays
    overlay = np.minimum(overlay, sum(item.number > 0 for item in overlays) - 1)
    communities = np.array([item.communities[0] for item in overlays])
    stretches = np.array([item.stretch for item in overlays])
    numbers = np.array([item.number for item in overlays])
    is_market = np.array([item.kind == MARKET for item in overlays])[overlay]
    room = (1 + noise.below("floor", ids, 24)) * 100 + 1 + noise.below("door", ids, 20)
    stall = noise.below("section", ids, 5) * 1000 + 1 + noise.below("stall", ids, 120)
    unit = np.where(is_market, stall, room)
    return Where(communities[overlay], stretches[overlay], numbers[overlay], overlay, unit)


def _in_village(noise: Noise, ids: Ints, community: Ints) -> Where:
    nothing = np.full(len(ids), -1)
    group, number = 1 + noise.below("group", ids, 12), 1 + noise.below("house", ids, 160)
    return Where(community, nothing, number, nothing, group)
