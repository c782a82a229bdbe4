"""Live counts of entities: kept cells for the parts of the city where nothing changed, the entities themselves else.

A trigger on the entities notes the part of every change; ``refresh`` makes those parts anew. A reader counts
the noted parts itself, so that live figures never wait for the refresh and are always exact.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor
from jingwei.domain.indicators import Cut, Population
from jingwei.domain.indicators.sql import NOTHING, Sql, joined
from jingwei.indicators.city import City
from jingwei.indicators.counting import cells, cells_sql
from jingwei.indicators.populations import live
from jingwei.indicators.scope import beyond_cells, in_cells

REFRESH_LOCK = 7_310_022
# The cells of the parts that stand, and a line for each part that does not: one statement, so one state of both.
_KEPT = """
WITH stale AS MATERIALIZED (
  SELECT part FROM indicators_stalepart UNION SELECT part FROM indicators_cellpart WHERE stamp <> %s)
SELECT cut, member, sum(entities), {marks}{amounts} FROM indicators_cell
 WHERE cut = ANY(%s) AND part NOT IN (SELECT part FROM stale) AND ({scope}) GROUP BY cut, member{groups}
UNION ALL SELECT '', '', part, {nothing} FROM stale
"""
_STORE = """
INSERT INTO indicators_cell (cut, member, part, county_id, town_id, entities, marks, amounts)
SELECT cut, member, part, county_id, town_id, entities, ARRAY[{marks}]::bigint[], ARRAY[{amounts}]::bigint[]
  FROM ({cells}) AS cells (cut, member, part, county_id, town_id, entities{names})
"""

Lines = dict[Cut, list[Any]]


def lines(*, actor: Actor, city: City, cuts: Sequence[Cut]) -> Lines:
    """(member, entities, marks…, amounts…) by cut over the entities the actor may see. One or two statements."""
    found: Lines = {cut: [] for cut in cuts}
    within = in_cells(actor)
    stale = _add_kept(found, city, within) if within != NOTHING else []
    beyond = beyond_cells(actor)
    if beyond or stale:
        for cut, held in _counted(city, cuts, _live(stale, within, beyond)).items():
            found[cut].extend(held)
    return found


def refresh(*, city: City, on: datetime) -> int:
    """Make the cells of all parts that changed anew; returns how many parts. Needs the whole city's scope.

    Runs in the caller's transaction. A second refresh at the same time returns 0 at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REFRESH_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("DELETE FROM indicators_stalepart RETURNING part")
        parts = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT part FROM indicators_cellpart WHERE stamp <> %s", [city.stamp])
        parts |= {row[0] for row in cursor.fetchall()}
        if not parts:
            return 0
        wanted = sorted(parts)
        cursor.execute("DELETE FROM indicators_cell WHERE part = ANY(%s)", [wanted])
        cursor.execute("DELETE FROM indicators_cellpart WHERE part = ANY(%s)", [wanted])
        statement = _store_sql(city, wanted)
        cursor.execute(statement.text, statement.parameters)
        cursor.execute(
            "INSERT INTO indicators_cellpart (part, stamp, made_at) SELECT unnest(%s::int[]), %s, %s",
            [wanted, city.stamp, on],
        )
    return len(parts)


def _add_kept(found: Lines, city: City, scope: Sql) -> list[int]:
    """Add the cells that stand; returns the parts whose cells do not."""
    plan = city.plans[Population.ENTITY]
    marks = [f"marks[{at + 1}]" for at in range(plan.words)]
    amounts = [f"sum(amounts[{at + 1}])" for at in range(len(plan.amounts))]
    statement = _KEPT.format(
        marks=", ".join(marks), amounts="".join(f", {amount}" for amount in amounts), scope=scope.text,
        groups="".join(f", {mark}" for mark in marks), nothing=", ".join(["0"] * (len(marks) + len(amounts))),
    )  # fmt: skip
    stale: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(statement, [city.stamp, [cut.value for cut in found], *scope.parameters])
        for cut, *line in cursor.fetchall():
            if cut:
                found[Cut(cut)].append(line)
            else:
                stale.append(int(line[1]))
    return stale


def _counted(city: City, cuts: Sequence[Cut], where: Sql) -> Lines:
    population = live(Population.ENTITY, city.on)
    return cells(population, city.plans[Population.ENTITY], cuts, where=where)


def _live(stale: Sequence[int], within: Sql, beyond: Sequence[QuerySet[Entity]]) -> Sql:
    """Condition: the row lies in a part whose cells do not stand, or beyond all cells.

    The sets beyond are found one by one, each along its own index, and exclude one another and the parts.
    """
    in_parts = joined("AND", _in_parts(stale), within) if stale else NOTHING
    if not beyond:
        return in_parts
    sets = [part.order_by().values("pk").query.sql_with_params() for part in beyond]
    if stale:
        sets.append((f"SELECT id FROM base_roster_entity WHERE {in_parts.text}", in_parts.parameters))  # noqa: S608
    ids = " UNION ALL ".join(f"({text})" for text, _ in sets)
    return Sql(f"id IN ({ids})", tuple(value for _, held in sets for value in held))


def _in_parts(parts: Sequence[int]) -> Sql:
    """Condition: the row belongs to one of the parts, in a form that the indexes on town and county serve."""
    towns, counties = [part for part in parts if part > 0], [-part for part in parts if part < 0]
    pieces = []
    if towns:
        pieces.append(Sql("town_id = ANY(%s)", (towns,)))
    if counties:
        pieces.append(Sql("town_id IS NULL AND county_id = ANY(%s)", (counties,)))
    if 0 in parts:
        pieces.append(Sql("town_id IS NULL AND county_id IS NULL"))
    return joined("OR", *pieces)


def _store_sql(city: City, parts: Sequence[int]) -> Sql:
    plan = city.plans[Population.ENTITY]
    source = cells_sql(live(Population.ENTITY, city.on), plan, list(Cut), where=_in_parts(parts), by_part=True)
    marks, amounts = [f"m{at}" for at in range(plan.words)], [f"a{at}" for at in range(len(plan.amounts))]
    text = _STORE.format(
        marks=", ".join(marks), amounts=", ".join(amounts), cells=source.text,
        names="".join(f", {name}" for name in (*marks, *amounts)),
    )  # fmt: skip
    return Sql(text, source.parameters)
