"""Build and rebuild the base roster, take people's answers on places and ownership, freeze a version."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, Q

from jingwei.base_roster.attaching import attach
from jingwei.base_roster.models import Entity, OwnershipAnswer, Placement, RosterVersion
from jingwei.base_roster.projection import Projected, differing_columns, project_all
from jingwei.base_roster.reading import statements_by_entity, whole_roster
from jingwei.base_roster.storing import store
from jingwei.base_roster.successions import relate_successors
from jingwei.base_roster.surroundings import surroundings
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require, require_scope
from jingwei.domain import rulebook
from jingwei.domain.ownership import question_key
from jingwei.domain.rulebook.words import fold
from jingwei.domain.search_keys import search_text
from jingwei.linkage.models import LinkRun
from jingwei.linkage.services import note_effect
from jingwei.places.models import Place
from jingwei.places.services import add_road_range
from jingwei.places.services.guards import require_whole_city

Progress = Callable[[int], None]


def silent(_: int) -> None:
    """No progress wanted."""


@dataclass(frozen=True)
class BuildResult:
    """What a build did: entities founded by it, and all entities computed."""

    founded: int
    computed: int


@transaction.atomic
def build(*, run: LinkRun, by: Actor, on: datetime, progress: Progress = silent) -> BuildResult:
    """Let an approved run take effect: attach its units, then compute every entity from its facts.

    All or nothing; a run that took effect before changes nothing. Raises ``NotPermitted`` when nobody has approved the run.
    """
    require_scope(by, Permission.LINK_APPROVE, place_id=run.place_id, body_id=run.body_id)
    run = LinkRun.objects.select_for_update().get(pk=run.pk)
    if run.state != LinkRun.State.APPROVED:
        raise NotPermitted("这次对碰尚未批准，不能生成名册。", permission=Permission.LINK_APPROVE)
    if run.took_effect_at is not None:
        return BuildResult(**run.effect)
    founded = attach(run=run, by_name=run.approved_by, on=on)
    computed = compute(on=on, day=run.as_of, progress=progress)
    relate_successors()
    note_effect(run=run, effect={"founded": founded, "computed": computed}, on=on)
    journal.record(
        verb="base_roster.build", subject_type="link_run", subject_id=run.pk, by=by, on=on,
        detail={"founded": founded, "computed": computed}, place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip
    return BuildResult(founded, computed)


def compute(*, on: datetime, day: date, entity_ids: list[int] | None = None, progress: Progress = silent) -> int:
    """Compute and store entities from their facts; returns how many. Runs in the caller's transaction."""
    done = 0
    for done in store(fresh(day, entity_ids), rulebook_version=rulebook.version(), on=on):
        progress(done)
    return done


def fresh(day: date, entity_ids: list[int] | None = None) -> Iterator[Projected]:
    """A fresh projection of entities under the rules of the day, nothing stored."""
    return project_all(statements_by_entity(entity_ids), surroundings(day))


@transaction.atomic
def rebuild(*, by: Actor, on: datetime, progress: Progress = silent) -> int:
    """Compute the kept projection anew from facts; returns how many entities were computed."""
    require_whole_city(by, Permission.BATCH_COMMIT)
    computed = compute(on=on, day=latest_day(on), progress=progress)
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


def compute_decided(*, on: datetime, entity_ids: list[int]) -> None:
    """Compute entities after a decision that was checked; their lists and parents may lie out of its scope."""
    with whole_roster():
        compute(on=on, day=latest_day(on), entity_ids=entity_ids)


def latest_day(on: datetime) -> date:
    return Entity.objects.aggregate(day=Max("as_of"))["day"] or on.date()


@transaction.atomic
def answer_road(
    *, county: Place, road: str, number_from: int | None, number_to: int | None, parity: str, place: Place,
    by: Actor, on: datetime,
) -> int:  # fmt: skip
    """One answer places every entity of a road: store the house numbers, compute the entities again.

    Returns how many entities left the queue.
    """
    require_scope(by, Permission.PLACEMENT_DECIDE, place_id=county.pk)
    add_road_range(
        county=county, road=road, number_from=number_from, number_to=number_to, parity=parity, place=place,
        source="落点待分派", by=by, on=on,
    )  # fmt: skip
    waiting = Entity.objects.filter(county=county, road=fold(road), town__isnull=True, overlay__isnull=True)
    ids = list(waiting.values_list("pk", flat=True))
    if ids:
        compute_decided(on=on, entity_ids=ids)
    placed = len(ids) - waiting.count()
    journal.record(
        verb="placement.answer_road", subject_type="place", subject_id=place.pk, by=by, on=on,
        fields=["place_id", "town_id"], detail={"entities": placed}, place_id=county.pk,
    )  # fmt: skip
    return placed


@transaction.atomic
def assign_place(*, entity: Entity, place: Place, reason: str, by: Actor, on: datetime) -> None:
    """A person places one entity; the choice stands before every computed placement.

    Raises ``NotPermitted`` when the entity, or the place it would go to, lies outside the person's scope.
    """
    for place_id in (entity.overlay_id or entity.place_id, place.pk):
        require_scope(by, Permission.PLACEMENT_DECIDE, place_id=place_id, body_id=entity.body_id)
    Placement.objects.update_or_create(
        entity=entity,
        defaults={
            "place": place, "method": "person", "precision": "name", "evidence": reason[:300], "disagreement": "",
            "decided_by": by.name, "computed_at": on,
        },
    )  # fmt: skip
    compute_decided(on=on, entity_ids=[entity.pk])
    journal.record(
        verb="placement.assign", subject_type="entity", subject_id=entity.pk, by=by, on=on,
        fields=["place_id"], place_id=place.pk,
    )  # fmt: skip


@transaction.atomic
def answer_ownership(*, parent_name: str, value: str, basis: str, by: Actor, on: datetime) -> int:
    """A clerk settles the ownership of a body and of all branch offices that hang on it.

    A later answer replaces the earlier one. Returns how many entities were computed again.
    """
    require(by, Permission.OWNERSHIP_DECIDE)
    key = question_key(parent_name)
    OwnershipAnswer.objects.update_or_create(
        parent_name=key, defaults={"value": value, "basis": basis, "decided_by": by.name, "decided_at": on}
    )
    with whole_roster():
        asked = Entity.objects.filter(Q(parent_name=key) | Q(search_name=search_text(parent_name)))
        ids = list(asked.order_by("pk").values_list("pk", flat=True))
    if ids:
        compute_decided(on=on, entity_ids=ids)
    journal.record(
        verb="ownership.answer", subject_type="ownership_answer", subject_id=key, by=by, on=on,
        fields=["ownership"], detail={"entities": len(ids)},
    )  # fmt: skip
    return len(ids)


@transaction.atomic
def freeze(*, as_of: date, by: Actor, on: datetime) -> RosterVersion:
    """Give the base roster of the day a number and a hash over its ids, so that a rate can quote it."""
    require_whole_city(by, Permission.BATCH_COMMIT)
    digest, entities = hashlib.sha256(), 0
    for pk in Entity.objects.filter(counts_in_base=True).order_by("pk").values_list("pk", flat=True).iterator():
        digest.update(f"{pk}\n".encode())
        entities += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7310003)")
    number = (RosterVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    version = RosterVersion.objects.create(
        number=number, as_of=as_of, entities=entities, hash=digest.hexdigest(), frozen_at=on, frozen_by=by.name
    )
    journal.record(
        verb="base_roster.freeze", subject_type="roster_version", subject_id=version.pk, by=by, on=on,
        detail={"entities": entities},
    )  # fmt: skip
    return version
