"""The rows a paper stands on: those of its snapshot that lie in its place, as pieces of SQL.

Facts count as they were known when the snapshot was taken, so that a paper made later says the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jingwei.base_roster.surroundings import city_code
from jingwei.domain import rulebook
from jingwei.domain.indicators import Population
from jingwei.domain.indicators.sql import EVERYTHING, Compiler, Sql, joined
from jingwei.domain.indicators.tree import Node
from jingwei.domain.rulebook import Rules
from jingwei.indicators.models import Snapshot
from jingwei.indicators.populations import frozen
from jingwei.places.models import Place


@dataclass(frozen=True, slots=True)
class Ground:
    """A snapshot and a place: what all rows of a paper have in common, and the rules of the snapshot's day."""

    snapshot: Snapshot
    place: Place
    rules: Rules

    @property
    def known_at(self) -> datetime:
        """Facts recorded later are not in the snapshot."""
        return self.snapshot.taken_at

    def units(self, among: Node) -> Sql:
        """A sub-select of the units a form speaks of, under the columns of the snapshot."""
        condition = joined("AND", Compiler(self.rules).sql(among).holds(), self.inside())
        rows = frozen(Population.ENTITY, self.snapshot.pk)
        return Sql(
            f"SELECT * FROM ({rows.text}) held WHERE {condition.text}",  # noqa: S608 (pieces of our own)
            rows.parameters + condition.parameters,
        )

    def organizations(self) -> Sql:
        """A sub-select of the Party organizations of the whole city; what they cover tells where they count."""
        return frozen(Population.ORGANIZATION, self.snapshot.pk)

    def inside(self) -> Sql:
        """The row lies in the place; never null."""
        if self.place.kind == Place.Kind.CITY:
            return EVERYTHING
        return Sql(f"({_COLUMNS.get(self.place.kind, 'overlay_id')} = %s) IS TRUE", (self.place.pk,))


def ground_of(snapshot: Snapshot, place: Place) -> Ground:
    """The ground of a paper. One query."""
    return Ground(snapshot, place, rulebook.at(snapshot.as_of, city_code(snapshot.as_of)))


_COLUMNS: Mapping[str, str] = {
    Place.Kind.COUNTY: "county_id",
    Place.Kind.TOWN: "town_id",
    Place.Kind.COMMUNITY: "place_id",
}


def fetch(statement: Sql) -> list[tuple[object, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.parameters)
        return list(cursor.fetchall())


def fact_join(alias: str, unit: str, *, kind: str, lists: tuple[str, ...], ground: Ground) -> Sql:
    """A lateral join that brings the newest text of a fact as ``alias.value``, of the first list that has one."""
    return Sql(
        f"LEFT JOIN LATERAL (SELECT f.value, f.as_of, f.list_kind FROM base_roster_fact f"  # noqa: S608
        f" WHERE f.entity_id = {unit}.id AND f.kind = %s AND f.list_kind = ANY(%s) AND f.as_of <= %s"
        f" AND f.recorded_at <= %s ORDER BY array_position(%s::text[], f.list_kind::text), f.as_of DESC, f.id DESC"
        f" LIMIT 1) {alias} ON TRUE",
        (kind, list(lists), ground.snapshot.as_of, ground.known_at, list(lists)),
    )
