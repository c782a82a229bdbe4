"""Counts the figures of the bulletin a second time, from the files alone. Imports nothing of the product.

    python recount.py --lists DIR --links DIR --places DIR --as-of 2026-10-31 --out figures.json

`--lists` holds the lists of the departments as they arrived, `--links` the files links.csv and party_units.csv of a
matching over them, `--places` the tables 区划, 区划沿革, 载体 and 路段 that the office delivers, or the public division
table of the country, of which `--city` names the city. `--bodies` is the table 机构 of superior bodies, if there is
one, `--rulebook` the folder of rule files (numbers and word lists, no code). `--rows` writes one line for each entity
to a file.
"""

import argparse
import csv
import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import classing
import covering
import figures
import placing
import reading

_RULEBOOK = Path(__file__).resolve().parents[2] / "jingwei" / "domain" / "rulebook"


def main() -> None:
    """Read the arguments, count, write the figures."""
    parser = argparse.ArgumentParser(description="Recount the bulletin's figures from the files.")
    for name in ("lists", "links", "places"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--city", default="")
    parser.add_argument("--bodies", type=Path)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--rulebook", type=Path, default=_RULEBOOK)
    given = parser.parse_args()
    atlas = placing.Atlas(given.places, given.as_of.isoformat(), given.city)
    rules = reading.rules_on(given.rulebook, given.as_of, atlas.city)
    superiors = covering.Superiors(reading.csv_rows(given.bodies) if given.bodies else [], atlas)
    entities, parties = rows_of(given, atlas, superiors, rules)
    counted = figures.count(entities, parties, rules, given.as_of.isoformat())
    given.out.write_text(json.dumps(counted, ensure_ascii=False, indent=1), encoding="utf-8")
    if given.rows:
        _write_rows(given.rows, entities)


def rows_of(
    given: argparse.Namespace, atlas: placing.Atlas, superiors: covering.Superiors, rules: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One row for each entity and one for each organization, with what the figures are counted from."""
    tables = reading.tables_in(given.lists)
    units = reading.units_from(tables, given.links)
    standings = classing.standings(units, rules)
    spots = {unit.key: atlas.spot(unit) for unit in units}
    names = {item.key: item.name for item in standings}
    roster = covering.Roster(names, spots, superiors, atlas, rules, given.as_of)
    covered = reading.covered_from(given.links)
    found = covering.organizations(tables, reading.refused_in(given.links), covered, roster)
    reached = covering.covered_as(found, rules)
    entities = [
        _entity(unit, standing, spots[unit.key], reached.get(unit.key, "none"), rules)
        for unit, standing in zip(units, standings, strict=True)
    ]
    parties = [
        {
            "form": None if item.form == "unknown" else item.form,
            "level": item.level,
            "units": item.units,
            "founded": item.founded,
        }
        for item in found
    ]
    return entities, parties


def _entity(
    unit: reading.Unit, item: classing.Standing, spot: placing.Spot, form: str, rules: Mapping[str, Any]
) -> dict[str, Any]:
    registered = bool(unit.of(*reading.REGISTERS))
    taxed, insured = bool(unit.of(reading.TAX)), bool(unit.of(reading.SOCIAL))
    return {
        "key": unit.key,
        "name": item.name,
        "code": item.code,
        "roster": item.roster,
        "form": item.form,
        "ownership": item.ownership,
        "operating": item.operating,
        "screening": item.screening,
        "counts": item.counts,
        "staff": item.staff,
        "full_members": item.full,
        "probationary_members": item.probationary,
        "covered_as": form,
        "coverage_state": covering.state_of(item, form, rules),
        "registered": registered,
        "in_market": bool(unit.of(reading.MARKET)),
        "in_civil": bool(unit.of(reading.CIVIL, reading.JUSTICE)),
        "sources": registered + taxed + insured,
        "county": spot.county,
        "town": spot.town,
        "park": spot.park,
        "area": spot.area,
        "rows": "；".join(f"{row.kind}#{row.number}" for row in unit.rows),
    }


def _write_rows(path: Path, entities: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(entities[0]) if entities else [])
        writer.writeheader()
        writer.writerows(entities)


if __name__ == "__main__":
    main()
