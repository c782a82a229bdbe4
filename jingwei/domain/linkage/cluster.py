"""From pairs to entities: star-shaped, each record hangs on the one record that founded its entity.

Lists take their turn in a fixed order. The records of a list first join what earlier lists founded;
what is left founds entities of its own, after duplicates inside the list have been put together.
"""

import duckdb

from jingwei.domain.linkage.cascade import face, face_own_list, face_same_code
from jingwei.domain.linkage.reasons import REASONS, Basis

_TABLES = """
CREATE TABLE linkage.link
  (rid BIGINT, eid BIGINT, aid BIGINT, basis VARCHAR, score DOUBLE, review BOOLEAN);
CREATE TABLE linkage.doubt (rid BIGINT, aid BIGINT, basis VARCHAR, score DOUBLE);
CREATE TABLE linkage.rival (rid BIGINT, aid BIGINT);
CREATE TABLE linkage.anchor AS SELECT rid AS aid, rid AS eid, k.* EXCLUDE (rid)
  FROM linkage.keyed k WHERE false;
"""

_REASONS = """
CREATE TABLE linkage.reasons AS SELECT * FROM (VALUES {values}) AS t (basis, score, review)
"""

_OPEN = """
CREATE OR REPLACE TABLE linkage.open AS
SELECT * FROM linkage.keyed WHERE rank = {rank} AND rid NOT IN (SELECT rid FROM linkage.link)
"""

# Of rows that might found an entity the one with more to compare does; row order decides only
# between rows that say the same.
_TELLING = "person IS NULL, site IS NULL, phone IS NULL, person, site, phone, district, number, founded, active, rid"

# The record that speaks for a code is the one whose name most rows of that code carry; a parent
# goes before its branches, the row that tells more before the others.
_SPEAKERS = """
CREATE OR REPLACE TABLE linkage.speakers AS
WITH counted AS (
  SELECT *, count(*) OVER (PARTITION BY uscc, name_key) AS times
  FROM linkage.open WHERE uscc IS NOT NULL
)
SELECT rid FROM counted
QUALIFY row_number() OVER (PARTITION BY uscc
  ORDER BY name_key IS NULL, branch <> '', times DESC, name_key, {telling}) = 1
"""

# Rows whose name disagrees with the speaker of their code: one entity for each name.
_SHARED = """
CREATE OR REPLACE TABLE linkage.founding AS
SELECT rid, first_value(rid) OVER (PARTITION BY uscc, name_key ORDER BY {telling}) AS eid,
  '{shared}' AS basis, speaker
FROM linkage.open
JOIN (
  SELECT rid AS speaker, uscc FROM linkage.speakers JOIN linkage.open USING (rid)
) USING (uscc)
WHERE rid <> speaker AND rid NOT IN (SELECT rid FROM linkage.link)
"""

_SHARED_DOUBTS = """
INSERT INTO linkage.rival
SELECT rid, speaker FROM linkage.founding WHERE rid NOT IN (SELECT rid FROM linkage.doubt);
INSERT INTO linkage.doubt
SELECT rid, speaker, basis, {score} FROM linkage.founding
WHERE rid NOT IN (SELECT rid FROM linkage.doubt)
"""

# Rows without a code that agree in all they say. Names that may occur twice need something besides.
_IDENTICAL = """
CREATE OR REPLACE TABLE linkage.founding AS
WITH grouped AS (
  SELECT rid, CASE WHEN name_key IS NOT NULL
    AND (firm OR person IS NOT NULL OR phone IS NOT NULL OR site IS NOT NULL)
    THEN first_value(rid) OVER (
      PARTITION BY name_key, person, phone, site, number, org, founded, active
      ORDER BY len(repairs) DESC, repairs, {telling}
    )
    ELSE rid END AS eid
  FROM linkage.open
)
SELECT rid, eid, CASE WHEN rid = eid THEN '{own}' ELSE '{identical}' END AS basis FROM grouped
"""

_SPEAKERS_FOUND = """
CREATE OR REPLACE TABLE linkage.founding AS
SELECT rid, rid AS eid, '{own}' AS basis FROM linkage.speakers
"""

_LEFT = "CREATE OR REPLACE TABLE linkage.lhs AS SELECT * FROM linkage.open WHERE {where}"
_RIGHT = "CREATE OR REPLACE TABLE linkage.rhs AS SELECT * FROM linkage.anchor WHERE {where}"
_ANY = "SELECT 1 FROM linkage.{table} LIMIT 1"

_FOUND = """
INSERT INTO linkage.anchor
SELECT f.rid, f.eid, k.* EXCLUDE (rid)
FROM linkage.founding f JOIN linkage.keyed k USING (rid) WHERE f.rid = f.eid ORDER BY f.rid;
INSERT INTO linkage.link
SELECT f.rid, f.eid, f.eid, f.basis, r.score, r.review
FROM linkage.founding f JOIN linkage.reasons r USING (basis) ORDER BY f.rid;
"""


def prepare(engine: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables the lists write into; `linkage.keyed` must exist."""
    engine.execute(_TABLES)
    values = ", ".join(
        f"('{reason.basis.value}', {reason.score}::DOUBLE, {reason.review})" for reason in REASONS.values()
    )
    engine.execute(_REASONS.format(values=values))


def take_turn(engine: duckdb.DuckDBPyConnection, *, rank: int, registers: int, founds: bool) -> None:
    """Place the records of one list. `registers` is the number of ranks that are registers; a list
    that founds nothing leaves its unplaced records without an entity.
    """
    if not _open(engine, rank):
        return
    if _set_sides(engine, "true", f"rank <= {rank}"):
        face(engine, registers=registers)
    if founds:
        _found_by_code(engine, rank, registers)
        _found_without_code(engine, rank, registers)


def _open(engine: duckdb.DuckDBPyConnection, rank: int) -> bool:
    """Make `linkage.open` of the records of a list that have no entity yet; whether there are any."""
    engine.execute(_OPEN.format(rank=rank))
    return _has_rows(engine, "open")


def _found_by_code(engine: duckdb.DuckDBPyConnection, rank: int, registers: int) -> None:
    if not _open(engine, rank):
        return
    engine.execute(_SPEAKERS.format(telling=_TELLING))
    engine.execute(_SPEAKERS_FOUND.format(own=Basis.OWN.value))
    engine.execute(_FOUND)
    others = "uscc IS NOT NULL AND rid NOT IN (SELECT rid FROM linkage.speakers)"
    if not _set_sides(engine, others, f"rank = {rank}"):
        return
    face_same_code(engine, registers=registers)
    engine.execute(_SHARED.format(shared=Basis.CODE_SHARED.value, telling=_TELLING))
    engine.execute(_SHARED_DOUBTS.format(score=REASONS[Basis.CODE_SHARED].score))
    engine.execute(_FOUND)


def _found_without_code(engine: duckdb.DuckDBPyConnection, rank: int, registers: int) -> None:
    if not _open(engine, rank):
        return
    if _set_sides(engine, "true", f"rank = {rank}"):
        face_own_list(engine, registers=registers)
    _open(engine, rank)
    engine.execute(_IDENTICAL.format(own=Basis.OWN.value, identical=Basis.IDENTICAL_ROW.value, telling=_TELLING))
    engine.execute(_FOUND)


def _set_sides(engine: duckdb.DuckDBPyConnection, left: str, right: str) -> bool:
    """Face open records with founders of entities; whether there is anything on both sides."""
    engine.execute(_LEFT.format(where=left))
    engine.execute(_RIGHT.format(where=right))
    return _has_rows(engine, "lhs") and _has_rows(engine, "rhs")


def _has_rows(engine: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(engine.execute(_ANY.format(table=table)).fetchall())
