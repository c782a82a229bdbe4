"""Bring the invented city's places and bodies in, through the same services a deployer uses."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jingwei.bodies import services as bodies
from jingwei.core.permissions import Actor
from jingwei.places import services as places

Stage = Callable[[str], None]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def load_geography(folder: Path, *, by: Actor, on: datetime, stage: Stage) -> None:
    """Divisions, their history, overlays, roads, boundaries, bodies; safe to repeat."""
    tables = folder / "places"
    stage("区划")
    # What was abolished before the first import is told by the history table alone.
    living = [row for row in rows_of(tables / "区划.csv") if not row["停用日期"]]
    places.import_divisions(rows=living, by=by, on=on)
    stage("区划沿革")
    places.import_history(rows=rows_of(tables / "区划沿革.csv"), by=by, on=on)
    stage("园区楼宇")
    places.import_overlays(rows=rows_of(tables / "载体.csv"), by=by, on=on)
    stage("路段")
    places.import_roads(rows=rows_of(tables / "路段.csv"), by=by, on=on)
    stage("边界")
    places.import_boundaries(collection=places.read_geojson(tables / "边界.geojson"), by=by, on=on)
    stage("机构")
    bodies.import_bodies(rows=rows_of(folder / "bodies" / "机构.csv"), by=by, on=on)
