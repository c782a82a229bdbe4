"""Reads of coverage: the decision on one entity, lists by state, letters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Subquery
from django.db.models.functions import JSONObject

from jingwei.base_roster.models import Entity
from jingwei.base_roster.reading import whole_roster
from jingwei.branches.selectors import coverings
from jingwei.core.permissions import Actor, Permission, require
from jingwei.coverage.computing import rules_of
from jingwei.coverage.filters import CoverageFilters, listed, newest_cause, newest_letter
from jingwei.coverage.models import Cause, NoticeLetter, Verdict
from jingwei.coverage.reading import facts_of
from jingwei.domain.coverage import CoverageDecision, decide

# Pages of a list go so far; who looks for one entity narrows, and an export holds them all.
LIMIT = 10_000
_ROW = (
    "pk", "name", "uscc", "county__name", "town__name", "overlay__name", "roster", "legal_form", "staff",
    "full_members", "probationary_members", "covered_as", "coverage_state", "counts_in_base", "verdict__fit", "verdict__rule",
    "verdict__due_since", "verdict__proposal", "verdict__organization__name", "cause", "letter",
)  # fmt: skip


def explain(*, entity: Entity, on: date) -> CoverageDecision:
    """Decide an entity afresh under the rules of the day. About three queries; needs an open transaction.

    Whoever may see the entity may know why it stands where it does, also where the organization lies
    out of his scope.
    """
    with whole_roster():
        held = [tuple(found) for _, found in coverings([entity.pk], on)]
    return decide(facts_of(entity, held[0] if held else ()), rules_of(on))


@dataclass(frozen=True)
class CoverageRecords:
    """What is kept about one entity's coverage beside the decision, newest first."""

    verdict: Verdict | None
    causes: list[Cause]
    letters: list[NoticeLetter]


def records(entity: Entity) -> CoverageRecords:
    """The stored verdict, causes and letters of an entity that the caller may see. Three queries."""
    return CoverageRecords(
        Verdict.objects.filter(pk=entity.pk).select_related("organization").first(),
        list(Cause.objects.filter(entity=entity)),
        list(NoticeLetter.objects.filter(entity=entity)),
    )


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One line of a list; None where a fact is unknown or there is no such thing.

    ``letter`` holds number, reply_due_on, answer and closed_because of the newest letter, ``cause`` the kind that stands.
    """

    id: int
    name: str
    uscc: str
    county: str | None
    town: str | None
    overlay: str | None
    roster: str
    legal_form: str
    staff: int | None
    full_members: int | None
    probationary_members: int | None
    covered_as: str
    coverage_state: str
    counts_in_base: bool
    fit: str | None
    rule: str | None
    due_since: date | None
    proposal: str | None
    organization: str | None
    cause: str | None
    letter: dict[str, Any] | None

    def age(self, day: date) -> int | None:
        """Days for which an organization has been due."""
        return (day - self.due_since).days if self.due_since else None


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A page of a list. ``count`` is exact up to ``LIMIT``, beyond it ``at_least`` holds."""

    rows: list[CoverageRow]
    count: int
    at_least: bool
    number: int
    pages: int


def coverage_page(*, actor: Actor, filters: CoverageFilters, day: date, number: int, size: int) -> CoveragePage:
    """A page of the entities of one state, within the actor's scope. Two queries.

    Raises ``NotPermitted`` without the permission to see rosters.
    """
    require(actor, Permission.ROSTER_VIEW)
    found = listed(Entity.objects.in_scope(actor), filters, day)
    counted = found.order_by().values("pk")[: LIMIT + 1].count()
    count = min(counted, LIMIT)
    pages = max(-(-count // size), 1)
    number = min(max(number, 1), pages)
    rows = [CoverageRow(*row) for row in _columns(found)[(number - 1) * size : number * size]]
    return CoveragePage(rows, count, counted > LIMIT, number, pages)


def should_have(*, actor: Actor, filters: CoverageFilters, day: date) -> Iterator[CoverageRow]:
    """Every line of the list as it is exported, oldest duty first. Needs an open transaction."""
    require(actor, Permission.ROSTER_EXPORT)
    for row in _columns(listed(Entity.objects.in_scope(actor), filters, day)).iterator(chunk_size=2000):
        yield CoverageRow(*row)


def _columns(entities: QuerySet[Entity]) -> QuerySet[Entity, tuple[Any, ...]]:
    letter = newest_letter().values(
        held=JSONObject(
            id="id", number="number", reply_due_on="reply_due_on", answer="answer", closed_because="closed_because"
        )
    )
    return entities.annotate(
        cause=Subquery(newest_cause().values("kind")[:1]), letter=Subquery(letter[:1])
    ).values_list(*_ROW)


def letters(*, actor: Actor) -> QuerySet[NoticeLetter]:
    """Letters to entities of the actor's scope, newest first."""
    require(actor, Permission.ROSTER_VIEW)
    seen = NoticeLetter.objects.select_related("entity").defer("entity__bigrams", "facts")
    if actor.everything:
        return seen
    return seen.filter(entity__in=Entity.objects.in_scope(actor))
