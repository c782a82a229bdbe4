"""A clerk corrects what the lists say of one entity, or takes the correction back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jingwei.base_roster import corrections
from jingwei.base_roster.models import Entity, Fact
from jingwei.base_roster.services.building import compute_decided
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.refusal import Refused


@transaction.atomic
def correct_fact(*, entity: Entity, kind: str, value: str, reason: str, by: Actor, on: datetime) -> Fact:
    """State a fact instead of the lists; the entity's columns and verdicts follow at once.

    The correction stands until it is withdrawn, or until a list whose word counts comes to say something
    else than it said before the correction; a list that repeats itself is shown as a contradiction.
    A further correction of the same fact replaces it. For ownership the reason is the basis. Raises
    ``Refused`` for a kind that cannot be corrected, a value that is none, or a reason that says nothing.
    """
    require_entity(by, entity)
    cleaned = corrections.clean(kind, value)
    fact = state(entity, kind, cleaned, reason, by=by, on=on)
    note(entity, "fact.correct", kind, by=by, on=on)
    return fact


@transaction.atomic
def withdraw_correction(*, entity: Entity, kind: str, reason: str, by: Actor, on: datetime) -> Fact:
    """Let the lists speak again. Raises ``Refused`` where no correction stands."""
    require_entity(by, entity)
    made = Fact.objects.filter(entity=entity, kind=kind, list_kind=Fact.MANUAL)
    last = made.order_by("-recorded_at", "-pk").first()
    if last is None or not last.value:
        raise Refused("这一项没有可以撤回的更正。")
    fact = state(entity, kind, "", reason, by=by, on=on)
    note(entity, "fact.withdraw", kind, by=by, on=on)
    return fact


def state(entity: Entity, kind: str, value: str, reason: str, *, by: Actor, on: datetime) -> Fact:
    """Store a fact of the clerk and compute the entity, and the branch offices it concerns, again."""
    said = reason.strip()
    if not said:
        raise Refused("请写明原因或依据。")
    if len(said) > corrections.LONGEST_REASON:
        raise Refused(f"原因不能超过 {corrections.LONGEST_REASON} 个字。")
    fact = Fact.objects.create(
        entity=entity, kind=kind, value=value, list_kind=Fact.MANUAL, as_of=timezone.localdate(on),
        stated_by=by.name, reason=said, recorded_at=on,
    )  # fmt: skip
    compute_decided(on=on, entity_ids=[entity.pk])
    return fact


def note(entity: Entity, verb: str, kind: str, *, by: Actor, on: datetime) -> None:
    """Name the fact in the journal, never its value."""
    journal.record(
        verb=verb, subject_type="entity", subject_id=entity.pk, by=by, on=on, fields=[kind],
        place_id=entity.overlay_id or entity.place_id, body_id=entity.body_id,
    )  # fmt: skip


def require_entity(by: Actor, entity: Entity) -> None:
    """Raise ``NotPermitted`` unless the person may correct facts and the entity is his to work on."""
    place_id = entity.overlay_id if entity.overlay_id in by.place_ids else entity.place_id
    require_scope(by, Permission.FACT_CORRECT, place_id=place_id, body_id=entity.body_id)
