"""Write what has changed: COPY into a temporary table, then one statement a table."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from jingwei.coverage.computing import Wanted
from jingwei.domain import rulebook

# A verdict carries the day of the data from which it stands as it does, not that of the latest look.
_ENTITIES = """
UPDATE base_roster_entity e SET covered_as = f.covered_as, coverage_state = f.coverage_state
  FROM fresh_coverage f WHERE e.id = f.entity_id
"""
_VERDICTS = """
INSERT INTO coverage_verdict (entity_id, fit, rule, status, organization_id, due_since, proposal,
                              as_of, rulebook_version, computed_at)
SELECT entity_id, fit, rule, status, organization_id, due_since, '', %s, %s, %s FROM fresh_verdict
ON CONFLICT (entity_id) DO UPDATE SET fit = excluded.fit, rule = excluded.rule, status = excluded.status,
    organization_id = excluded.organization_id, due_since = excluded.due_since, as_of = excluded.as_of,
    rulebook_version = excluded.rulebook_version, computed_at = excluded.computed_at
"""
_PROPOSALS = """
UPDATE coverage_verdict v SET proposal = w.proposal, computed_at = %s
  FROM (SELECT entity_id, proposal FROM fresh_proposal
        UNION ALL
        SELECT o.entity_id, '' FROM coverage_verdict o
         WHERE o.proposal <> '' AND NOT EXISTS (SELECT 1 FROM fresh_proposal f WHERE f.entity_id = o.entity_id)) w
 WHERE v.entity_id = w.entity_id AND v.proposal <> w.proposal
"""


def prepare_tables() -> None:
    """Make the temporary tables, unless a former call in the same transaction has made them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS fresh_coverage (entity_id bigint, covered_as text, coverage_state text)"
            " ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS fresh_verdict (entity_id bigint, fit text, rule text, status text,"
            " organization_id bigint, due_since date) ON COMMIT DROP"
        )


def store(part: Sequence[Wanted], *, day: date, on: datetime) -> None:
    """Write what differs in one part; ``prepare_tables`` comes first."""
    entities = [(w.stored.id, w.covered_as, w.coverage_state) for w in part if w.changes_entity]
    verdicts = [(w.stored.id, *w.verdict) for w in part if w.verdict is not None and w.changes_verdict]
    gone = [w.stored.id for w in part if w.verdict is None and w.changes_verdict]
    with connection.cursor() as cursor:
        if entities:
            copy_rows(cursor, "fresh_coverage", entities)
            cursor.execute(_ENTITIES)
        if verdicts:
            copy_rows(cursor, "fresh_verdict", verdicts)
            cursor.execute(_VERDICTS, [day, rulebook.version(), on])
        if gone:
            cursor.execute("DELETE FROM coverage_verdict WHERE entity_id = ANY(%s)", [gone])


def store_proposals(proposals: Iterable[tuple[int, str]], *, on: datetime) -> int:
    """Set the group of every verdict, none where it is not given; returns how many verdicts changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS fresh_proposal (entity_id bigint, proposal text) ON COMMIT DROP"
        )
        copy_rows(cursor, "fresh_proposal", proposals)
        cursor.execute("ANALYZE fresh_proposal")
        cursor.execute(_PROPOSALS, [on])
        return int(cursor.rowcount)


def copy_rows(cursor: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Fill a temporary table anew."""
    cursor.execute(f"TRUNCATE {table}")
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
