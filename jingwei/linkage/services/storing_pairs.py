"""Copy the pairs that a person has to judge into the run, in the order of what a decision is worth."""

import duckdb
from django.db import connection

from jingwei.linkage.services.ordering import reorder
from jingwei.linkage.worth import GAIN, WORTH, sureness, terms

PART = 50_000
# The units that Party organizations cover wait on a page of their own.
_REVIEW_PAIRS = """
SELECT p.row, p.other_row, p.basis, p.place, p.millibits, p.contributions
  FROM linkage.review_pair p
  JOIN linkage.records x ON x.rid = p.rid JOIN linkage.records y ON y.rid = p.other_rid
 WHERE x.unit = 0 AND y.unit = 0
 ORDER BY p.rid, p.place, p.other_rid
"""
_FOUND_PAIRS = """
DROP TABLE IF EXISTS found_pair;
CREATE TEMP TABLE found_pair (
  unit_id bigint, candidate_id bigint, rule text, place int, millibits bigint, contributions jsonb, sureness int
) ON COMMIT DROP
"""
# The run's proposals were stored a moment ago: the planner knows nothing of them yet.
_RUN_LINKS = (
    "DROP TABLE IF EXISTS run_link",
    """
    CREATE TEMP TABLE run_link ON COMMIT DROP AS
    SELECT unit_id, cluster, needs_review FROM linkage_proposedlink WHERE run_id = %(run)s AND part = 0
    """,
    "ANALYZE run_link",
    "ANALYZE found_pair",
)
# A pair that somebody decided while the engine was at work is not asked again.
_STORE_PAIRS = f"""
WITH open AS (
  SELECT p.*, row_number() OVER (PARTITION BY p.unit_id ORDER BY p.place) AS number FROM found_pair p
   WHERE NOT EXISTS (SELECT 1 FROM linkage_decision d
                      WHERE d.lower_id = least(p.unit_id, p.candidate_id)
                        AND d.higher_id = greatest(p.unit_id, p.candidate_id)
                        AND d.undone_at IS NULL AND d.verdict <> 'unsure')
), clusters AS (
  SELECT DISTINCT l.cluster FROM open JOIN run_link l ON l.unit_id = open.candidate_id
), held AS (
  SELECT l.cluster, array_agg(DISTINCT u.list_kind) AS kinds
    FROM clusters
    JOIN run_link l ON l.cluster = clusters.cluster
    JOIN rosters_sourceunit u ON u.id = l.unit_id
   WHERE NOT l.needs_review
   GROUP BY l.cluster
), seen AS (
  SELECT open.*, unit.list_kind, coalesce(held.kinds, ARRAY[other.list_kind]) AS kinds,
         coalesce(nullif(other_record.uscc, ''), record.uscc) AS code
    FROM open
    JOIN rosters_sourceunit unit ON unit.id = open.unit_id
    JOIN rosters_sourcerecord record ON record.id = unit.last_record_id
    JOIN rosters_sourceunit other ON other.id = open.candidate_id
    JOIN rosters_sourcerecord other_record ON other_record.id = other.last_record_id
    LEFT JOIN run_link l ON l.unit_id = open.candidate_id
    LEFT JOIN held ON held.cluster = l.cluster
), gained AS (
  SELECT seen.*, {GAIN} AS gain FROM seen
), valued AS (
  SELECT gained.*, {WORTH} AS worth FROM gained
)
INSERT INTO linkage_candidatepair
       (run_id, unit_id, candidate_id, place, rule, millibits, contributions, gain, worth, turn, standing)
SELECT %(run)s, unit_id, candidate_id, number, rule, millibits, contributions, gain, worth, -worth,
       CASE WHEN number = 1 THEN 'waiting' ELSE 'later' END
  FROM valued ORDER BY unit_id, number
"""  # noqa: S608 (both parts are constants of ours)
# A pair on which somebody was unsure in an earlier month keeps its place at the end of the queue.
_UNSURE_BEFORE = """
SELECT DISTINCT p.unit_id
  FROM linkage_decision d
  JOIN linkage_candidatepair p ON p.run_id = %s AND p.unit_id IN (d.lower_id, d.higher_id)
                              AND p.candidate_id IN (d.lower_id, d.higher_id)
 WHERE d.undone_at IS NULL
"""


def store_pairs(engine: duckdb.DuckDBPyConnection, run_id: int) -> int:
    """Copy the engine's doubts into the run as pairs that wait; returns how many pairs there are.

    The run's proposals have to be stored already: they say what an entity would gain.
    """
    result = engine.execute(_REVIEW_PAIRS)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND_PAIRS)
        with cursor.copy("COPY found_pair FROM STDIN") as copy:
            while rows := result.fetchmany(PART):
                for unit_id, other_id, basis, place, millibits, contributions in rows:
                    copy.write_row((unit_id, other_id, basis, place, millibits, contributions, sureness(millibits)))
        for statement in _RUN_LINKS:
            cursor.execute(statement, {"run": run_id})
        cursor.execute(_STORE_PAIRS, {"run": run_id, **terms()})
        stored: int = cursor.rowcount
        cursor.execute(_UNSURE_BEFORE, [run_id])
        unsure = [unit_id for (unit_id,) in cursor.fetchall()]
    reorder(run_id=run_id, unit_ids=unsure)
    return stored
