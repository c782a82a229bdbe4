"""What reaches a unit: the strongest of the organizations and contacts that cover it."""

from typing import NamedTuple

from jingwei.domain.coverage.facts import Covering, UnitFacts
from jingwei.domain.coverage.parameters import MAY_NOT, Parameters
from jingwei.domain.coverage.terms import CoveredAs
from jingwei.domain.rulebook import Rules

_STRENGTH = {member: rank for rank, member in enumerate(CoveredAs)}
_FORMS = frozenset(CoveredAs) - {CoveredAs.NONE}
_SET_UP_ZH = {
    "independent": "单独组建",
    "joint": "联合组建",
    "attached": "挂靠组建",
    "functional": "派驻功能型",
    "temporary": "临时",
    "flow": "流动党员",
}


class Reached(NamedTuple):
    """The strongest form, the organization behind it if any, and sentences on all that cover the unit."""

    covered_as: CoveredAs
    covering: Covering | None
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


def reach(facts: UnitFacts, values: Parameters, rules: Rules) -> Reached:
    """The strongest of all coverings; a smaller organization id goes first between equals."""
    best, behind = CoveredAs.NONE, None
    for covering in sorted(facts.coverings, key=lambda item: item.organization_id):
        found = covered_by(covering, values)
        if _STRENGTH[found] < _STRENGTH[best]:
            best, behind = found, covering
    for contact in facts.contacts:
        if contact in _FORMS and _STRENGTH[CoveredAs(contact)] < _STRENGTH[best]:
            best, behind = CoveredAs(contact), None
    reasons = tuple(_sentence(covering, values) for covering in facts.coverings)
    contacts = tuple(f"已有{CoveredAs(contact).zh}联系" for contact in facts.contacts if contact in _FORMS)
    return Reached(best, behind, reasons + contacts, _warnings(facts, rules))


def covered_by(covering: Covering, values: Parameters) -> CoveredAs:
    """What one organization makes of the unit it covers.

    A Party group is a part of a branch elsewhere and covers nobody by itself. An organization whose way of
    setting up nobody wrote down is taken for a joint one: it covers, but fulfils no duty to build.
    """
    if covering.level not in values.own_levels:
        return CoveredAs.NONE
    if covering.form == "independent":
        return CoveredAs(covering.level)
    if covering.form in _SET_UP_ZH:
        return CoveredAs(covering.form)
    return CoveredAs.JOINT


def _sentence(covering: Covering, values: Parameters) -> str:
    since = f"，{covering.since.isoformat()} 起" if covering.since else ""
    form = _SET_UP_ZH.get(covering.form, "组建方式未写明，暂按联合组建计")
    text = f"党组织“{covering.name}”（{form}{since}）覆盖本单位"
    if covering.level not in values.own_levels:
        return f"{text}，但党小组不是一级党组织，不计覆盖"
    return text


def _warnings(facts: UnitFacts, rules: Rules) -> tuple[str, ...]:
    """Where practice and regulation part ways; each form once."""
    forms = {covering.form for covering in facts.coverings}
    acts = "、".join(rules.words(MAY_NOT))
    warnings = []
    if "functional" in forms:
        warnings.append(f"派驻功能型党支部不转组织关系，只计工作覆盖；可以培养联系，一般不办理{acts}")
    if "temporary" in forms:
        warnings.append(
            f"临时党支部限于临时任务、随任务结束而撤销，一般不办理{acts}；"
            "流动党员集中的，应设流动党员党支部，由流出地、流入地党组织商定"
        )
    return tuple(warnings)
