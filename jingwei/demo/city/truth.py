"""The sealed truth beside the files: which unit each row is about, and what is true of each unit."""

import hashlib
from collections.abc import Iterator

import numpy as np

from jingwei.demo.city import forms, tables, trades, words
from jingwei.demo.city.calendar import day_of
from jingwei.demo.city.noise import Ints, Texts, texts
from jingwei.demo.city.party import Organization
from jingwei.demo.city.places import PARK
from jingwei.demo.city.population import NEVER
from jingwei.demo.city.world import World

VERSION = 1
ROWS_HEADER = ("file", "row", "entity_id", "note")
NOTES = {tables.KEYLESS: "keyless", tables.REPEATED_HEADER: "repeated_header", tables.TOTAL: "total"}
COVERED_HEADER = ("organization_id", "position", "entity_id", "spelt")
ENTITY_HEADER = words.listed(
    "entity_id uscc registration_number name former_name renamed_on form ownership state founded_on closed_on "
    "industry county_code town_code place_code overlay_code address parent_id parent_name predecessor_id "
    "works staff insured full_members probationary_members pays_tax insures"
)
_CHUNK = 50_000


def entity_rows(world: World) -> Iterator[tuple[object, ...]]:
    """One row per unit; flags as 0 and 1, dates ISO, nothing known as empty text."""
    for start in range(0, len(world.units), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(world.units)))
        yield from zip(*_entity_columns(world, rows), strict=True)


def _entity_columns(world: World, rows: Ints) -> list[list[object]]:
    units, naming = world.units, world.naming
    where = units.where.take(rows)
    columns = [
        _ids(world, rows),
        naming.code(rows),
        naming.registration_number(rows),
        naming.name(rows),
        naming.former_name(rows),
        _days(units.renamed_on[rows]),
        true_forms(world)[rows],
        ownership(world)[rows],
        texts(forms.STATES)[units.state[rows]],
        _days(units.founded[rows]),
        _days(units.closed[rows]),
        naming.industry(rows),
        *_place_columns(world, where.community, where.overlay),
        world.city.book.full(where),
        _ids(world, units.parent[rows]),
        naming.parent_name(rows),
        _ids(world, units.predecessor[rows]),
        units.works[rows].astype(int),
        units.staff[rows],
        units.insured[rows],
        units.full_members[rows],
        units.probationary_members[rows],
        units.pays_tax[rows].astype(int),
        units.insures[rows].astype(int),
    ]
    return [column.tolist() for column in columns]


def _ids(world: World, rows: Ints) -> Texts:
    """Entity ids of rows; empty for -1."""
    serials = world.units.serial[rows]
    return texts([entity_id(n) if row >= 0 else "" for n, row in zip(serials.tolist(), rows.tolist(), strict=True)])


def entity_id(serial: int) -> str:
    return f"E{serial:08}"


def organization_id(world: World, organization: Organization) -> str:
    """The unit's id for its own organization; one that units share is an entity of its own."""
    if organization.form in ("单独组建", "功能型"):
        return entity_id(int(world.units.serial[organization.units[0]]))
    return f"P{hashlib.sha256(organization.name.encode()).hexdigest()[:8]}"


def _days(days: Ints) -> Texts:
    return texts([day_of(day).isoformat() if day != NEVER else "" for day in days.tolist()])


def _place_columns(world: World, community: Ints, overlay: Ints) -> list[Texts]:
    """County, town, community, and the building or market, else the park."""
    places, streets = world.city.land.places, world.city.land.streets
    tile = places.tile_of[community]
    parks = texts([item.code if item.kind == PARK else "" for item in places.tiles])[tile]
    standing = texts([item.code for item in streets.overlays])[overlay]
    return [
        texts([str(item.code) for item in places.counties])[places.county_of[community]],
        texts([places.tiles[item.owner].code for item in places.tiles])[tile],
        texts([item.code for item in places.communities])[community],
        np.where(overlay >= 0, standing, parks),
    ]


def true_forms(world: World) -> Texts:
    """Legal forms in the words of the roster; firms by their kind."""
    units = world.units
    of_firms = texts([kind.form for kind in trades.FIRM_KINDS])[units.kind]
    return np.where(units.form == forms.FIRM, of_firms, texts([form.name for form in forms.FORMS])[units.form])


def ownership(world: World) -> Texts:
    """public, non_public; empty for social organizations, which nobody owns."""
    units = world.units
    of_kinds = texts([kind.ownership for kind in trades.FIRM_KINDS])
    of_houses = texts([house.ownership for house in trades.HOUSES])
    firm = np.where(units.parent >= 0, units.parent, np.arange(len(units)))
    own = np.where(units.kind[firm] >= 0, of_kinds[units.kind[firm]], trades.PRIVATE)
    own = np.where(units.house >= 0, of_houses[units.house], own)
    own = np.where(units.form == forms.INSTITUTION, trades.PUBLIC, own)
    nobody = np.isin(units.form, (forms.ASSOCIATION, forms.WELFARE, forms.FOUNDATION))
    return np.where(nobody, "", own)
