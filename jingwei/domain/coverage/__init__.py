"""Coverage (两个覆盖): which Party organization a unit ought to have, which it has, and what that counts as.

Screening decides denominators, never this duty: `decide` runs on every entity, screened in or not.
"""

from jingwei.domain.coverage.facts import Covering, UnitFacts
from jingwei.domain.coverage.parameters import MIN_FULL, Parameters, article, own_levels, parameters, peer_rates
from jingwei.domain.coverage.rules import CoverageDecision, decide, due_on_form
from jingwei.domain.coverage.terms import CoverageFit, CoverageState, CoveredAs, NoOrganization, StatisticalForm

__all__ = [
    "MIN_FULL",
    "CoverageDecision",
    "CoverageFit",
    "CoverageState",
    "CoveredAs",
    "Covering",
    "NoOrganization",
    "Parameters",
    "StatisticalForm",
    "UnitFacts",
    "article",
    "decide",
    "due_on_form",
    "own_levels",
    "parameters",
    "peer_rates",
]
