"""From the evidence to a decision: which of the compared entities a record joins, and when it joins none.

Fixed rules come first, in order: the first that holds for a pair gives its tier, and a record joins the
entity of its best tier. Of several entities in one tier the one with more weight of evidence wins if it
leads clearly. What no fixed rule places is decided by the weight alone, and waits for a person; a lower
weight, or a lead too small, leaves the record on its own and puts the pair up for review.
"""

from collections.abc import Sequence
from typing import NamedTuple

from jingwei.domain.linkage.compare import contributions
from jingwei.domain.linkage.engine import Engine
from jingwei.domain.linkage.model import Model
from jingwei.domain.linkage.pairs import Via
from jingwei.domain.linkage.reasons import REASONS, Basis


class Rule(NamedTuple):
    """A rung: the ground it gives and when it holds, as SQL over `linkage.evidence`."""

    basis: Basis
    when: str


def _via(via: Via) -> str:
    return f"(via & {int(via)}) <> 0"


_BY_CODE = _via(Via.CODE)
_SITE = "site = 2"
_PHONE = "(phone = 1 AND NOT phone_shared)"
_SUPPORT = f"(person = 1 OR {_PHONE} OR {_SITE})"
_STRONG_SUPPORT = f"(person = 1 OR {_PHONE} OR ({_SITE} AND NOT site_shared))"
_GUARD = f"(level >= 1 OR level = 0 AND {_SUPPORT})"

# Shops of one name are many: something besides has to agree. A firm that changed its name keeps its
# brand, its person and its own address.
_NAMED = f"(level >= 1 AND (firm OR {_SUPPORT}) OR level = 0 AND kin AND person = 1 AND {_SITE} AND NOT site_shared)"

# Between lists. A name may join only what a register lists; a code may join any earlier record.
BY_CODE: tuple[Rule, ...] = (
    Rule(Basis.CODE_EXACT, f"{_BY_CODE} AND level >= 1"),
    Rule(Basis.CODE_ONLY, f"{_BY_CODE} AND nameless"),
)
FIXED: tuple[Rule, ...] = (
    BY_CODE[0],
    Rule(Basis.REGISTRATION_NUMBER, f"{_via(Via.NUMBER)} AND NOT conflict AND {_GUARD}"),
    Rule(Basis.ORGANIZATION_CODE, f"{_via(Via.ORGANIZATION)} AND NOT {_BY_CODE} AND {_GUARD}"),
    Rule(Basis.CODE_REPAIR, f"{_via(Via.REPAIR)} AND {_GUARD}"),
    Rule(
        Basis.NAME_OTHER_CODE,
        f"conflict AND (branch OR code_taken) AND (level = 5 OR level = 4 AND branch) AND {_SUPPORT}",
    ),
    Rule(Basis.CODE_EXACT, f"{_BY_CODE} AND level = 0 AND {_SUPPORT}"),
    # A shop of the same code at the parent's own address is the parent under another name.
    Rule(Basis.CODE_EXACT, f"{_BY_CODE} AND level = -1 AND {_SITE} AND person >= 0"),
    Rule(Basis.ORGANIZATION_CODE, f"{_via(Via.ORGANIZATION)} AND level = -1 AND {_SITE} AND person >= 0"),
    BY_CODE[1],
    Rule(Basis.NAME_EVIDENCE, f"level >= 4 AND NOT conflict AND {_SUPPORT}"),
    Rule(
        Basis.FORMER_NAME,
        f"{_via(Via.FORMER)} AND NOT conflict AND ({_SUPPORT} OR firm AND (area >= 0 OR placed))",
    ),
    Rule(Basis.NAME_AREA, "register AND firm AND level = 5 AND NOT conflict AND area = 1"),
    Rule(
        Basis.NAME_UNIQUE,
        "register AND firm AND level = 5 AND NOT conflict AND bearers = 1 AND (area = 0 OR placed)",
    ),
    Rule(
        Basis.NAME_AREA,
        "register AND firm AND level = 4 AND NOT conflict AND area = 1 AND person >= 0",
    ),
    Rule(
        Basis.NAME_CORE,
        "register AND firm AND level = 4 AND NOT conflict AND core_bearers = 1 AND area >= 0 AND person >= 0",
    ),
)
# What only raises a doubt, for pairs that neither a fixed rule nor their weight settles.
DOUBTS: tuple[Rule, ...] = (
    Rule(Basis.CODE_UNGUARDED, f"{_BY_CODE} OR {_via(Via.ORGANIZATION)}"),
    Rule(Basis.CODE_CONFLICT, f"conflict AND level >= 4 AND {_SUPPORT}"),
    Rule(Basis.NAME_DOUBTFUL, "millibits >= {review}"),
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
    Rule(Basis.NAME_EVIDENCE, f"level >= 4 AND NOT conflict AND NOT other_life AND {_SUPPORT}"),
)

# Candidates shown to the person who decides.
_MOST_CANDIDATES = 3
# Two entities of one tier are told apart only by at least this much evidence (millibits).
_CLEAR_LEAD = 1000
_UNDECIDED = 99

_RUNGS = """
CREATE OR REPLACE TABLE linkage.rungs AS
SELECT * FROM (VALUES {values}) AS t (tier, basis, score, links, review, lead)
"""

# Of each record its compared entities, each by its best pair, the best first.
_RANKED = """
CREATE OR REPLACE TABLE linkage.ranked AS
SELECT *, row_number() OVER (PARTITION BY rid ORDER BY tier, millibits DESC, aid) AS place
FROM (
  SELECT *, row_number() OVER (PARTITION BY rid, eid ORDER BY tier, millibits DESC, aid) AS of_entity
  FROM (SELECT *, {tier} AS tier FROM linkage.evidence)
)
WHERE of_entity = 1 AND tier < {undecided}
"""

# A fixed rule is contested only by another entity of the same rule, a weight by any other entity.
_JUDGED = """
CREATE OR REPLACE TABLE linkage.judged AS
SELECT r.rid, r.aid, r.eid, b.basis, b.links, b.review, r.millibits, r.tier = {by_weight} AS by_weight,
  CASE WHEN r.tier = {by_weight} THEN {likelihood} ELSE b.score END AS score,
  coalesce((n.tier = r.tier OR r.tier = {by_weight}) AND r.millibits - n.millibits < b.lead, false) AS tied
FROM linkage.ranked r JOIN linkage.rungs b ON b.tier = r.tier
LEFT JOIN (SELECT rid, tier, millibits FROM linkage.ranked WHERE place = 2) n ON n.rid = r.rid
WHERE r.place = 1
"""
_LIKELIHOOD = "round(1 / (1 + pow(2.0, -least(greatest(r.millibits / 1000.0, -60.0), 60.0))), 6)"

_LINKED = """
INSERT INTO linkage.link
SELECT rid, eid, aid, basis, score, review, CASE WHEN by_weight THEN millibits END
FROM linkage.judged WHERE links AND NOT tied
"""

_DOUBTED = """
INSERT INTO linkage.doubt
SELECT rid, aid, CASE WHEN links THEN '{ambiguous}' ELSE basis END,
  CASE WHEN links THEN {ambiguous_score} ELSE score END, millibits
FROM linkage.judged WHERE tied OR NOT links
"""

_CANDIDATES = """
INSERT INTO linkage.candidate
SELECT r.rid, r.aid, r.place, r.millibits, {contributions}
FROM linkage.ranked r JOIN linkage.judged j ON j.rid = r.rid
WHERE r.place <= {most} AND (j.review OR j.tied OR NOT j.links)
"""


def reaches(model: Model) -> str:
    """SQL over `linkage.evidence`: whether any rule between lists takes notice of the pair."""
    rungs = (*FIXED, _by_weight(model), *_doubts(model))
    return " OR ".join(f"({rule.when})" for rule in rungs)


def judge_fixed(engine: Engine, rules: Sequence[Rule]) -> None:
    """Link the records of `linkage.evidence` that one of `rules` places and no other entity contests.

    Contested ones are left to a later judgement.
    """
    _judge(engine, rules, (), None)
    engine.execute(_LINKED)


def judge(engine: Engine, model: Model, *, size: int) -> None:
    """Decide about every record of `linkage.evidence`: link by a fixed rule or by weight, or doubt."""
    _judge(engine, FIXED, _doubts(model), model)
    engine.execute(_LINKED)
    ambiguous = REASONS[Basis.AMBIGUOUS]
    engine.execute(_DOUBTED.format(ambiguous=ambiguous.basis.value, ambiguous_score=ambiguous.score))
    engine.execute(_CANDIDATES.format(contributions=contributions(model, size=size), most=_MOST_CANDIDATES))


def _judge(engine: Engine, rules: Sequence[Rule], doubts: Sequence[Rule], model: Model | None) -> None:
    rungs = list(rules)
    by_weight = -1
    if model is not None:
        by_weight = len(rungs)
        rungs += [_by_weight(model), *doubts]
    cases = " ".join(f"WHEN {rule.when} THEN {tier}" for tier, rule in enumerate(rungs))
    engine.execute(_RANKED.format(tier=f"(CASE {cases} ELSE {_UNDECIDED} END)", undecided=_UNDECIDED))
    margin = model.margin if model is not None else _CLEAR_LEAD
    values = ", ".join(
        _rung(tier, rule, margin if tier == by_weight else _CLEAR_LEAD) for tier, rule in enumerate(rungs)
    )
    engine.execute(_RUNGS.format(values=values))
    engine.execute(_JUDGED.format(by_weight=by_weight, likelihood=_LIKELIHOOD))


def _by_weight(model: Model) -> Rule:
    return Rule(Basis.SCORED, f"millibits >= {model.accept} AND NOT conflict AND {_NAMED}")


def _doubts(model: Model) -> list[Rule]:
    return [Rule(rule.basis, rule.when.format(review=model.review)) for rule in DOUBTS]


def _rung(tier: int, rule: Rule, lead: int) -> str:
    reason = REASONS[rule.basis]
    score = f"CAST({reason.score} AS DOUBLE)"
    return f"({tier}, '{rule.basis.value}', {score}, {reason.links}, {reason.review}, {lead})"
