"""Write projected entities in parts: COPY into a temporary table, then one statement a table."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection

from jingwei.base_roster.derivation import APART, Statement
from jingwei.base_roster.projection import ENTITY_COLUMNS, Projected, fact_rows, identifier_rows
from jingwei.domain.placement import Disagreement

PART = 5000
# An entity whose columns stay as they are is not written: every index of the list would be written too.
_UPDATE = """
UPDATE base_roster_entity e SET {sets}, rulebook_version = %(version)s, computed_at = %(on)s FROM fresh f
 WHERE e.id = f.id AND (e.rulebook_version <> %(version)s OR ({old}) IS DISTINCT FROM ({new}))
"""
_READ = """
UPDATE base_roster_entitysource s SET read_record_id = f.record_id, read_age = f.age FROM fresh_read f
 WHERE s.unit_id = f.unit_id AND (s.read_record_id, s.read_age) IS DISTINCT FROM (f.record_id, f.age)
"""

# A fact is kept once: a later statement of the same value confirms the row that stands, unless the list
# has said another one in between. Looked up row by row: a build writes these tables in one transaction, so
# the planner knows nothing of them yet, and an anti-join planned blindly compared every fact with every other.
_FACTS = """
INSERT INTO base_roster_fact (entity_id, kind, value, list_kind, as_of, record_id, stated_by, reason, recorded_at)
SELECT f.entity_id, f.kind, f.value, f.list_kind, f.as_of, f.record_id, '', '', %s
  FROM fresh_fact f
  LEFT JOIN LATERAL (
    SELECT true AS held FROM base_roster_fact b
     WHERE b.entity_id = f.entity_id AND b.kind = f.kind AND b.list_kind = f.list_kind AND b.value = f.value
       AND b.list_kind <> 'manual' AND b.as_of <= f.as_of
       AND NOT EXISTS (SELECT 1 FROM base_roster_fact n WHERE n.entity_id = b.entity_id AND n.kind = b.kind
                          AND n.list_kind = b.list_kind AND n.list_kind <> 'manual'
                          AND n.as_of > b.as_of AND n.as_of < f.as_of AND n.value <> b.value)
     LIMIT 1) known ON true
 WHERE known.held IS NULL
ON CONFLICT DO NOTHING
"""
_IDENTIFIERS = """
INSERT INTO base_roster_identifier (entity_id, kind, value, valid, list_kind, as_of)
SELECT entity_id, kind, value, NULL, list_kind, as_of FROM fresh_identifier
ON CONFLICT (entity_id, kind, value) DO NOTHING
"""
# A name that a later list no longer gives became a former one on that list's day at the latest.
_RENAMED = """
WITH ended AS (
  UPDATE base_roster_identifier i SET kind = 'former_name', valid = daterange(lower(i.valid), f.as_of)
    FROM fresh f
   WHERE i.entity_id = f.id AND i.kind = 'name' AND i.value <> f.name
     AND NOT EXISTS (SELECT 1 FROM base_roster_identifier b
                      WHERE b.entity_id = i.entity_id AND b.kind = 'former_name' AND b.value = i.value)
  RETURNING i.entity_id, f.name, f.as_of
)
UPDATE base_roster_identifier i SET valid = daterange(ended.as_of, NULL) FROM ended
 WHERE i.entity_id = ended.entity_id AND i.kind = 'name' AND i.value = ended.name AND i.valid IS NULL
"""
_PLACEMENTS = """
INSERT INTO base_roster_placement (entity_id, place_id, method, precision, evidence, disagreement, decided_by, computed_at)
SELECT entity_id, place_id, method, precision, evidence, disagreement, '', %s FROM fresh_placement
ON CONFLICT (entity_id) DO UPDATE SET place_id = excluded.place_id, method = excluded.method,
    precision = excluded.precision, evidence = excluded.evidence, disagreement = excluded.disagreement,
    computed_at = excluded.computed_at
 WHERE base_roster_placement.decided_by = ''
   AND (base_roster_placement.place_id, base_roster_placement.method, base_roster_placement.precision,
        base_roster_placement.evidence, base_roster_placement.disagreement)
       IS DISTINCT FROM (excluded.place_id, excluded.method, excluded.precision, excluded.evidence, excluded.disagreement)
"""


def store(items: Iterable[Projected], *, rulebook_version: str, on: datetime) -> Iterable[int]:
    """Store all items; yields after each part how many were written so far."""
    source = iter(items)
    done = 0
    with connection.cursor() as cursor:
        prepare_tables(cursor)
        while part := list(islice(source, PART)):
            store_entities(cursor, part, rulebook_version, on)
            store_details(cursor, part, on)
            done += len(part)
            yield done


def prepare_tables(cursor: Any) -> None:
    """Make the temporary tables; a former call in the same transaction may have left its own."""
    cursor.execute("DROP TABLE IF EXISTS fresh, fresh_fact, fresh_identifier, fresh_placement, fresh_read")
    columns = ", ".join(ENTITY_COLUMNS)
    cursor.execute(
        f"CREATE TEMP TABLE fresh ON COMMIT DROP AS SELECT id, {columns} FROM base_roster_entity WITH NO DATA"  # noqa: S608
    )
    cursor.execute(
        "CREATE TEMP TABLE fresh_fact (entity_id bigint, kind text, value text, list_kind text, as_of date,"
        " record_id bigint) ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMP TABLE fresh_identifier (entity_id bigint, kind text, value text, list_kind text, as_of date)"
        " ON COMMIT DROP"
    )
    cursor.execute(
        "CREATE TEMP TABLE fresh_placement (entity_id bigint, place_id int, method text, precision text,"
        " evidence text, disagreement text) ON COMMIT DROP"
    )
    cursor.execute("CREATE TEMP TABLE fresh_read (unit_id bigint, record_id bigint, age int) ON COMMIT DROP")


def copy_rows(cursor: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    """Fill a temporary table anew."""
    cursor.execute(f"TRUNCATE {target.split(' ', 1)[0]}")
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def store_entities(cursor: Any, part: Sequence[Projected], rulebook_version: str, on: datetime) -> None:
    names = ", ".join(ENTITY_COLUMNS)
    rows = ((item.entity_id, *(item.columns[name] for name in ENTITY_COLUMNS)) for item in part)
    copy_rows(cursor, f"fresh (id, {names})", rows)
    statement = _UPDATE.format(
        sets=", ".join(f"{name} = f.{name}" for name in ENTITY_COLUMNS),
        old=", ".join(f"e.{name}" for name in ENTITY_COLUMNS),
        new=", ".join(f"f.{name}" for name in ENTITY_COLUMNS),
    )
    cursor.execute(statement, {"version": rulebook_version, "on": on})
    copy_rows(cursor, "fresh_read (unit_id, record_id, age)", (row for item in part for row in read_rows(item)))
    cursor.execute(_READ)


def read_rows(item: Projected) -> Iterator[tuple[int | None, int | None, int]]:
    """(unit, record, place of its day among those it is compared with) of every statement that was used."""
    days: dict[str, set[date]] = {}
    for said in item.account.ordered:
        days.setdefault(compared_in(said), set()).add(said.as_of)
    for said in item.account.ordered:
        yield said.unit_id, said.record_id, sorted(days[compared_in(said)]).index(said.as_of) + 1


def compared_in(said: Statement) -> str:
    """Statements of one group are compared by their days."""
    return said.list_kind.value if said.list_kind in APART else ""


def store_details(cursor: Any, part: Sequence[Projected], on: datetime) -> None:
    copy_rows(
        cursor,
        "fresh_fact (entity_id, kind, value, list_kind, as_of, record_id)",
        (row for item in part for row in fact_rows(item)),
    )
    cursor.execute(_FACTS, [on])
    copy_rows(
        cursor,
        "fresh_identifier (entity_id, kind, value, list_kind, as_of)",
        (row for item in part for row in identifier_rows(item)),
    )
    cursor.execute(_IDENTIFIERS)
    cursor.execute(_RENAMED)
    copy_rows(
        cursor,
        "fresh_placement (entity_id, place_id, method, precision, evidence, disagreement)",
        (placement_row(item) for item in part),
    )
    cursor.execute(_PLACEMENTS, [on])


def placement_row(item: Projected) -> tuple[int, int | None, str, str, str, str]:
    placed = item.verdicts.placement
    correction = item.account.corrections.get("address")
    evidence = "；".join([*([correction.note] if correction else []), *placed.reasons])
    disagreement = placed.disagreement
    return (
        item.entity_id,
        placed.overlay_id or placed.place_id,
        placed.method.value,
        placed.precision.value,
        evidence[:300],
        describe(disagreement)[:300] if disagreement else "",
    )


def describe(disagreement: Disagreement) -> str:
    return f"{disagreement.other.zh}指向别处：{disagreement.text}"
