"""Take an entity up in another, move a source unit, and undo either from a log of every touched row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from jingwei.base_roster import changes, merging_moves
from jingwei.base_roster.merging_pictures import Picture, Step, differences, picture, state_of
from jingwei.base_roster.merging_plan import Plan, plan_of
from jingwei.base_roster.merging_preview import (
    MergePreview,
    preview_of,
    refusals_of,
    require_both,
    standing_merge,
)
from jingwei.base_roster.merging_relations import live_relations
from jingwei.base_roster.merging_undo import Undoing
from jingwei.base_roster.models import Entity, EntitySource, Merge, MergeStep
from jingwei.base_roster.reading import whole_roster
from jingwei.base_roster.services.building import compute_decided
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require
from jingwei.core.refusal import Refused
from jingwei.domain.lists import ListKind
from jingwei.rosters.models import SourceUnit

LONGEST_REASON = 200
AT_ONCE = 1000
_PARTY = frozenset({ListKind.PARTY_ORG.value, ListKind.PARTY_COUNT.value})


@dataclass(frozen=True, slots=True)
class _Act:
    """Who does it, when, why, and on which decision."""

    by: Actor
    user_id: int
    on: datetime
    reason: str
    decision: int | None = None

    def log(self, kind: Merge.Kind, kept: Entity, gone: Entity, unit: SourceUnit | None) -> Merge:
        return Merge(
            kind=kind, kept_id=kept.pk, kept_name=kept.name, gone_id=gone.pk, gone_name=gone.name, unit=unit,
            reason=self.reason, decision=self.decision, by=self.by.name, by_user=self.user_id, at=self.on,
        )  # fmt: skip


def preview(*, kept: Entity, gone: Entity, by: Actor) -> MergePreview:
    """What a merge of two entities would do, relation by relation; nothing is written. Five queries.

    Raises ``NotPermitted`` without the permission, or where one of them lies outside the person's scope.
    """
    require_both(by, kept, gone)
    with whole_roster():
        return preview_of(kept, gone)


@transaction.atomic
def merge(
    *, kept: Entity, gone: Entity, by: Actor, on: datetime, reason: str, decision: int | None = None
) -> Merge:  # fmt: skip
    """Take ``gone`` up in ``kept``: its rows speak of the kept entity, which is computed anew; its own row lies in the log.

    A person's answer on the kept entity stands before one on the other, which is logged. The same merge twice by
    one person, as by a double click, is one. Raises ``NotPermitted`` without a name, the permission or the scope,
    ``Refused`` where either is merged already, where one is a branch office of the other, or without a reason.
    """
    act = _act(by, on, reason, decision)
    changes.wait_for_other_builds()
    done = _already(kept, gone, by)
    if done is not None:
        return done
    kept, gone = _locked(kept.pk), _locked(gone.pk)
    require_both(by, kept, gone)
    with whole_roster():
        return _merge(kept, gone, act)


@transaction.atomic
def move_unit(
    *, unit: SourceUnit, to: Entity | None, by: Actor, on: datetime, reason: str, decision: int | None = None
) -> Merge:  # fmt: skip
    """Tie one source unit to another entity, or to a new one of its own, with what its records have said.

    Where it was the last unit of its entity, that entity is taken up in the other and the act is stored as a merge.
    Raises ``Refused`` where the unit is there already or has no entity, and where nothing would be left to tell apart.
    """
    act = _act(by, on, reason, decision)
    changes.wait_for_other_builds()
    with whole_roster():
        link = EntitySource.objects.select_for_update().filter(unit=unit).first()
    if link is None:
        raise Refused("这个来源单位还没有归入任何主体。")
    if to is not None and link.entity_id == to.pk:
        raise Refused("这个来源单位已经属于该主体。")
    source, target = _locked(link.entity_id), _locked(to.pk) if to else None
    require_both(by, source, target or source)
    with whole_roster():
        is_last = not EntitySource.objects.filter(entity=source).exclude(pk=link.pk).exists()
        if is_last and target is not None:
            return _merge(target, source, act, unit)
        if is_last:
            raise Refused("该主体只有这一个来源单位，不用再分。")
        if target is None and unit.list_kind in _PARTY:
            raise Refused("党组织、党员数名单的单位不单独成户，请选择它所属的主体。")
        return _move(unit, source, target, act)


@transaction.atomic
def unmerge(*, merge: Merge, by: Actor, on: datetime, reason: str) -> Merge:
    """Put everything back as it was before a merge or a move, row by row, and compute both entities again.

    What builds have computed since is computed anew; what units that go back have said since goes with them.
    Undoing twice changes nothing. Raises ``Refused``, naming the row, where a touched row has changed, where
    something came to the kept entity that could belong to either, or where a later merge stands.
    """
    said = _act(by, on, reason).reason
    changes.wait_for_other_builds()
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        if merge.undone_by == by.name:
            return merge
        raise Refused(f"这一次已由{merge.undone_by}撤销。")
    with whole_roster():
        undoing = Undoing(merge)
        undoing.check_later()
        kept = _locked(merge.kept_id)
        other = Entity.objects.filter(pk=merge.gone_id).first() or kept
    require_both(by, kept, other)
    with whole_roster():
        undoing.check()
        undoing.restore()
        _compute_again(undoing, on)
    merge.undone_at, merge.undone_by, merge.undone_reason = on, by.name, said
    merge.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    _note("entity.unmerge", merge, kept, by=by, on=on)
    return merge


def _merge(kept: Entity, gone: Entity, act: _Act, unit: SourceUnit | None = None) -> Merge:
    before = picture([kept.pk, gone.pk])
    plan = plan_of(before, kept.pk, gone.pk)
    refusals = [*refusals_of(kept, gone), *plan.refusals]
    if refusals:
        raise Refused(refusals[0])
    merging_moves.apply(plan, kept=kept, gone=gone)
    compute_decided(on=act.on, entity_ids=[kept.pk, *_emptied(plan)])
    merging_moves.forget_present_name(kept.pk)
    return _log(act.log(Merge.Kind.MERGE, kept, gone, unit), before, kept, act)


def _move(unit: SourceUnit, source: Entity, target: Entity | None, act: _Act) -> Merge:
    before = picture([source.pk, target.pk] if target else [source.pk])
    to = target or merging_moves.found_like(source, on=act.on)
    merging_moves.move(unit=unit, source=source, to=to, by_name=act.by.name, on=act.on)
    compute_decided(on=act.on, entity_ids=sorted((source.pk, to.pk)))
    to = Entity.objects.get(pk=to.pk)
    return _log(act.log(Merge.Kind.MOVE, to, source, unit), before, to, act)


def _log(done: Merge, before: Picture, kept: Entity, act: _Act) -> Merge:
    """Store what differs, with the states before and after, and the rows that hang on the kept entity now."""
    _hold_constraints()
    after = picture([done.kept_id, done.gone_id], also=before)
    steps = differences(before, after)
    done.state_before = state_of({step.key: step.before for step in steps if step.before is not None})
    done.state_after = state_of({step.key: step.after for step in steps if step.after is not None})
    for relation in live_relations():
        pks = (
            key.pk for key, row in after.items() if key.table == relation.table and row.get(relation.column) == kept.pk
        )
        done.rows[relation.table] = sorted({*done.rows.get(relation.table, ()), *pks})
    done.save()
    rows = [_step_row(done, position, step) for position, step in enumerate(steps, start=1)]
    MergeStep.objects.bulk_create(rows, batch_size=AT_ONCE)
    _note("entity.merge" if done.kind == Merge.Kind.MERGE else "entity.move_unit", done, kept, by=act.by, on=act.on)
    return done


def _step_row(done: Merge, position: int, step: Step) -> MergeStep:
    return MergeStep(
        merge=done, position=position, table=step.key.table, row=step.key.pk, before=step.before, after=step.after
    )


def _compute_again(undoing: Undoing, on: datetime) -> None:
    """Both entities under the present rules, the branch offices that hung on the one that went, and those named after it."""
    merge = undoing.merge
    ids = sorted({merge.gone_id, *undoing.sites} | ({merge.kept_id} if not undoing.founded else set()))
    after = changes.possible_parents([merge.gone_id])
    before = dict.fromkeys(after, changes.Parent("", ""))
    offices = changes.offices_of_changed_parents(before, after, without=ids)
    _hold_constraints()
    compute_decided(on=on, entity_ids=[*ids, *offices])


def _already(kept: Entity, gone: Entity, by: Actor) -> Merge | None:
    """The merge that the same person has just made of these two. Raises ``Refused`` for one of somebody else."""
    if kept.pk == gone.pk:
        raise Refused("不能与自己合并。")
    standing = standing_merge(kept.pk, gone.pk)
    if standing is None:
        return None
    if (standing.kept_id, standing.gone_id, standing.by_user) == (kept.pk, gone.pk, by.user_id):
        return standing
    raise Refused(f"“{standing.gone_name}”已由{standing.by}并入“{standing.kept_name}”，请刷新后再看。")


def _locked(pk: int) -> Entity:
    with whole_roster():
        found = Entity.objects.select_for_update(of=("self",)).defer("bigrams").filter(pk=pk).first()
    if found is None:
        raise Refused("其中一个主体已经不在名册，请刷新后再看。")
    return found


def _act(by: Actor, on: datetime, reason: str, decision: int | None = None) -> _Act:
    """The act with its reason as it is kept; it is a named person's."""
    require(by, Permission.LINK_APPROVE)
    if by.user_id is None:
        raise NotPermitted("合并须由具名的经办人办理。", permission=Permission.LINK_APPROVE)
    said = reason.strip()
    if not said:
        raise Refused("请写明原因。")
    if len(said) > LONGEST_REASON:
        raise Refused(f"原因不能超过 {LONGEST_REASON} 个字。")
    return _Act(by, by.user_id, on, said, decision)


def _emptied(plan: Plan) -> Iterable[int]:
    """Branch offices that have lost their parent."""
    return [pk for pks in plan.emptied.values() for pk in pks]


def _hold_constraints() -> None:
    """Let a row that still speaks of an entity without a row show itself here, not at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _note(verb: str, done: Merge, kept: Entity, *, by: Actor, on: datetime) -> None:
    """Name the kept entity as the subject, and the other one so that whoever follows computes both."""
    journal.record(
        verb=verb, subject_type="entity", subject_id=done.kept_id, by=by, on=on,
        detail={"before": done.gone_id, "after": done.kept_id, "merge": done.pk},
        place_id=kept.overlay_id or kept.place_id, body_id=kept.body_id,
    )  # fmt: skip
