"""Decide and store coverage, say why no organization is there, issue letters and take their answers."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from jingwei.base_roster.models import Entity
from jingwei.base_roster.reading import whole_roster
from jingwei.base_roster.services import latest_day
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.core.refusal import Refused
from jingwei.coverage.computing import fresh, rules_of
from jingwei.coverage.guards import require_entity
from jingwei.coverage.joint_groups import few_units, stored_names
from jingwei.coverage.letter_facts import letter_facts, next_number
from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.coverage.selectors import explain
from jingwei.coverage.storing import prepare_tables, store, store_proposals
from jingwei.domain.coverage import MIN_FULL, CoverageState, own_levels
from jingwei.domain.coverage.grouping import group as group_units
from jingwei.places.services.guards import require_whole_city

Progress = Callable[[int], None]
COMPUTE_LOCK = 7_310_004


def silent(_: int) -> None:
    """No progress wanted."""


@transaction.atomic
def compute(*, on: datetime, day: date, entity_ids: list[int] | None = None, progress: Progress = silent) -> int:
    """Decide coverage from the facts of the day and write what has changed; returns how many were decided.

    One computation at a time. Whoever calls it has checked that it may be done; facts out of his scope count.
    Letters that it leaves without a duty are closed by ``close_letters``.
    """
    with whole_roster():
        take_turn()
        prepare_tables()
        done = 0
        for part in fresh(day, entity_ids):
            store(part, day=day, on=on)
            done += len(part)
            progress(done)
        return done


def take_turn() -> None:
    """Wait until no other transaction computes coverage; the turn ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COMPUTE_LOCK])


@transaction.atomic
def group(*, day: date, on: datetime) -> int:
    """Group units with too few members by area and trade; returns how many verdicts changed their group.

    The simple grouping stands in until a plan is made: deterministic, by the rules of the day, no proposal to anybody.
    """
    with whole_roster():
        take_turn()
        return store_proposals(stored_names(group_units(few_units(), rules_of(day))), on=on)


@transaction.atomic
def rebuild(*, by: Actor, on: datetime, progress: Progress = silent) -> int:
    """Decide coverage of every entity anew, and the groups; returns how many entities were decided."""
    require_whole_city(by, Permission.BATCH_COMMIT)
    day = latest_day(on)
    computed = compute(on=on, day=day, progress=progress)
    close_letters(day=day, by=by, on=on)
    grouped = group(day=day, on=on)
    journal.record(
        verb="coverage.rebuild", subject_type="entity", subject_id="*", by=by, on=on,
        detail={"computed": computed, "grouped": grouped},
    )  # fmt: skip
    return computed


@transaction.atomic
def differences(*, on: datetime, limit: int = 100) -> list[tuple[int, list[str]]]:
    """(entity id, names) in which the kept decision differs from its facts; the nightly check wants none."""
    found: list[tuple[int, list[str]]] = []
    with whole_roster():
        for part in fresh(latest_day(on)):
            found += [(item.stored.id, names) for item in part if (names := item.differing())]
            if len(found) >= limit:
                break
    return found[:limit]


@transaction.atomic
def state_cause(
    *, entity: Entity, kind: str, note: str, by: Actor, on: datetime, stated_on: date | None = None
) -> Cause:
    """Keep why an entity has no organization; the newest answer stands, earlier ones remain.

    Raises ``Refused`` for an entity that has one or does not operate.
    """
    require_entity(by, Permission.CAUSE_STATE, entity)
    if entity.coverage_state in {Entity.CoverageState.COVERED, Entity.CoverageState.CLOSED}:
        raise Refused(f"该主体{entity.get_coverage_state_display()}，不填写未建原因。")
    cause = Cause.objects.create(
        entity=entity, kind=kind, note=note[:200], stated_on=stated_on or timezone.localdate(on),
        stated_by=by.name, recorded_at=on,
    )  # fmt: skip
    journal.record(
        verb="cause.state", subject_type="entity", subject_id=entity.pk, by=by, on=on, fields=["kind", "note"],
        detail={"kind": cause.kind}, place_id=entity.place_id, body_id=entity.body_id,
    )  # fmt: skip
    return cause


@transaction.atomic
def issue_letter(*, entity: Entity, by: Actor, on: datetime) -> NoticeLetter:
    """Write a letter to an entity that ought to have an organization; what it says and rests on is kept with it.

    Raises ``Refused`` where no organization is due, and while an earlier letter waits for its answer.
    """
    require_entity(by, Permission.LETTER_ISSUE, entity)
    today = timezone.localdate(on)
    decision = explain(entity=entity, on=today)
    if decision.state is not CoverageState.SHOULD:
        raise Refused(f"该主体不是应建未建，不发提示函（{decision.headline}）。")
    waiting = NoticeLetter.objects.open().filter(entity=entity).first()
    if waiting is not None:
        raise Refused(f"{waiting.number}还没有答复，不重复发函。")
    facts = letter_facts(entity, decision, today=today)
    letter = NoticeLetter.objects.create(
        entity=entity, number=next_number(today.year), rule=MIN_FULL, facts=facts | {"issuer": by.unit_name},
        issued_on=today, issued_by=by.name, reply_due_on=date.fromisoformat(facts["reply_due_on"]),
    )  # fmt: skip
    journal.record(
        verb="letter.issue", subject_type="letter", subject_id=letter.pk, by=by, on=on,
        detail={"number": letter.number, "entity": entity.pk}, place_id=entity.place_id, body_id=entity.body_id,
    )  # fmt: skip
    return letter


@transaction.atomic
def record_answer(
    *, letter: NoticeLetter, answer: str, note: str, by: Actor, on: datetime, answered_on: date | None = None
) -> NoticeLetter:
    """Keep the answer to a letter once, with its day and who recorded it.

    Raises ``Refused`` for a second answer, and for a day before the letter or after today.
    """
    letter = NoticeLetter.objects.select_for_update(of=("self",)).select_related("entity").get(pk=letter.pk)
    require_entity(by, Permission.LETTER_ANSWER, letter.entity)
    today = timezone.localdate(on)
    day = answered_on or today
    if letter.answer:
        raise Refused(f"{letter.number}已有答复：{letter.get_answer_display()}。")
    if not letter.issued_on <= day <= today:
        raise Refused("答复日期应在发函日期之后、今天之前。")
    letter.answer, letter.answer_note, letter.answered_on, letter.answered_by = answer, note[:200], day, by.name
    letter.save(update_fields=["answer", "answer_note", "answered_on", "answered_by"])
    journal.record(
        verb="letter.answer", subject_type="letter", subject_id=letter.pk, by=by, on=on,
        fields=["answer", "answer_note", "answered_on"], detail={"kind": letter.answer},
        place_id=letter.entity.place_id, body_id=letter.entity.body_id,
    )  # fmt: skip
    return letter


@transaction.atomic
def close_letters(*, day: date, by: Actor, on: datetime, entity_ids: list[int] | None = None) -> int:
    """Close letters that wait although no organization is due any more, each with its reason; returns how many.

    For entities that have just been computed, by rules of the same day. What a letter said stays, and its
    answer may still be recorded.
    """
    with whole_roster():
        found = NoticeLetter.objects.open().exclude(entity__coverage_state=Entity.CoverageState.SHOULD)
        if entity_ids is not None:
            found = found.filter(entity__in=entity_ids)
        own = own_levels(rules_of(day))
        letters = list(found.select_related("entity").order_by("pk"))
        for letter in letters:
            letter.closed_on, letter.closed_because = timezone.localdate(on), closure(letter.entity, own)
            journal.record(
                verb="letter.close", subject_type="letter", subject_id=letter.pk, by=by, on=on,
                fields=["closed_on", "closed_because"], detail={"kind": letter.closed_because},
                place_id=letter.entity.place_id, body_id=letter.entity.body_id,
            )  # fmt: skip
        NoticeLetter.objects.bulk_update(letters, ["closed_on", "closed_because"], batch_size=500)
    return len(letters)


def closure(entity: Entity, own: Collection[str]) -> NoticeLetter.Closure:
    """Why no organization is due; ``own`` are the forms that are an organization of the entity's own."""
    if entity.coverage_state == Entity.CoverageState.CLOSED:
        return NoticeLetter.Closure.CEASED
    return NoticeLetter.Closure.BUILT if entity.covered_as in own else NoticeLetter.Closure.NOT_DUE
