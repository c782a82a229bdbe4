"""Which records of the state a delta touches: those whose outcome could be another one now.

A list at a time. What earlier lists founded differently (`linkage.dirty`) touches the records that share
a code, a number or a name with it, those that share a block of pairs whose size crossed its cap, and of
the others in a common block only those that some rule would take notice of. Inside the list the touched
records touch those of their code and, of the records without a code, those that may join them.
"""

from typing import Final

import duckdb

from jingwei.domain.linkage.cascade import reaches
from jingwei.domain.linkage.cluster import counts_of_values
from jingwei.domain.linkage.compare import compare
from jingwei.domain.linkage.model import Model
from jingwei.domain.linkage.pairs import BY_LIKENESS, BY_NUMBER_OR_NAME, Key, Via
from jingwei.domain.linkage.record_numbers import row_of

# Whatever shares one of these with a founder that changed is placed anew without further questions.
_STRONG: Final = ("org", "number", "name_key")
WEAK: Final = tuple(key for key in (*BY_NUMBER_OR_NAME, *BY_LIKENESS) if key.columns[0] not in ("uscc", *_STRONG))
_WITHIN: Final = tuple(key for key in BY_NUMBER_OR_NAME if key.columns[0] not in ("uscc", *_STRONG))

# Both worlds: what the records placed anew founded before, and what they found now.
_WORLD = """
CREATE OR REPLACE TABLE linkage.world AS
WITH was AS (SELECT * EXCLUDE (founder, residual) FROM linkage.old WHERE founder AND rank < {rank}),
will AS (SELECT a.* EXCLUDE (eid) RENAME (aid AS rid) FROM linkage.anchor a SEMI JOIN linkage.keyed k ON k.rid = a.aid
  WHERE rank < {rank})
SELECT w.*, true AS gone, l.rid IS NULL AS changed FROM was w
LEFT JOIN will l ON l.rid = w.rid AND l.row_hash = w.row_hash
UNION ALL BY NAME
SELECT l.*, false AS gone, w.rid IS NULL AS changed FROM will l
LEFT JOIN was w ON w.rid = l.rid AND w.row_hash = l.row_hash
"""
_DIRTY = "CREATE OR REPLACE TABLE linkage.dirty AS SELECT * FROM linkage.world WHERE changed"
_DIRTY_FORMER = """
CREATE OR REPLACE TABLE linkage.dirty_former AS
SELECT f.name_key FROM {kept}.former f SEMI JOIN (SELECT rid FROM linkage.dirty WHERE gone) d ON d.rid = f.rid
UNION
SELECT f.name_key FROM linkage.former f SEMI JOIN (SELECT rid FROM linkage.dirty WHERE NOT gone) d ON d.rid = f.rid
"""

_REST = """
CREATE OR REPLACE VIEW linkage.rest AS SELECT * FROM {kept}.keyed WHERE rank = {rank} AND {condition}
"""

_BY_CODE = """
SELECT k.rid FROM {kept}.keyed k SEMI JOIN (
  SELECT uscc FROM linkage.{source} WHERE uscc IS NOT NULL
) d ON d.uscc = k.uscc WHERE k.rank = {rank}
"""
_BY_VALUE = """
SELECT k.rid FROM linkage.rest k SEMI JOIN linkage.{source} d ON {equal}
"""
_BY_REPAIR = """
SELECT k.rid FROM (SELECT rid, unnest(repairs) AS code FROM linkage.rest) k
SEMI JOIN linkage.{source} d ON d.uscc = k.code
UNION ALL
SELECT k.rid FROM linkage.rest k
SEMI JOIN (SELECT unnest(repairs) AS code FROM linkage.{source}) d ON d.code = k.uscc
"""
_BY_FORMER_NAME = """
SELECT k.rid FROM linkage.rest k SEMI JOIN linkage.{source}_former d ON d.name_key = k.name_key
UNION ALL
SELECT k.rid FROM linkage.rest k SEMI JOIN (
  SELECT f.rid FROM {kept}.former f SEMI JOIN linkage.{source} d ON d.name_key = f.name_key
) f ON f.rid = k.rid
"""

# Blocks with a founder that changed and a record of the list: their sizes in both worlds.
_BLOCK = """
CREATE OR REPLACE TABLE linkage.block AS
WITH wanted AS (
  SELECT {columns}, count(*) FILTER (gone) AS was, count(*) FILTER (NOT gone) AS will
  FROM linkage.world WHERE {known} GROUP BY {columns} HAVING bool_or(changed)
), asked AS (
  SELECT w.* FROM wanted w SEMI JOIN linkage.rest k ON {asked}
), counted AS (
  SELECT {of_k}, count(*) AS others FROM (
    SELECT {of_k}, k.rid FROM {kept}.keyed k SEMI JOIN asked w ON {asked} WHERE k.founder AND k.rank < {rank}
  ) k ANTI JOIN linkage.outdated x ON x.rid = k.rid
  GROUP BY {of_k}
)
SELECT w.* REPLACE (w.was + coalesce(k.others, 0) AS was, w.will + coalesce(k.others, 0) AS will)
FROM asked w LEFT JOIN counted k ON {asked}
"""
_CROSSED = """
SELECT k.rid FROM linkage.rest k SEMI JOIN (
  SELECT * FROM linkage.block WHERE (was <= {most}) <> (will <= {most}) OR (was = 1) <> (will = 1) AND {only}
) w ON {asked}
"""
_NO_PAIRS = """
CREATE OR REPLACE TABLE linkage.suspect AS SELECT rid, rid AS aid FROM linkage.world WHERE false
"""
_PAIRS = """
INSERT INTO linkage.suspect
SELECT k.rid, CASE WHEN d.gone THEN -d.rid - 1 ELSE d.rid END
FROM linkage.rest k JOIN (SELECT * FROM linkage.block WHERE was <= {most} AND will <= {most}) w ON {asked}
JOIN linkage.dirty d ON {dirty}
"""

# The pairs as the cascade would see them. Whether a name has one bearer only was settled before.
_SUSPECTS = (
    """
CREATE OR REPLACE TABLE linkage.pair AS
SELECT DISTINCT s.rid, s.aid, {via} AS via FROM linkage.suspect s ANTI JOIN linkage.outdated x ON x.rid = s.rid
""",
    """
CREATE OR REPLACE VIEW linkage.rhs AS
SELECT CASE WHEN d.gone THEN -d.rid - 1 ELSE d.rid END AS aid, d.rid AS eid, d.* EXCLUDE (rid, gone, changed),
  left(core, length(core) - length(branch)) AS brand
FROM linkage.dirty d
""",
    """
CREATE OR REPLACE TABLE linkage.lhs AS
SELECT l.*, 1 AS bearers, f.uscc IS NOT NULL AS code_taken, {counts}
FROM (
  SELECT k.*, left(core, length(core) - length(branch)) AS brand FROM linkage.rest k SEMI JOIN linkage.pair p ON p.rid = k.rid
) l
{joins}
LEFT JOIN (SELECT DISTINCT uscc FROM {kept}.keyed WHERE founder AND rank < {rank} AND uscc IS NOT NULL) f
  ON f.uscc = l.uscc
""",
    """
CREATE OR REPLACE TABLE linkage.core_bearers AS
SELECT DISTINCT core AS text, 1 AS entities FROM linkage.dirty WHERE core IS NOT NULL
""",
)
_NOTICED = "SELECT DISTINCT rid FROM linkage.evidence WHERE {reaches}"

# Inside a list: what may found an entity by its code, before and now.
_FOUNDERS = """
CREATE OR REPLACE TABLE linkage.own AS
SELECT * EXCLUDE (founder, residual) FROM linkage.old WHERE rank = {rank} AND founder AND uscc IS NOT NULL
UNION ALL
SELECT * FROM linkage.keyed WHERE rank = {rank} AND uscc IS NOT NULL
"""
_FOUNDERS_FORMER = """
CREATE OR REPLACE TABLE linkage.own_former AS
SELECT f.name_key FROM {kept}.former f SEMI JOIN linkage.own d ON d.rid = f.rid
UNION
SELECT f.name_key FROM linkage.former f SEMI JOIN linkage.own d ON d.rid = f.rid
"""
# A block too big without the founders in question is too big with them.
_OPEN_BLOCK = """
WITH asked AS (
  SELECT w.* FROM (SELECT DISTINCT {columns} FROM linkage.own WHERE {known}) w SEMI JOIN linkage.rest k ON {asked}
), counted AS (
  SELECT {of_k}, count(*) AS others FROM (
    SELECT {of_k}, k.rid FROM {kept}.keyed k SEMI JOIN asked w ON {asked}
    WHERE k.founder AND k.rank = {rank} AND k.uscc IS NOT NULL
  ) k ANTI JOIN linkage.outdated x ON x.rid = k.rid
  GROUP BY {of_k} HAVING count(*) > {most}
)
SELECT k.rid FROM linkage.rest k SEMI JOIN (SELECT w.* FROM asked w ANTI JOIN counted k ON {asked}) w ON {asked}
"""
_ALIKE = """
SELECT k.rid FROM linkage.rest k SEMI JOIN (
  SELECT name_key, person, phone, site FROM linkage.old WHERE rank = {rank} AND uscc IS NULL
  UNION ALL SELECT name_key, person, phone, site FROM linkage.keyed WHERE rank = {rank} AND uscc IS NULL
) d ON d.name_key = k.name_key AND d.person IS NOT DISTINCT FROM k.person
  AND d.phone IS NOT DISTINCT FROM k.phone AND d.site IS NOT DISTINCT FROM k.site
"""
_OF_SAME_ROW = f"""
SELECT k.rid FROM {{kept}}.keyed k SEMI JOIN (
  SELECT rid FROM linkage.keyed WHERE rank = {{rank}} UNION ALL SELECT rid FROM linkage.old WHERE rank = {{rank}}
) d ON {row_of("d.rid")} = {row_of("k.rid")} WHERE k.rank = {{rank}}
"""
# What people have said of a touched record touches the other one: always in the same list, and in a
# later list because the answer may lead elsewhere now.
_BY_VERDICT = """
SELECT v.rid FROM linkage.spoken v SEMI JOIN (
  SELECT rid FROM linkage.outdated UNION ALL SELECT rid FROM linkage.keyed
) d ON d.rid = v.aid WHERE v.rank = {rank} AND v.other_rank <= {rank}
"""

_MORE = """
CREATE OR REPLACE TABLE linkage.more AS
SELECT DISTINCT q.rid FROM ({query}) q SEMI JOIN {kept}.keyed k ON k.rid = q.rid
ANTI JOIN linkage.outdated x ON x.rid = q.rid
"""


class Touch:
    """Collects what a delta touches, in `linkage.outdated` (numbers) and `linkage.old` (as they were), and
    puts the records themselves into `linkage.keyed` to be placed anew.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, model: Model, *, registers: int, size: int, kept: str) -> None:
        self._engine, self._model, self._kept = engine, model, kept
        self._registers, self._size = registers, size

    def founders(self, rank: int) -> int:
        """Make `linkage.dirty` of the founders of earlier lists that changed; how many there are."""
        self._engine.execute(_WORLD.format(rank=rank))
        self._engine.execute(_DIRTY)
        self._engine.execute(_DIRTY_FORMER.format(kept=self._kept))
        return self._count("dirty")

    def whole_list(self, rank: int) -> None:
        """Touch every record of a list."""
        self._add(f"SELECT rid FROM {self._kept}.keyed WHERE rank = {rank}")

    def by_founders(self, rank: int) -> None:
        """Touch what the founders in `linkage.dirty` may have changed for the records of a list."""
        self._rest(rank, "residual")
        queries = [_BY_CODE.format(kept=self._kept, source="dirty", rank=rank), *self._by_strong("dirty")]
        self._add(" UNION ALL ".join(queries))
        self._engine.execute(_NO_PAIRS)
        for key in WEAK:
            self._by_block(key, rank)
        self._noticed(rank)

    def inside(self, rank: int, *, founds: bool) -> None:
        """Touch what the touched records and the delta's own may change for others of their list."""
        while any(self._inside_once(rank, founds=founds)):
            pass

    def _inside_once(self, rank: int, *, founds: bool) -> list[bool]:
        values = {"kept": self._kept, "rank": rank}
        found = [
            self._add(f"SELECT rid FROM linkage.respoken WHERE rank = {rank}"),
            self._add(_BY_VERDICT.format(**values)),
            self._add(_BY_CODE.format(source=self._own_codes(rank), **values)),
        ]
        if not founds:
            return [*found, self._add(_OF_SAME_ROW.format(**values))]
        self._rest(rank, "uscc IS NULL AND (residual OR rank = 0)")
        self._engine.execute(_FOUNDERS.format(rank=rank))
        self._engine.execute(_FOUNDERS_FORMER.format(kept=self._kept))
        found.append(self._add(" UNION ALL ".join(self._by_strong("own"))))
        found += [self._add(self._open_block(key, rank)) for key in _WITHIN]
        return [*found, self._add(_ALIKE.format(rank=rank))]

    def _own_codes(self, rank: int) -> str:
        self._engine.execute(
            f"CREATE OR REPLACE TABLE linkage.own_codes AS SELECT uscc FROM linkage.old WHERE rank = {rank}"
            f" UNION SELECT uscc FROM linkage.keyed WHERE rank = {rank}"
        )
        return "own_codes"

    def _by_strong(self, source: str) -> list[str]:
        values = {"source": source, "kept": self._kept}
        by_value = [_BY_VALUE.format(equal=f"d.{column} = k.{column}", **values) for column in _STRONG]
        return [*by_value, _BY_REPAIR.format(**values), _BY_FORMER_NAME.format(**values)]

    def _by_block(self, key: Key, rank: int) -> None:
        asked = _equal("w", "k", key)
        self._engine.execute(
            _BLOCK.format(
                kept=self._kept,
                rank=rank,
                columns=", ".join(key.columns),
                of_k=", ".join(f"k.{column}" for column in key.columns),
                known=_known(key),
                asked=asked,
            )
        )
        only = "true" if key.columns == ("core",) else "false"
        self._add(_CROSSED.format(most=key.most, asked=asked, only=only))
        self._engine.execute(_PAIRS.format(most=key.most, asked=asked, dirty=_equal("d", "k", key)))

    def _open_block(self, key: Key, rank: int) -> str:
        return _OPEN_BLOCK.format(
            kept=self._kept,
            rank=rank,
            most=key.most,
            columns=", ".join(key.columns),
            of_k=", ".join(f"k.{column}" for column in key.columns),
            known=_known(key),
            asked=_equal("w", "k", key),
        )

    def _noticed(self, rank: int) -> None:
        counts, joins = counts_of_values()
        values = {"kept": self._kept, "rank": rank, "counts": counts, "joins": joins, "via": int(Via.OTHER)}
        for statement in _SUSPECTS:
            self._engine.execute(statement.format(**values))
        if not self._count("pair"):
            return
        compare(self._engine, self._model, registers=self._registers, size=self._size)
        self._add(_NOTICED.format(reaches=reaches(self._model)))

    def _rest(self, rank: int, condition: str) -> None:
        self._engine.execute(_REST.format(kept=self._kept, rank=rank, condition=condition))

    def _add(self, query: str) -> bool:
        """Touch the records of the state that the query names; whether there were any new ones."""
        self._engine.execute(_MORE.format(kept=self._kept, query=query))
        if not self._count("more"):
            return False
        kept = self._kept
        self._engine.execute(
            f"INSERT INTO linkage.old SELECT k.* FROM {kept}.keyed k SEMI JOIN linkage.more m ON m.rid = k.rid"
        )
        self._engine.execute(
            "INSERT INTO linkage.keyed SELECT k.* EXCLUDE (founder, residual) FROM linkage.old k"
            " SEMI JOIN linkage.more m ON m.rid = k.rid"
        )
        self._engine.execute(
            f"INSERT INTO linkage.former SELECT f.* FROM {kept}.former f SEMI JOIN linkage.more m ON m.rid = f.rid"
        )
        self._engine.execute("INSERT INTO linkage.outdated SELECT rid FROM linkage.more")
        return True

    def _count(self, table: str) -> int:
        ((rows,),) = self._engine.execute(f"SELECT count(*) FROM linkage.{table}").fetchall()
        return int(rows)


def _equal(one: str, other: str, key: Key) -> str:
    return " AND ".join(f"{one}.{column} = {other}.{column}" for column in key.columns)


def _known(key: Key) -> str:
    return " AND ".join(f"{column} IS NOT NULL" for column in key.columns)
