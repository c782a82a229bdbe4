"""From what the departments say of one entity to its verdicts and list columns. Pure: no query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jingwei.base_roster import corrections as corrected
from jingwei.base_roster.corrections import OWNERSHIP, REGISTERS, Correction
from jingwei.domain import legal_form, ownership, registration_state, screening
from jingwei.domain.evidence import Evidence
from jingwei.domain.intake import parse_count, parse_date
from jingwei.domain.legal_form import FormVerdict, LegalForm, Roster
from jingwei.domain.lists import ListKind
from jingwei.domain.ownership import Ownership, OwnershipVerdict
from jingwei.domain.placement import Gazetteer, PlacementVerdict
from jingwei.domain.registration_state import StateVerdict
from jingwei.domain.rulebook import Rules
from jingwei.domain.screening import CountingVerdict, FactSource, Presence, ScreeningVerdict, StaffCount

# Whose word goes first: registers before those that only collect from an entity.
PRECEDENCE = (
    ListKind.MARKET, ListKind.CIVIL, ListKind.JUSTICE, ListKind.TAX, ListKind.SOCIAL,
    ListKind.PARTY_COUNT, ListKind.PARTY_ORG,
)  # fmt: skip
# The office's own lists are compared with no other by their days; the departments' are, in counting staff.
APART = (ListKind.PARTY_ORG, ListKind.PARTY_COUNT)
SOURCE_BITS = {kind: 1 << bit for bit, kind in enumerate(ListKind)}
# The rule by which a parent's ownership or a clerk's answer stands where no source of its own tells.
EVIDENCE_ORDER = "ownership.evidence_order"
_SOURCES = {
    ListKind.MARKET: FactSource.MARKET,
    ListKind.TAX: FactSource.TAX,
    ListKind.SOCIAL: FactSource.SOCIAL_INSURANCE,
    ListKind.CIVIL: FactSource.CIVIL_AFFAIRS,
    ListKind.JUSTICE: FactSource.JUSTICE,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one list says of the entity: the newest record of one source unit.

    ``as_of`` is the day of the newest list that says so, ``since`` that of the first one. ``asked`` are
    the fields the list has a column for, without those whose cell was flagged.
    """

    list_kind: ListKind
    as_of: date
    since: date
    values: Mapping[str, str]
    name: str = ""
    uscc: str = ""
    record_id: int | None = None
    unit_id: int | None = None
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """All that is said of one entity: statements, whose word goes first in front, and corrections in force."""

    ordered: tuple[Statement, ...]
    corrections: Mapping[str, Correction]

    @classmethod
    def of(cls, statements: Sequence[Statement], corrections: Sequence[Correction] = ()) -> "Account":
        """The account, without corrections that a later list has overruled."""
        ordered = in_precedence(statements)
        # Ownership follows from several facts: whether its correction stands is seen with the verdict.
        standing = [each for each in corrections if each.kind == OWNERSHIP or not corrected.overruled_by(each, ordered)]
        return cls(ordered, {each.kind: each for each in standing})

    def corrected(self, field: str) -> str | None:
        """What a clerk says of a field, None where he says nothing."""
        correction = self.corrections.get(field)
        return correction.value if correction else None


@dataclass(frozen=True, slots=True)
class Context:
    """What verdicts need beside the statements: the day's rules, the places, answers of people."""

    on: date
    rules: Rules
    gazetteer: Gazetteer
    ownership_answers: Mapping[str, Ownership]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Everything decided about one entity, each part with its rule and reasons."""

    name: str
    uscc: str
    form: FormVerdict
    roster: Roster
    state: StateVerdict
    ownership: OwnershipVerdict
    screening: ScreeningVerdict
    counting: CountingVerdict
    placement: PlacementVerdict
    address: str
    parent_name: str


def decide(account: Account, context: Context, parent: OwnershipVerdict | None = None) -> Verdicts:
    """Decide everything about one entity. ``parent`` is the ownership verdict on a branch office's parent."""
    rules = context.rules
    name, uscc = first_name(account), first_code(account)
    form = legal_form.decide(form_facts(account, name, uscc), rules)
    roster = legal_form.roster_of(form.value, rules, name)
    state = decide_state(account, rules)
    parent_name = form.parent_names[0] if form.parent_names else ""
    owned = settle_ownership(
        ownership.decide(ownership_facts(account, name, form.value, parent_name, parent), rules), account, context
    )
    screened = screening.screen(screening_facts(account, roster, state, uscc), rules)
    counted = screening.count(form.value, owned.value, screened, rules)
    address, placed = place_entity(account, uscc, context)
    return Verdicts(name, uscc, form, roster, state, owned, screened, counted, placed, address, parent_name)


def in_precedence(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Registers first; within one list the newest statement first."""
    return tuple(sorted(statements, key=lambda item: (PRECEDENCE.index(item.list_kind), -item.as_of.toordinal())))


def first_name(account: Account) -> str:
    return account.corrected("name") or next((item.name for item in account.ordered if item.name), "")


def first_code(account: Account) -> str:
    return next((item.uscc for item in account.ordered if item.uscc), "")


def first_value(account: Account, field: str, kinds: frozenset[ListKind] | None = None) -> str:
    """A clerk's word on a field, else the first usable text in order of precedence, optionally from some lists only."""
    correction = account.corrected(field)
    if correction is not None:
        return correction
    for item in account.ordered:
        if kinds is None or item.list_kind in kinds:
            text = item.values.get(field, "")
            if text:
                return text
    return ""


def form_facts(account: Account, name: str, uscc: str) -> legal_form.FormFacts:
    market = next((item for item in account.ordered if item.list_kind is ListKind.MARKET), None)
    return legal_form.FormFacts(
        name=name,
        uscc=uscc,
        company_type=first_value(account, "company_type", REGISTERS),
        capital=capital_text(market) if market else None,
        organization_type=first_value(account, "organization_type", REGISTERS),
    )


def capital_text(market: Statement) -> str | None:
    """An empty capital says something only where the register was asked for it: then "", else None.

    Empty cells are not kept with a record; the columns of its list tell that there was one.
    """
    return market.values.get("capital", "" if "capital" in market.asked else None)


def decide_state(account: Account, rules: Rules) -> StateVerdict:
    state = registration_state.decide(first_value(account, "state", REGISTERS), rules)
    correction = account.corrections.get("state")
    return replace(state, reasons=(correction.note, *state.reasons)) if correction else state


def ownership_facts(
    account: Account, name: str, form: LegalForm, parent_name: str, parent: OwnershipVerdict | None
) -> ownership.OwnershipFacts:
    return ownership.OwnershipFacts(
        name=name,
        form=form,
        tax_registration_type=first_value(account, "company_type", frozenset({ListKind.TAX})),
        company_type=first_value(account, "company_type", REGISTERS),
        parent_name=parent_name,
        parent=parent,
    )


def settle_ownership(verdict: OwnershipVerdict, account: Account, context: Context) -> OwnershipVerdict:
    """A correction of this entity stands above the sources; a general answer only fills an open question."""
    correction = account.corrections.get(OWNERSHIP)
    if correction and not overrules(verdict, correction, account):
        value = Ownership(correction.value)
        evidence = (Evidence("correction", value.zh),)
        return OwnershipVerdict(value, EVIDENCE_ORDER, (correction.note,), evidence, verdict.hints)
    answer = context.ownership_answers.get(verdict.question_key or "")
    if answer is None or verdict.value is not Ownership.UNKNOWN:
        return verdict
    reason = f"经办人认定为{answer.zh}"
    return OwnershipVerdict(
        answer, EVIDENCE_ORDER, (reason,), (Evidence("ownership_answer", answer.zh),), verdict.hints
    )


def overrules(verdict: OwnershipVerdict, correction: Correction, account: Account) -> bool:
    """Whether the lists have come to tell another ownership since the correction."""
    tells_another = verdict.value not in (Ownership.UNKNOWN, Ownership(correction.value))
    return tells_another and corrected.changed_since(correction, account.ordered)


def screening_facts(account: Account, roster: Roster, state: StateVerdict, uscc: str) -> screening.ScreeningFacts:
    presences = tuple(
        Presence(_SOURCES[item.list_kind], item.values.get("address", ""), item.as_of)
        for item in account.ordered
        if item.list_kind in _SOURCES
    )
    correction = account.corrections.get("staff")
    if correction:
        counts: tuple[StaffCount, ...] = (StaffCount(int(correction.value), FactSource.CORRECTION, correction.as_of),)
    else:
        counts = tuple(staff_counts(account))
    return screening.ScreeningFacts(roster, state, presences, counts, None, uscc)


def staff_counts(account: Account) -> Iterator[StaffCount]:
    """Persons that the lists count; a clerk's correction of the insured stands for what social insurance says."""
    correction = account.corrections.get("insured")
    if correction:
        yield StaffCount(int(correction.value), FactSource.SOCIAL_INSURANCE, correction.as_of)
    for item in account.ordered:
        number = staff_of(item)
        if number is None or item.list_kind not in _SOURCES or (correction and item.list_kind is ListKind.SOCIAL):
            continue
        yield StaffCount(number, _SOURCES[item.list_kind], item.as_of)


def staff_of(item: Statement) -> int | None:
    """Persons that a statement counts: staff of the tax list, insured of social insurance, lawyers of a firm."""
    for field in ("staff", "insured", "lawyers"):
        if item.values.get(field):
            return parse_count(item.values[field])
    return None


def staff_column(account: Account) -> int | None:
    """The figure shown in lists: a clerk's, else social insurance (C-003), then tax, then the register."""
    correction = account.corrections.get("staff")
    if correction:
        return int(correction.value)
    by_source = {item.source: item.count for item in reversed([*staff_counts(account)])}
    order = (FactSource.SOCIAL_INSURANCE, FactSource.TAX, FactSource.JUSTICE, FactSource.MARKET)
    return next((by_source[source] for source in order if source in by_source), None)


def member_counts(account: Account) -> tuple[int | None, int | None]:
    """Full and probationary members as the office's own list or a clerk declares them; None is 未知, never 0."""
    item = next((item for item in account.ordered if item.list_kind is ListKind.PARTY_COUNT), None)
    declared = item.values if item else {}
    full, probationary = (
        parse_count(account.corrected(field) or declared.get(field, ""))
        for field in ("full_members", "probationary_members")
    )
    return full, probationary


def founded_on(account: Account) -> date | None:
    return parse_date(first_value(account, "founded_on", REGISTERS))


def place_entity(account: Account, uscc: str, context: Context) -> tuple[str, PlacementVerdict]:
    """Place by the first address that reaches a town, else by the first that reaches a county, else by the first."""
    registrar = first_value(account, "registrar", REGISTERS)
    best: tuple[str, PlacementVerdict] | None = None
    for address in addresses_of(account) or [""]:
        verdict = context.gazetteer.place(address, uscc=uscc, registrar=registrar, point=None, on=context.on)
        if below_county(verdict):
            return address, verdict
        if best is None or (best[1].county_id is None and verdict.county_id is not None):
            best = address, verdict
    assert best is not None
    return best


def addresses_of(account: Account) -> list[str]:
    """The address a clerk gives, alone; else those of the lists in order of precedence."""
    correction = account.corrected("address")
    if correction is not None:
        return [correction]
    return list(dict.fromkeys(item.values["address"] for item in account.ordered if item.values.get("address")))


def below_county(verdict: PlacementVerdict) -> bool:
    """Whether the verdict names a town, a community or an overlay. The city alone is above the county."""
    return verdict.overlay_id is not None or verdict.county_id not in {None, verdict.place_id}
