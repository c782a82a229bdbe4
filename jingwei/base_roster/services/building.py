"""Compute the base roster from its facts, wholly or in part, and prove that it agrees with them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from jingwei.base_roster import changes
from jingwei.base_roster.models import Entity, RosterBasis
from jingwei.base_roster.projection import Projected, differing_columns, project_all
from jingwei.base_roster.reading import statements_by_entity, whole_roster
from jingwei.base_roster.storing import store
from jingwei.base_roster.surroundings import surroundings
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.domain import rulebook
from jingwei.places.services.guards import require_whole_city

Progress = Callable[[int], None]


def silent(_: int) -> None:
    """No progress wanted."""


def compute_changed(*, on: datetime, day: date, progress: Progress = silent) -> int:
    """Compute what differs from its facts by now, or everything under another basis; returns how many.

    Lists of other offices and places elsewhere count too, so it works on the whole roster. One at a time.
    """
    with whole_roster():
        changes.wait_for_other_builds()
        kept = RosterBasis.objects.first()
        day = max(day, kept.day) if kept else day
        if not changes.holds(kept, day):
            computed = compute(on=on, day=day, progress=progress)
            changes.keep_basis(day)
            return computed
        changes.keep_basis(day)
        return compute_with_sites(on=on, day=day, entity_ids=changes.changed_entities(), progress=progress)


def compute_with_sites(*, on: datetime, day: date, entity_ids: list[int], progress: Progress = silent) -> int:
    """Compute some entities, then the branch offices that hang, or hung, on one that became another parent."""
    if not entity_ids:
        return 0
    before = changes.possible_parents(entity_ids)
    computed = compute(on=on, day=day, entity_ids=entity_ids, progress=progress)
    moved = changes.offices_of_changed_parents(before, changes.possible_parents(entity_ids), without=entity_ids)
    if moved:
        computed += compute(on=on, day=day, entity_ids=moved, progress=lambda done: progress(computed + done))
    return computed


def compute(*, on: datetime, day: date, entity_ids: list[int] | None = None, progress: Progress = silent) -> int:
    """Compute and store entities from their facts; returns how many. Runs in the caller's transaction."""
    done = 0
    for done in store(fresh(day, entity_ids), rulebook_version=rulebook.version(), on=on):
        progress(done)
    return done


def fresh(day: date, entity_ids: list[int] | None = None) -> Iterator[Projected]:
    """A fresh projection of entities under the rules of the day, nothing stored."""
    return project_all(statements_by_entity(entity_ids), surroundings(day, entity_ids))


@transaction.atomic
def rebuild(*, by: Actor, on: datetime, progress: Progress = silent) -> int:
    """Compute the kept projection anew from facts; returns how many entities were computed."""
    require_whole_city(by, Permission.BATCH_COMMIT)
    changes.wait_for_other_builds()
    day = latest_day(on)
    computed = compute(on=on, day=day, progress=progress)
    changes.keep_basis(day)
    journal.record(
        verb="base_roster.rebuild", subject_type="entity", subject_id="*", by=by, on=on, detail={"computed": computed}
    )
    return computed


@transaction.atomic
def differences(*, on: datetime, limit: int = 100) -> list[tuple[int, list[str]]]:
    """(entity id, columns) in which the kept projection differs from its facts; the nightly check wants none."""
    found: list[tuple[int, list[str]]] = []
    stored: dict[int, Entity] = {}
    for item in fresh(latest_day(on)):
        if not stored or item.entity_id not in stored:
            stored = Entity.objects.in_bulk(range(item.entity_id, item.entity_id + 2000))
        entity = stored.get(item.entity_id)
        columns = ["missing"] if entity is None else differing_columns(entity, item.columns)
        if columns:
            found.append((item.entity_id, columns))
        if len(found) >= limit:
            break
    return found


def compute_decided(*, on: datetime, entity_ids: list[int]) -> int:
    """Compute entities after a decision that was checked; their lists and parents may lie out of its scope."""
    with whole_roster():
        return compute_with_sites(on=on, day=latest_day(on), entity_ids=entity_ids)


def latest_day(on: datetime) -> date:
    """The day whose rules and places the roster stands on: that of the newest list."""
    kept = RosterBasis.objects.first()
    return kept.day if kept else Entity.objects.aggregate(day=Max("as_of"))["day"] or on.date()
