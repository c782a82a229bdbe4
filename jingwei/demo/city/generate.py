"""Writes the invented city 安澜市 to a folder: department files, places, bodies and the sealed truth."""

import csv
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from jingwei.demo.city import departments, forms, gazetteer, party, tables, truth
from jingwei.demo.city.calendar import Month
from jingwei.demo.city.deliveries import Deliveries, everything
from jingwei.demo.city.mess import Mess
from jingwei.demo.city.tables import Sheet
from jingwei.demo.city.truth import COVERED_HEADER, ENTITY_HEADER, NOTES, ROWS_HEADER
from jingwei.demo.city.world import City, World, found_city, world_in

SCALES: Mapping[str, int] = MappingProxyType({"demo": 20_000, "city": 300_000, "large": 1_000_000})
_FEWEST, _MOST = 200, 1_500_000

Progress = Callable[[str, int, int], None]
"""What is being written (Chinese), steps done, steps in all."""
_DEPARTMENTS = MappingProxyType(
    {
        forms.MARKET: departments.market,
        departments.TAX: departments.tax,
        departments.SOCIAL: departments.social,
        forms.CIVIL: departments.civil,
        forms.JUSTICE: departments.justice,
        party.COUNTS: party.member_counts,
    }
)


@dataclass(frozen=True)
class CitySummary:
    """What was written. `rows` counts the data rows of each file by its path below the folder, total
    and repeated header rows included, blank ones not; `forms` counts the units of the last month."""

    out: Path
    seed: int
    months: tuple[str, ...]
    registered: int
    entities: int
    counties: int
    towns: int
    communities: int
    rows: Mapping[str, int]
    forms: Mapping[str, int]


def generate(
    out: Path,
    *,
    seed: int = 2026,
    registered: int = 20_000,
    month: str = "2026-10",
    months: int = 1,
    deliveries: Deliveries = everything,
    mess: Mess | None = None,
    progress: Progress | None = None,
) -> CitySummary:
    """Write the city as it stands in `month` and in the `months` - 1 months after it.

    `out` must be empty or absent. Department files go to files/<month>/, places to places/, bodies to
    bodies/, the truth to truth/ with its seal. Equal arguments give equal bytes. `registered` counts
    the units registered with market regulation, civil affairs and justice in the first month.
    `deliveries` tells which lists arrive in a month, by default all.
    It is written beside `out` and moved there when all is done, so what stands in `out` is whole.
    ValueError for a month that is none, a size out of bounds or a folder that is in use.
    """
    _check(out, registered, months)
    first = Month.parse(month)
    building = out.with_name(f".{out.name}.part")
    shutil.rmtree(building, ignore_errors=True)
    city = found_city(seed, registered, first)
    every = [first.plus(number) for number in range(months)]
    tell = _counting(progress, 1 + sum(len(deliveries(later)) + 1 for later in every))
    tell("区划与机构")
    gazetteer.write_places(building / "places", city.noise, city.land.places, city.land.streets)
    gazetteer.write_bodies(building / "bodies", city.land.places)
    rows: dict[str, int] = {}
    for later in every:
        world = world_in(city, mess or Mess(), later)
        rows |= _write_month(building, world, deliveries(later), tell)
    _write_roads(building / "truth", city)
    _seal(building, seed, registered, every)
    building.rename(out)
    return _summary(out, seed, world, every, rows)


def _check(out: Path, registered: int, months: int) -> None:
    if not _FEWEST <= registered <= _MOST:
        raise ValueError(f"登记主体数须在 {_FEWEST} 与 {_MOST} 之间，现为 {registered}")
    if months < 1:
        raise ValueError("月数至少为 1")
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"输出目录不是空的：{out}")


def _counting(progress: Progress | None, steps: int) -> Callable[[str], None]:
    done = iter(range(steps))

    def tell(what: str) -> None:
        if progress is not None:
            progress(what, next(done), steps)

    return tell


def _write_month(out: Path, world: World, delivered: frozenset[str], tell: Callable[[str], None]) -> dict[str, int]:
    """The files of one month and the truth about them; row counts by path."""
    files, sealed = out / "files" / str(world.month), out / "truth" / str(world.month)
    files.mkdir(parents=True)
    sealed.mkdir(parents=True)
    counted: dict[str, int] = {}
    with (sealed / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(ROWS_HEADER)
        ids = world.units.ids
        for department, make in _DEPARTMENTS.items():
            if department not in delivered:
                continue
            sheet = make(world)
            tell(f"{world.month.zh}{department}")
            counted[f"{files.relative_to(out)}/{sheet.file_name}"] = _write_sheet(sheet, files, ids, writer.writerow)
        found = party.organizations(world)
        if party.ORGANIZATIONS in delivered:
            tell(f"{world.month.zh}{party.ORGANIZATIONS}")
            sheet = party.organization_list(world, found)
            ids = [truth.organization_id(world, organization) for organization in found]
            counted[f"{files.relative_to(out)}/{sheet.file_name}"] = _write_sheet(sheet, files, ids, writer.writerow)
    tables.write_plain(sealed / "covered.csv", COVERED_HEADER, _covered(world, found))
    tell(f"{world.month.zh}真值")
    tables.write_plain(sealed / "entities.csv", ENTITY_HEADER, truth.entity_rows(world))
    return counted


def _write_sheet(sheet: Sheet, folder: Path, ids: list[str], record: Callable[[list[object]], object]) -> int:
    written = 0
    for row in tables.write(sheet, folder / sheet.file_name):
        if row.who == tables.BLANK:
            continue
        written += 1
        entity = ids[row.who] if row.who >= 0 else ""
        record([sheet.file_name, row.number, entity, NOTES.get(row.who, "")])
    return written


def _covered(world: World, found: list[party.Organization]) -> Iterator[tuple[object, ...]]:
    serials = world.units.serial
    for organization in found:
        mine = truth.organization_id(world, organization)
        for position, (unit, spelt) in enumerate(zip(organization.units, organization.spelt, strict=True), 1):
            yield mine, position, truth.entity_id(int(serials[unit])), spelt


def _write_roads(folder: Path, city: City) -> None:
    header = ("county_code", "road", "from", "to", "parity", "place_code")
    tables.write_plain(folder / "roads.csv", header, gazetteer.stretch_rows(city.land.places, city.land.streets))


def _seal(out: Path, seed: int, registered: int, months: list[Month]) -> None:
    """Hashes of every file written, so that a later look can tell whether any was touched."""
    files = sorted(path for path in out.rglob("*") if path.is_file())
    seal = {
        "version": truth.VERSION,
        "seed": seed,
        "registered": registered,
        "months": [str(month) for month in months],
        "sha256": {path.relative_to(out).as_posix(): _digest(path) for path in files},
    }
    text = json.dumps(seal, ensure_ascii=False, indent=1)
    (out / "truth" / "seal.json").write_text(text + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _summary(out: Path, seed: int, world: World, months: list[Month], rows: Mapping[str, int]) -> CitySummary:
    places = world.city.land.places
    names = np.array([form.name for form in forms.FORMS], dtype=object)
    return CitySummary(
        out=out,
        seed=seed,
        months=tuple(str(month) for month in months),
        registered=world.city.registered,
        entities=len(world.units),
        counties=len(places.counties),
        towns=sum(tile.owner == number for number, tile in enumerate(places.tiles)),
        communities=len(places.communities),
        rows=MappingProxyType(dict(rows)),
        forms=MappingProxyType(dict(Counter(names[world.units.form].tolist()))),
    )
