"""Kept counts: exact totals of lists and pages without reading the entities.

The rows come from a trigger on the entities. Whoever stores many entities calls ``compact`` at the
end; the nightly check calls ``drift``, which wants 0, and ``recount`` makes the counts anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from jingwei.base_roster.filters import RosterFilters
from jingwei.base_roster.finding import scope_parts
from jingwei.base_roster.models import Entity, EntityCount
from jingwei.core.permissions import Actor

_DIMENSIONS = (
    "county_id, town_id, in_community, overlay_id, body_id, industry_body_id, roster, ownership, screening,"
    " operating, counts_in_base, confirmed"
)
_COMPACT = f"""
WITH gone AS (DELETE FROM base_roster_entitycount RETURNING *)
INSERT INTO base_roster_entitycount ({_DIMENSIONS}, entities)
SELECT {_DIMENSIONS}, sum(entities) FROM gone GROUP BY {_DIMENSIONS} HAVING sum(entities) <> 0
"""  # noqa: S608
_RECOUNT = f"""
INSERT INTO base_roster_entitycount ({_DIMENSIONS}, entities)
SELECT {_DIMENSIONS}, sum(entities) FROM base_roster_entity_cell GROUP BY {_DIMENSIONS}
"""  # noqa: S608
_DRIFT = f"""
SELECT count(*) FROM (
  SELECT {_DIMENSIONS} FROM (
    SELECT {_DIMENSIONS}, entities FROM base_roster_entity_cell
    UNION ALL SELECT {_DIMENSIONS}, -entities FROM base_roster_entitycount) AS cells
   GROUP BY {_DIMENSIONS} HAVING sum(entities) <> 0) AS differing
"""  # noqa: S608
_TOTAL = """
SELECT coalesce(sum(entities), 0), coalesce(sum(entities) FILTER (WHERE ownership = 'unknown'), 0)
  FROM ({cells}) AS cells
"""
# What each figure counts. The levels from overlay to nowhere exclude one another.
_FIGURES = {
    "total": "true",
    "operating": "operating",
    "confirmed": "confirmed",
    "screened_in": "screening = 'in'",
    "pending": "screening = 'unknown' AND operating",
    "in_base": "counts_in_base",
    "in_base_unknown": "counts_in_base AND ownership = 'unknown'",
    "in_base_placed": "counts_in_base AND (town_id IS NOT NULL OR overlay_id IS NOT NULL)",
    "unknown": "ownership = 'unknown'",
    "overlay": "overlay_id IS NOT NULL",
    "community": "overlay_id IS NULL AND in_community",
    "town": "overlay_id IS NULL AND NOT in_community AND town_id IS NOT NULL",
    "county": "overlay_id IS NULL AND town_id IS NULL AND county_id IS NOT NULL",
    "nowhere": "overlay_id IS NULL AND county_id IS NULL",
    "unplaced": "operating AND overlay_id IS NULL AND town_id IS NULL",
}
# The figures that the tabs and the head of a list show.
OF_A_LIST = ("total", "screened_in", "pending", "unknown", "unplaced", "in_base", "in_base_unknown")


@dataclass(frozen=True, slots=True)
class KeptTotal:
    """How many entities fit a filter, and of how many of them the ownership is unknown."""

    entities: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of entities of one group. ``pending`` are the operating ones whose screening is undecided.

    ``in_base_unknown`` are those in the base of unknown ownership, ``in_base_placed`` those placed
    deeper than the county. ``overlay`` to ``nowhere`` say how deep all are placed and add up to
    ``total``; ``unplaced`` are the operating ones that wait for a place.
    """

    total: int = 0
    operating: int = 0
    confirmed: int = 0
    screened_in: int = 0
    pending: int = 0
    in_base: int = 0
    in_base_unknown: int = 0
    in_base_placed: int = 0
    unknown: int = 0
    overlay: int = 0
    community: int = 0
    town: int = 0
    county: int = 0
    nowhere: int = 0
    unplaced: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def whole(self) -> KeptTotal:
        """The group as the total of a list without further conditions."""
        return KeptTotal(self.total, self.unknown)

    @property
    def placed(self) -> int:
        """Placed deeper than the county."""
        return self.overlay + self.community + self.town


def are_kept_for(actor: Actor) -> bool:
    """Whether the kept counts know the actor's scope; single communities are below their grain."""
    return actor.everything or bool(actor.county_ids or actor.town_ids) or not actor.place_ids


def total(*, actor: Actor, filters: RosterFilters) -> KeptTotal | None:
    """The exact total of a list, or None where only counting its rows would tell. One statement."""
    if not (filters.is_kept and are_kept_for(actor)):
        return None
    cells, parameters = _cells(actor, filters.kept_condition())
    if not cells:
        return KeptTotal(0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL.format(cells=cells), parameters)
        entities, unknown = cursor.fetchone()
    return KeptTotal(int(entities), int(unknown))


def figures(
    *, actor: Actor, by: Sequence[str] = ("roster",), condition: Q | None = None, only: Sequence[str] = tuple(_FIGURES)
) -> dict[Any, Figures]:
    """Figures of the actor's entities by the value of one column, or by a tuple of several. One statement.

    ``only`` names the figures wanted; the others stay 0. For actors of single communities or parks the
    entities themselves are counted: they are few.
    """
    cells, parameters = _cells(actor, condition or Q())
    if not cells:
        return {}
    groups, width = ", ".join(by), len(by)
    sums = ", ".join(f"coalesce(sum(entities) FILTER (WHERE {_FIGURES[name]}), 0)" for name in only)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {groups}, {sums} FROM ({cells}) AS cells GROUP BY {groups}", parameters)  # noqa: S608
        rows = cursor.fetchall()
    return {
        row[0] if width == 1 else row[:width]: Figures(**dict(zip(only, map(int, row[width:]), strict=True)))
        for row in rows
    }


def compact() -> None:
    """Join the rows of each cell into one. Rows that others add meanwhile stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPACT)


@transaction.atomic
def recount() -> None:
    """Make the counts anew from the entities, which nobody may change meanwhile. Needs the whole city's scope."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE base_roster_entity IN SHARE MODE")
        cursor.execute("DELETE FROM base_roster_entitycount")
        cursor.execute(_RECOUNT)


def drift() -> int:
    """In how many cells the kept counts differ from the entities; 0 unless something went wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_DRIFT)
        return int(cursor.fetchone()[0])


def _cells(actor: Actor, condition: Q) -> tuple[str, list[Any]]:
    """SQL of the cells in scope: disjoint parts of the kept counts, or the cells of single entities."""
    if not are_kept_for(actor):
        return _live_cells(actor, condition)
    parts = [EntityCount.objects.filter(condition & part) for part in scope_parts(actor, without={"place_id"})]
    compiled = [_compiled(part) for part in parts]
    return " UNION ALL ".join(f"({statement})" for statement, _ in compiled), [
        parameter for _, parameters in compiled for parameter in parameters
    ]


def _live_cells(actor: Actor, condition: Q) -> tuple[str, list[Any]]:
    visible = Entity.objects.in_scope(actor).values("pk")
    statement, parameters = _compiled(EntityCount.objects.filter(condition, pk__in=visible))
    return statement.replace('"base_roster_entitycount"', '"base_roster_entity_cell"'), parameters


def _compiled(queryset: QuerySet[EntityCount]) -> tuple[str, list[Any]]:
    columns = [field.attname for field in EntityCount._meta.local_concrete_fields if not field.primary_key]
    statement, parameters = queryset.order_by().values_list(*columns).query.sql_with_params()
    return statement, list(parameters)
