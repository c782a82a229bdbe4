"""One record against the roster, without a database engine: the weights and rules of a list, row by row.

What shares a blocking key with the record is compared and judged in the engine's three steps: by code, by
number or full name, by likeness. `_COMPARED` of `compare` and `_JUDGED` of `cascade` are the models; a test
holds them together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Final, NamedTuple

from jingwei.domain.linkage import cascade
from jingwei.domain.linkage.cascade import BY_CODE, FIXED, Rule
from jingwei.domain.linkage.compare import FIELDS, VALUES
from jingwei.domain.linkage.likeness import ComparedName, Likeness, likeness
from jingwei.domain.linkage.model import LEVELS, Contribution, Model, likelihood
from jingwei.domain.linkage.pairs import Via
from jingwei.domain.linkage.reasons import REASONS, Basis
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.linkage.single_keys import Probe, RecordKeys, Token

_NO_RULE: Final = 99
_CLEAR_LEAD: Final = cascade._CLEAR_LEAD
_LEVELS: Final = {(item.field, VALUES[item.field, item.level]): item for item in LEVELS if item.field in FIELDS}
_FORMER, _COMMON = VALUES["name", "former"], VALUES["name", "common"]
_BY_CODE_STEP, _BY_NAME_STEP, _LAST_STEP = 1, 2, 3


class Times(NamedTuple):
    """How often the record's values occur among the registered, 1 where nothing is known."""

    name: int = 1
    person: int = 1
    site: int = 1
    phone: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity's founding record that shares blocking keys with the record: `hits` are their positions
    among the probes, `core_times` says how often its core occurs.
    """

    aid: int
    eid: int
    record: RecordKeys
    hits: tuple[int, ...]
    core_times: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a record: its probes with the number of entities behind each (up to one more than
    the probe's `most`), the entities, and how often the record's values occur.
    """

    probes: Sequence[Probe]
    sizes: Sequence[int]
    candidates: Sequence[Candidate]
    times: Times

    def bearers(self, column: str) -> int:
        """How many entities have the record's value in a column that is a blocking key by itself."""
        return next(
            (size for probe, size in zip(self.probes, self.sizes, strict=True) if probe.columns == (column,)), 0
        )


class Compared(NamedTuple):
    """The outcomes of a comparison as the rules read them, and its weight of evidence."""

    outcomes: Mapping[str, int | bool]
    contributions: tuple[Contribution, ...]
    millibits: int


class Ranked(NamedTuple):
    """A compared entity that some rule speaks of; `tier` is the place of the first such rule."""

    tier: int
    basis: Basis
    candidate: Candidate
    compared: Compared


@dataclass(frozen=True, slots=True)
class Decision:
    """Which entity a record is, if any, and why. `eid` is None for a record on its own.

    `review` tells whether a person has to look, `score` is the ground's or the weight's, `margin` is the
    lead over the second entity in millibits (None without one), and `ranked` are the compared entities,
    the best first: the one that was joined, or those the doubt is about.
    """

    eid: int | None
    basis: Basis
    score: float
    review: bool
    by_weight: bool
    margin: int | None
    ranked: tuple[Ranked, ...]


def decide_one(record: RecordKeys, found: Found, model: Model, *, size: int) -> Decision:
    """Decide about one record as about the only row of a list that comes after all others.

    `size` is the binary logarithm of the number of registered rows. Entities behind a probe that too many
    share must not be among the candidates because of it.
    """
    asked = _Asked(record, found, model, size, Bearers(*map(found.bearers, ("uscc", "name_key", "core"))))
    direct = _direct(asked)
    if direct is not None:
        return direct
    for step, rules in ((_BY_CODE_STEP, BY_CODE), (_BY_NAME_STEP, FIXED)):
        if step == _BY_CODE_STEP and record.uscc is None:
            continue
        decision = _judge(_ranked(asked, step, _Ladder(rules)), model)
        if decision is not None and decision.eid is not None:
            return decision
    decision = _judge(_ranked(asked, _LAST_STEP, _all_rules(model)), model)
    return decision or Decision(None, Basis.OWN, REASONS[Basis.OWN].score, False, False, None, ())


class Bearers(NamedTuple):
    """How many entities have the record's code, name and core."""

    code: int = 0
    name: int = 0
    core: int = 0


class _Asked(NamedTuple):
    record: RecordKeys
    found: Found
    model: Model
    size: int
    bearers: Bearers

    def compare(self, candidate: Candidate, via: Via) -> Compared:
        outcomes = outcomes_of(self.record, candidate, self.found.times, self.bearers, via)
        return weigh(outcomes, self.model, size=self.size)

    def via(self, candidate: Candidate, step: int) -> Via:
        """The keys that bring the pair together in a step."""
        found = Via(0)
        for hit in candidate.hits:
            if self.found.probes[hit].since <= step:
                found |= self.found.probes[hit].via
        return found


def weigh(outcomes: Mapping[str, int | bool], model: Model, *, size: int) -> Compared:
    """The weight of evidence of a comparison's outcomes."""
    found = [model.prior(size=size)]
    for name in FIELDS:
        value = _value(name, outcomes)
        item = None if value is None else _LEVELS.get((name, value))
        if item is not None:
            others = outcomes[f"{item.counted}_count"] - 1 if item.counted else None
            weighed = model.weigh(name, item.level, size=size, others=others)
            found.extend([weighed] if weighed.millibits else [])
    total = sum(each.millibits for each in found)
    return Compared({**outcomes, "millibits": total}, tuple(found), total)


def outcomes_of(
    record: RecordKeys, candidate: Candidate, times: Times, bearers: Bearers, via: Via
) -> dict[str, int | bool]:
    """Compare a record with an entity's founding record: the columns of the engine's `linkage.compared`."""
    anchor = candidate.record
    return {
        "via": int(via),
        "level": _level(record, anchor, via),
        "nameless": record.name_key is None or anchor.name_key is None,
        "is_former": Via.FORMER in via,
        "person": _agreement(record.person, anchor.person),
        "phone": _agreement(record.phone, anchor.phone),
        "site": _site(record, anchor),
        "area": _agreement(record.district, anchor.district),
        "founded": _agreement(record.founded, anchor.founded),
        "code": _code(record, anchor, via, is_taken=bearers.code > 0),
        "conflict": _differ(record.uscc, anchor.uscc) and _differ(record.org, anchor.org),
        "phone_shared": record.phone_shared,
        "site_shared": record.site_shared or anchor.site_shared,
        "firm": anchor.firm,
        "placed": record.placed,
        "state": -1 if record.rank >= len(REGISTERS) and anchor.active is False else 0,
        "kin": _kin(record, anchor),
        "register": anchor.rank < len(REGISTERS),
        "code_taken": bearers.code > 0,
        "branch": bool(record.branch) or bool(anchor.branch),
        "bearers": bearers.name,
        "core_bearers": bearers.core if record.core == anchor.core else 0,
        "name_count": times.name,
        "core_count": candidate.core_times,
        "person_count": times.person,
        "site_count": times.site,
        "phone_count": times.phone,
    }


def _value(name: str, outcomes: Mapping[str, int | bool]) -> int | None:
    """The number of a comparison's outcome; None where it says nothing."""
    if name == "name":
        if outcomes["nameless"]:
            return None
        level = outcomes["level"]
        if outcomes["is_former"] and level < Likeness.SOUND:
            return _FORMER
        return _COMMON if level >= Likeness.CORE and not outcomes["firm"] else int(level)
    value = int(outcomes[name])
    return None if name == "phone" and value < 0 and outcomes["phone_shared"] else value


def _level(record: RecordKeys, anchor: RecordKeys, via: Via) -> int:
    """As the engine does, likeness of brands is worked out only where a code or number brought the pair."""
    left, right = _name(record), _name(anchor)
    if left is None or right is None:
        return int(Likeness.NONE)
    level = likeness(left, right)
    if level is not Likeness.LOOSE or via & Via.BY_NUMBER:
        return int(level)
    brands = (left.core.removesuffix(left.branch), right.core.removesuffix(right.branch))
    return int(level if any(len(part) >= 2 and part in whole for part, whole in (brands, brands[::-1])) else 0)


def _name(record: RecordKeys) -> ComparedName | None:
    if record.name_key is None:
        return None
    sound = None if record.sound is None else str(record.sound)
    return ComparedName(record.name_key, record.core or "", record.branch or "", record.numerals or "", sound)


def _agreement(one: Token, other: Token) -> int:
    if one is None or other is None:
        return 0
    return 1 if one == other else -1


def _differ(one: Token, other: Token) -> bool:
    return _agreement(one, other) < 0


def _kin(record: RecordKeys, anchor: RecordKeys) -> bool:
    """Whether both names begin alike and have the same numbers."""
    return _agreement(record.start, anchor.start) > 0 and _agreement(record.numerals, anchor.numerals) > 0


def _site(record: RecordKeys, anchor: RecordKeys) -> int:
    same = _agreement(record.site, anchor.site)
    if same > 0:
        return 2
    return 1 if _agreement(record.road, anchor.road) > 0 else same


def _code(record: RecordKeys, anchor: RecordKeys, via: Via, *, is_taken: bool) -> int:
    same = _agreement(record.uscc, anchor.uscc)
    if same > 0:
        return VALUES["code", "same"]
    if Via.REPAIR in via:
        return VALUES["code", "repaired"]
    for column, level in (("org", "organization"), ("number", "number")):
        if _agreement(getattr(record, column), getattr(anchor, column)) > 0:
            return VALUES["code", level]
    if same < 0 and is_taken and record.branch and record.branch == anchor.branch:
        return VALUES["code", "borrowed"]
    return same


class _Ladder:
    """Rules in their order, compiled into one expression that gives the place of the first that holds."""

    def __init__(self, rules: Sequence[Rule], by_weight: int = -1) -> None:
        self.rules, self.by_weight = rules, by_weight
        self._tiers = _compiled(tuple(rule.when for rule in rules))

    def tier(self, outcomes: Mapping[str, int | bool]) -> int:
        # The rules are the package's own constants.
        return int(eval(self._tiers, {"__builtins__": {}}, outcomes))  # noqa: S307


def _all_rules(model: Model) -> _Ladder:
    """All rules of the last step: the fixed ones, the weight, the doubts."""
    return _Ladder([*FIXED, cascade._by_weight(model), *cascade._doubts(model)], by_weight=len(FIXED))


@lru_cache(maxsize=16)
def _compiled(conditions: tuple[str, ...]) -> CodeType:
    cases = "".join(f"{tier} if ({_python(when)}) else " for tier, when in enumerate(conditions))
    return compile(f"{cases}{_NO_RULE}", "<rules of the cascade>", "eval")


def _python(when: str) -> str:
    """A rule's condition, written in SQL, in Python's words: no value in it is ever unknown."""
    for sql, python in ((" AND ", " and "), (" OR ", " or "), ("NOT ", "not "), (" <> ", " != "), (" = ", " == ")):
        when = when.replace(sql, python)
    return when


def _direct(asked: _Asked) -> Decision | None:
    """The most common case: one entity has this code, and the name is the same."""
    record = asked.record
    if record.uscc is None or record.name_key is None or asked.bearers.code != 1:
        return None
    for candidate in asked.found.candidates:
        if candidate.record.uscc == record.uscc and candidate.record.name_key == record.name_key:
            compared = asked.compare(candidate, asked.via(candidate, _BY_CODE_STEP))
            reason = REASONS[Basis.CODE_EXACT]
            best = Ranked(0, reason.basis, candidate, compared)
            return Decision(candidate.eid, reason.basis, reason.score, False, False, None, (best,))
    return None


def _ranked(asked: _Asked, step: int, rules: _Ladder) -> tuple[list[Ranked], _Ladder]:
    """The entities some rule speaks of, each by its best pair, the best first."""
    found = []
    for candidate in asked.found.candidates:
        via = asked.via(candidate, step)
        if not via:
            continue
        compared = asked.compare(candidate, via)
        tier = rules.tier(compared.outcomes)
        if tier < _NO_RULE:
            found.append(Ranked(tier, rules.rules[tier].basis, candidate, compared))
    found.sort(key=lambda each: (each.tier, -each.compared.millibits, each.candidate.aid))
    best: dict[int, Ranked] = {}
    for each in found:
        best.setdefault(each.candidate.eid, each)
    return list(best.values()), rules


def _judge(judged: tuple[list[Ranked], _Ladder], model: Model) -> Decision | None:
    """A fixed rule is contested only by another entity of the same rule, a weight by any other entity."""
    ranked, rules = judged
    if not ranked:
        return None
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    reason, by_weight = REASONS[best.basis], best.tier == rules.by_weight
    margin = best.compared.millibits - second.compared.millibits if second else None
    contested = second is not None and (second.tier == best.tier or by_weight)
    tied = contested and margin is not None and margin < (model.margin if by_weight else _CLEAR_LEAD)
    score = round(likelihood(best.compared.millibits), 6) if by_weight else reason.score
    if reason.links and not tied:
        return Decision(best.candidate.eid, best.basis, score, reason.review, by_weight, margin, tuple(ranked))
    if reason.links:
        reason = REASONS[Basis.AMBIGUOUS]
        score = reason.score
    return Decision(None, reason.basis, score, True, by_weight, margin, tuple(ranked))
