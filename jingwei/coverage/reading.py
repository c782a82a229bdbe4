"""Stream the facts that coverage is decided from, entity by entity, beside what is stored of the decision."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db import connection

from jingwei.base_roster.models import Entity
from jingwei.branches.selectors import coverings
from jingwei.domain.coverage import Covering, UnitFacts
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.registration_state import RegistrationState

PART = 5000
_STATES = {state.value: state.zh for state in RegistrationState}
_UNITS = """
SELECT e.id, e.full_members, e.probationary_members, e.operating, e.state, e.legal_form, e.roster, e.staff,
       e.parent_name, e.covered_as, e.coverage_state,
       v.fit, v.rule, v.status, v.organization_id, v.due_since, v.rulebook_version
  FROM base_roster_entity e
  LEFT JOIN coverage_verdict v ON v.entity_id = e.id
 {where}
 ORDER BY e.id
"""


class StoredUnit(NamedTuple):
    """Columns of an entity and of its stored verdict; the latter are None where there is none."""

    id: int
    full_members: int | None
    probationary_members: int | None
    operating: bool
    state: str
    legal_form: str
    roster: str
    staff: int | None
    parent_name: str
    covered_as: str
    coverage_state: str
    fit: str | None
    rule: str | None
    status: str | None
    organization_id: int | None
    due_since: date | None
    rulebook_version: str | None


def stored_units(
    day: date, entity_ids: list[int] | None = None
) -> Iterator[list[tuple[StoredUnit, tuple[Covering, ...]]]]:
    """Parts of entities in order of id, each entity with the coverings of the day.

    Needs an open transaction over the whole roster, because the rows come through server-side cursors.
    """
    where = "WHERE e.id = ANY(%s)" if entity_ids is not None else ""
    connection.ensure_connection()
    with connection.connection.cursor(name="coverage_units") as cursor:
        cursor.itersize = PART
        cursor.execute(_UNITS.format(where=where), [entity_ids] if entity_ids is not None else None)
        joined = _joined(map(StoredUnit._make, cursor), coverings(entity_ids, day))
        while part := list(islice(joined, PART)):
            yield part


def _joined(
    units: Iterable[StoredUnit], covered: Iterator[tuple[int, list[Covering]]]
) -> Iterator[tuple[StoredUnit, tuple[Covering, ...]]]:
    """Merge two streams that are both in order of the entity's id."""
    entity_id, held = next(covered, (0, []))
    for unit in units:
        while entity_id and entity_id < unit.id:
            entity_id, held = next(covered, (0, []))
        yield unit, tuple(held) if entity_id == unit.id else ()


def facts_of(unit: StoredUnit | Entity, held: tuple[Covering, ...]) -> UnitFacts:
    """The facts of one entity. What plays no part for it is left out, so that equal facts are decided once."""
    office = unit.legal_form == LegalForm.BRANCH_OFFICE
    return UnitFacts(
        full_members=unit.full_members,
        probationary_members=unit.probationary_members,
        operating=unit.operating,
        state_zh="" if unit.operating else _STATES[unit.state],
        legal_form=unit.legal_form,
        roster=unit.roster,
        staff=unit.staff,
        parent_name=unit.parent_name if office else "",
        coverings=held,
    )
