"""The founders of the state that the records of a list may be compared with.

All that share a key are fetched, however many, so that blocks are as big and names as frequent as in a
full run.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from jingwei.domain.linkage.pairs import BY_LIKENESS, BY_NUMBER_OR_NAME, Key

_BY_KEY = """
SELECT k.rid FROM linkage.standing k SEMI JOIN linkage.asking l ON {equal}
"""
_BY_REPAIR = """
SELECT k.rid FROM linkage.standing k
SEMI JOIN (SELECT unnest(repairs) AS code FROM linkage.asking) l ON l.code = k.uscc
UNION ALL
SELECT k.rid FROM (SELECT rid, unnest(repairs) AS code FROM linkage.standing WHERE uscc IS NULL) k
SEMI JOIN linkage.asking l ON l.uscc = k.code
"""
_BY_FORMER_NAME = """
SELECT f.rid FROM {kept}.former f SEMI JOIN linkage.asking l ON l.name_key = f.name_key
UNION ALL
SELECT k.rid FROM linkage.standing k SEMI JOIN (
  SELECT f.name_key FROM linkage.former f SEMI JOIN linkage.asking l ON l.rid = f.rid
) f ON f.name_key = k.name_key
"""
_STANDING = """
CREATE OR REPLACE VIEW linkage.standing AS SELECT * FROM {kept}.keyed WHERE founder AND {which}
"""
_ASKING = """
CREATE OR REPLACE TABLE linkage.asking AS SELECT * FROM linkage.keyed WHERE rank = {rank} AND {who}
"""
_NEAR = """
CREATE OR REPLACE TABLE linkage.near AS
SELECT DISTINCT q.rid FROM ({queries}) q ANTI JOIN linkage.outdated x ON x.rid = q.rid
"""
_FETCH = (
    """
INSERT INTO linkage.anchor
SELECT k.rid, k.rid, k.* EXCLUDE (rid, founder, residual) FROM linkage.standing k SEMI JOIN linkage.near n ON n.rid = k.rid
""",
    """
INSERT INTO linkage.former SELECT f.* FROM {kept}.former f SEMI JOIN linkage.near n ON n.rid = f.rid
""",
)
_OWN_ONLY = """
CREATE OR REPLACE TABLE linkage.anchor AS
SELECT a.* FROM linkage.anchor a SEMI JOIN linkage.keyed k ON k.rid = a.aid
"""


def _widest(keys: Sequence[Key]) -> Iterator[tuple[str, ...]]:
    """The columns of the keys that no other key is a part of."""
    columns = {frozenset(key.columns) for key in keys}
    for each in sorted(columns, key=sorted):
        if not any(other < each for other in columns):
            yield tuple(sorted(each))


_EARLIER: Final = tuple(_widest((*BY_NUMBER_OR_NAME, *BY_LIKENESS)))
_WITHIN: Final = tuple(_widest(BY_NUMBER_OR_NAME))


def fetch(engine: duckdb.DuckDBPyConnection, *, rank: int, kept: str) -> None:
    """Let `linkage.anchor` hold what this run has founded, and of the state what the records of the list
    may join: founders of earlier lists, and for records without a code those of their list that have one.
    """
    engine.execute(_OWN_ONLY)
    _fetch(engine, _EARLIER, rank=rank, kept=kept, who="true", which=f"rank < {rank}")
    within = f"rank = {rank} AND uscc IS NOT NULL"
    _fetch(engine, _WITHIN, rank=rank, kept=kept, who="uscc IS NULL", which=within)


def _fetch(
    engine: duckdb.DuckDBPyConnection, keys: Sequence[tuple[str, ...]], *, rank: int, kept: str, who: str, which: str
) -> None:
    engine.execute(_ASKING.format(rank=rank, who=who))
    engine.execute(_STANDING.format(kept=kept, which=which))
    queries = [
        _BY_KEY.format(equal=" AND ".join(f"l.{column} = k.{column}" for column in columns)) for columns in keys
    ]
    queries += [_BY_REPAIR, _BY_FORMER_NAME.format(kept=kept)]
    engine.execute(_NEAR.format(queries=" UNION ALL ".join(queries)))
    for statement in _FETCH:
        engine.execute(statement.format(kept=kept))
