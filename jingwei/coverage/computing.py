"""What ought to be stored of every entity's coverage, computed from facts."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from jingwei.base_roster.surroundings import city_code
from jingwei.coverage.due import due_days
from jingwei.coverage.reading import StoredUnit, facts_of, stored_units
from jingwei.domain import rulebook
from jingwei.domain.coverage import CoverageDecision, CoverageState, decide
from jingwei.domain.rulebook import Rules


class VerdictRow(NamedTuple):
    """Columns of a verdict that the facts decide."""

    fit: str
    rule: str
    status: str
    organization_id: int | None
    due_since: date | None


class Wanted(NamedTuple):
    """What ought to be stored of one entity; ``verdict`` is None for an entity that needs no row."""

    stored: StoredUnit
    covered_as: str
    coverage_state: str
    verdict: VerdictRow | None

    @property
    def changes_entity(self) -> bool:
        return (self.covered_as, self.coverage_state) != (self.stored.covered_as, self.stored.coverage_state)

    @property
    def changes_verdict(self) -> bool:
        if self.verdict is None:
            return self.stored.fit is not None
        old = self.stored
        held = (old.fit, old.rule, old.status, old.organization_id, old.due_since, old.rulebook_version)
        return held != (*self.verdict, rulebook.version())

    def differing(self) -> list[str]:
        """Names of what is stored otherwise."""
        names = ["covered_as"] if self.covered_as != self.stored.covered_as else []
        names += ["coverage_state"] if self.coverage_state != self.stored.coverage_state else []
        return [*names, "verdict"] if self.changes_verdict else names


def rules_of(day: date) -> Rules:
    """The rules of the day in this city. One query."""
    return rulebook.at(day, city_code(day))


def fresh(day: date, entity_ids: list[int] | None = None) -> Iterator[list[Wanted]]:
    """Decide entities from the facts of the day, in parts; nothing is stored. Needs the whole roster in scope."""
    rules = rules_of(day)
    for part in stored_units(day, entity_ids):
        decided = [(unit, decide(facts_of(unit, held), rules)) for unit, held in part]
        due = due_days([unit.id for unit, verdict in decided if is_due(verdict)], day=day, rules=rules)
        yield [wanted(unit, verdict, due.get(unit.id), day) for unit, verdict in decided]


def is_due(decision: CoverageDecision) -> bool:
    return decision.state is CoverageState.SHOULD


def wanted(unit: StoredUnit, decision: CoverageDecision, since: date | None, day: date) -> Wanted:
    """Columns of one entity. A duty whose beginning no dated fact tells keeps the day on which it was first seen."""
    verdict = None
    if needs_row(unit, decision):
        due = (since or unit.due_since or day) if is_due(decision) else None
        status = decision.status.value if decision.status else ""
        verdict = VerdictRow(decision.fit.value, decision.rule, status, decision.organization_id, due)
    return Wanted(unit, decision.covered_as.value, decision.state.value, verdict)


def needs_row(unit: StoredUnit, decision: CoverageDecision) -> bool:
    """Whether the operating entity has a member or an organization."""
    if decision.state is CoverageState.CLOSED:
        return False
    return bool(unit.full_members or unit.probationary_members or decision.organization_id)
