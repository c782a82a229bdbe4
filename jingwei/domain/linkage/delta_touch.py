"""Which records of the state a delta touches: those whose outcome could be another one now.

A list at a time. What earlier lists founded differently touches the records that share a code, a number
or a name with it, those that share a block of pairs whose size crossed its cap, and of the others in a
common block only those that some rule would take notice of. Inside the list the touched records touch
those of their code and, of the records without a code, those that may join them.
"""

from typing import Final

import duckdb

from jingwei.domain.linkage import tokens
from jingwei.domain.linkage.cascade import reaches
from jingwei.domain.linkage.cluster import counts_of_values
from jingwei.domain.linkage.compare import compare
from jingwei.domain.linkage.model import Model
from jingwei.domain.linkage.pairs import Via
from jingwei.domain.linkage.record_numbers import first_of_list, row_of

# Both worlds: what the records placed anew founded before, and what they found now.
_WORLD = (
    """
CREATE OR REPLACE TABLE linkage.world AS
WITH was AS (
  SELECT * EXCLUDE (founder, residual) FROM linkage.old WHERE founder AND rank < {rank}
), will AS (
  SELECT a.* EXCLUDE (eid) RENAME (aid AS rid) FROM linkage.anchor a SEMI JOIN linkage.keyed k ON k.rid = a.aid
  WHERE rank < {rank}
)
SELECT -w.rid - 1 AS id, true AS gone, l.rid IS NULL AS changed, w.* FROM was w
LEFT JOIN will l ON l.rid = w.rid AND l.row_hash = w.row_hash
UNION ALL BY NAME
SELECT l.rid AS id, false AS gone, w.rid IS NULL AS changed, l.* FROM will l
LEFT JOIN was w ON w.rid = l.rid AND w.row_hash = l.row_hash
""",
    """
CREATE OR REPLACE TABLE linkage.world_former AS
SELECT w.id, f.name_key FROM linkage.world w JOIN linkage.old_former f ON f.rid = w.rid WHERE w.gone
UNION ALL
SELECT w.id, f.name_key FROM linkage.world w JOIN linkage.former f ON f.rid = w.rid WHERE NOT w.gone
""",
)
_ASKED = """
CREATE OR REPLACE TABLE linkage.asked AS
SELECT a.key, a.h, a.id, w.gone, w.changed FROM ({asked}) a JOIN linkage.world w ON w.id = a.id
"""
_WANTED = """
CREATE OR REPLACE TABLE linkage.wanted AS
SELECT key, h, count(*) FILTER (gone) AS was, count(*) FILTER (NOT gone) AS will
FROM linkage.asked GROUP BY key, h HAVING bool_or(changed)
"""
_HIT = """
CREATE OR REPLACE TABLE linkage.hit AS
SELECT t.key, t.h, t.rid, t.founder FROM {kept}.token t SEMI JOIN linkage.wanted w ON w.h = t.h
WHERE t.founder AND t.rid < {first} AND t.key >= {weak}
  OR t.rid >= {first} AND t.rid < {last} AND (t.residual OR t.key = {code})
"""
_STRONG = "SELECT rid FROM linkage.hit WHERE rid >= {first} AND key < {weak}"
# The sizes of the blocks in both worlds.
_BLOCK = """
CREATE OR REPLACE TABLE linkage.block AS
SELECT w.key, w.h, c.most, w.was + coalesce(o.others, 0) AS was, w.will + coalesce(o.others, 0) AS will
FROM linkage.wanted w JOIN {caps} AS c (key, most) ON c.key = w.key
LEFT JOIN (
  SELECT t.h, count(*) AS others FROM linkage.hit t ANTI JOIN linkage.outdated x ON x.rid = t.rid
  WHERE t.rid < {first} GROUP BY t.h
) o ON o.h = w.h
SEMI JOIN (SELECT h FROM linkage.hit WHERE rid >= {first}) l ON l.h = w.h
"""
_CROSSED = """
SELECT t.rid FROM linkage.hit t SEMI JOIN (
  SELECT h FROM linkage.block
  WHERE (was <= most) <> (will <= most) OR (was = 1) <> (will = 1) AND key = {core}
) b ON b.h = t.h WHERE t.rid >= {first}
"""
_SURE = "CREATE OR REPLACE TABLE linkage.sure AS SELECT DISTINCT rid FROM ({query})"
_SUSPECT = """
CREATE OR REPLACE TABLE linkage.pair AS
SELECT DISTINCT t.rid, a.id AS aid, {via} AS via FROM linkage.hit t
JOIN (SELECT h FROM linkage.block WHERE was <= most AND will <= most) b ON b.h = t.h
JOIN (SELECT h, id FROM linkage.asked WHERE changed AND key >= {weak}) a ON a.h = t.h
ANTI JOIN linkage.outdated x ON x.rid = t.rid
ANTI JOIN linkage.sure s ON s.rid = t.rid
WHERE t.rid >= {first}
"""

# The pairs as the cascade would see them. Whether a name has one bearer only was settled before.
_SUSPECTS = (
    """
CREATE OR REPLACE VIEW linkage.rhs AS
SELECT d.id AS aid, d.rid AS eid, d.* EXCLUDE (id, rid, gone, changed),
  left(core, length(core) - length(branch)) AS brand
FROM linkage.world d
""",
    """
CREATE OR REPLACE TABLE linkage.left_side AS
SELECT k.* EXCLUDE (founder, residual), left(core, length(core) - length(branch)) AS brand
FROM {kept}.keyed k SEMI JOIN linkage.pair p ON p.rid = k.rid WHERE k.rank = {rank}
""",
    """
CREATE OR REPLACE TABLE linkage.lhs AS
SELECT l.*, 1 AS bearers, f.uscc IS NOT NULL AS code_taken, {counts}
FROM linkage.left_side l
{joins}
LEFT JOIN (
  SELECT DISTINCT k.uscc FROM {kept}.keyed k SEMI JOIN linkage.left_side l ON l.uscc = k.uscc
  WHERE k.founder AND k.rank < {rank}
) f ON f.uscc = l.uscc
""",
    """
CREATE OR REPLACE TABLE linkage.core_bearers AS
SELECT DISTINCT core AS text, 1 AS entities FROM linkage.world WHERE core IS NOT NULL
""",
)
_NOTICED = "SELECT DISTINCT rid FROM linkage.evidence WHERE {reaches}"

# Rows of one code found entities together; so do rows without a code under one name.
_TOGETHER = """
SELECT t.rid FROM {kept}.token t SEMI JOIN (
  SELECT CASE WHEN k.uscc IS NOT NULL THEN {of_code} ELSE {of_name} END AS h
  FROM (
    SELECT uscc, name_key FROM linkage.old WHERE rank = {rank}
    UNION ALL SELECT uscc, name_key FROM linkage.keyed WHERE rank = {rank}
  ) k
) d ON d.h = t.h
WHERE t.rid >= {first} AND t.rid < {last} AND (t.key = {code} OR t.key = {name} AND NOT t.coded)
"""
# Inside a list: what may found an entity by its code, before and now.
_OWN = (
    """
CREATE OR REPLACE TABLE linkage.own AS
SELECT * EXCLUDE (founder, residual) FROM linkage.old WHERE rank = {rank} AND founder AND uscc IS NOT NULL
UNION ALL
SELECT * FROM linkage.keyed WHERE rank = {rank} AND uscc IS NOT NULL
""",
    """
CREATE OR REPLACE TABLE linkage.own_former AS
SELECT f.rid AS id, f.name_key FROM linkage.former f SEMI JOIN linkage.own d ON d.rid = f.rid
UNION ALL
SELECT f.rid AS id, f.name_key FROM linkage.old_former f SEMI JOIN linkage.own d ON d.rid = f.rid
""",
    "CREATE OR REPLACE TABLE linkage.wanted AS SELECT DISTINCT key, h FROM ({asked})",
    """
CREATE OR REPLACE TABLE linkage.hit AS
SELECT t.key, t.h, t.rid, t.coded FROM {kept}.token t SEMI JOIN linkage.wanted w ON w.h = t.h
WHERE t.rid >= {first} AND t.rid < {last} AND (NOT t.coded OR t.founder AND t.key >= {weak})
""",
)
# A block too big without the founders in question is too big with them.
_MAY_JOIN = """
SELECT t.rid FROM linkage.hit t ANTI JOIN (
  SELECT o.h FROM linkage.hit o JOIN {caps} AS c (key, most) ON c.key = o.key
  ANTI JOIN linkage.outdated x ON x.rid = o.rid
  WHERE o.coded GROUP BY o.h, c.most HAVING count(*) > c.most
) b ON b.h = t.h WHERE NOT t.coded
"""
_OF_SAME_ROW = f"""
SELECT k.rid FROM {{kept}}.keyed k SEMI JOIN (
  SELECT rid FROM linkage.keyed WHERE rank = {{rank}} UNION ALL SELECT rid FROM linkage.old WHERE rank = {{rank}}
) d ON {row_of("d.rid")} = {row_of("k.rid")} WHERE k.rank = {{rank}}
"""
# What people have said of a touched record touches the other one: always in the same list, and in a
# later list because the answer may lead elsewhere now.
_BY_VERDICT = """
SELECT rid FROM linkage.respoken WHERE rank = {rank}
UNION ALL
SELECT v.rid FROM linkage.spoken v SEMI JOIN (
  SELECT rid FROM linkage.outdated UNION ALL SELECT rid FROM linkage.keyed
) d ON d.rid = v.aid WHERE v.rank = {rank} AND v.other_rank <= {rank}
"""

_MORE = """
CREATE OR REPLACE TABLE linkage.more AS
SELECT DISTINCT q.rid FROM ({query}) q ANTI JOIN linkage.outdated x ON x.rid = q.rid
"""
_ADD = (
    """
INSERT INTO linkage.old SELECT k.* FROM {kept}.keyed k SEMI JOIN linkage.more m ON m.rid = k.rid
WHERE k.rank = {rank}
""",
    """
INSERT INTO linkage.keyed SELECT k.* EXCLUDE (founder, residual) FROM linkage.old k
SEMI JOIN linkage.more m ON m.rid = k.rid
""",
    """
INSERT INTO linkage.old_former SELECT f.* FROM {kept}.former f SEMI JOIN linkage.more m ON m.rid = f.rid
""",
    """
INSERT INTO linkage.former SELECT f.* FROM linkage.old_former f SEMI JOIN linkage.more m ON m.rid = f.rid
""",
    "INSERT INTO linkage.outdated SELECT k.rid FROM linkage.old k SEMI JOIN linkage.more m ON m.rid = k.rid",
)
_WITHIN: Final = tuple(weak for weak in tokens.WEAK if weak.within)


class Touch:
    """Collects what a delta touches, in `linkage.outdated` (numbers) and `linkage.old` (as they were), and
    puts the records themselves into `linkage.keyed` to be placed anew.
    """

    def __init__(
        self, engine: duckdb.DuckDBPyConnection, model: Model, *, registers: int, size: int, kept: str
    ) -> None:
        self._engine, self._model, self._kept = engine, model, kept
        self._registers, self._size = registers, size

    def founders(self, rank: int) -> int:
        """Make `linkage.world` of the founders of earlier lists; how many are there that changed."""
        for statement in _WORLD:
            self._engine.execute(statement.format(rank=rank))
        return self._count("linkage.world WHERE changed")

    def whole_list(self, rank: int) -> None:
        """Touch every record of a list."""
        self._add(f"SELECT rid FROM {self._kept}.keyed WHERE rank = {rank}", rank)

    def by_founders(self, rank: int) -> None:
        """Touch what the founders that changed may have changed for the records of a list."""
        values = self._values(rank)
        asked = tokens.asked("linkage.world", "linkage.world_former", tokens.WEAK, name="id")
        self._engine.execute(_ASKED.format(asked=asked))
        self._engine.execute(_WANTED)
        self._engine.execute(_HIT.format(**values))
        self._engine.execute(_BLOCK.format(**values))
        sure = " UNION ALL ".join((_STRONG, _CROSSED)).format(core=tokens.CORE, **values)
        self._engine.execute(_SURE.format(query=sure))
        self._engine.execute(_SUSPECT.format(via=int(Via.OTHER), **values))
        if self._count("linkage.pair"):
            self._weigh(rank)
            sure = f"SELECT rid FROM linkage.sure UNION ALL {_NOTICED.format(reaches=reaches(self._model))}"
        self._add(sure, rank)

    def inside(self, rank: int, *, founds: bool) -> None:
        """Touch what the touched records and the delta's own may change for others of their list."""
        values = self._values(rank)
        queries = (_TOGETHER, _BY_VERDICT, *(() if founds else (_OF_SAME_ROW,)))
        owned = 0
        while True:
            found = self._add(" UNION ALL ".join(query.format(**values) for query in queries), rank)
            if founds:
                owned, known = self._own(rank, owned), owned
                found |= owned > known and self._add(_MAY_JOIN.format(**values), rank)
            if not found:
                return

    def _own(self, rank: int, known: int) -> int:
        """Unless no more than the `known` ones are there, find what is open and shares a key with the
        founders in question; how many founders there are.
        """
        values = self._values(rank)
        own, *further = _OWN
        self._engine.execute(own.format(**values))
        count = self._count("linkage.own")
        if count > known:
            asked = tokens.asked("linkage.own", "linkage.own_former", _WITHIN)
            for statement in further:
                self._engine.execute(statement.format(asked=asked, **values))
        return count

    def _weigh(self, rank: int) -> None:
        counts, joins = counts_of_values()
        for statement in _SUSPECTS:
            self._engine.execute(statement.format(kept=self._kept, rank=rank, counts=counts, joins=joins))
        compare(self._engine, self._model, registers=self._registers, size=self._size)

    def _add(self, query: str, rank: int) -> bool:
        """Touch the records of the state that the query names; whether there were any new ones."""
        self._engine.execute(_MORE.format(query=query))
        if not self._count("linkage.more"):
            return False
        before = self._count("linkage.old")
        for statement in _ADD:
            self._engine.execute(statement.format(kept=self._kept, rank=rank))
        return self._count("linkage.old") > before

    def _values(self, rank: int) -> dict[str, object]:
        return {
            "kept": self._kept,
            "rank": rank,
            "first": first_of_list(rank),
            "last": first_of_list(rank + 1),
            "weak": tokens.FIRST_WEAK,
            "code": tokens.CODE,
            "name": tokens.NAME,
            "of_code": tokens.value(tokens.CODE, ("uscc",)),
            "of_name": tokens.value(tokens.NAME, ("name_key",)),
            "caps": tokens.CAPS,
        }

    def _count(self, table: str) -> int:
        ((rows,),) = self._engine.execute(f"SELECT count(*) FROM {table}").fetchall()
        return int(rows)
