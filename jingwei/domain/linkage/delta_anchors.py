"""The founders of the state that the records of a list may be compared with.

All that bear a code, number, name or core are fetched, and all of any other block that is small enough to
be compared; a bigger one is stood for by as many blank lines as show that it is too big. So names are as
frequent and blocks as big as in a full run.
"""

from typing import Final

import duckdb

from jingwei.domain.linkage import tokens
from jingwei.domain.linkage.record_numbers import first_of_list

_OWN_ONLY = """
CREATE OR REPLACE TABLE linkage.anchor AS
SELECT a.* FROM linkage.anchor a SEMI JOIN linkage.keyed k ON k.rid = a.aid
"""
# A record whose code one founder has, and whose name is the same, asks for no more than that.
_CODES_AND_NAMES = """
INSERT INTO linkage.anchor BY NAME
SELECT k.rid AS aid, k.rid AS eid, k.rank, k.uscc, k.name_key FROM {kept}.keyed k
SEMI JOIN (SELECT uscc FROM linkage.keyed WHERE rank = {rank} AND uscc IS NOT NULL) l ON l.uscc = k.uscc
ANTI JOIN linkage.outdated x ON x.rid = k.rid
WHERE k.founder AND k.rank < {rank}
"""
_UNSETTLED = """
CREATE OR REPLACE TABLE linkage.unsettled AS
SELECT k.* FROM linkage.keyed k ANTI JOIN linkage.link t ON t.rid = k.rid WHERE k.rank = {rank}
"""
_FORMER = """
CREATE OR REPLACE TABLE linkage.asking_former AS
SELECT f.rid AS id, f.name_key FROM linkage.former f SEMI JOIN linkage.unsettled k ON k.rid = f.rid
"""
_HIT = """
CREATE OR REPLACE TABLE linkage.hit AS
SELECT t.key, t.h, t.rid FROM {kept}.token t SEMI JOIN ({asked}) a ON a.h = t.h
ANTI JOIN linkage.outdated x ON x.rid = t.rid
WHERE t.founder AND t.rid < {first}
"""
_CROWDED = """
CREATE OR REPLACE TABLE linkage.crowded AS
SELECT t.h FROM linkage.hit t JOIN {caps} AS c (key, most) ON c.key = t.key
WHERE t.key <> {core} GROUP BY t.h, c.most HAVING count(*) > c.most
"""
_NEAR = "SELECT t.rid FROM linkage.hit t ANTI JOIN linkage.crowded c ON c.h = t.h"
_BLANKS = """
SELECT -1 AS aid, -1 AS eid, 0 AS rank, {columns}
FROM (SELECT DISTINCT {columns} FROM linkage.unsettled k SEMI JOIN linkage.crowded c ON c.h = {value}), range({most} + 1)
"""
# Inside a list: founders by code, for records without one.
_NEAR_WITHIN = """
SELECT t.rid FROM {kept}.token t SEMI JOIN ({asked}) a ON a.h = t.h ANTI JOIN linkage.outdated x ON x.rid = t.rid
WHERE t.founder AND t.coded AND t.rid >= {first} AND t.rid < {last}
"""
_FETCH = (
    "CREATE OR REPLACE TABLE linkage.near AS SELECT DISTINCT n.rid FROM ({queries}) n",
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
_LIMITED: Final = tuple(weak for weak in _FULL if weak.number != tokens.CORE)


class Anchors:
    """Lets `linkage.anchor` hold what this run has founded and of the state what is asked for."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, *, rank: int, kept: str) -> None:
        self._engine, self._rank, self._kept = engine, rank, kept

    def directly(self) -> None:
        """Begin with the codes and names of founders of earlier lists that share a record's code."""
        self._engine.execute(_OWN_ONLY)
        if self._rank:
            self._engine.execute(_CODES_AND_NAMES.format(kept=self._kept, rank=self._rank))
        else:
            self.for_the_others()

    def for_the_others(self) -> None:
        """Then let the records that are still unsettled find whatever they may join."""
        self._engine.execute(_OWN_ONLY)
        self._engine.execute(_UNSETTLED.format(rank=self._rank))
        self._engine.execute(_FORMER)
        values = {"kept": self._kept, "rank": self._rank}
        first, last = first_of_list(self._rank), first_of_list(self._rank + 1)
        codeless = "(SELECT * FROM linkage.unsettled WHERE uscc IS NULL)"
        asked = tokens.asked(codeless, "linkage.asking_former", _WITHIN)
        queries = [_NEAR_WITHIN.format(asked=asked, first=first, last=last, **values)]
        if self._rank:
            asked = tokens.asked("linkage.unsettled", "linkage.asking_former", _FULL)
            self._engine.execute(_HIT.format(asked=asked, first=first, **values))
            self._engine.execute(_CROWDED.format(caps=tokens.CAPS, core=tokens.CORE))
            queries.append(_NEAR)
        for statement in _FETCH:
            self._engine.execute(statement.format(queries=" UNION ALL ".join(queries), **values))
        if self._rank:
            self._engine.execute(f"INSERT INTO linkage.anchor BY NAME {_blanks()}")


def _blanks() -> str:
    return " UNION ALL BY NAME ".join(
        _BLANKS.format(
            columns=", ".join(weak.key.columns),
            value=tokens.value(weak.number, weak.key.columns),
            most=weak.key.most,
        )
        for weak in _LIMITED
    )
