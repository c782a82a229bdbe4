"""Find the entities of a list: how many up to a limit, and the ids of one page in order.

Two ways, because each is slow where the other is fast. Up to ``LIMIT`` entities are fetched in no
order, by whatever index narrows them, and sorted. Of more than that the newest are read along an
index in the order of the list, which is quick because so many of them fit.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from jingwei.base_roster.filters import RosterFilters, SearchText, Sort, read_text
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor

LIMIT = 10_000
_ORDERS = {
    Sort.RECENT: ("as_of", "key DESC, id DESC"),
    Sort.NAME: ("pinyin", "key, id"),
    Sort.STAFF: ("staff", "key DESC NULLS LAST, id DESC"),
}
_Statement = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. Beyond the limit ``count`` is LIMIT + 1 and ``unknown`` is not known.

    ``unknown`` counts those whose ownership is unknown; ``sort`` is the order in force.
    """

    count: int
    unknown: int | None
    ids: list[int]
    sort: Sort

    @property
    def is_more(self) -> bool:
        return self.count > LIMIT


def find(*, actor: Actor, filters: RosterFilters, start: int, size: int, many: bool = False) -> Found:
    """Count and page of what the actor may see; at most two statements. ``start`` counts from 0.

    ``many`` says that the total is known to lie beyond the limit, so that nothing need be counted.
    Of a text that fits more than the limit over all rosters no page is given: no index has that order.
    """
    if filters.text:
        return _find_text(actor, filters, read_text(filters.text), start, size)
    parts = [Entity.objects.filter(filters.condition() & part) for part in scope_parts(actor)]
    if not parts:
        return Found(0, 0, [], filters.sort)
    if many and len(parts) == 1:
        return Found(LIMIT + 1, None, _newest(parts, [LIMIT + 1], start, size), Sort.RECENT)
    counts, unknown, ids = _fetched(parts, filters.sort, start, size)
    if max(counts) > LIMIT:
        return Found(LIMIT + 1, None, _newest(parts, counts, start, size), Sort.RECENT)
    total = sum(counts)
    return Found(min(total, LIMIT + 1), unknown if total <= LIMIT else None, ids, filters.sort)


def entities_of_text(
    text: SearchText, filters: RosterFilters, *, newest: bool = False, limit: int | None = None, start: int = 0
) -> list[int]:
    """Ids in scope that a text may mean under the other conditions; in order only if the newest are wanted.

    Without a ``limit`` at most LIMIT + 1 of them.
    """
    most = LIMIT + 1 if limit is None else limit
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ARRAY(SELECT jw_entity_search(%s, %s::text[], %s, %s, %s, %s, %s, %s, %s))",
            [text.needle, text.grams, text.code, text.initials, text.number, filters.as_json(), newest, most, start],
        )
        ids: list[int] = cursor.fetchone()[0]
    return ids


def these(ids: Sequence[int]) -> RawSQL:
    """A set of ids as one parameter, however many they are."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def _find_text(actor: Actor, filters: RosterFilters, text: SearchText, start: int, size: int) -> Found:
    if text.is_empty:
        return Found(0, 0, [], filters.sort)
    ids = entities_of_text(text, filters)
    if len(ids) > LIMIT and not filters.roster:
        return Found(len(ids), None, [], Sort.RECENT)
    if len(ids) > LIMIT:
        return Found(len(ids), None, entities_of_text(text, filters, newest=True, limit=size, start=start), Sort.RECENT)
    visible = Entity.objects.in_scope(actor).filter(pk__in=these(ids))
    (count,), unknown, page = _fetched([visible], filters.sort, start, size)
    return Found(count, unknown, page, filters.sort)


def scope_parts(actor: Actor, *, without: Collection[str] = ()) -> list[Q]:
    """The actor's scope as conditions that exclude one another, so that each can use its own index.

    Together they are ``in_scope``. The grants' own level comes first; what reaches the actor another
    way, by a park or as rows his body brought in, is told apart from it by ranges of ids.
    ``without`` leaves columns out that a table does not have.
    """
    if actor.everything:
        return [Q()]
    terms: list[tuple[str, Sequence[int]]] = [
        ("county_id", actor.county_ids),
        ("town_id", actor.town_ids),
        ("place_id", actor.other_place_ids),
        ("industry_body_id", actor.body_ids),
        ("overlay_id", actor.place_ids),
        ("body_id", actor.body_ids),
    ]
    held = [(column, ids) for column, ids in terms if ids and column not in without]
    return [
        reduce(and_, (outside(*earlier) for earlier in held[:index]), Q(**{f"{column}__in": ids}))
        for index, (column, ids) in enumerate(held)
    ]


def outside(column: str, ids: Sequence[int]) -> Q:
    """The column is none of the ids, as ranges that an index can follow; null is outside."""
    ordered = sorted(ids)
    ranges = [Q(**{f"{column}__isnull": True}), Q(**{f"{column}__lt": ordered[0]}), Q(**{f"{column}__gt": ordered[-1]})]
    gaps = ((low, high) for low, high in pairwise(ordered) if high - low > 1)
    ranges += [Q(**{f"{column}__gt": low, f"{column}__lt": high}) for low, high in gaps]
    return reduce(or_, ranges)


def _fetched(parts: Sequence[QuerySet[Entity]], sort: Sort, start: int, size: int) -> tuple[list[int], int, list[int]]:
    """Counts of the parts, how many are of unknown ownership, and the ids of the page; one statement."""
    column, order = _ORDERS[sort]
    tables, parameters = _union([_unordered(part, column) for part in parts])
    numbers = ", ".join(f"(SELECT count(*) FROM part_{index})" for index in range(len(parts)))  # noqa: S608
    statement = (
        f"{tables} SELECT ARRAY[{numbers}], (SELECT count(*) FROM found WHERE ownership = 'unknown'),"  # noqa: S608
        f" ARRAY(SELECT id FROM found ORDER BY {order} LIMIT %s OFFSET %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, size, start])
        counts, unknown, ids = cursor.fetchone()
    return counts, unknown, ids


def _newest(parts: Sequence[QuerySet[Entity]], counts: Sequence[int], start: int, size: int) -> list[int]:
    """Ids of the page; large parts are read in order, small ones whole. One statement."""
    column, order = _ORDERS[Sort.RECENT]
    tables, parameters = _union(
        [
            _ordered(part, column, start + size) if count > LIMIT else _unordered(part, column)
            for part, count in zip(parts, counts, strict=True)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{tables} SELECT id FROM found ORDER BY {order} LIMIT %s OFFSET %s",  # noqa: S608
            [*parameters, size, start],
        )
        return [row[0] for row in cursor.fetchall()]


def _unordered(part: QuerySet[Entity], column: str) -> _Statement:
    return _compiled(part.order_by().values_list("pk", column, "ownership")[: LIMIT + 1])


def _ordered(part: QuerySet[Entity], column: str, stop: int) -> _Statement:
    return _compiled(part.order_by(f"-{column}", "-pk").values_list("pk", column, "ownership")[:stop])


def _compiled(queryset: QuerySet[Entity, Any]) -> _Statement:
    statement, parameters = queryset.query.sql_with_params()
    return statement, list(parameters)


def _union(statements: Sequence[_Statement]) -> _Statement:
    """Common table expressions ``part_0`` … and ``found``, each materialized so that its plan is its own."""
    tables = [
        f"part_{index} (id, key, ownership) AS MATERIALIZED ({statement})"
        for index, (statement, _) in enumerate(statements)
    ]
    union = " UNION ALL ".join(f"SELECT * FROM part_{index}" for index in range(len(statements)))  # noqa: S608
    parameters = [parameter for _, held in statements for parameter in held]
    return f"WITH {', '.join(tables)}, found AS ({union})", parameters
