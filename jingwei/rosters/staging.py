"""Rows of one batch in a temporary table, matched with the units known so far.

Dry run and storing share these steps, so that what page 核对 announces is what happens. COPY does
not work on tables under a policy; the temporary tables belong to the session and need none.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from psycopg import sql

from jingwei.rosters.keys import Incumbent, SameKeyRow, number_rows
from jingwei.rosters.models import Batch
from jingwei.rosters.rows import AcceptedRow, is_repair_sheet
from jingwei.rosters.sealing import BatchCipher

_CREATE = """
CREATE TEMP TABLE staged_row (
  row int NOT NULL, source_key text NOT NULL, name text NOT NULL, content_hash bytea NOT NULL,
  uscc text, plain jsonb, flags jsonb, sealed bytea, mends_batch int, mends_row int
) ON COMMIT DROP;
CREATE TEMP TABLE staged_number (row int PRIMARY KEY, number int NOT NULL) ON COMMIT DROP;
"""
_DROP = "DROP TABLE IF EXISTS pg_temp.staged_row, pg_temp.staged_number, pg_temp.staged_key, pg_temp.staged_unit"
_COPY_KEYS = "COPY staged_row (row, source_key, name, content_hash) FROM STDIN"
_COPY_ALL = (
    "COPY staged_row (row, source_key, name, content_hash, uscc, plain, flags, sealed, mends_batch, mends_row)"
    " FROM STDIN"
)

# Keys that occur twice in the file, and keys that did in an earlier one.
_SAME_KEYS = """
CREATE TEMP TABLE staged_key ON COMMIT DROP AS
SELECT source_key FROM staged_row GROUP BY source_key HAVING count(*) > 1
UNION
SELECT unit.source_key FROM rosters_sourceunit unit WHERE {scope} AND unit.number > 1
   AND EXISTS (SELECT 1 FROM staged_row WHERE staged_row.source_key = unit.source_key)
"""
_SAME_KEY_ROWS = """
SELECT source_key, row, name, content_hash FROM staged_row
  JOIN staged_key USING (source_key) ORDER BY source_key
"""
_INCUMBENTS = """
SELECT unit.source_key, unit.number, last.name, last.content_hash
  FROM staged_key JOIN rosters_sourceunit unit ON unit.source_key = staged_key.source_key AND {scope}
  JOIN rosters_sourcerecord last ON last.id = unit.last_record_id
 ORDER BY unit.source_key
"""

# Ids are drawn here, so that a new unit is written once and with its record. They are drawn after the
# sort, in the order of the file, so that equal input gives equal ids.
_MATCH = """
CREATE TEMP TABLE staged_unit ON COMMIT DROP AS
SELECT staged.row, staged.source_key, coalesce(numbered.number, 1) AS number,
       coalesce(unit.id, nextval('rosters_sourceunit_id_seq')) AS unit_id,
       nextval('rosters_sourcerecord_id_seq') AS record_id,
       unit.id IS NULL AS is_new,
       coalesce(last.content_hash = staged.content_hash, false) AS is_same,
       unit.last_as_of
  FROM staged_row staged
  LEFT JOIN staged_number numbered ON numbered.row = staged.row
  LEFT JOIN rosters_sourceunit unit
         ON {scope} AND unit.source_key = staged.source_key AND unit.number = coalesce(numbered.number, 1)
  LEFT JOIN rosters_sourcerecord last ON last.id = unit.last_record_id
 ORDER BY staged.row
"""
_COUNT = """
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new AND NOT is_same),
       count(*) FILTER (WHERE is_same), count(*) FILTER (WHERE number > 1), max(last_as_of)
  FROM staged_unit
"""

# The list before this one is told by the units that both name: files of one day may be parts of one list.
_MISSING = """
SELECT count(*) FROM rosters_sourceunit unit
 WHERE {scope} AND unit.last_as_of = (SELECT max(last_as_of) FROM staged_unit WHERE last_as_of < {as_of})
   AND NOT EXISTS (SELECT 1 FROM staged_unit WHERE staged_unit.unit_id = unit.id)
"""


@dataclass(frozen=True)
class MatchCounts:
    """Accepted rows by what they mean to the units known so far.

    ``repeated`` are those whose key another row of the file has too; ``latest_as_of`` is the latest
    date of the units' records, None if all are new. ``missing`` are the units that the list before
    named and this one does not; a sheet of mended rows is no list and misses none.
    """

    new: int
    changed: int
    same: int
    repeated: int
    latest_as_of: Any
    missing: int


@contextmanager
def staging() -> Iterator[None]:
    """Give the block its empty temporary tables; they never outlive the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_CREATE)
        yield
        cursor.execute(_DROP)


def stage_keys(rows: Sequence[AcceptedRow]) -> None:
    """Add what a dry run needs of the rows."""
    with connection.cursor() as cursor, cursor.copy(_COPY_KEYS) as copy:
        for each in rows:
            copy.write_row((each.row, each.source_key, each.name, each.content_hash))


def stage_rows(rows: Sequence[AcceptedRow], cipher: BatchCipher) -> None:
    """Add the rows whole, their personal columns sealed."""
    with connection.cursor() as cursor, cursor.copy(_COPY_ALL) as copy:
        for each in rows:
            sealed = cipher.seal(each.row, each.personal) if each.personal else None
            copy.write_row(
                (
                    each.row, each.source_key, each.name, each.content_hash, each.uscc, each.plain_json,
                    each.flags_json, sealed, *each.mends,
                )
            )  # fmt: skip


def match_units(batch: Batch) -> MatchCounts:
    """Tell rows of equal keys apart, then find the unit of every staged row, or draw ids for a new one."""
    scope = unit_scope(batch)
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX ON staged_row (row)")
        cursor.execute("ANALYZE staged_row (row, source_key)")
        cursor.execute(sql.SQL(_SAME_KEYS).format(scope=scope))
        _number_same_keys(cursor, scope)
        cursor.execute(sql.SQL(_MATCH).format(scope=scope))
        cursor.execute("CREATE UNIQUE INDEX ON staged_unit (row)")
        cursor.execute("ANALYZE staged_unit")
        cursor.execute(_COUNT)
        new, changed, same, repeated, latest = cursor.fetchone()
        return MatchCounts(new, changed, same, repeated, latest, _count_missing(cursor, batch, scope))


def _count_missing(cursor: Any, batch: Batch, scope: sql.Composable) -> int:
    if is_repair_sheet(batch):
        return 0
    cursor.execute(sql.SQL(_MISSING).format(scope=scope, as_of=sql.Literal(batch.as_of)))
    return int(cursor.fetchone()[0])


def unit_scope(batch: Batch) -> sql.Composable:
    """SQL condition on ``unit``: the list, place and body whose units this batch continues."""
    terms: list[sql.Composable] = [sql.SQL("unit.list_kind = {}").format(sql.Literal(batch.list_kind))]
    for column, value in (("place_id", batch.place_id), ("body_id", batch.body_id)):
        name = sql.Identifier("unit", column)
        # IS NOT DISTINCT FROM would keep the planner from the index.
        terms.append(
            sql.SQL("{} IS NULL").format(name) if value is None else sql.SQL("{} = {}").format(name, sql.Literal(value))
        )
    return sql.SQL(" AND ").join(terms)


def _number_same_keys(cursor: Any, scope: sql.Composable) -> None:
    cursor.execute(sql.SQL(_INCUMBENTS).format(scope=scope))
    incumbents: dict[str, list[Incumbent]] = {}
    for key, number, name, content_hash in cursor.fetchall():
        incumbents.setdefault(key, []).append(Incumbent(number, name, bytes(content_hash)))
    cursor.execute(_SAME_KEY_ROWS)
    numbered: list[tuple[int, int]] = []
    for key, group in groupby(cursor.fetchall(), key=lambda found: found[0]):
        rows = [SameKeyRow(row, name, bytes(content_hash)) for _, row, name, content_hash in group]
        numbered += number_rows(rows, incumbents.get(key, ())).items()
    with cursor.copy("COPY staged_number (row, number) FROM STDIN") as copy:
        for pair in numbered:
            copy.write_row(pair)
