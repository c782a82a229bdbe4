"""Which form of organization, or of work without one, fits a unit by rule."""

from typing import NamedTuple

from jingwei.domain.coverage.facts import UnitFacts
from jingwei.domain.coverage.parameters import (
    BRANCH_OFFICE,
    COMMITTEE_MIN,
    COMMITTEE_SEATS,
    FEW,
    GENERAL_MIN,
    LARGE_NO_MEMBER,
    MIN_FULL,
    NO_MEMBER,
    OPERATING_STATES,
    OUTSIDE_FORMS,
    PROBATIONARY_ONLY,
    SMALL_NO_MEMBER,
    UNCONFIRMED_ZH,
    Parameters,
    ordered_fits,
)
from jingwei.domain.coverage.terms import CoverageFit
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.rulebook import Rules

OWN = (CoverageFit.COMMITTEE, CoverageFit.GENERAL_BRANCH, CoverageFit.BRANCH)


class Fitting(NamedTuple):
    """First and second choice with the rule that gave them, the facts as sentences, and what to mind."""

    first: CoverageFit
    second: CoverageFit | None
    rule: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()


def fit(facts: UnitFacts, values: Parameters, rules: Rules) -> Fitting:
    """The form that fits; what nobody knows leads to 待摸排, never to a verdict as if it were 0."""
    if facts.operating is False:
        reason = f"登记状态为{facts.state_zh}，不在营" if facts.state_zh else "登记状态表明不在营"
        return Fitting(CoverageFit.NONE, None, OPERATING_STATES, (f"{reason}，不要求组建",))
    full = facts.full_members
    if full is None:
        known = f"预备党员 {facts.probationary_members} 名，" if facts.probationary_members else ""
        return _canvass(f"{known}没有名单给出正式党员数，按未知计，不作 0")
    if full >= values.min_full:
        return _own(facts, full, values, rules)
    if full > 0:
        return _few(facts, values, rules)
    return _without_full(facts, values, rules)


def members(facts: UnitFacts) -> int:
    """All members known of; the limits of size count probationary ones too (R-ORG-02)."""
    return (facts.full_members or 0) + (facts.probationary_members or 0)


def members_zh(facts: UnitFacts) -> str:
    """The known members of a unit in words."""
    if facts.probationary_members is None:
        return f"正式党员 {facts.full_members} 名，预备党员数未知，党员至少 {facts.full_members} 名"
    return f"党员 {members(facts)} 名（正式 {facts.full_members} 名、预备 {facts.probationary_members} 名）"


def _canvass(*reasons: str) -> Fitting:
    return Fitting(CoverageFit.CANVASS, None, MIN_FULL, reasons)


def _listed(rule: str, reasons: tuple[str, ...], rules: Rules) -> Fitting:
    first, *others = ordered_fits(rule, rules)
    return Fitting(first, others[0] if others else None, rule, reasons)


def _parent(facts: UnitFacts) -> tuple[str, ...]:
    if facts.legal_form != LegalForm.BRANCH_OFFICE:
        return ()
    above = f"“{facts.parent_name}”" if facts.parent_name else "（名称未知）"
    return (f"分支机构不是法人，随所属法人{above}的党组织",)


def _own(facts: UnitFacts, full: int, values: Parameters, rules: Rules) -> Fitting:
    size = members(facts)
    if size >= values.committee_min:
        first, second, rule, least = CoverageFit.COMMITTEE, CoverageFit.GENERAL_BRANCH, COMMITTEE_MIN, "党委"
        limit = f"达到 {values.committee_min} 名"
    elif size >= values.general_min:
        first, second, rule, least = CoverageFit.GENERAL_BRANCH, CoverageFit.BRANCH, GENERAL_MIN, "党总支"
        limit = f"达到 {values.general_min} 名、不足 {values.committee_min} 名"
    else:
        first, second, rule, least = CoverageFit.BRANCH, None, MIN_FULL, "党支部"
        limit = f"不足 {values.general_min} 名"
    reasons = [
        f"正式党员 {full} 名，达到 {values.min_full} 名，应当单独建立党组织",
        f"{members_zh(facts)}，{limit}，设{least}",
        "职工人数和三有结论只影响分母，不影响这项要求",
    ]
    if facts.legal_form == LegalForm.BRANCH_OFFICE:
        reasons.append(f"{_parent(facts)[0]}；但本单位正式党员已达 {values.min_full} 名，仍应单独建立")
    return Fitting(first, second, rule, tuple(reasons), (_posts(full, values, rules),))


def _posts(full: int, values: Parameters, rules: Rules) -> str:
    """Secretary and committee of the branch (R-ORG-10)."""
    if full < values.committee_from:
        return f"正式党员不足 {values.committee_from} 名，设书记 1 名，必要时设副书记 1 名，不设支部委员会"
    seats = rules.table(COMMITTEE_SEATS)
    return (
        f"正式党员达到 {values.committee_from} 名，设支部委员会，"
        f"委员 {seats['from']} 至 {seats['to']} 名，一般不超过 {seats['most']} 名"
    )


def _few(facts: UnitFacts, values: Parameters, rules: Rules) -> Fitting:
    reason = f"正式党员 {facts.full_members} 名，不足 {values.min_full} 名，不能单独建立党支部"
    rule = BRANCH_OFFICE if facts.legal_form == LegalForm.BRANCH_OFFICE else FEW
    return _listed(rule, (reason, *_parent(facts)), rules)


def _without_full(facts: UnitFacts, values: Parameters, rules: Rules) -> Fitting:
    probationary = facts.probationary_members
    if probationary is None:
        # Known enough to owe no branch; whether the unit has a member at all is not (unknown is never 0).
        return _canvass(
            f"正式党员 0 名，不足 {values.min_full} 名，不能单独建立党支部",
            "预备党员数未知，不作 0：有预备党员的编入已有党组织，没有的先实现工作覆盖",
        )
    if probationary > 0:
        reason = f"只有预备党员 {probationary} 名，没有正式党员，编入已有党组织"
        return _listed(PROBATIONARY_ONLY, (reason, *_parent(facts)), rules)
    return _no_member(facts, values, rules)


def _no_member(facts: UnitFacts, values: Parameters, rules: Rules) -> Fitting:
    reason = "正式党员 0 名，预备党员 0 名"
    if facts.legal_form in values.outside_forms:
        why = _parent(facts) or ("法律形式不属两新组织，无党员时不要求",)
        return Fitting(CoverageFit.NONE, None, OUTSIDE_FORMS, (reason, *why))
    if facts.legal_form in values.small_forms:
        return _listed(SMALL_NO_MEMBER, (f"{reason}，小个专由村（社区）兜底联系",), rules)
    if facts.staff is not None and facts.staff >= values.staff_with_members:
        target = f"职工 {facts.staff} 人，达到 {values.staff_with_members} 人，应当有党员（{UNCONFIRMED_ZH}）"
        return _listed(LARGE_NO_MEMBER, (reason, target), rules)
    return _listed(NO_MEMBER, (f"{reason}，先实现工作覆盖",), rules)
