"""All rows that speak of some entities, as they stand now, and what differs between two such pictures."""

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection

from jingwei.base_roster.merging_relations import EntityRelation, Fate, Values, live_relations, no_row
from jingwei.base_roster.models import Entity

ENTITIES = Entity._meta.db_table
# The entities themselves: everything in their columns is computed.
ITSELF = EntityRelation(
    model="base_roster.Entity", column="id", fate=Fate.REMAKE, zh="主体", effect="按合并后的事实重算",
    is_said=no_row, is_sticky=no_row,
)  # fmt: skip
_OWN = "SELECT '{table}', t.{key}, to_jsonb(t)::text FROM {table} t WHERE {condition}"
# Of branch offices only the parent is told: nothing else of them hangs on it that is not computed.
_SITES = "SELECT '{table}', t.id, jsonb_build_object('id', t.id, 'parent_id', t.parent_id)::text FROM {table} t WHERE {condition}"


class Key(NamedTuple):
    """One row: its table and its primary key."""

    table: str
    pk: int


class Step(NamedTuple):
    """One row that differs; None where it does not exist."""

    key: Key
    before: dict[str, Any] | None
    after: dict[str, Any] | None


Picture = dict[Key, dict[str, Any]]


def by_table() -> dict[str, EntityRelation]:
    """For each table the relation that tells about its rows; of two columns of one table they tell the same."""
    held = {relation.table: relation for relation in reversed(live_relations()) if relation.has_rows_of_its_own}
    return held | {ENTITIES: ITSELF}


def is_site(key: Key, row: Values) -> bool:
    """Whether the row is a branch office of which only the parent is told."""
    return key.table == ENTITIES and "name" not in row


def picture(entity_ids: Collection[int], also: Iterable[Key] = ()) -> Picture:
    """Every live row that speaks of the entities, and further ones by their keys; one statement.

    Needs the whole roster in scope.
    """
    ids, further = sorted(entity_ids), _by_table(also)
    parts, parameters = [], []
    for table, columns in _columns().items():
        key = by_table()[table].key_column
        condition = " OR ".join(f"t.{column} = ANY(%s)" for column in columns)
        wanted: list[list[int]] = [ids for _ in columns]
        if table in further:
            condition, wanted = f"{condition} OR t.{key} = ANY(%s)", [*wanted, further[table]]
        parts.append(_OWN.format(table=table, key=key, condition=condition))
        parameters += wanted
    sites = sorted(set(further.get(ENTITIES, ())) - set(ids))
    parts.append(_OWN.format(table=ENTITIES, key="id", condition="t.id = ANY(%s)"))
    parts.append(_SITES.format(table=ENTITIES, condition="t.parent_id = ANY(%s) OR t.id = ANY(%s)"))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [*parameters, ids, ids, sites])
        rows = cursor.fetchall()
    found: Picture = {}
    for table, pk, text in rows:
        found.setdefault(Key(table, pk), json.loads(text))
    return found


def differences(before: Picture, after: Picture) -> list[Step]:
    """Rows that differ, in a settled order. A branch office that came later is left out: it is computed."""
    steps = []
    for key in sorted({*before, *after}, key=_order):
        was, now = before.get(key), after.get(key)
        if was != now and not (was is None and now is not None and is_site(key, now)):
            steps.append(Step(key, was, now))
    return steps


def state_of(rows: Mapping[Key, Values]) -> str:
    """sha256 over rows in a settled order.

    Left out are columns that change by themselves, which their relations name, and branch offices: whose they
    are follows from names and is computed, not logged.
    """
    digest, held = sha256(), by_table()
    for key in sorted(rows, key=_order):
        if not is_site(key, rows[key]):
            text = json.dumps(held[key.table].lasting(rows[key]), ensure_ascii=False, sort_keys=True)
            digest.update(f"{key.table} {key.pk} {text}\n".encode())
    return digest.hexdigest()


def _columns() -> dict[str, list[str]]:
    """Table -> its columns that speak of entities, branch offices apart."""
    found: dict[str, list[str]] = {}
    for relation in live_relations():
        if relation.has_rows_of_its_own:
            found.setdefault(relation.table, []).append(relation.column)
    return found


def _by_table(keys: Iterable[Key]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key in keys:
        found.setdefault(key.table, []).append(key.pk)
    return found


def _order(key: Key) -> tuple[bool, str, int]:
    """Entities first: the other rows hang on them."""
    return key.table != ENTITIES, key.table, key.pk
