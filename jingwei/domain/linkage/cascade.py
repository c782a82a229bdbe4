"""The ladder of rules: which of the compared entities a record joins, and when it joins none.

The first rule that holds for a pair gives its tier. A record joins the entity of its best tier; of
several entities in one tier the one with more agreeing facts wins, and a tie is left to a person.
Whatever only raises a doubt leaves the record on its own and puts the pair up for review.
"""

from typing import NamedTuple

import duckdb

from jingwei.domain.linkage.pairs import Via, pair_by_code, pair_by_keys, pair_by_likeness
from jingwei.domain.linkage.reasons import REASONS, Basis


class Rule(NamedTuple):
    """A rung: the ground it gives and when it holds, as SQL over `linkage.evidence`."""

    basis: Basis
    when: str


def _via(via: Via) -> str:
    return f"(via & {int(via)}) <> 0"


_BY_CODE = _via(Via.CODE)
_SUPPORT = "(person = 1 OR phone = 1 OR site = 1)"
_STRONG_SUPPORT = "(person = 1 OR phone = 1 OR (site = 1 AND NOT site_shared))"
_TWO_FACTS = "(person = 1 AND (phone = 1 OR site = 1 OR area = 1) OR phone = 1 AND site = 1)"
_GUARD = f"(level >= 1 OR level = 0 AND {_SUPPORT})"

# Between lists. A name may join only what a register lists; a code may join any earlier record.
RULES: tuple[Rule, ...] = (
    Rule(Basis.CODE_EXACT, f"{_BY_CODE} AND level >= 1"),
    Rule(Basis.REGISTRATION_NUMBER, f"{_via(Via.NUMBER)} AND NOT conflict AND {_GUARD}"),
    Rule(Basis.ORGANIZATION_CODE, f"{_via(Via.ORGANIZATION)} AND NOT {_BY_CODE} AND {_GUARD}"),
    Rule(Basis.CODE_REPAIR, f"{_via(Via.REPAIR)} AND {_GUARD}"),
    Rule(
        Basis.NAME_OTHER_CODE,
        f"conflict AND (branch OR code_taken) AND (level = 4 OR level = 3 AND branch) AND {_SUPPORT}",
    ),
    Rule(
        Basis.NAME_OTHER_CODE,
        "conflict AND (branch OR code_taken) AND level = 4 AND firm AND (area = 1 OR namesakes = 1)",
    ),
    Rule(Basis.CODE_EXACT, f"{_BY_CODE} AND level = 0 AND {_SUPPORT}"),
    # A shop of the same code at the parent's own address is the parent under another name.
    Rule(Basis.CODE_EXACT, f"{_BY_CODE} AND level = -1 AND site = 1 AND person >= 0"),
    Rule(Basis.ORGANIZATION_CODE, f"{_via(Via.ORGANIZATION)} AND level = -1 AND site = 1 AND person >= 0"),
    Rule(Basis.CODE_ONLY, f"{_BY_CODE} AND nameless"),
    Rule(Basis.NAME_EVIDENCE, f"level >= 3 AND NOT conflict AND {_SUPPORT}"),
    Rule(
        Basis.FORMER_NAME,
        f"{_via(Via.FORMER)} AND NOT conflict AND ({_SUPPORT} OR firm AND (area >= 0 OR placed))",
    ),
    Rule(Basis.NAME_AREA, "register AND firm AND level = 4 AND NOT conflict AND area = 1"),
    Rule(
        Basis.NAME_UNIQUE,
        "register AND firm AND level = 4 AND NOT conflict AND namesakes = 1 AND (area = 0 OR placed)",
    ),
    Rule(
        Basis.NAME_AREA,
        "register AND firm AND level = 3 AND NOT conflict AND area = 1 AND person >= 0",
    ),
    Rule(
        Basis.NAME_CORE,
        "register AND firm AND level = 3 AND NOT conflict AND core_entities = 1 AND area >= 0 AND person >= 0",
    ),
    Rule(
        Basis.NAME_SIMILAR,
        f"level = 2 AND NOT conflict AND (firm AND {_STRONG_SUPPORT} OR {_TWO_FACTS})",
    ),
    Rule(Basis.CODE_UNGUARDED, f"{_BY_CODE} OR {_via(Via.ORGANIZATION)}"),
    Rule(Basis.CODE_CONFLICT, f"conflict AND level >= 3 AND {_SUPPORT}"),
    Rule(
        Basis.NAME_DOUBTFUL,
        "register AND NOT conflict AND (level >= 3 AND (firm OR namesakes = 1) AND area >= 0"
        " OR level = 2 AND firm AND area = 1)",
    ),
)

# Inside one list: rows of one code, then rows without a valid code. A register that lists a firm
# twice with different dates or states means two lives of a firm, which stay two entities.
CODE_RULES_WITHIN: tuple[Rule, ...] = (
    Rule(Basis.CODE_DUPLICATE, f"level >= 2 OR level = 1 AND {_SUPPORT} OR nameless"),
)
RULES_WITHIN: tuple[Rule, ...] = (
    Rule(Basis.REGISTRATION_NUMBER, f"{_via(Via.NUMBER)} AND NOT other_life AND level >= 2"),
    Rule(Basis.CODE_REPAIR, f"{_via(Via.REPAIR)} AND NOT other_life AND level >= 2"),
    Rule(Basis.ORGANIZATION_CODE, f"{_via(Via.ORGANIZATION)} AND NOT other_life AND level >= 2"),
    Rule(Basis.NAME_EVIDENCE, f"level >= 3 AND NOT conflict AND NOT other_life AND {_SUPPORT}"),
)

_POINTS = (
    "level + 3 * person + 3 * phone + CASE WHEN site_shared THEN least(site, 1) ELSE 2 * site END"
    " + area + active::INTEGER"
)

# Candidates shown to the person who decides.
_MOST_RIVALS = 3

_RUNGS = """
CREATE OR REPLACE TABLE linkage.rungs AS
SELECT * FROM (VALUES {values}) AS t (tier, basis, score, links, review)
"""

# Of each record the pairs of its best tier that have the most points: one for every entity.
_WINNERS = """
CREATE OR REPLACE TABLE linkage.winners AS
WITH tiered AS (
  SELECT rid, aid, eid, {tier} AS tier, {points} AS points FROM linkage.evidence
), best AS (
  SELECT * FROM tiered WHERE tier IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY rid, eid ORDER BY tier, points DESC, aid) = 1
    AND tier = min(tier) OVER (PARTITION BY rid)
)
SELECT * FROM best QUALIFY points = max(points) OVER (PARTITION BY rid)
"""

_JUDGED = """
CREATE OR REPLACE TABLE linkage.judged AS
SELECT rid, tier, points, min(aid) AS aid, min(eid) AS eid, count(*) AS winners
FROM linkage.winners GROUP BY rid, tier, points
"""

_LINKED = """
INSERT INTO linkage.link
SELECT j.rid, j.eid, j.aid, b.basis, round(least(0.999, b.score + 0.002 * greatest(j.points, 0)), 3),
  b.review
FROM linkage.judged j JOIN linkage.rungs b USING (tier)
WHERE b.links AND j.winners = 1
"""

_RIVALS = """
INSERT INTO linkage.rival
SELECT w.rid, w.aid FROM linkage.winners w
JOIN linkage.judged j USING (rid) JOIN linkage.rungs b ON b.tier = j.tier
WHERE (NOT b.links OR j.winners > 1) AND w.rid NOT IN (SELECT rid FROM linkage.doubt)
QUALIFY row_number() OVER (PARTITION BY w.rid ORDER BY w.aid) <= {most}
"""

_DOUBTED = """
INSERT INTO linkage.doubt
SELECT j.rid, j.aid, CASE WHEN b.links THEN '{ambiguous}' ELSE b.basis END,
  CASE WHEN b.links THEN {ambiguous_score} ELSE b.score END
FROM linkage.judged j JOIN linkage.rungs b USING (tier)
WHERE (NOT b.links OR j.winners > 1) AND j.rid NOT IN (SELECT rid FROM linkage.doubt)
"""


def face(engine: duckdb.DuckDBPyConnection, *, registers: int) -> None:
    """Let the records of `linkage.lhs` join the entities of `linkage.rhs`; writes `linkage.link`
    and, for those that join nothing but raise a doubt, `linkage.doubt`.

    Records that no code, number or name places are compared once more by likeness.
    """
    pair_by_keys(engine, registers=registers)
    _judge(engine, RULES)
    engine.execute("DELETE FROM linkage.lhs WHERE rid IN (SELECT rid FROM linkage.link)")
    engine.execute("DELETE FROM linkage.lhs WHERE rid IN (SELECT rid FROM linkage.doubt)")
    if engine.execute("SELECT 1 FROM linkage.lhs LIMIT 1").fetchall():
        pair_by_likeness(engine, registers=registers)
        _judge(engine, RULES)


def face_same_code(engine: duckdb.DuckDBPyConnection, *, registers: int) -> None:
    """As `face` for records of one list that carry the same valid code; raises no doubts."""
    pair_by_code(engine, registers=registers)
    _judge(engine, CODE_RULES_WITHIN)


def face_own_list(engine: duckdb.DuckDBPyConnection, *, registers: int) -> None:
    """As `face` for records without a valid code against the entities of their own list."""
    pair_by_keys(engine, registers=registers)
    _judge(engine, RULES_WITHIN)


def _judge(engine: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    cases = " ".join(f"WHEN {rule.when} THEN {tier}" for tier, rule in enumerate(rules))
    engine.execute(_WINNERS.format(tier=f"CASE {cases} END", points=_POINTS))
    engine.execute(_JUDGED)
    values = ", ".join(_rung(tier, rule) for tier, rule in enumerate(rules))
    engine.execute(_RUNGS.format(values=values))
    engine.execute(_LINKED)
    engine.execute(_RIVALS.format(most=_MOST_RIVALS))
    ambiguous = REASONS[Basis.AMBIGUOUS]
    engine.execute(_DOUBTED.format(ambiguous=ambiguous.basis.value, ambiguous_score=ambiguous.score))


def _rung(tier: int, rule: Rule) -> str:
    reason = REASONS[rule.basis]
    return f"({tier}, '{rule.basis.value}', {reason.score}::DOUBLE, {reason.links}, {reason.review})"
