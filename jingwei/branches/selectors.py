"""Reads of the organizations: a page of the list, one organization, what waits, who covers an entity."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from jingwei.base_roster.finding import these
from jingwei.bodies.models import Body
from jingwei.branches.models import CoveredUnit, Organization, OrganizationPeriod
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain import rulebook
from jingwei.domain.coverage import Covering
from jingwei.domain.coverage.organization_findings import (
    CoveredFacts,
    Finding,
    OrganizationFacts,
    OrganizationFinding,
    findings_of,
)
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel
from jingwei.places.models import Place

FETCH = 5000
HISTORY_SHOWN = 30
_FACTS = ("pk", "name", "form", "form_text", "level", "superior_id", "superior_text", "founded_on", "valid")
# What organizations with a finding have in common, so that the others need not be looked at.
_NECESSARY: dict[str, dict[str, Any]] = {
    OrganizationFinding.NO_SUPERIOR: {"superior__isnull": True},
    OrganizationFinding.FORM_UNKNOWN: {"form": OrganizationForm.UNKNOWN.value},
    OrganizationFinding.TOO_MANY_UNITS: {"form": OrganizationForm.JOINT.value},
    OrganizationFinding.TOO_FEW_MEMBERS: {"form": OrganizationForm.INDEPENDENT.value},
}


@dataclass(frozen=True, slots=True)
class OrganizationFilters:
    """Conditions of the list; empty ones do not narrow. ``state`` is active, ended or all."""

    text: str = ""
    form: str = ""
    level: str = ""
    superior: int | None = None
    area: Place | None = None
    finding: str = ""
    state: str = "active"


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One line of the list. ``units`` are the units named, ``effective`` those that count as covered."""

    organization: Organization
    units: int
    effective: int
    waiting: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class OrganizationDetail:
    """One organization: its units now and earlier ones, its periods (newest first), findings and journal."""

    organization: Organization
    units: list[CoveredUnit]
    earlier: list[CoveredUnit]
    periods: list[OrganizationPeriod]
    findings: tuple[Finding, ...]
    history: list[JournalEntry]


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures above the list: living organizations by form, coverings that count, names that wait."""

    by_form: dict[str, int]
    effective: int
    waiting: int


def coverings(entity_ids: Sequence[int] | None, day: date) -> Iterator[tuple[int, list[Covering]]]:
    """(entity id, what covers it on the day) in order of the id; entities that nothing covers are left out.

    Of all entities unless ids are given. Only coverings that took effect. One streamed query under the
    scope of the transaction; an organization stands once even where its list names the entity twice.
    """
    rows = CoveredUnit.objects.filter(
        waits=False, entity__isnull=False, valid__contains=day, organization__valid__contains=day
    )
    if entity_ids is not None:
        rows = rows.filter(entity_id__in=these(entity_ids))
    columns = rows.order_by("entity_id", "organization_id", "valid").values_list(
        "entity_id", "organization_id", "organization__name", "organization__form", "organization__level", "valid"
    )
    for entity_id, held in groupby(columns.iterator(chunk_size=FETCH), key=itemgetter(0)):
        found: dict[int, Covering] = {}
        for _, organization_id, name, form, level, valid in held:
            found.setdefault(organization_id, Covering(organization_id, name, form, level, valid.lower))
        yield entity_id, list(found.values())


def organizations(*, actor: Actor, filters: OrganizationFilters, on: date) -> QuerySet[Organization]:
    """Organizations of the list in the order of their names' areas; all conditions but ``finding``."""
    require(actor, Permission.ROSTER_VIEW)
    found = Organization.objects.in_scope(actor)
    if filters.state == "active":
        found = found.active_on(on)
    elif filters.state == "ended":
        found = found.exclude(valid__contains=on)
    if filters.text:
        by_unit = CoveredUnit.objects.filter(spelt__contains=filters.text, valid__upper_inf=True)
        found = found.filter(Q(name__contains=filters.text) | Q(pk__in=by_unit.values("organization_id")))
    equal = {"form": filters.form, "level": filters.level, "superior_id": filters.superior}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if filters.area is not None:
        found = found.filter(place__path__within=filters.area.path)
    ordered = found.order_by(F("place__path").asc(nulls_last=True), "name", "pk")
    return ordered.select_related("superior", "place").defer("place__boundary")


def with_finding(found: QuerySet[Organization], kind: str, on: date) -> QuerySet[Organization]:
    """Those of the living organizations that have a finding of the kind, in the same order. Two queries at once."""
    plain = found.filter(valid__upper_inf=True).order_by().select_related(None).only(*_FACTS)
    if kind in _NECESSARY:
        plain = plain.filter(**_NECESSARY[kind])
    rows = rows_of(list(plain), on)
    ids = [row.organization.pk for row in rows if any(finding.kind == kind for finding in row.findings)]
    return found.filter(pk__in=these(ids))


def rows_of(found: Sequence[Organization], on: date) -> list[OrganizationRow]:
    """Lines of organizations with their figures and findings. One query."""
    units = _covered_now([organization.pk for organization in found])
    rules = rulebook.at(on)
    rows = []
    for organization in found:
        held = units.get(organization.pk, [])
        rows.append(
            OrganizationRow(
                organization=organization,
                units=len(held),
                effective=sum(unit["entity_id"] is not None and not unit["waits"] for unit in held),
                waiting=sum(unit["waits"] for unit in held),
                findings=findings_of(_facts(organization, held), rules) if organization.valid.upper_inf else (),
            )
        )
    return rows


def overview(*, actor: Actor, on: date) -> Overview:
    """Figures above the list, in three queries."""
    require(actor, Permission.ROSTER_VIEW)
    living = Organization.objects.in_scope(actor).active_on(on)
    by_form = dict(living.values_list("form").annotate(organizations=Count("pk")).order_by("form"))
    named = CoveredUnit.objects.filter(valid__upper_inf=True)
    if not actor.everything:
        named = named.filter(organization__in=living)
    effective = named.filter(waits=False, entity__isnull=False).count()
    return Overview(by_form, effective, waiting(actor=actor).count())


def superiors(*, actor: Actor, on: date) -> QuerySet[Body]:
    """Bodies that living organizations in scope hang on."""
    above = Organization.objects.in_scope(actor).active_on(on).filter(superior__isnull=False)
    return Body.objects.filter(pk__in=above.values("superior_id")).order_by("place__path", "pk")


def organization_detail(*, actor: Actor, pk: int, on: date) -> OrganizationDetail:
    """Everything about one organization in four queries. Raises ``Organization.DoesNotExist`` out of scope."""
    require(actor, Permission.ROSTER_VIEW)
    seen = Organization.objects.in_scope(actor).select_related("superior", "place", "body", "unit__last_record__batch")
    organization = seen.defer("place__boundary").get(pk=pk)
    related = ("entity__county", "entity__town", "entity__overlay")
    hidden = ("entity__bigrams", *(f"{name}__boundary" for name in related))
    covered = organization.covered.select_related("entity", *related).defer(*hidden).order_by("pk")
    units = [unit for unit in covered if unit.valid.upper_inf]
    held = [_plain(unit) for unit in units]
    living = organization.valid.upper_inf
    history = JournalEntry.objects.filter(subject_type="organization", subject_id=str(pk)).order_by("-pk")
    return OrganizationDetail(
        organization=organization,
        units=units,
        earlier=[unit for unit in covered if not unit.valid.upper_inf][::-1],
        periods=list(organization.periods.select_related("superior").order_by("-valid")),
        findings=findings_of(_facts(organization, held), rulebook.at(on)) if living else (),
        history=list(history[:HISTORY_SHOWN]),
    )


def waiting(*, actor: Actor, text: str = "", area: Place | None = None, absent: bool = False) -> QuerySet[CoveredUnit]:
    """Names of covered units that a person has to settle; with ``absent`` those the roster is said not to hold.

    Those with an entity proposed come first.
    """
    found = CoveredUnit.objects.filter(valid__upper_inf=True)
    if absent:
        found = found.filter(entity__isnull=True, waits=False).exclude(decided_by="")
    else:
        found = found.filter(waits=True)
    if not actor.everything:
        found = found.filter(organization__in=Organization.objects.in_scope(actor))
    if text:
        found = found.filter(Q(spelt__contains=text) | Q(organization__name__contains=text))
    if area is not None:
        found = found.filter(organization__place__path__within=area.path)
    ordered = found.order_by(F("entity_id").asc(nulls_last=True), "organization_id", "pk")
    return ordered.select_related("organization__superior", "organization__place").defer(
        "organization__place__boundary"
    )


def _covered_now(organization_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Open coverings by organization with the facts of their entities, as far as the scope shows them."""
    rows = CoveredUnit.objects.filter(organization_id__in=these(organization_ids), valid__upper_inf=True)
    columns = (
        "organization_id", "spelt", "waits", "entity_id", "entity__name", "entity__full_members",
        "entity__probationary_members", "entity__operating",
    )  # fmt: skip
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("pk").values(*columns):
        found[row["organization_id"]].append(row)
    return found


def _plain(unit: CoveredUnit) -> dict[str, Any]:
    entity = unit.entity
    return {
        "spelt": unit.spelt, "waits": unit.waits, "entity_id": unit.entity_id,
        "entity__name": entity.name if entity else None,
        "entity__full_members": entity.full_members if entity else None,
        "entity__probationary_members": entity.probationary_members if entity else None,
        "entity__operating": entity.operating if entity else None,
    }  # fmt: skip


def _facts(organization: Organization, units: Iterable[dict[str, Any]]) -> OrganizationFacts:
    return OrganizationFacts(
        name=organization.name,
        form=OrganizationForm(organization.form),
        level=OrganizationLevel(organization.level),
        superior_known=organization.superior_id is not None,
        superior_text=organization.superior_text,
        form_text=organization.form_text,
        founded_on=organization.founded_on,
        units=tuple(_unit_facts(unit) for unit in units),
    )


def _unit_facts(unit: dict[str, Any]) -> CoveredFacts:
    """Facts of one unit; of an entity that waits for a person nothing is known yet."""
    if unit["waits"] or unit["entity_id"] is None:
        return CoveredFacts(name=unit["spelt"], settled=not unit["waits"])
    return CoveredFacts(
        name=unit["entity__name"] or unit["spelt"],
        settled=True,
        full_members=unit["entity__full_members"],
        probationary_members=unit["entity__probationary_members"],
        operating=unit["entity__operating"],
    )
