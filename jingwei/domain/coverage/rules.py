"""The decision on coverage: what reaches a unit, what that counts as, and which form it ought to have."""

from dataclasses import dataclass
from functools import lru_cache

from jingwei.domain.coverage.changes import headline, smallest_change
from jingwei.domain.coverage.facts import UnitFacts
from jingwei.domain.coverage.fits import OWN, Fitting, fit, members
from jingwei.domain.coverage.parameters import FORM_OF_ROSTER, SHOULD_HAVE, Parameters, article, parameters
from jingwei.domain.coverage.reach import Reached, reach
from jingwei.domain.coverage.terms import CoverageFit, CoverageState, CoveredAs, NoOrganization, StatisticalForm
from jingwei.domain.rulebook import Rules


@dataclass(frozen=True, slots=True)
class CoverageDecision:
    """Everything decided on one unit.

    `headline` is the verdict in a line; `rule` and `article` say what the form that fits rests on, `second` is
    the next best form, `change` the smallest change that would cover the unit, `notes` secretary and committee, `warnings` where the facts
    or a local practice contradict the regulation. `status` is None where there is an organization.
    """

    covered_as: CoveredAs
    state: CoverageState
    fit: CoverageFit
    second: CoverageFit | None
    status: NoOrganization | None
    rule: str
    article: str
    unconfirmed: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    headline: str
    change: str
    organization_id: int | None
    organization_covered: bool
    work_covered: bool


@lru_cache(maxsize=1 << 15)
def decide(facts: UnitFacts, rules: Rules) -> CoverageDecision:
    """Decide one unit under the rules of a day. Never raises from the day on which the rulebook begins.

    Sources: R-ORG-01 to 03 and 09 (which form), R-ORG-10 (posts), R-COV-18 (what counts as coverage),
    R-COV-20 (应建未建 by form). There is no threshold of staff, and screening plays no part.
    """
    values = parameters(rules)
    reached = reach(facts, values, rules)
    fitting = fit(facts, values, rules)
    state = _state(facts, reached, values)
    organization_covered = reached.covered_as in values.organization_forms
    return CoverageDecision(
        covered_as=reached.covered_as,
        state=state,
        fit=fitting.first,
        second=fitting.second,
        status=None if organization_covered else _status(facts, rules),
        rule=fitting.rule,
        article=article(fitting.rule, rules),
        unconfirmed=rules[fitting.rule].unconfirmed,
        reasons=(*fitting.reasons, *reached.reasons),
        notes=fitting.notes,
        warnings=reached.warnings + _contradictions(facts, fitting, reached, values),
        headline=headline(state, fitting.first, facts, reached),
        change=smallest_change(state, fitting.first, facts, reached, values),
        organization_id=reached.covering.organization_id if reached.covering else None,
        organization_covered=organization_covered,
        work_covered=organization_covered or reached.covered_as in values.work_forms,
    )


def due_on_form(form: StatisticalForm, full_members: int | None, rules: Rules) -> bool | None:
    """Whether a unit without an organization is 应建未建 on a yearly form (R-COV-20); None while unknown.

    The lists count members without saying who works full time, so that the count is taken as it is.
    """
    if full_members is None:
        return None
    return full_members >= int(rules.table(SHOULD_HAVE[form])["full_members"])


def _state(facts: UnitFacts, reached: Reached, values: Parameters) -> CoverageState:
    full, probationary = facts.full_members, facts.probationary_members
    if facts.operating is False:
        return CoverageState.CLOSED
    if full is not None and full >= values.min_full and reached.covered_as not in values.own_levels:
        return CoverageState.SHOULD
    if reached.covered_as in values.organization_forms:
        return CoverageState.COVERED
    if full is None or (full == 0 and probationary is None):
        return CoverageState.CANVASS
    if members(facts) > 0:
        return CoverageState.FEW
    return CoverageState.WORK if reached.covered_as in values.work_forms else CoverageState.BLANK


def _status(facts: UnitFacts, rules: Rules) -> NoOrganization | None:
    """The kind of a unit without an organization; the roster says whose definition of 应建未建 applies."""
    if facts.operating is False:
        return None
    form = StatisticalForm(rules.table(FORM_OF_ROSTER)[facts.roster])
    if due_on_form(form, facts.full_members, rules):
        return NoOrganization.SHOULD
    if CoveredAs.INSTRUCTOR in facts.contacts:
        return NoOrganization.INSTRUCTED
    if facts.full_members is None or (facts.full_members == 0 and facts.probationary_members is None):
        return NoOrganization.UNKNOWN
    return NoOrganization.UNMET if members(facts) > 0 else NoOrganization.NO_MEMBER


def _contradictions(facts: UnitFacts, fitting: Fitting, reached: Reached, values: Parameters) -> tuple[str, ...]:
    """Where the facts do not go together; the unit stays as it is until somebody has looked."""
    found = []
    full = facts.full_members
    if reached.covered_as in values.own_levels and full is not None and full < values.min_full:
        found.append(f"列为{reached.covered_as.zh}，但正式党员只有 {full} 名，不足 {values.min_full} 名，请核对")
    if reached.covered_as is CoveredAs.BRANCH and members(facts) > values.max_members:
        found.append(f"党员 {members(facts)} 名，党支部一般不超过 {values.max_members} 名，可报上级改设")
    if facts.operating is False and reached.covering:
        found.append("不在营，但仍列为党组织的覆盖单位，请核对")
    if _large_without(facts, reached, values):
        found.append(
            f"职工 {facts.staff} 人，达到 {values.staff_with_organization} 人，应当有党组织（参数，待本地确认）"
        )
    if fitting.first in OWN and reached.covered_as is CoveredAs.FUNCTIONAL:
        found.append("党员已够单独建立党组织，派驻的功能型党支部应当退出")
    return tuple(found)


def _large_without(facts: UnitFacts, reached: Reached, values: Parameters) -> bool:
    large = facts.staff is not None and facts.staff >= values.staff_with_organization
    return large and facts.operating is not False and reached.covered_as not in values.organization_forms
