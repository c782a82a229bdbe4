"""Linking what has changed since a run whose state was kept, and what that touches.

Under the version of the state the result is that of a full run over all rows as they are now: the same
entities, grounds, doubts and candidates. Lists take their turn in the usual order; each time the records
of the delta and those it touches are placed by the ordinary steps, against founders that stand as before.

A row is known by its file and its row number. The caller attaches the state to the engine as the
catalog `kept`, calls `begin`, `receive`s the rows that are new or changed (a row of the same file and
number replaces the kept one), fills `linkage.withdrawn` with the rows that are gone and `linkage.verdict`
with all decisions in force.
"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from jingwei.domain.linkage import run, state
from jingwei.domain.linkage.cluster import hold, prepare, take_turn
from jingwei.domain.linkage.delta_anchors import Anchors
from jingwei.domain.linkage.delta_touch import Touch
from jingwei.domain.linkage.frequencies import size_of
from jingwei.domain.linkage.reasons import Basis
from jingwei.domain.linkage.record_numbers import place_of, record_number, row_of
from jingwei.domain.linkage.records import LIST_ORDER, REGISTERS
from jingwei.domain.linkage.version import Version, take_version
from jingwei.domain.lists import LISTS

# If more of a list, or of what earlier lists founded, has changed, the whole list is linked again.
_MOST_CHANGED = 0.2

_WITHDRAWN = "CREATE TABLE linkage.withdrawn (file VARCHAR, row BIGINT)"
_REPLACED = f"""
CREATE OR REPLACE TABLE linkage.outdated AS
SELECT r.rid FROM {{kept}}.records r SEMI JOIN (
  SELECT {row_of("rid")} AS place FROM linkage.records
  UNION
  SELECT {row_of(record_number("f.rank", "f.number", "w.row", "0"))}
  FROM linkage.withdrawn w JOIN linkage.file f ON f.file = w.file
) g ON g.place = {row_of("r.rid")}
"""
_OLD = """
CREATE OR REPLACE TABLE linkage.old AS
SELECT k.* FROM {kept}.keyed k SEMI JOIN linkage.outdated o ON o.rid = k.rid
"""
_OLD_FORMER = """
CREATE OR REPLACE TABLE linkage.old_former AS
SELECT f.* FROM {kept}.former f SEMI JOIN linkage.outdated o ON o.rid = f.rid
"""

# Decisions by record number, in both directions. A number that no record has does no harm.
_SPOKEN = """
CREATE OR REPLACE TABLE linkage.said AS
WITH said AS (
  SELECT {one} AS rid, {other} AS aid, v.same, v.valid, v.was
  FROM (
    SELECT *, true AS valid, false AS was FROM linkage.verdict
    UNION ALL SELECT *, false AS valid, true AS was FROM {kept}.verdict
  ) v
  JOIN linkage.file f ON f.file = v.file JOIN linkage.file g ON g.file = v.other_file
)
SELECT rid, aid, same, bool_or(valid) AS valid, bool_or(was) AS was FROM (
  SELECT * FROM said UNION ALL SELECT aid, rid, same, valid, was FROM said
) GROUP BY rid, aid, same
"""
_SPOKEN_TABLES = (
    "CREATE OR REPLACE TABLE linkage.must AS SELECT rid, aid FROM linkage.said WHERE valid AND same",
    "CREATE OR REPLACE TABLE linkage.never AS SELECT rid, aid FROM linkage.said WHERE valid AND NOT same",
    f"""
CREATE OR REPLACE TABLE linkage.spoken AS
SELECT rid, aid, {place_of("rid")[0]} AS rank, {place_of("aid")[0]} AS other_rank FROM linkage.said
""",
    f"""
CREATE OR REPLACE TABLE linkage.respoken AS
SELECT rid, {place_of("rid")[0]} AS rank FROM linkage.said WHERE valid <> was
""",
)
# Where the records stand that a decision names.
_LINKS_SPOKEN_OF = """
INSERT INTO linkage.link
SELECT l.* FROM {kept}.link l
SEMI JOIN (SELECT aid FROM linkage.spoken WHERE rank = {rank} AND other_rank < {rank}) s ON s.aid = l.rid
ANTI JOIN linkage.outdated o ON o.rid = l.rid
ANTI JOIN linkage.link d ON d.rid = l.rid
"""

_TOUCHED_RECORDS = """
INSERT INTO linkage.records BY NAME
SELECT r.* FROM {kept}.records r SEMI JOIN linkage.keyed k ON k.rid = r.rid
ANTI JOIN linkage.records n ON n.rid = r.rid
"""
_TOUCHED_PARTY_ROWS = f"""
CREATE OR REPLACE TABLE linkage.more AS
SELECT r.rid FROM {{kept}}.records r SEMI JOIN (
  SELECT {row_of("rid")} AS place FROM linkage.keyed WHERE rank = {{rank}}
) k ON k.place = {row_of("r.rid")}
ANTI JOIN linkage.records n ON n.rid = r.rid
ANTI JOIN linkage.outdated o ON o.rid = r.rid
WHERE r.rank = {{rank}} AND r.unit = 0
"""
_ADD_PARTY_ROWS = (
    "INSERT INTO linkage.outdated SELECT rid FROM linkage.more",
    """
INSERT INTO linkage.records BY NAME
SELECT r.* FROM {kept}.records r SEMI JOIN linkage.more m ON m.rid = r.rid
""",
)

# An entity keeps its number as long as its founder does; new ones follow.
_ENTITIES = """
CREATE OR REPLACE TABLE linkage.entity AS
WITH mentioned AS (
  SELECT DISTINCT l.eid FROM linkage.link l
), last AS (
  SELECT coalesce(max(substr(entity, 2)::BIGINT), 0) AS number, coalesce(max(length(entity)) - 1, 6) AS width
  FROM {kept}.entity
), further AS (
  SELECT m.eid, row_number() OVER (ORDER BY m.eid) AS number
  FROM mentioned m ANTI JOIN {kept}.entity e ON e.eid = m.eid
)
SELECT e.eid, e.entity FROM {kept}.entity e SEMI JOIN mentioned m ON m.eid = e.eid
UNION ALL
SELECT f.eid, 'E' || lpad((l.number + f.number)::VARCHAR,
  greatest(l.width, length((l.number + f.number)::VARCHAR))::INTEGER, '0')
FROM further f, last l
"""
# `review` tells whether a person has to look, before and after; NULL where there is no row.
_CHANGED = """
CREATE OR REPLACE TABLE linkage.changed AS
WITH before AS (
  SELECT r.rid, r.file, r.row, r.unit, e.entity, coalesce(d.basis, l.basis, '{missing}') AS basis,
    coalesce(d.rid IS NOT NULL OR l.review, true) AS review
  FROM (SELECT r.* FROM {kept}.records r SEMI JOIN linkage.outdated o ON o.rid = r.rid) r
  LEFT JOIN (SELECT l.* FROM {kept}.link l SEMI JOIN linkage.outdated o ON o.rid = l.rid) l ON l.rid = r.rid
  LEFT JOIN (SELECT d.* FROM {kept}.doubt d SEMI JOIN linkage.outdated o ON o.rid = d.rid) d ON d.rid = r.rid
  LEFT JOIN {kept}.entity e ON e.eid = l.eid
)
SELECT coalesce(a.rid, b.rid) AS rid, coalesce(a.file, b.file) AS file, coalesce(a.row, b.row) AS row,
  coalesce(a.unit, b.unit) AS unit, b.entity AS entity_before, a.entity, b.basis AS basis_before, a.basis,
  b.review AS review_before, a.review
FROM linkage.result a FULL JOIN before b ON b.rid = a.rid
WHERE a.entity IS DISTINCT FROM b.entity OR a.basis IS DISTINCT FROM b.basis OR a.review IS DISTINCT FROM b.review
"""


@dataclass(frozen=True, slots=True)
class DeltaCounts:
    """Figures of one delta: rows received and withdrawn, kept records that no longer stood as they were
    and were placed anew, rows whose entity or ground is another one, and lists (Chinese names) of which
    so much had changed that they were linked as a whole.
    """

    received: int
    withdrawn: int
    touched: int
    changed: int
    whole_lists: tuple[str, ...]


def begin(engine: duckdb.DuckDBPyConnection, *, kept: str = "kept") -> Version:
    """Make ready to receive a delta to the state in the catalog `kept`; the version it goes by."""
    run.begin(engine)
    return take_up(engine, kept=kept)


def take_up(engine: duckdb.DuckDBPyConnection, *, kept: str = "kept") -> Version:
    """`begin` where the schema has been made, and perhaps rows have been received, already. Raises
    `state.StateOutdated`.
    """
    state.check(engine, kept=kept)
    engine.execute(_WITHDRAWN)
    return take_version(engine, kept=kept)


def relink(
    engine: duckdb.DuckDBPyConnection,
    version: Version,
    *,
    stage: Callable[[str], None] = lambda _: None,
    kept: str = "kept",
) -> DeltaCounts:
    """Link what was received and what it touches. The result is in `linkage.changed` (file, row, unit,
    entity, basis and review, before and after); the state is as it was until `state.replace`.
    """
    stage("规范化")
    run.number_records(engine)
    run.make_keys(engine, version)
    _begin_turns(engine, kept)
    size = size_of(engine)
    touch = Touch(engine, version.model, registers=len(REGISTERS), size=size, kept=kept)
    kept_rows = dict(engine.execute(f"SELECT rank, count(*) FROM {kept}.keyed GROUP BY rank").fetchall())
    whole = []
    for rank, kind in enumerate(LIST_ORDER):
        if not kept_rows.get(rank) and not _has_rows(engine, rank):
            continue
        stage(f"比对{LISTS[kind].zh}")
        if _touch(engine, touch, rank, kept_rows):
            whole.append(LISTS[kind].zh)
        anchors = Anchors(engine, rank=rank, kept=kept)
        anchors.directly()
        engine.execute(_LINKS_SPOKEN_OF.format(kept=kept, rank=rank))
        hold(engine)
        founds = rank != run.PARTY_RANK
        values = {"rank": rank, "registers": len(REGISTERS), "size": size}
        take_turn(engine, version.model, founds=founds, before_comparing=anchors.for_the_others, **values)
    stage("归户")
    return _finish(engine, tuple(whole), kept)


def _begin_turns(engine: duckdb.DuckDBPyConnection, kept: str) -> None:
    engine.execute(_REPLACED.format(kept=kept))
    engine.execute(_OLD.format(kept=kept))
    engine.execute(_OLD_FORMER.format(kept=kept))
    one = record_number("f.rank", "f.number", "v.row", "0")
    other = record_number("g.rank", "g.number", "v.other_row", "0")
    engine.execute(_SPOKEN.format(kept=kept, one=one, other=other))
    for statement in _SPOKEN_TABLES:
        engine.execute(statement)
    prepare(engine)


def _has_rows(engine: duckdb.DuckDBPyConnection, rank: int) -> bool:
    return bool(engine.execute(f"SELECT 1 FROM linkage.keyed WHERE rank = {rank} LIMIT 1").fetchall())


def _touch(engine: duckdb.DuckDBPyConnection, touch: Touch, rank: int, kept_rows: dict[int, int]) -> bool:
    """Touch what has to be placed anew in a list; whether that is all of it."""
    changed_founders = touch.founders(rank)
    ((changed_rows,),) = engine.execute(
        f"SELECT count(*) FROM (SELECT rid FROM linkage.keyed WHERE rank = {rank}"
        f" UNION SELECT rid FROM linkage.old WHERE rank = {rank})"
    ).fetchall()
    standing = kept_rows.get(rank, 0)
    if not standing:
        return False
    earlier = sum(rows for each, rows in kept_rows.items() if each < rank)
    if changed_rows > _MOST_CHANGED * standing or changed_founders > 2 * _MOST_CHANGED * earlier:
        touch.whole_list(rank)
        return True
    if changed_founders:
        touch.by_founders(rank)
    touch.inside(rank, founds=rank != run.PARTY_RANK)
    return False


def _finish(engine: duckdb.DuckDBPyConnection, whole: tuple[str, ...], kept: str) -> DeltaCounts:
    ((received,),) = engine.execute("SELECT count(*) FROM linkage.records WHERE unit = 0").fetchall()
    ((withdrawn,),) = engine.execute("SELECT count(*) FROM linkage.withdrawn").fetchall()
    engine.execute(_TOUCHED_RECORDS.format(kept=kept))
    engine.execute(_TOUCHED_PARTY_ROWS.format(kept=kept, rank=run.PARTY_RANK))
    for statement in _ADD_PARTY_ROWS:
        engine.execute(statement.format(kept=kept))
    run.place_party_rows(engine)
    engine.execute(_ENTITIES.format(kept=kept))
    run.show_results(engine)
    state.prepare(engine)
    engine.execute(_CHANGED.format(kept=kept, missing=Basis.UNIT_UNKNOWN.value))
    ((touched,),) = engine.execute("SELECT count(*) FROM linkage.outdated").fetchall()
    ((changed,),) = engine.execute("SELECT count(*) FROM linkage.changed WHERE unit = 0").fetchall()
    return DeltaCounts(received, withdrawn, touched, changed, whole)


def take_in(engine: duckdb.DuckDBPyConnection, *, kept: str = "kept") -> None:
    """Let the state hold the outcome of the delta, all of it or, on an error, nothing."""
    engine.execute("BEGIN")
    try:
        state.replace(engine, kept=kept)
    except BaseException:
        engine.execute("ROLLBACK")
        raise
    engine.execute("COMMIT")
