"""The rulebook's values that coverage is decided by, read once for a day and place."""

from dataclasses import dataclass
from functools import lru_cache

from jingwei.domain.coverage.terms import CoverageFit, StatisticalForm
from jingwei.domain.rulebook import Rules

MIN_FULL, GENERAL_MIN, COMMITTEE_MIN = "branch.min_full_members", "branch.general_min", "branch.committee_min"
MAX_MEMBERS, JOINT_MAX, REPLY_MONTHS = "branch.max_members", "branch.joint_max_units", "branch.reply_months"
COMMITTEE_FROM, COMMITTEE_SEATS = "branch.committee_from", "branch.committee_seats"
POSTED_MEMBERS, MAY_NOT = "branch.posted_members", "branch.temporary_may_not"
OWN_LEVELS = "coverage.own_levels"
ORGANIZATION_FORMS, WORK_FORMS = "coverage.organization_forms", "coverage.work_forms"
FEW, PROBATIONARY_ONLY = "coverage.few_members_forms", "coverage.probationary_only_forms"
BRANCH_OFFICE, NO_MEMBER = "coverage.branch_office_forms", "coverage.no_member_forms"
LARGE_NO_MEMBER, SMALL_NO_MEMBER = "coverage.large_no_member_forms", "coverage.small_no_member_forms"
SMALL_FORMS, OUTSIDE_FORMS = "coverage.small_forms", "coverage.outside_forms"
STAFF_WITH_MEMBERS, STAFF_WITH_ORGANIZATION = "coverage.staff_with_members", "coverage.staff_with_organization"
FORM_OF_ROSTER, LETTER_REPLY_DAYS = "coverage.form_of_roster", "coverage.letter_reply_days"
PEER_RATES = "coverage.peer_rates"
SHOULD_HAVE = {
    StatisticalForm.ENTERPRISES: "coverage.should_have.form_a",
    StatisticalForm.SOCIAL_ORGANIZATIONS: "coverage.should_have.form_b",
    StatisticalForm.LEDGER: "coverage.should_have.form_c",
    StatisticalForm.SOCIAL_REPORT: "coverage.should_have.form_d",
}
# A rule of another file that coverage shows as its reason.
OPERATING_STATES = "registration.operating_states"
# Sources of these levels are described, not titled: no brackets around them.
_UNTITLED = frozenset({"practice", "product"})
UNCONFIRMED_ZH = "参数，待本地确认"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Values in force; counts are persons unless the name says otherwise."""

    min_full: int
    general_min: int
    committee_min: int
    max_members: int
    joint_max_units: int
    reply_months: int
    committee_from: int
    posted_members: int
    staff_with_members: int
    staff_with_organization: int
    own_levels: frozenset[str]
    organization_forms: frozenset[str]
    work_forms: frozenset[str]
    small_forms: frozenset[str]
    outside_forms: frozenset[str]


@lru_cache(maxsize=32)
def parameters(rules: Rules) -> Parameters:
    """The values of the rules; raises RuleNotInForce for a day before the rulebook begins."""
    return Parameters(
        min_full=int(rules.number(MIN_FULL)),
        general_min=int(rules.number(GENERAL_MIN)),
        committee_min=int(rules.number(COMMITTEE_MIN)),
        max_members=int(rules.number(MAX_MEMBERS)),
        joint_max_units=int(rules.number(JOINT_MAX)),
        reply_months=int(rules.number(REPLY_MONTHS)),
        committee_from=int(rules.number(COMMITTEE_FROM)),
        posted_members=int(rules.number(POSTED_MEMBERS)),
        staff_with_members=int(rules.number(STAFF_WITH_MEMBERS)),
        staff_with_organization=int(rules.number(STAFF_WITH_ORGANIZATION)),
        own_levels=frozenset(rules.words(OWN_LEVELS)),
        organization_forms=frozenset(rules.words(ORGANIZATION_FORMS)),
        work_forms=frozenset(rules.words(WORK_FORMS)),
        small_forms=frozenset(rules.words(SMALL_FORMS)),
        outside_forms=frozenset(rules.words(OUTSIDE_FORMS)),
    )


def ordered_fits(rule: str, rules: Rules) -> tuple[CoverageFit, ...]:
    """The forms a rule lists, first choice first."""
    return tuple(CoverageFit(word) for word in rules.words(rule))


def article(rule: str, rules: Rules) -> str:
    """Where a rule stands, as a page cites it; marked where no source confirms the value."""
    value = rules[rule]
    mark = f"（{UNCONFIRMED_ZH}）" if value.unconfirmed else ""
    title = value.source.title if value.source.level in _UNTITLED else f"《{value.source.title}》"
    return f"{title}{value.source.article}，{value.since.isoformat()} 起{mark}"


def own_levels(rules: Rules) -> frozenset[str]:
    """Values of `covered_as` that are an organization of the unit's own."""
    return parameters(rules).own_levels


def peer_rates(rules: Rules) -> dict[str, str]:
    """Rates other places have published, to be shown beside one's own; never a target."""
    return rules.table(PEER_RATES)
