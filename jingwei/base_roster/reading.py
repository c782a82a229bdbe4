"""Stream what all source units say, entity by entity, with memory that does not grow with the roster."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from jingwei.base_roster.derivation import Statement
from jingwei.domain.lists import ListKind

FETCH = 5000
_STATEMENTS = """
SELECT s.entity_id, u.list_kind, r.name, r.uscc, r.values, r.flags, r.id, u.id, u.last_as_of
  FROM base_roster_entitysource s
  JOIN rosters_sourceunit u ON u.id = s.unit_id
  JOIN rosters_sourcerecord r ON r.id = u.last_record_id
 {where}
 ORDER BY s.entity_id, u.id
"""


@contextmanager
def whole_roster() -> Iterator[None]:
    """Work on rows outside the actor's scope for a moment; afterwards the scope is what it was.

    A decision on one entity needs the lists of other offices and its parent elsewhere. Callers have
    checked that the entity is the actor's to see or to decide on, and hand no foreign row to him.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('jw.everything', true), '')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('jw.everything', 'on', true)")
        yield
        # After an error the savepoint takes the setting back.
        cursor.execute("SELECT set_config('jw.everything', %s, true)", [before])


def statements_by_entity(entity_ids: list[int] | None = None) -> Iterator[tuple[int, list[Statement]]]:
    """Yield (entity id, its statements) in order of id; all entities unless ids are given.

    Fields that were flagged at intake are left out: a bad value is kept raw, but decides nothing.
    Needs an open transaction, because the rows come through a server-side cursor.
    """
    where = "WHERE s.entity_id = ANY(%s)" if entity_ids is not None else ""
    connection.ensure_connection()
    with connection.connection.cursor(name="statements_by_entity") as cursor:
        cursor.itersize = FETCH
        cursor.execute(_STATEMENTS.format(where=where), [entity_ids] if entity_ids is not None else None)
        for entity_id, rows in groupby(cursor, key=itemgetter(0)):
            yield entity_id, [statement(row) for row in rows]


def statement(row: tuple[Any, ...]) -> Statement:
    _, kind, name, uscc, values_json, flags_json, record_id, unit_id, as_of = row
    # Django leaves JSON columns of a bare cursor as text.
    values, bad = json.loads(values_json), {flag["field"] for flag in json.loads(flags_json)}
    usable = {field: text for field, text in values.items() if text and field not in bad} if bad else values
    return Statement(ListKind(kind), as_of, usable, name, uscc, record_id, unit_id)
