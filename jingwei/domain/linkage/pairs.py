"""Which records are compared with which entities, and what agrees between the two.

Every comparison starts from an equal key. A key that too many entities share is dropped, so that no
placeholder, common name or shared address can make the number of pairs explode.
"""

from enum import IntFlag
from typing import NamedTuple

import duckdb
import pyarrow as pa

from jingwei.domain.linkage.likeness import ComparedName, likeness


class Via(IntFlag):
    """The keys that brought a pair together."""

    CODE = 1
    ORGANIZATION = 2
    NUMBER = 4
    REPAIR = 8
    FORMER = 16
    OTHER = 32


class _Key(NamedTuple):
    """Columns that are equal in both records; `most` is the cap on entities that share them."""

    via: Via
    columns: tuple[str, ...]
    most: int


_BY_CODE = (
    _Key(Via.CODE, ("uscc",), 100),
    _Key(Via.CODE, ("uscc", "name_key"), 100),
)
_BY_NUMBER_OR_NAME = (
    _Key(Via.ORGANIZATION, ("org",), 20),
    _Key(Via.NUMBER, ("number",), 20),
    _Key(Via.OTHER, ("name_key",), 30),
    _Key(Via.OTHER, ("name_key", "person"), 30),
    _Key(Via.OTHER, ("name_key", "site"), 30),
    _Key(Via.OTHER, ("name_key", "phone"), 30),
    _Key(Via.OTHER, ("name_key", "district"), 30),
    _Key(Via.OTHER, ("core",), 30),
    _Key(Via.OTHER, ("core", "person"), 30),
    _Key(Via.OTHER, ("core", "site"), 30),
    _Key(Via.OTHER, ("core", "district"), 30),
)
_BY_LIKENESS = (
    _Key(Via.OTHER, ("person", "district"), 30),
    _Key(Via.OTHER, ("person", "start"), 30),
    _Key(Via.OTHER, ("phone",), 10),
    _Key(Via.OTHER, ("site",), 30),
    _Key(Via.OTHER, ("start", "ending", "district"), 30),
    _Key(Via.OTHER, ("start4", "district"), 30),
    _Key(Via.OTHER, ("end4", "district"), 30),
)

_JOIN = """
SELECT l.rid, r.aid, {via} AS via FROM linkage.lhs l JOIN (
  SELECT {columns}, aid FROM linkage.rhs WHERE {where}
  QUALIFY count(*) OVER (PARTITION BY {columns}) <= {most}
) r ON {equal}
"""

# A repair may be needed on either side; a former name may stand on either side.
_REPAIRS = """
SELECT l.rid, r.aid, {via} AS via
FROM (SELECT rid, unnest(repairs) AS code FROM linkage.lhs) l
JOIN linkage.rhs r ON r.uscc = l.code
UNION ALL
SELECT l.rid, r.aid, {via} AS via
FROM linkage.lhs l JOIN (SELECT aid, unnest(repairs) AS code FROM linkage.rhs) r ON r.code = l.uscc
"""
_FORMER_NAMES = """
SELECT l.rid, r.aid, {via} AS via FROM linkage.lhs l
JOIN linkage.former f ON f.name_key = l.name_key JOIN linkage.rhs r ON r.aid = f.rid
UNION ALL
SELECT l.rid, r.aid, {via} AS via FROM linkage.lhs l
JOIN linkage.former f ON f.rid = l.rid JOIN linkage.rhs r ON r.name_key = f.name_key
"""

_CHUNK = 100_000

_PAIRS = """
CREATE OR REPLACE TABLE linkage.pair AS
SELECT rid, aid, bit_or(via) AS via FROM ({joins}) GROUP BY rid, aid
"""

_DIFFERENT_NAMES = """
SELECT DISTINCT l.name_key, l.core, l.branch, l.numerals, r.name_key, r.core, r.branch, r.numerals
FROM linkage.pair p JOIN linkage.lhs l USING (rid) JOIN linkage.rhs r USING (aid)
WHERE l.name_key <> r.name_key AND l.core <> r.core
"""

_COUNTS = """
CREATE OR REPLACE TABLE linkage.{table} AS
SELECT {column} AS text, count(DISTINCT eid) AS entities FROM linkage.rhs
WHERE rank < {registers} AND {column} IS NOT NULL GROUP BY {column}
"""

_EVIDENCE = """
CREATE OR REPLACE TABLE linkage.evidence AS
SELECT p.rid, p.aid, r.eid, p.via,
  CASE WHEN l.name_key = r.name_key THEN 4 WHEN l.core = r.core THEN 3
    ELSE coalesce(k.level, 0) END AS level,
  l.name_key IS NULL AS nameless,
  CASE WHEN l.person = r.person THEN 1 WHEN l.person <> r.person THEN -1 ELSE 0 END AS person,
  CASE WHEN l.phone = r.phone AND NOT l.phone_shared THEN 1 ELSE 0 END AS phone,
  CASE WHEN l.site = r.site THEN 1 WHEN l.site <> r.site THEN -1 ELSE 0 END AS site,
  l.site_shared OR r.site_shared AS site_shared,
  CASE WHEN l.district = r.district THEN 1 WHEN l.district <> r.district THEN -1 ELSE 0 END AS area,
  r.firm, l.placed, r.active IS true AS active, r.rank < {registers} AS register,
  coalesce(l.uscc <> r.uscc AND l.org <> r.org, false) AS conflict,
  coalesce(l.founded <> r.founded, false) OR coalesce(l.active <> r.active, false)
    OR coalesce(l.number <> r.number, false) AS other_life,
  f.uscc IS NOT NULL AS code_taken, coalesce(l.branch <> '' OR r.branch <> '', false) AS branch, coalesce(n.entities, 0) AS namesakes,
  coalesce(m.entities, 0) AS core_entities
FROM linkage.pair p JOIN linkage.lhs l USING (rid) JOIN linkage.rhs r USING (aid)
LEFT JOIN linkage.alike k ON k.left_key = l.name_key AND k.right_key = r.name_key
LEFT JOIN (SELECT DISTINCT uscc FROM linkage.rhs) f ON f.uscc = l.uscc
LEFT JOIN linkage.name_counts n ON n.text = r.name_key
LEFT JOIN linkage.core_counts m ON m.text = r.core
"""


def pair_by_code(engine: duckdb.DuckDBPyConnection, *, registers: int) -> None:
    """Make `linkage.evidence` for the pairs of `linkage.lhs` and `linkage.rhs` with equal codes."""
    _pair(engine, [_join(key) for key in _BY_CODE], registers)


def pair_by_keys(engine: duckdb.DuckDBPyConnection, *, registers: int) -> None:
    """Make `linkage.evidence` for pairs with an equal code, number, name or former name."""
    joins = [_join(key) for key in _BY_CODE + _BY_NUMBER_OR_NAME]
    joins.append(_REPAIRS.format(via=int(Via.REPAIR)))
    joins.append(_FORMER_NAMES.format(via=int(Via.FORMER)))
    _pair(engine, joins, registers)


def pair_by_likeness(engine: duckdb.DuckDBPyConnection, *, registers: int) -> None:
    """Make `linkage.evidence` for pairs whose names may be alike and of which something else agrees."""
    _pair(engine, [_join(key) for key in _BY_LIKENESS], registers)


def _join(key: _Key) -> str:
    return _JOIN.format(
        via=int(key.via),
        columns=", ".join(key.columns),
        equal=" AND ".join(f"l.{column} = r.{column}" for column in key.columns),
        where=" AND ".join(f"{column} IS NOT NULL" for column in key.columns),
        most=key.most,
    )


def _pair(engine: duckdb.DuckDBPyConnection, joins: list[str], registers: int) -> None:
    engine.execute(_PAIRS.format(joins=" UNION ALL ".join(joins)))
    _compare_names(engine)
    engine.execute(_COUNTS.format(table="name_counts", column="name_key", registers=registers))
    engine.execute(_COUNTS.format(table="core_counts", column="core", registers=registers))
    engine.execute(_EVIDENCE.format(registers=registers))


def _compare_names(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("CREATE OR REPLACE TABLE linkage.alike (left_key VARCHAR, right_key VARCHAR, level INTEGER)")
    different: pa.Table = engine.sql(_DIFFERENT_NAMES).to_arrow_table()
    for batch in different.to_batches(max_chunksize=_CHUNK):
        columns = [column.to_pylist() for column in batch.columns]
        levels = [
            int(likeness(ComparedName(*line[:4]), ComparedName(*line[4:]))) for line in zip(*columns, strict=True)
        ]
        made = pa.table([columns[0], columns[4], levels], names=["l", "r", "level"])
        engine.register("linkage_made", made)
        engine.execute("INSERT INTO linkage.alike SELECT * FROM linkage_made")
        engine.unregister("linkage_made")
