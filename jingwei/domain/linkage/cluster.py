"""From pairs to entities: star-shaped, each record hangs on the one record that founded its entity.

Lists take their turn in a fixed order. The records of a list first join what earlier lists founded;
what is left founds entities of its own, after duplicates inside the list have been put together.
"""

from collections.abc import Callable, Sequence

from jingwei.domain.linkage.cascade import BY_CODE as BY_CODE_RULES
from jingwei.domain.linkage.cascade import CODE_RULES_WITHIN, FIXED, RULES_WITHIN, judge, judge_fixed
from jingwei.domain.linkage.compare import compare
from jingwei.domain.linkage.engine import Engine
from jingwei.domain.linkage.frequencies import COUNTED
from jingwei.domain.linkage.model import Model
from jingwei.domain.linkage.pairs import BY_CODE, BY_LIKENESS, BY_NUMBER_OR_NAME, Key, pair_by
from jingwei.domain.linkage.reasons import REASONS, Basis

_TABLES = (
    """
CREATE OR REPLACE TABLE linkage.link AS
SELECT rid, rid AS eid, rid AS aid, '' AS basis, CAST(0 AS DOUBLE) AS score, false AS review,
  CAST(NULL AS BIGINT) AS millibits
FROM linkage.keyed WHERE false
""",
    """
CREATE OR REPLACE TABLE linkage.doubt AS
SELECT rid, rid AS aid, '' AS basis, CAST(0 AS DOUBLE) AS score, CAST(0 AS BIGINT) AS millibits
FROM linkage.keyed WHERE false
""",
    """
CREATE OR REPLACE TABLE linkage.candidate AS
SELECT rid, rid AS aid, CAST(0 AS BIGINT) AS place, CAST(0 AS BIGINT) AS millibits, '' AS contributions
FROM linkage.keyed WHERE false
""",
    """
CREATE OR REPLACE TABLE linkage.anchor AS
SELECT rid AS aid, rid AS eid, k.* EXCLUDE (rid) FROM linkage.keyed k WHERE false
""",
    "CREATE OR REPLACE TABLE linkage.residual AS SELECT rid FROM linkage.keyed WHERE false",
)

_REASONS = """
CREATE OR REPLACE TABLE linkage.reasons AS SELECT * FROM (VALUES {values}) AS t (basis, score, review)
"""

_OPEN = """
CREATE OR REPLACE TABLE linkage.open AS
SELECT k.*, left(core, length(core) - length(branch)) AS brand FROM linkage.keyed k
LEFT JOIN linkage.link t ON t.rid = k.rid
LEFT JOIN linkage.held h ON h.rid = k.rid
WHERE k.rank = {rank} AND t.rid IS NULL AND h.rid IS NULL
"""

# A row that a person put to an earlier row of its own list waits until that one has an entity.
_HELD = """
CREATE OR REPLACE TABLE linkage.held AS
SELECT DISTINCT m.rid FROM linkage.must m
JOIN linkage.keyed k ON k.rid = m.rid JOIN linkage.keyed p ON p.rid = m.aid
WHERE p.rank = k.rank AND m.aid < m.rid
"""

# Of rows that might found an entity the one with more to compare does; row order decides only
# between rows that say the same.
_TELLING = "person IS NULL, site IS NULL, phone IS NULL, person, site, phone, district, number, founded, active, rid"

# A code that one row has needs no choosing. Of several, the record that speaks for the code is the one
# whose name most rows of that code carry; a parent goes before its branches, the row that tells more
# before the others.
_SPEAKERS = """
CREATE OR REPLACE TABLE linkage.speakers AS
WITH times AS (
  SELECT uscc, count(*) AS rows, min(rid) AS rid FROM linkage.open WHERE uscc IS NOT NULL GROUP BY uscc
), counted AS (
  SELECT o.*, count(*) OVER (PARTITION BY o.uscc, name_key) AS times
  FROM linkage.open o JOIN times t ON t.uscc = o.uscc WHERE t.rows > 1
), chosen AS (
  SELECT rid, row_number() OVER (PARTITION BY uscc
    ORDER BY name_key IS NULL, branch <> '', times DESC, name_key, {telling}) AS place
  FROM counted
)
SELECT rid FROM times WHERE rows = 1 UNION ALL SELECT rid FROM chosen WHERE place = 1
"""

# Rows whose name disagrees with the speaker of their code: one entity for each name.
_SHARED = """
CREATE OR REPLACE TABLE linkage.founding AS
SELECT l.rid, first_value(l.rid) OVER (PARTITION BY l.uscc, l.name_key ORDER BY {telling}) AS eid,
  '{shared}' AS basis, s.speaker
FROM linkage.lhs l
JOIN (
  SELECT p.rid AS speaker, o.uscc FROM linkage.speakers p JOIN linkage.open o ON o.rid = p.rid
) s ON s.uscc = l.uscc
LEFT JOIN linkage.link t ON t.rid = l.rid
WHERE t.rid IS NULL
"""

_SHARED_DOUBTS = """
INSERT INTO linkage.doubt
SELECT f.rid, f.speaker, f.basis, {score}, 0 FROM linkage.founding f
LEFT JOIN linkage.doubt d ON d.rid = f.rid WHERE d.rid IS NULL
"""
_SHARED_CANDIDATES = """
INSERT INTO linkage.candidate
SELECT f.rid, f.speaker, 1, 0, '[]' FROM linkage.founding f
LEFT JOIN linkage.candidate c ON c.rid = f.rid WHERE c.rid IS NULL
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

_FOUNDED = (
    """
INSERT INTO linkage.anchor
SELECT f.rid, f.eid, k.* EXCLUDE (rid)
FROM linkage.founding f JOIN linkage.keyed k ON k.rid = f.rid WHERE f.rid = f.eid
""",
    """
INSERT INTO linkage.link
SELECT f.rid, f.eid, f.eid, f.basis, r.score, r.review, NULL
FROM linkage.founding f JOIN linkage.reasons r ON r.basis = f.basis
""",
)

# Decided by a person: the record joins the entity of the other one, once that has an entity.
_DECIDED = """
INSERT INTO linkage.link
SELECT m.rid, min(t.eid), min(t.aid), '{decided}', 1.0, false, NULL
FROM linkage.must m JOIN linkage.keyed k ON k.rid = m.rid
JOIN linkage.link t ON t.rid = m.aid
LEFT JOIN linkage.link done ON done.rid = m.rid
WHERE k.rank = {rank} AND done.rid IS NULL
GROUP BY m.rid
"""
_WAITING = """
SELECT 1 FROM linkage.must m JOIN linkage.keyed k ON k.rid = m.rid
JOIN linkage.link t ON t.rid = m.aid LEFT JOIN linkage.link done ON done.rid = m.rid
WHERE k.rank = {rank} AND done.rid IS NULL LIMIT 1
"""
_REFUSED = """
CREATE OR REPLACE TABLE linkage.refused AS
SELECT DISTINCT n.rid, a.aid FROM linkage.never n
JOIN linkage.link t ON t.rid = n.aid JOIN linkage.anchor a ON a.eid = t.eid
"""

# The most common case needs no comparing: one earlier entity has this code, and the name is the same.
_DIRECT = """
INSERT INTO linkage.link
SELECT o.rid, a.eid, a.aid, '{exact}', {score}, false, NULL
FROM linkage.open o
JOIN (
  SELECT uscc, min(aid) AS aid, min(eid) AS eid, min(name_key) AS name_key
  FROM linkage.anchor WHERE uscc IS NOT NULL AND rank < {rank} GROUP BY uscc HAVING count(*) = 1
) a ON a.uscc = o.uscc AND a.name_key = o.name_key
LEFT JOIN linkage.refused n ON n.rid = o.rid AND n.aid = a.aid
WHERE n.rid IS NULL
"""

# What no earlier record of the same code has settled; a later delta asks for it.
_RESIDUAL = """
INSERT INTO linkage.residual
SELECT o.rid FROM linkage.open o LEFT JOIN linkage.link t ON t.rid = o.rid WHERE t.rid IS NULL
"""

# How many others bear a name or a core decides live whether it is the only one; what an agreement is
# worth comes from the counts of the model's version (`linkage.frequency`).
_SIDES = (
    """
CREATE OR REPLACE VIEW linkage.rhs AS
SELECT a.*, left(core, length(core) - length(branch)) AS brand FROM linkage.anchor a WHERE {right}
""",
    """
CREATE OR REPLACE TABLE linkage.left_side AS
SELECT l.* FROM linkage.open l LEFT JOIN linkage.link t ON t.rid = l.rid WHERE t.rid IS NULL AND {left}
""",
    """
CREATE OR REPLACE TABLE linkage.lhs AS
SELECT l.*, coalesce(b.entities, 0) AS bearers, f.uscc IS NOT NULL AS code_taken, {counts}
FROM linkage.left_side l
LEFT JOIN (
  SELECT r.name_key, count(*) AS entities FROM linkage.rhs r
  JOIN (SELECT DISTINCT name_key FROM linkage.left_side WHERE name_key IS NOT NULL) w ON w.name_key = r.name_key
  GROUP BY r.name_key
) b ON b.name_key = l.name_key
{joins}
LEFT JOIN (SELECT DISTINCT uscc FROM linkage.rhs) f ON f.uscc = l.uscc
""",
    """
CREATE OR REPLACE TABLE linkage.core_bearers AS
SELECT r.core AS text, count(*) AS entities
FROM linkage.rhs r JOIN (SELECT DISTINCT core FROM linkage.left_side) w ON w.core = r.core GROUP BY r.core
""",
)
_COUNT = """
LEFT JOIN linkage.frequency {name}_of ON {name}_of.field = '{name}' AND {name}_of.text = l.{column}
"""
_ANY = "SELECT 1 FROM linkage.{table} LIMIT 1"


class Turn:
    """One list's turn: its rank, and what all its steps share."""

    def __init__(self, engine: Engine, model: Model, *, rank: int, registers: int, size: int) -> None:
        self._engine, self._model = engine, model
        self._rank, self._registers, self._size = rank, registers, size

    def join_directly(self) -> None:
        """Let the open records join what one earlier record of the same code and name has founded."""
        exact = REASONS[Basis.CODE_EXACT]
        self._engine.execute(_REFUSED)
        self._engine.execute(_DIRECT.format(exact=exact.basis.value, score=exact.score, rank=self._rank))

    def join_by_code(self) -> None:
        """Let the others join what earlier lists founded under the same code."""
        if self.sides("l.uscc IS NOT NULL", f"rank < {self._rank}"):
            self._compare(BY_CODE, exact=False)
            judge_fixed(self._engine, BY_CODE_RULES)
        self._engine.execute(_RESIDUAL)

    def join_by_name(self) -> None:
        """Let the records that are still open join what earlier lists founded."""
        earlier = f"rank < {self._rank}"
        if self.sides("true", earlier):
            self._compare(BY_NUMBER_OR_NAME, exact=True)
            judge_fixed(self._engine, FIXED)
        if self.sides("true", earlier):
            self._compare((*BY_NUMBER_OR_NAME, *BY_LIKENESS), exact=True)
            judge(self._engine, self._model, size=self._size)

    def found_by_code(self) -> None:
        """Let open records with a valid code found entities, one for each code and disagreeing name."""
        if not self.open():
            return
        self._engine.execute(_SPEAKERS.format(telling=_TELLING))
        self._engine.execute(_SPEAKERS_FOUND.format(own=Basis.OWN.value))
        self._found()
        if not self.sides("l.uscc IS NOT NULL", f"rank = {self._rank}"):
            return
        self._compare(BY_CODE, exact=False)
        judge_fixed(self._engine, CODE_RULES_WITHIN)
        self._engine.execute(_SHARED.format(shared=Basis.CODE_SHARED.value, telling=_prefixed("l.")))
        score = REASONS[Basis.CODE_SHARED].score
        self._engine.execute(_SHARED_CANDIDATES)
        self._engine.execute(_SHARED_DOUBTS.format(score=score))
        self._found()

    def found_without_code(self) -> None:
        """Let the other open records join an entity of their own list or found one."""
        if not self.open():
            return
        if self.sides("true", f"rank = {self._rank}"):
            self._compare(BY_NUMBER_OR_NAME, exact=True)
            judge_fixed(self._engine, RULES_WITHIN)
        self.open()
        own, identical = Basis.OWN.value, Basis.IDENTICAL_ROW.value
        self._engine.execute(_IDENTICAL.format(own=own, identical=identical, telling=_TELLING))
        self._found()

    def settle(self) -> None:
        """Link what a person has decided, as far as the other record has an entity."""
        while self._engine.execute(_WAITING.format(rank=self._rank)).fetchall():
            self._engine.execute(_DECIDED.format(decided=Basis.DECIDED.value, rank=self._rank))

    def open(self) -> bool:
        """Make `linkage.open` of the list's records without an entity; whether there are any."""
        self._engine.execute(_OPEN.format(rank=self._rank))
        return self._has("open")

    def sides(self, left: str, right: str) -> bool:
        """Set the open records against the anchors, each as far as the SQL condition on `l` and on the
        anchors' columns holds; whether there are any on both sides.
        """
        rhs, left_side, lhs, core_bearers = _SIDES
        self._engine.execute(rhs.format(right=right))
        self._engine.execute(left_side.format(left=left))
        if not self._has("left_side") or not self._has("rhs"):
            return False
        counts, joins = counts_of_values()
        self._engine.execute(lhs.format(counts=counts, joins=joins))
        self._engine.execute(core_bearers)
        return True

    def _compare(self, keys: Sequence[Key], *, exact: bool) -> None:
        self._engine.execute(_REFUSED)
        pair_by(self._engine, keys, exact=exact)
        compare(self._engine, self._model, registers=self._registers, size=self._size)

    def _found(self) -> None:
        for statement in _FOUNDED:
            self._engine.execute(statement)

    def _has(self, table: str) -> bool:
        return bool(self._engine.execute(_ANY.format(table=table)).fetchall())


def counts_of_values() -> tuple[str, str]:
    """SQL for the counts of a record's values: columns, and the joins on the record `l` they need."""
    counted = {name: column for name, column in COUNTED.items() if name != "core"}
    counts = ", ".join(f"coalesce({name}_of.times, 1) AS {name}_count" for name in counted)
    return counts, "".join(_COUNT.format(column=column, name=name) for name, column in counted.items())


def hold(engine: Engine) -> None:
    """Make `linkage.held` of the records in `linkage.keyed` that wait for an earlier one of their list."""
    engine.execute(_HELD)


def prepare(engine: Engine) -> None:
    """Make the empty tables the lists write into; `linkage.keyed`, `must` and `never` must exist."""
    for statement in _TABLES:
        engine.execute(statement)
    values = ", ".join(
        f"('{reason.basis.value}', CAST({reason.score} AS DOUBLE), {reason.review})" for reason in REASONS.values()
    )
    engine.execute(_REASONS.format(values=values))
    hold(engine)


def take_turn(
    engine: Engine,
    model: Model,
    *,
    rank: int,
    registers: int,
    size: int,
    founds: bool,
    before_comparing: Callable[[], None] = lambda: None,
) -> None:
    """Place the records of one list. `registers` is the number of ranks that are registers, `size` that
    of `frequencies.size_of`; a list that founds nothing leaves its unplaced records without an entity.
    `before_comparing` is called when what is left has to be compared with what earlier lists founded.
    """
    turn = Turn(engine, model, rank=rank, registers=registers, size=size)
    if not turn.open():
        return
    turn.settle()
    if rank > 0:
        turn.join_directly()
        before_comparing()
        turn.join_by_code()
        turn.join_by_name()
        turn.settle()
    if founds:
        turn.found_by_code()
        turn.settle()
        turn.found_without_code()
        turn.settle()


def _prefixed(table: str) -> str:
    return ", ".join(table + part for part in _TELLING.split(", "))
