"""From what the departments say of one entity to its verdicts and list columns. Pure: no query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
REGISTERS = frozenset({ListKind.MARKET, ListKind.CIVIL, ListKind.JUSTICE})
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
    """What one list says of the entity: the newest record of one source unit."""

    list_kind: ListKind
    as_of: date
    values: Mapping[str, str]
    name: str = ""
    uscc: str = ""
    record_id: int | None = None
    unit_id: int | None = None


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


def decide(statements: Sequence[Statement], context: Context, parent: OwnershipVerdict | None = None) -> Verdicts:
    """Decide everything about one entity. ``parent`` is the ownership verdict on a branch office's parent."""
    ordered = in_precedence(statements)
    rules = context.rules
    name, uscc = first_name(ordered), first_code(ordered)
    form = legal_form.decide(form_facts(ordered, name, uscc), rules)
    roster = legal_form.roster_of(form.value, rules, name)
    state = registration_state.decide(first_value(ordered, "state", REGISTERS), rules)
    parent_name = form.parent_names[0] if form.parent_names else ""
    owned = settle_ownership(
        ownership.decide(ownership_facts(ordered, name, form.value, parent_name, parent), rules), context
    )
    screened = screening.screen(screening_facts(ordered, roster, state, uscc), rules)
    counted = screening.count(form.value, owned.value, screened, rules)
    address, placed = place_entity(ordered, uscc, context)
    return Verdicts(name, uscc, form, roster, state, owned, screened, counted, placed, address, parent_name)


def in_precedence(statements: Sequence[Statement]) -> list[Statement]:
    """Registers first; within one list the newest statement first."""
    return sorted(statements, key=lambda item: (PRECEDENCE.index(item.list_kind), -item.as_of.toordinal()))


def first_name(ordered: Sequence[Statement]) -> str:
    return next((item.name for item in ordered if item.name), "")


def first_code(ordered: Sequence[Statement]) -> str:
    return next((item.uscc for item in ordered if item.uscc), "")


def first_value(ordered: Sequence[Statement], field: str, kinds: frozenset[ListKind] | None = None) -> str:
    """The first usable text of a field in order of precedence, optionally from some lists only."""
    for item in ordered:
        if kinds is None or item.list_kind in kinds:
            text = item.values.get(field, "")
            if text:
                return text
    return ""


def form_facts(ordered: Sequence[Statement], name: str, uscc: str) -> legal_form.FormFacts:
    market = next((item for item in ordered if item.list_kind is ListKind.MARKET), None)
    return legal_form.FormFacts(
        name=name,
        uscc=uscc,
        company_type=first_value(ordered, "company_type", REGISTERS),
        # An empty capital says something only where the register was asked for it.
        capital=market.values.get("capital", "") if market and "capital" in market.values else None,
        organization_type=first_value(ordered, "organization_type", REGISTERS),
    )


def ownership_facts(
    ordered: Sequence[Statement], name: str, form: LegalForm, parent_name: str, parent: OwnershipVerdict | None
) -> ownership.OwnershipFacts:
    return ownership.OwnershipFacts(
        name=name,
        form=form,
        tax_registration_type=first_value(ordered, "company_type", frozenset({ListKind.TAX})),
        company_type=first_value(ordered, "company_type", REGISTERS),
        parent_name=parent_name,
        parent=parent,
    )


def settle_ownership(verdict: OwnershipVerdict, context: Context) -> OwnershipVerdict:
    """A clerk's answer fills an open question; it never overrules a source."""
    answer = context.ownership_answers.get(verdict.question_key or "")
    if answer is None or verdict.value is not Ownership.UNKNOWN:
        return verdict
    reason = f"经办人认定为{answer.zh}"
    return OwnershipVerdict(
        answer, EVIDENCE_ORDER, (reason,), (Evidence("ownership_answer", answer.zh),), verdict.hints
    )


def screening_facts(
    ordered: Sequence[Statement], roster: Roster, state: StateVerdict, uscc: str
) -> screening.ScreeningFacts:
    presences, staff = [], []
    for item in ordered:
        source = _SOURCES.get(item.list_kind)
        if source is None:
            continue
        presences.append(Presence(source, item.values.get("address", ""), item.as_of))
        number = staff_of(item)
        if number is not None:
            staff.append(StaffCount(number, source, item.as_of))
    return screening.ScreeningFacts(roster, state, tuple(presences), tuple(staff), None, uscc)


def staff_of(item: Statement) -> int | None:
    """Persons that a statement counts: staff of the tax list, insured of social insurance, lawyers of a firm."""
    for field in ("staff", "insured", "lawyers"):
        if item.values.get(field):
            return parse_count(item.values[field])
    return None


def staff_column(ordered: Sequence[Statement]) -> int | None:
    """The figure shown in lists: social insurance is preferred (C-003), then tax, then the register."""
    by_list = {item.list_kind: staff_of(item) for item in reversed(ordered)}
    candidates = (by_list.get(kind) for kind in (ListKind.SOCIAL, ListKind.TAX, ListKind.JUSTICE, ListKind.MARKET))
    return next((number for number in candidates if number is not None), None)


def member_counts(ordered: Sequence[Statement]) -> tuple[int | None, int | None]:
    """Full and probationary members as the office's own list declares them; None is 未知, never 0."""
    item = next((item for item in ordered if item.list_kind is ListKind.PARTY_COUNT), None)
    if item is None:
        return None, None
    return parse_count(item.values.get("full_members", "")), parse_count(item.values.get("probationary_members", ""))


def founded_on(ordered: Sequence[Statement]) -> date | None:
    return parse_date(first_value(ordered, "founded_on", REGISTERS))


def place_entity(ordered: Sequence[Statement], uscc: str, context: Context) -> tuple[str, PlacementVerdict]:
    """Place by the first address that reaches a town; otherwise by the best of them."""
    addresses = list(dict.fromkeys(item.values["address"] for item in ordered if item.values.get("address")))
    registrar = first_value(ordered, "registrar", REGISTERS)
    best: tuple[str, PlacementVerdict] | None = None
    for address in addresses or [""]:
        verdict = context.gazetteer.place(address, uscc=uscc, registrar=registrar, point=None, on=context.on)
        if below_county(verdict):
            return address, verdict
        best = best or (address, verdict)
    assert best is not None
    return best


def below_county(verdict: PlacementVerdict) -> bool:
    """Whether the verdict names a town, a community or an overlay."""
    return verdict.overlay_id is not None or (verdict.place_id is not None and verdict.place_id != verdict.county_id)
