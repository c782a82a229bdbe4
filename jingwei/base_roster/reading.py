"""Read what is said of entities: their lists' statements, entity by entity, and what clerks have corrected.

Statements are streamed, with memory that does not grow with the roster; corrections are few.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q

from jingwei.base_roster.corrections import CORRECTABLE, Correction
from jingwei.base_roster.derivation import Statement
from jingwei.base_roster.models import Fact
from jingwei.domain.lists import ListKind

FETCH = 5000
# The record that first said what the unit says now stands for all that have repeated it.
_STATEMENTS = """
SELECT s.entity_id, u.list_kind, r.name, r.uscc, r.values, r.flags, r.id, u.id, u.last_as_of, b.as_of, b.id, b.mapping
  FROM base_roster_entitysource s
  JOIN rosters_sourceunit u ON u.id = s.unit_id
  JOIN rosters_sourcerecord r ON r.id = u.content_record_id
  JOIN rosters_batch b ON b.id = r.batch_id
 {where}
 ORDER BY s.entity_id, u.id
"""
# The setting is read before it is set: OFFSET 0 keeps the planner from joining the two.
_WIDEN = """
SELECT held.before, set_config('jw.everything', 'on', true)
  FROM (SELECT coalesce(current_setting('jw.everything', true), '') AS before OFFSET 0) AS held
"""
_widened: ContextVar[bool] = ContextVar("whole_roster", default=False)


@contextmanager
def whole_roster() -> Iterator[None]:
    """Work on rows outside the actor's scope for a moment; afterwards the scope is what it was.

    A decision on one entity needs the lists of other offices and its parent elsewhere. Callers have
    checked that the entity is the actor's to see or to decide on, and hand no foreign row to him. Needs
    an open transaction; within another such moment it costs nothing.
    """
    if _widened.get():
        yield
        return
    token = _widened.set(True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WIDEN)
            before = cursor.fetchone()[0]
            try:
                yield
            finally:
                # In a transaction that failed its end takes the setting back.
                if before != "on":
                    with suppress(DatabaseError):
                        cursor.execute("SELECT set_config('jw.everything', %s, true)", [before])
    finally:
        _widened.reset(token)


def statements_by_entity(entity_ids: list[int] | None = None) -> Iterator[tuple[int, list[Statement]]]:
    """Yield (entity id, its statements) in order of id; all entities unless ids are given.

    Fields that were flagged at intake are left out: a bad value is kept raw, but decides nothing.
    Needs an open transaction, because the rows come through a server-side cursor.
    """
    where = "WHERE s.entity_id = ANY(%s)" if entity_ids is not None else ""
    columns: dict[int, frozenset[str]] = {}
    connection.ensure_connection()
    with connection.connection.cursor(name="statements_by_entity") as cursor:
        cursor.itersize = FETCH
        cursor.execute(_STATEMENTS.format(where=where), [entity_ids] if entity_ids is not None else None)
        for entity_id, rows in groupby(cursor, key=itemgetter(0)):
            yield entity_id, [statement(row, columns) for row in rows]


def statement(row: tuple[Any, ...], columns: dict[int, frozenset[str]]) -> Statement:
    """One statement; ``columns`` keeps which fields the lists have columns for, by batch."""
    _, kind, name, uscc, values_json, flags_json, record_id, unit_id, as_of, since, batch_id, mapping = row
    asked = columns.get(batch_id)
    if asked is None:
        asked = columns[batch_id] = frozenset(json.loads(mapping).values())
    # Django leaves JSON columns of a bare cursor as text.
    values, bad = json.loads(values_json), {flag["field"] for flag in json.loads(flags_json)}
    usable = {field: text for field, text in values.items() if text and field not in bad} if bad else values
    return Statement(ListKind(kind), as_of, since, usable, name, uscc, record_id, unit_id, asked - bad)


def corrections_of(entity_ids: list[int] | None = None) -> dict[int, list[Correction]]:
    """Entity id -> its corrections that nobody has withdrawn, of all entities or some. At most two queries."""
    made = Fact.objects.filter(list_kind=Fact.MANUAL)
    if entity_ids is not None:
        made = made.filter(entity_id__in=entity_ids)
    corrected = list(made.order_by("entity_id").values_list("entity_id", flat=True).distinct())
    if not corrected:
        return {}
    concerned = Q(list_kind=Fact.MANUAL) | Q(kind__in={wanted.said_in for wanted in CORRECTABLE.values()})
    by_entity: dict[int, list[Fact]] = {entity_id: [] for entity_id in corrected}
    for fact in Fact.objects.filter(concerned, entity_id__in=corrected):
        by_entity[fact.entity_id].append(fact)
    found = {entity_id: standing_corrections(facts) for entity_id, facts in by_entity.items()}
    return {entity_id: standing for entity_id, standing in found.items() if standing}


def standing_corrections(facts: Iterable[Fact]) -> list[Correction]:
    """Of all facts of one entity the corrections that nobody has withdrawn, each with what the lists say. No query."""
    last: dict[str, Fact] = {}
    said: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.recorded_at, fact.pk)):
        if fact.list_kind == Fact.MANUAL:
            last[fact.kind] = fact
        else:
            said.setdefault(fact.kind, []).append(fact)
    return [
        Correction(
            fact.kind, fact.value, fact.as_of, fact.stated_by, fact.reason,
            tuple((item.list_kind, item.as_of, item.value) for item in said.get(CORRECTABLE[fact.kind].said_in, ())),
        )
        for fact in last.values()
        if fact.value
    ]  # fmt: skip
