"""Which records are compared with which entities.

Every comparison starts from an equal key. A key that too many entities share is dropped, so that no
placeholder, common name or shared address can make the number of pairs explode.
"""

from collections.abc import Sequence
from enum import IntFlag
from typing import NamedTuple

from jingwei.domain.linkage.engine import Engine


class Via(IntFlag):
    """The keys that brought a pair together."""

    CODE = 1
    ORGANIZATION = 2
    NUMBER = 4
    REPAIR = 8
    FORMER = 16
    OTHER = 32
    BY_NUMBER = 15


class Key(NamedTuple):
    """Columns that are equal in both records; `most` is the cap on anchors that share them."""

    via: Via
    columns: tuple[str, ...]
    most: int


BY_CODE = (
    Key(Via.CODE, ("uscc",), 100),
    Key(Via.CODE, ("uscc", "name_key"), 100),
)
BY_NUMBER_OR_NAME = (
    *BY_CODE,
    Key(Via.ORGANIZATION, ("org",), 20),
    Key(Via.NUMBER, ("number",), 20),
    Key(Via.OTHER, ("name_key",), 30),
    Key(Via.OTHER, ("name_key", "person"), 30),
    Key(Via.OTHER, ("name_key", "site"), 30),
    Key(Via.OTHER, ("name_key", "phone"), 30),
    Key(Via.OTHER, ("name_key", "district"), 30),
    Key(Via.OTHER, ("core",), 30),
    Key(Via.OTHER, ("core", "person"), 30),
    Key(Via.OTHER, ("core", "site"), 30),
    Key(Via.OTHER, ("core", "district"), 30),
)
BY_LIKENESS = (
    Key(Via.OTHER, ("sound", "branch"), 30),
    Key(Via.OTHER, ("person", "district"), 30),
    Key(Via.OTHER, ("person", "start"), 30),
    Key(Via.OTHER, ("phone",), 10),
    Key(Via.OTHER, ("site",), 30),
    Key(Via.OTHER, ("start", "ending", "district"), 30),
    Key(Via.OTHER, ("start4", "district"), 30),
    Key(Via.OTHER, ("end4", "district"), 30),
)

# Only keys that records to be placed have are counted and joined.
_JOIN = """
SELECT l.rid, r.aid, {via} AS via
FROM (
  SELECT {keys} FROM linkage.rhs k
  JOIN (SELECT DISTINCT {columns} FROM linkage.lhs WHERE {where}) w ON {wanted}
  GROUP BY {keys} HAVING count(*) <= {most}
) c
JOIN linkage.lhs l ON {left}
JOIN linkage.rhs r ON {right}
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

_PAIRS = """
CREATE OR REPLACE TABLE linkage.pair AS
SELECT p.rid, p.aid, p.via FROM (
  SELECT rid, aid, bit_or(via) AS via FROM ({joins}) GROUP BY rid, aid
) p
LEFT JOIN linkage.refused n ON n.rid = p.rid AND n.aid = p.aid
WHERE n.rid IS NULL
"""


def pair_by(engine: Engine, keys: Sequence[Key], *, exact: bool = True) -> None:
    """Make `linkage.pair` of the records of `linkage.lhs` and the anchors of `linkage.rhs` that share
    one of `keys`; with `exact` also by repaired codes and former names.
    """
    joins = [_join(key) for key in keys]
    if exact:
        joins.append(_REPAIRS.format(via=int(Via.REPAIR)))
        joins.append(_FORMER_NAMES.format(via=int(Via.FORMER)))
    engine.execute(_PAIRS.format(joins=" UNION ALL ".join(joins)))


def _join(key: Key) -> str:
    return _JOIN.format(
        via=int(key.via),
        most=key.most,
        columns=", ".join(key.columns),
        keys=", ".join(f"k.{column}" for column in key.columns),
        where=" AND ".join(f"{column} IS NOT NULL" for column in key.columns),
        wanted=_equal("w", "k", key.columns),
        left=_equal("l", "c", key.columns),
        right=_equal("r", "c", key.columns),
    )


def _equal(one: str, other: str, columns: Sequence[str]) -> str:
    return " AND ".join(f"{one}.{column} = {other}.{column}" for column in columns)
