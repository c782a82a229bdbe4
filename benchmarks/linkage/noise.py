"""Damages lists by the shares of a profile. A draw depends on seed, list and group of damage alone."""

from collections.abc import Mapping
from random import Random

import numpy as np

from benchmarks.linkage.about import About, Damage
from benchmarks.linkage.city import City, Numbers, Texts
from benchmarks.linkage.noise_codes import CODE_DAMAGES
from benchmarks.linkage.noise_names import NAME_DAMAGES, PERSON_DAMAGES
from benchmarks.linkage.noise_sites import ADDRESS_DAMAGES
from benchmarks.linkage.rates import SECOND_SLIP, Profile, Shares
from benchmarks.linkage.sheets import Sheet

_GROUPS: Mapping[str, Mapping[str, Damage]] = {
    "name": NAME_DAMAGES,
    "code": CODE_DAMAGES,
    "person": PERSON_DAMAGES,
    "address": ADDRESS_DAMAGES,
}


def damage(sheet: Sheet, city: City, profile: Profile, seed: int) -> None:
    """Damage one list in place; what was done is noted in the sheet."""
    groups = profile.damage[sheet.list_name]
    for at, group in enumerate((*_GROUPS, "cells")):
        shares = groups.get(group, {})
        if not shares or (group != "cells" and group not in sheet.columns):
            continue
        rng = np.random.default_rng([seed, at, *sheet.list_name.encode()])
        draw = Random(f"{seed}/{sheet.list_name}/{group}")
        if group == "cells":
            _damage_cells(sheet, shares, rng, draw)
            continue
        _damage_column(sheet, city, group, shares, rng, draw)
        if group != "code":
            _damage_column(sheet, city, group, {name: share * SECOND_SLIP for name, share in shares.items()}, rng, draw)


def _chosen(count: int, shares: Shares, rng: np.random.Generator) -> list[tuple[str, Numbers]]:
    """Rows of each damage. Every damage draws on its own, so that a share means the same beside any
    others; of several that fall on a row the first one that can happen does.
    """
    return [(name, np.flatnonzero(rng.random(count) < share)) for name, share in shares.items()]


def _damage_column(
    sheet: Sheet, city: City, group: str, shares: Shares, rng: np.random.Generator, draw: Random
) -> None:
    column, about = sheet.columns[group], About(city)
    hit: set[int] = set()
    for name, rows in _chosen(len(sheet), shares, rng):
        happen, done = _GROUPS[group][name], []
        for row in rows.tolist():
            text = column[row]
            if not text or row in hit:
                continue
            about.at = int(sheet.entity[row])
            made = happen(text, about, draw)
            if made is not None:
                column[row] = made
                done.append(row)
        hit.update(done)
        sheet.damages.append((name, done))


def _damage_cells(sheet: Sheet, shares: Shares, rng: np.random.Generator, draw: Random) -> None:
    """Damage that falls on more than one cell of a row."""
    hit: set[int] = set()
    for name, rows in _chosen(len(sheet), shares, rng):
        free = [row for row in rows.tolist() if row not in hit]
        done = [row for row in free if _CELLS[name](sheet.columns, row, draw)]
        hit.update(done)
        sheet.damages.append((name, done))


def _shift(columns: Mapping[str, Texts], row: int, draw: Random) -> bool:
    """From some cell on everything stands one column too far; the last cell is lost."""
    fields = list(columns)
    start = draw.randrange(min(4, len(fields) - 1))
    for at in range(len(fields) - 1, start, -1):
        columns[fields[at]][row] = columns[fields[at - 1]][row]
    columns[fields[start]][row] = ""
    return True


def _merge(columns: Mapping[str, Texts], row: int, draw: Random) -> bool:
    """Name and code in one cell, the other one empty."""
    name, code = columns["name"][row], columns["code"][row]
    if not name or not code:
        return False
    columns["name"][row] = draw.choice((f"{name} {code}", f"{name}（{code}）", f"{code} {name}", f"{name}/{code}"))
    columns["code"][row] = ""
    return True


def _break_address(columns: Mapping[str, Texts], row: int, draw: Random) -> bool:
    text = columns["address"][row]
    if len(text) < 2:
        return False
    at = draw.randrange(1, len(text))
    columns["address"][row] = text[:at] + "\n" + text[at:]
    return True


_CELLS = {"cells_shifted": _shift, "cells_merged": _merge, "address_line_break": _break_address}
