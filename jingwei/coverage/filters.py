"""What a list of coverage is narrowed by."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from jingwei.base_roster.models import Entity
from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.domain.search_keys import search_text

NOWHERE = 0
UNSTATED = "unstated"
# In place of a state: entities of every state.
EVERY = "all"


class LetterState(StrEnum):
    """Where the newest letter to an entity stands."""

    NONE = "none"
    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CoverageFilters:
    """Conditions of a list; empty ones do not narrow. ``state`` is one of CoverageState or ``EVERY``.

    ``covered_as`` are the forms of coverage wanted, any of them. ``area`` is the id of a responsible park or of a town without what lies in such parks, ``NOWHERE`` for
    what is not placed so deep (``county`` too); ``days`` the least age of a duty, ``cause`` a kind or ``UNSTATED``.
    """

    state: str
    text: str = ""
    county: int | None = None
    area: int | None = None
    roster: str = ""
    fit: str = ""
    cause: str = ""
    letter: str = ""
    covered_as: tuple[str, ...] = ()
    days: int | None = None
    in_base: bool = False
    ownership_unknown: bool = False

    def condition(self, day: date) -> Q:
        """The conditions on columns of the entity, and of its verdict."""
        equal = {
            "coverage_state": "" if self.state == EVERY else self.state, "county_id": self.county or None,
            "roster": self.roster, "verdict__fit": self.fit, "covered_as__in": self.covered_as,
            "ownership": Entity.Ownership.UNKNOWN if self.ownership_unknown else "",
        }  # fmt: skip
        condition = Q(**{name: value for name, value in equal.items() if value})
        if self.county == NOWHERE:
            condition &= Q(county=None)
        if self.area is not None:
            condition &= area_condition(self.area)
        if self.in_base:
            condition &= Q(counts_in_base=True)
        if self.days is not None:
            condition &= Q(verdict__due_since__lte=day - timedelta(days=self.days))
        if self.text:
            condition &= Q(search_name__contains=search_text(self.text)) | Q(uscc__startswith=self.text.upper())
        return condition & self._cause() & self._letter(day)

    def _cause(self) -> Q:
        if self.cause == UNSTATED:
            return ~Q(Exists(Cause.objects.filter(entity=OuterRef("pk"))))
        return Q(pk__in=_newest_causes(self.cause)) if self.cause else Q()

    def _letter(self, day: date) -> Q:
        letters = NoticeLetter.objects.filter(entity=OuterRef("pk"))
        wanted: dict[str, Combinable | Q] = {
            LetterState.NONE: ~Exists(letters),
            LetterState.WAITING: Exists(letters.open()),
            LetterState.OVERDUE: Exists(letters.open().filter(reply_due_on__lt=day)),
            LetterState.ANSWERED: Exists(letters.exclude(answer="")) & ~Exists(letters.open()),
            LetterState.CLOSED: Exists(letters) & ~Exists(letters.exclude(answer="")) & ~Exists(letters.open()),
        }
        return Q(wanted[self.letter]) if self.letter in wanted else Q()


def area_condition(area: int) -> Q:
    """Entities of an area: areas do not overlap, so that their rows add up."""
    in_park = Q(overlay__takes_responsibility=True)
    outside = Q(overlay=None) | Q(overlay__takes_responsibility=False)
    if area == NOWHERE:
        return Q(town=None) & outside
    return (Q(overlay_id=area) & in_park) | (Q(town_id=area) & outside)


def _newest_causes(kind: str) -> QuerySet[Cause, int]:
    """Ids of the entities whose newest cause is of the kind."""
    newest = Cause.objects.filter(entity=OuterRef("entity")).order_by("-stated_on", "-pk").values("pk")[:1]
    return Cause.objects.filter(kind=kind, pk=Subquery(newest)).values_list("entity_id", flat=True)


def newest_letter() -> QuerySet[NoticeLetter]:
    """The letters of an outer entity, newest first."""
    return NoticeLetter.objects.filter(entity=OuterRef("pk")).order_by("-issued_on", "-pk")


def newest_cause() -> QuerySet[Cause]:
    """The causes of an outer entity, newest first."""
    return Cause.objects.filter(entity=OuterRef("pk")).order_by("-stated_on", "-pk")


def listed(entities: QuerySet[Entity], filters: CoverageFilters, day: date) -> QuerySet[Entity]:
    """The entities of a list in its order: the oldest duty first, groups together, else by number."""
    found = entities.filter(filters.condition(day))
    if filters.state == Entity.CoverageState.SHOULD:
        return found.order_by("verdict__due_since", "pk")
    if filters.state == Entity.CoverageState.FEW:
        return found.order_by("verdict__proposal", "pk")
    return found.order_by("pk")
