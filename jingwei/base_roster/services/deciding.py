"""A person's verdict on two source units takes effect on the roster at once, and is taken back as a whole.

- Same: both units belong to one entity from then on. An entity that held nothing but the unit is taken up in
  the other one; of a larger entity only the unit moves. A row that waited outside the roster is founded as an
  entity and taken up in the same breath, so that the undoing restores what was before, row by row.
- Different: units of one entity are parted. When the last candidate of a row is refused, the row stands
  alone: a register's row does so since the run took effect, a row of a list that founds entities founds one
  now, a row of any other list stays outside, as with a build.
- Unsure: nothing.

As long as the run has not taken effect there is nothing to join; ``follow_decisions`` does it with the build.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from jingwei.base_roster.attaching import FOUNDING
from jingwei.base_roster.merging_moves import BY_PERSON, delete
from jingwei.base_roster.merging_pictures import ENTITIES, by_table, picture
from jingwei.base_roster.merging_relations import live_relations
from jingwei.base_roster.models import Entity, EntitySource, Merge
from jingwei.base_roster.reading import whole_roster
from jingwei.base_roster.services.building import compute_decided
from jingwei.base_roster.services.merging import move_unit, unmerge
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted
from jingwei.core.refusal import Refused
from jingwei.domain.linkage.reasons import Basis
from jingwei.linkage import services as linkage
from jingwei.linkage.models import CandidatePair, Decision, LinkRun

Verdict = Decision.Verdict
_LINKS = EntitySource._meta.db_table
# Decisions that the roster does not follow yet: made before their run took effect.
_OUTSTANDING = """
SELECT d.id FROM linkage_decision d
  LEFT JOIN base_roster_entitysource low ON low.unit_id = d.lower_id
  LEFT JOIN base_roster_entitysource high ON high.unit_id = d.higher_id
 WHERE d.undone_at IS NULL AND d.verdict = 'same' AND low.entity_id IS DISTINCT FROM high.entity_id
 ORDER BY d.id
"""
_ALONE = """
SELECT (array_agg(d.id ORDER BY d.id DESC))[1]
  FROM linkage_candidatepair p
  JOIN rosters_sourceunit u ON u.id = p.unit_id
  JOIN linkage_decision d ON d.unit_id = p.unit_id AND d.lower_id = least(p.unit_id, p.candidate_id)
                         AND d.higher_id = greatest(p.unit_id, p.candidate_id) AND d.undone_at IS NULL
 WHERE p.run_id = %s AND u.list_kind = ANY(%s)
   AND NOT EXISTS (SELECT 1 FROM base_roster_entitysource s WHERE s.unit_id = p.unit_id)
   AND NOT EXISTS (SELECT 1 FROM linkage_candidatepair o
                    WHERE o.run_id = p.run_id AND o.unit_id = p.unit_id AND o.standing <> 'different')
 GROUP BY p.unit_id ORDER BY p.unit_id
"""


class Effect(StrEnum):
    """What a decision did to the roster."""

    JOINED = "joined"
    TOGETHER = "together"
    PARTED = "parted"
    FOUNDED = "founded"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision, what followed, and the entity in which the unit lies now, if any."""

    decision: Decision
    effect: Effect
    entity: Entity | None = None


@transaction.atomic
def decide(
    *, run: LinkRun, unit_id: int, other_id: int, verdict: str, reason: str = "", by: Actor, on: datetime
) -> Outcome:
    """Record a verdict and let the roster follow. Raises what recording it raises.

    Also ``Refused`` where it contradicts a verdict in force, and what merging refuses.
    """
    decision = linkage.decide(run=run, unit_id=unit_id, other_id=other_id, verdict=verdict, reason=reason, by=by, on=on)
    if verdict == Verdict.SAME:
        return _join(decision, by=by, on=on)
    if verdict == Verdict.DIFFERENT:
        return _part(decision, run if run.took_effect_at else None, by=by, on=on)
    return Outcome(decision, Effect.NONE)


@transaction.atomic
def undo(*, decision: Decision, reason: str, by: Actor, on: datetime) -> Decision:
    """Take a verdict back with all that it did. Raises ``Refused`` where something has changed since."""
    said = reason.strip()
    if not said:
        raise Refused("请写明撤销的原因。")
    taken = linkage.undo(decision=decision, reason=said, by=by, on=on)
    for done in Merge.objects.filter(decision=decision.pk, undone_at__isnull=True).order_by("-pk"):
        unmerge(merge=done, by=by, on=on, reason=said)
    with whole_roster():
        _remove_founded(decision)
    return taken


def undo_merge(*, merge: Merge, reason: str, by: Actor, on: datetime) -> None:
    """Undo a merge or a move; one that a verdict brought takes the verdict back, or the next run would
    bring it again. Raises ``Refused`` as `undo` and `unmerge` do.
    """
    if merge.decision is None:
        unmerge(merge=merge, by=by, on=on, reason=reason)
    else:
        undo(decision=Decision.objects.get(pk=merge.decision), reason=reason, by=by, on=on)


def follow_decisions(*, run: LinkRun, by: Actor, on: datetime) -> int:
    """Let the roster follow the decisions that were made before the run took effect; returns how many did.

    One that has come to contradict the roster stays without effect until somebody looks at it.
    """
    followed = 0
    with connection.cursor() as cursor:
        cursor.execute(_OUTSTANDING)
        outstanding = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_ALONE, [run.pk, [kind.value for kind in FOUNDING]])
        outstanding += [pk for (pk,) in cursor.fetchall()]
    for decision in Decision.objects.filter(pk__in=outstanding).order_by("pk"):
        try:
            with transaction.atomic():
                same = decision.verdict == Verdict.SAME
                done = _join(decision, by=by, on=on) if same else _part(decision, run, by=by, on=on)
        except (Refused, NotPermitted):
            continue
        followed += done.effect not in (Effect.NONE, Effect.LATER)
    return followed


def _join(decision: Decision, *, by: Actor, on: datetime) -> Outcome:
    ours, theirs = _source(decision.unit_id), _source(decision.other_id)
    _refuse_contradiction(decision, ours, theirs)
    if ours is None and theirs is None:
        return Outcome(decision, Effect.LATER)
    if ours is not None and theirs is not None and ours.entity_id == theirs.entity_id:
        return Outcome(decision, Effect.TOGETHER, theirs.entity)
    joining = ours or _found(decision, decision.unit_id, BY_PERSON, on=on)
    staying = theirs or _found(decision, decision.other_id, BY_PERSON, on=on)
    return Outcome(decision, Effect.JOINED, _put_together(decision, joining, staying, by=by, on=on))


def _put_together(
    decision: Decision, joining: EntitySource, staying: EntitySource, *, by: Actor, on: datetime
) -> Entity:
    """Move what is smaller: the unit, or the entity of the other one where that has nothing else."""
    if not _is_only_source(joining) and _is_only_source(staying):
        joining, staying = staying, joining
    said = decision.reason or f"人工判定为{Verdict.SAME.label}"
    move_unit(unit=joining.unit, to=staying.entity, by=by, on=on, reason=said, decision=decision.pk)
    return staying.entity


def _part(decision: Decision, run: LinkRun | None, *, by: Actor, on: datetime) -> Outcome:
    """``run`` is the one that took effect and in which the unit may stand alone now; None before that."""
    ours, theirs = _source(decision.unit_id), _source(decision.other_id)
    if ours is not None and theirs is not None and ours.entity_id == theirs.entity_id:
        _refuse_tied(decision, ours)
        said = decision.reason or f"人工判定{Verdict.DIFFERENT.label}"
        move_unit(unit=ours.unit, to=None, by=by, on=on, reason=said, decision=decision.pk)
        parted = _source(decision.unit_id)
        return Outcome(decision, Effect.PARTED, parted.entity if parted else None)
    if ours is not None or run is None or not _stands_alone(decision, run):
        return Outcome(decision, Effect.NONE, ours.entity if ours else None)
    alone = _found(decision, decision.unit_id, Basis.OWN.value, on=on).entity
    journal.record(
        verb="entity.found", subject_type="entity", subject_id=alone.pk, by=by, on=on, detail={"decision": decision.pk},
        place_id=alone.overlay_id or alone.place_id, body_id=alone.body_id,
    )  # fmt: skip
    return Outcome(decision, Effect.FOUNDED, alone)


def _stands_alone(decision: Decision, run: LinkRun) -> bool:
    """Whether every candidate of the unit has been refused, and its list founds entities."""
    pairs = CandidatePair.objects.filter(run=run, unit_id=decision.unit_id)
    standing = set(pairs.values_list("standing", flat=True))
    return standing == {CandidatePair.Standing.DIFFERENT} and decision.unit.list_kind in FOUNDING


def _source(unit_id: int) -> EntitySource | None:
    """Where the unit lies; entities out of scope too, which moving then refuses."""
    with whole_roster():
        return EntitySource.objects.select_related("entity", "unit").filter(unit_id=unit_id).first()


def _is_only_source(source: EntitySource) -> bool:
    with whole_roster():
        return EntitySource.objects.filter(entity_id=source.entity_id).count() == 1


def _found(decision: Decision, unit_id: int, rule: str, *, on: datetime) -> EntitySource:
    """An entity of the unit alone, computed from what its list says; a build founds them alike."""
    run = decision.run
    with whole_roster():
        entity = Entity.objects.create(
            roster=Entity.Roster.OTHER, legal_form="unknown", ownership=Entity.Ownership.UNKNOWN, state="unknown",
            screening=Entity.Screening.UNKNOWN, body_id=run.body_id, as_of=run.as_of, computed_at=on,
        )  # fmt: skip
        EntitySource.objects.create(
            entity=entity, unit_id=unit_id, rule=rule, score=1.0, approved_by=decision.decided_by,
            approved_at=decision.decided_at,
        )  # fmt: skip
        compute_decided(on=on, entity_ids=[entity.pk])
        return EntitySource.objects.select_related("entity", "unit").get(unit_id=unit_id)


def _remove_founded(decision: Decision) -> None:
    """Let the rows that the decision brought into the roster wait outside again."""
    brought = EntitySource.objects.select_related("entity").filter(
        unit_id__in=(decision.lower_id, decision.higher_id), rule__in=(BY_PERSON, Basis.OWN.value),
        approved_by=decision.decided_by, approved_at=decision.decided_at,
    )  # fmt: skip
    for source in brought:
        entity = source.entity
        if not _is_only_source(source):
            raise Refused(f"“{entity.name}”此后又并入了别的来源，不能撤销；请先撤销后来的判定。")
        for key, row in picture([entity.pk]).items():
            relation = by_table()[key.table]
            if key.table not in (ENTITIES, _LINKS) and relation.is_said(row) and relation.is_sticky(row):
                raise Refused(f"“{entity.name}”此后有了{relation.zh}（{relation.named(row)}），不能撤销。")
        for relation in live_relations():
            if relation.has_rows_of_its_own:
                delete(relation.table, relation.column, [entity.pk])
        delete(ENTITIES, "id", [entity.pk])


def _refuse_contradiction(decision: Decision, ours: EntitySource | None, theirs: EntitySource | None) -> None:
    """Raise ``Refused`` where putting the two together would join units that were found to be different."""
    one, other = _units_beside(decision.unit_id, ours), _units_beside(decision.other_id, theirs)
    across = Q(lower_id__in=one, higher_id__in=other) | Q(lower_id__in=other, higher_id__in=one)
    against = Decision.objects.filter(across, verdict=Verdict.DIFFERENT, undone_at__isnull=True).first()
    if against is not None:
        raise Refused(
            f"{against.decided_by} {timezone.localtime(against.decided_at):%Y-%m-%d} 已把其中两条来源判为"
            f"“{against.get_verdict_display()}”，不能归为一户；要改判请先撤销那次判定（编号 {against.pk}）。"
        )


def _refuse_tied(decision: Decision, source: EntitySource) -> None:
    """Raise ``Refused`` where the unit was put to another unit of the same entity by a person."""
    beside = _units_beside(decision.unit_id, source) - {decision.unit_id}
    touching = Q(lower_id=decision.unit_id, higher_id__in=beside) | Q(lower_id__in=beside, higher_id=decision.unit_id)
    tie = Decision.objects.filter(touching, verdict=Verdict.SAME, undone_at__isnull=True).first()
    if tie is not None:
        raise Refused(f"{tie.decided_by}此前把该行判归同一户的另一来源，请先撤销那次判定（编号 {tie.pk}）。")


def _units_beside(unit_id: int, source: EntitySource | None) -> set[int]:
    if source is None:
        return {unit_id}
    with whole_roster():
        return set(EntitySource.objects.filter(entity_id=source.entity_id).values_list("unit_id", flat=True))
