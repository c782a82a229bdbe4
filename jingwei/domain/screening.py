"""三有 (premises, staff, activity): in, out or unknown from evidence (C-020), and what enters a denominator.

Out needs positive evidence. What no list and no visit tells stays unknown and is shown as such.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingwei.domain.evidence import Evidence
from jingwei.domain.glossary import Labelled
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.ownership import Ownership
from jingwei.domain.registration_state import RegistrationState, StateVerdict
from jingwei.domain.rulebook import Rules


class FactSource(Labelled):
    """Where a fact for the screening comes from."""

    MARKET = "market"
    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    CIVIL_AFFAIRS = "civil_affairs"
    JUSTICE = "justice"
    VISIT = "visit"
    CORRECTION = "correction"


class Answer(Labelled):
    """Whether one of the three haves is there."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Screening(Labelled):
    """Result over the three haves."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


class Counting(Labelled):
    """Whether an entity stands in the denominator of a rate."""

    COUNTED = "counted"
    PENDING = "pending"
    EXCLUDED = "excluded"


class EvidenceCombination(Labelled):
    """Which of three sources know an entity: R registered, T pays tax, I pays social insurance."""

    REGISTERED_TAX_INSURANCE = "RTI"
    REGISTERED_TAX = "RT-"
    REGISTERED_INSURANCE = "R-I"
    REGISTERED_ONLY = "R--"
    TAX_INSURANCE = "-TI"
    TAX_ONLY = "-T-"
    INSURANCE_ONLY = "--I"
    NOWHERE = "---"


class SignOfLife(Labelled):
    """What a combination of sources says about an entity."""

    ALIVE = "alive"
    DOUBTFUL = "doubtful"
    NO_TRACE = "no_trace"


@dataclass(frozen=True, slots=True)
class Presence:
    """The entity stands on a department's current list, with the address given there."""

    source: FactSource
    address: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class StaffCount:
    """A number of persons with its source and date."""

    count: int
    source: FactSource
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What the latest visit on the spot saw; None where it did not look."""

    on: date
    premises: bool | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """Everything known about one entity for the three haves. `uscc` is a valid code or empty."""

    roster: Roster
    state: StateVerdict
    presences: tuple[Presence, ...] = ()
    staff: tuple[StaffCount, ...] = ()
    visit: Visit | None = None
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class HaveVerdict:
    """One of the three haves."""

    value: Answer
    rule: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreeningVerdict:
    """The result and its three parts; `reasons` tells why it is out or what is still unknown."""

    value: Screening
    rule: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    premises: HaveVerdict
    staff: HaveVerdict
    activity: HaveVerdict


@dataclass(frozen=True, slots=True)
class CountingVerdict:
    """Whether the entity counts, with the rule and the Chinese reasons."""

    value: Counting
    rule: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


_PREMISES, _ACTIVITY, _WHOLE = (
    "screening.premises_sources",
    "screening.activity_sources",
    "screening.whole_counts",
)
_OPERATING, _FORMS, _MATRIX = (
    "registration.operating_states",
    "screening.counted_forms",
    "screening.evidence_matrix",
)
_BY_PERSON = frozenset({FactSource.VISIT, FactSource.CORRECTION})
_MIN_STAFF = {
    Roster.ENTERPRISE: "screening.min_staff.enterprise",
    Roster.SOCIAL: "screening.min_staff.social",
    Roster.SMALL: "screening.min_staff.small",
}


def screen(facts: ScreeningFacts, rules: Rules) -> ScreeningVerdict:
    """The three haves of one entity; never raises, never out without a fact that says so."""
    parts = (_premises(facts, rules), _staff(facts, rules), _activity(facts, rules))
    against = [part for part in parts if part.value is Answer.NO]
    missing = [part for part in parts if part.value is Answer.UNKNOWN]
    if against:
        value, shown = Screening.OUT, against
    elif missing:
        value, shown = Screening.UNKNOWN, missing
    else:
        value, shown = Screening.IN, list(parts)
    reasons = tuple(part.reason for part in shown)
    evidence = tuple(item for part in parts for item in part.evidence)
    return ScreeningVerdict(value, shown[0].rule, reasons, evidence, *parts)


def count(form: LegalForm, ownership: Ownership, screening: ScreeningVerdict, rules: Rules) -> CountingVerdict:
    """Whether an entity stands in the denominators (R-COV-18): a form that counts, 三有 in, not 公有.

    An unknown ownership stays in; an unknown screening is pending, which is shown beside every rate.
    """
    if form not in rules.words(_FORMS):
        return CountingVerdict(Counting.EXCLUDED, _FORMS, (f"法律形式为{form.zh}，不计入底数",))
    if ownership is Ownership.PUBLIC:
        return CountingVerdict(Counting.EXCLUDED, "ownership.evidence_order", ("所有制为公有，不计入底数",))
    if screening.value is Screening.OUT:
        return CountingVerdict(Counting.EXCLUDED, screening.rule, screening.reasons)
    if screening.value is Screening.UNKNOWN:
        return CountingVerdict(Counting.PENDING, screening.rule, screening.reasons)
    return CountingVerdict(Counting.COUNTED, _FORMS, ("三有齐备",))


def combination_of(*, registered: bool, tax: bool, insurance: bool) -> EvidenceCombination:
    """The cell of the three-source matrix (C-013)."""
    flags = ((registered, "R"), (tax, "T"), (insurance, "I"))
    return EvidenceCombination("".join(letter if flag else "-" for flag, letter in flags))


def sign_of_life(combination: EvidenceCombination, rules: Rules) -> SignOfLife:
    """What a cell of the matrix says, by the table of the rulebook."""
    return SignOfLife(rules.table(_MATRIX)[combination])


def _premises(facts: ScreeningFacts, rules: Rules) -> HaveVerdict:
    visit = facts.visit
    if visit is not None and visit.premises is not None:
        return _seen(visit.premises, visit.on, _PREMISES, "premises", ("有固定场所", "没有固定场所"))
    shown = [item for item in _among(facts.presences, rules.words(_PREMISES)) if item.address]
    if shown:
        reason = f"{_sources(shown)}列有经营地址"
        evidence = tuple(Evidence("address", item.address, item.source, item.on) for item in shown)
        return HaveVerdict(Answer.YES, _PREMISES, reason, evidence)
    registered = any(item.address for item in facts.presences)
    reason = "只有登记住所，未经核实有无固定场所" if registered else "没有固定场所的依据"
    return HaveVerdict(Answer.UNKNOWN, _PREMISES, reason)


def _activity(facts: ScreeningFacts, rules: Rules) -> HaveVerdict:
    state, visit = facts.state, facts.visit
    signs = _among(facts.presences, rules.words(_ACTIVITY))
    if state.operating is False:
        reason = _not_operating(state, signs)
        return HaveVerdict(Answer.NO, _OPERATING, reason, state.evidence)
    if visit is not None and visit.active is not None:
        return _seen(visit.active, visit.on, _ACTIVITY, "activity", ("正常经营", "已停业或查无"))
    if signs:
        reason = f"{_sources(signs)}名单中有该单位"
        evidence = tuple(Evidence("activity", item.source.zh, item.source, item.on) for item in signs)
        return HaveVerdict(Answer.YES, _ACTIVITY, reason, evidence)
    return HaveVerdict(Answer.UNKNOWN, _ACTIVITY, "没有纳税、参保或走访记录，不知是否经营")


def _not_operating(state: StateVerdict, signs: list[Presence]) -> str:
    moved = state.value is RegistrationState.MOVED_OUT
    reason = "登记已迁出" if moved else f"登记状态为{state.value.zh}，不属正常经营"
    return f"{reason}（但{_sources(signs)}名单中仍有，请核对）" if signs else reason


def _staff(facts: ScreeningFacts, rules: Rules) -> HaveVerdict:
    rule = _MIN_STAFF.get(facts.roster)
    if rule is None:
        return HaveVerdict(Answer.UNKNOWN, _WHOLE, "不属三个名册，不单独筛查人数")
    if facts.roster is Roster.SOCIAL and facts.uscc[4:8] == "0000":
        reason = "在省级登记，不以人数筛查"
        return HaveVerdict(Answer.YES, rule, reason, (Evidence("uscc", facts.uscc),))
    least = int(rules.number(rule))
    whole = _latest_whole(facts.staff, rules.words(_WHOLE))
    part = _largest_part(facts.staff, rules.words(_WHOLE))
    counts = [item for item in (whole, part) if item is not None]
    enough = [item for item in counts if item.count >= least]
    if enough:
        return _counted(Answer.YES, rule, enough[0], f"达到 {least} 人")
    if whole is not None:
        return _counted(Answer.NO, rule, whole, f"不足 {least} 人")
    if part is not None:
        return _counted(Answer.UNKNOWN, rule, part, f"不足 {least} 人，但可能不是全部职工")
    return HaveVerdict(Answer.UNKNOWN, rule, "没有职工人数")


def _latest_whole(counts: Iterable[StaffCount], order: tuple[str, ...]) -> StaffCount | None:
    """The latest count of all staff. A zero that nobody states himself is a cell left unfilled."""
    whole = [item for item in counts if item.source in order and (item.count > 0 or item.source in _BY_PERSON)]
    key = [(item.on or date.min, -order.index(item.source)) for item in whole]
    return whole[key.index(max(key))] if whole else None


def _largest_part(counts: Iterable[StaffCount], order: tuple[str, ...]) -> StaffCount | None:
    """The largest count of a part of the staff: it can prove enough, never too few."""
    part = [item for item in counts if item.source not in order and item.count > 0]
    return max(part, key=lambda item: item.count) if part else None


def _counted(value: Answer, rule: str, item: StaffCount, says: str) -> HaveVerdict:
    on = f"（{item.on.isoformat()}）" if item.on else ""
    evidence = (Evidence("staff", str(item.count), item.source, item.on),)
    return HaveVerdict(value, rule, f"{item.source.zh}{on}人数 {item.count}，{says}", evidence)


def _seen(answer: bool, on: date, rule: str, field: str, texts: tuple[str, str]) -> HaveVerdict:
    text = texts[0] if answer else texts[1]
    evidence = (Evidence(field, text, FactSource.VISIT, on),)
    value = Answer.YES if answer else Answer.NO
    return HaveVerdict(value, rule, f"{on.isoformat()} 走访：{text}", evidence)


def _among(presences: Iterable[Presence], sources: tuple[str, ...]) -> list[Presence]:
    return [item for item in presences if item.source in sources]


def _sources(items: Iterable[Presence]) -> str:
    return "、".join(dict.fromkeys(item.source.zh for item in items))
