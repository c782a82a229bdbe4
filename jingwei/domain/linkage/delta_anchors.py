"""The founders of the state that the records of a list may be compared with.

All that bear a code, number, name or core are fetched, however many, and of any other block as many as
show whether it is too big: so names are as frequent and blocks as big as in a full run.
"""

from typing import Final

import duckdb

from jingwei.domain.linkage import tokens
from jingwei.domain.linkage.record_numbers import first_of_list

_OWN_ONLY = """
CREATE OR REPLACE TABLE linkage.anchor AS
SELECT a.* FROM linkage.anchor a SEMI JOIN linkage.keyed k ON k.rid = a.aid
"""
_BY_CODE = """
SELECT k.rid FROM {kept}.keyed k
SEMI JOIN (SELECT uscc FROM linkage.keyed WHERE rank = {rank} AND uscc IS NOT NULL) l ON l.uscc = k.uscc
ANTI JOIN linkage.outdated x ON x.rid = k.rid
WHERE k.founder AND k.rank < {rank}
"""
_ASKING = (
    """
CREATE OR REPLACE TABLE linkage.asking AS
SELECT k.* FROM linkage.keyed k WHERE k.rank = {rank} AND {who}
""",
    """
CREATE OR REPLACE TABLE linkage.asking_former AS
SELECT f.rid AS id, f.name_key FROM linkage.former f SEMI JOIN linkage.asking k ON k.rid = f.rid
""",
)
_NEAR = "CREATE OR REPLACE TABLE linkage.near AS SELECT DISTINCT n.rid FROM ({queries}) n"
_BY_KEYS = """
WITH hit AS (
  SELECT t.key, t.h, t.rid FROM {kept}.token t SEMI JOIN ({asked}) a ON a.h = t.h
  ANTI JOIN linkage.outdated x ON x.rid = t.rid
  WHERE t.founder AND {which}
), numbered AS (
  SELECT t.rid, c.most, row_number() OVER (PARTITION BY t.h) AS number
  FROM hit t JOIN {caps} AS c (key, most) ON c.key = t.key WHERE t.key <> {core}
)
SELECT DISTINCT n.rid FROM (
  SELECT rid FROM hit WHERE key < {weak} OR key = {core}
  UNION ALL SELECT rid FROM numbered WHERE number <= most + 1
) n ANTI JOIN linkage.anchor a ON a.aid = n.rid
"""
_FETCH = (
    """
INSERT INTO linkage.anchor
SELECT k.rid, k.rid, k.* EXCLUDE (rid, founder, residual) FROM {kept}.keyed k
SEMI JOIN linkage.near n ON n.rid = k.rid WHERE k.rank <= {rank}
""",
    """
INSERT INTO linkage.former SELECT f.* FROM {kept}.former f SEMI JOIN linkage.near n ON n.rid = f.rid
""",
)
_FULL: Final = tuple(weak for weak in tokens.WEAK if not weak.part)
_WITHIN: Final = tuple(weak for weak in _FULL if weak.within)


class Anchors:
    """Lets `linkage.anchor` hold what this run has founded and of the state what is asked for."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, *, rank: int, kept: str) -> None:
        self._engine, self._rank, self._kept = engine, rank, kept

    def by_code(self) -> None:
        """Begin with founders of earlier lists that have the code of a record of the list, and founders
        of the list itself that its records without a code may join.
        """
        self._engine.execute(_OWN_ONLY)
        by_code = [_BY_CODE.format(kept=self._kept, rank=self._rank)] if self._rank else []
        which = f"t.coded AND t.rid >= {first_of_list(self._rank)} AND t.rid < {first_of_list(self._rank + 1)}"
        self._fetch(*by_code, self._by_keys(_WITHIN, who="uscc IS NULL", which=which))

    def by_name(self) -> None:
        """Add what those records of the list may join that no code has settled (`linkage.residual`)."""
        who = "rid IN (SELECT rid FROM linkage.residual)"
        self._fetch(self._by_keys(_FULL, who=who, which=f"t.rid < {first_of_list(self._rank)}"))

    def _by_keys(self, weak: tuple[tokens.Weak, ...], *, who: str, which: str) -> str:
        for statement in _ASKING:
            self._engine.execute(statement.format(rank=self._rank, who=who))
        asked = tokens.asked("linkage.asking", "linkage.asking_former", weak)
        return _BY_KEYS.format(
            kept=self._kept, asked=asked, which=which, caps=tokens.CAPS, core=tokens.CORE, weak=tokens.FIRST_WEAK
        )

    def _fetch(self, *queries: str) -> None:
        self._engine.execute(_NEAR.format(queries=" UNION ALL ".join(f"({query})" for query in queries)))
        for statement in _FETCH:
            self._engine.execute(statement.format(kept=self._kept, rank=self._rank))
