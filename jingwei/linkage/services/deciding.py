"""People's verdicts on pairs of units: taken once, undone with a reason, in force in every later run."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jingwei.core import journal
from jingwei.core.permissions import Actor
from jingwei.core.refusal import Refused
from jingwei.linkage.models import CandidatePair, Decision, LinkRun
from jingwei.linkage.services.approving import require_named
from jingwei.linkage.services.ordering import in_order, reorder
from jingwei.rosters.models import SourceUnit

LONGEST_REASON = 200
Verdict = Decision.Verdict
_FIRM = (Verdict.SAME, Verdict.DIFFERENT)


class AlreadyDecided(Refused):
    """Somebody was faster, or the same person pressed twice; the decision in force says who and what."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            f"{decision.decided_by}已把这一对判为“{decision.get_verdict_display()}”，没有重复记录；要改判请先撤销。"
        )
        self.decision = decision


@transaction.atomic
def decide(
    *, run: LinkRun, unit_id: int, other_id: int, verdict: str, reason: str = "", by: Actor, on: datetime
) -> Decision:
    """Record what a person says of two units and move the queue on; nothing else happens here.

    ``unit_id`` is the one that waited. Raises ``NotPermitted`` without permission or name, ``AlreadyDecided``
    where a firm verdict stands, ``Refused`` where a newer run has taken the run's place.
    """
    user_id = require_named(by, run, "人工判定须由能登录的经办人作出。")
    said = _checked_reason(reason)
    lower, higher = in_order(unit_id, other_id)
    _hold(lower, higher)
    _require_current(run, by)
    standing = _standing_decision(lower, higher) or _joined_elsewhere(run, unit_id, other_id)
    if standing is not None:
        raise AlreadyDecided(standing)
    again = _unsure_again(lower, higher, user_id) if verdict == Verdict.UNSURE else None
    if again is not None:
        return again
    pair = CandidatePair.objects.filter(run=run, unit_id=unit_id, candidate_id=other_id).first()
    decision = Decision.objects.create(
        lower_id=lower, higher_id=higher, unit_id=unit_id, run=run, verdict=verdict, reason=said,
        rule=pair.rule if pair else "", millibits=pair.millibits if pair else None,
        decided_by=by.name, user_id=user_id, decided_at=on,
    )  # fmt: skip
    reorder(run_id=run.pk, unit_ids=(lower, higher))
    _note("linkage.decide", decision, run, by=by, on=on)
    return decision


@transaction.atomic
def undo(*, decision: Decision, reason: str, by: Actor, on: datetime) -> Decision:
    """Take a verdict back; the pair waits again where it stood. What followed in the roster is undone above.

    Raises ``NotPermitted``, and ``Refused`` without a reason or where it has been undone before.
    """
    run = decision.run
    require_named(by, run, "撤销判定须由能登录的经办人作出。")
    said = _checked_reason(reason)
    if not said:
        raise Refused("请写明撤销的原因。")
    _hold(decision.lower_id, decision.higher_id)
    held = Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
    if held.is_undone:
        raise Refused(f"{held.undone_by}已撤销了这次判定：{held.undone_reason}")
    Decision.objects.filter(pk=held.pk).update(undone_by=by.name, undone_at=on, undone_reason=said)
    for run_id in {run.pk, getattr(LinkRun.objects.in_force(by), "pk", run.pk)}:
        reorder(run_id=run_id, unit_ids=(held.lower_id, held.higher_id))
    _note("linkage.undo_decision", held, run, by=by, on=on)
    held.refresh_from_db()
    return held


def _hold(lower: int, higher: int) -> None:
    """Let nobody else decide on either unit before this transaction ends. Raises ``Refused`` for unknown units."""
    units = SourceUnit.objects.select_for_update(no_key=True).filter(pk__in=(lower, higher)).order_by("pk")
    if lower == higher or len(units) != 2:
        raise Refused("这一对记录已不在名单中，或不在你的管辖范围。")


def _require_current(run: LinkRun, by: Actor) -> None:
    current = LinkRun.objects.in_force(by)
    if current is None or current.pk != run.pk:
        raise Refused("这批对碰已被新的一批替代，请刷新后再判。")


def _standing_decision(lower: int, higher: int) -> Decision | None:
    made = Decision.objects.filter(lower_id=lower, higher_id=higher, undone_at__isnull=True)
    return made.filter(verdict__in=_FIRM).first()


def _joined_elsewhere(run: LinkRun, unit_id: int, other_id: int) -> Decision | None:
    """The decision by which the unit was put to another candidate, so that this pair is no question any more."""
    skipped = CandidatePair.Standing.SKIPPED
    pairs = CandidatePair.objects.filter(run=run, unit_id=unit_id, candidate_id=other_id, standing=skipped)
    if not pairs.exists():
        return None
    touching = Q(lower_id=unit_id) | Q(higher_id=unit_id)
    return Decision.objects.filter(touching, unit_id=unit_id, verdict=Verdict.SAME, undone_at__isnull=True).first()


def _unsure_again(lower: int, higher: int, user_id: int) -> Decision | None:
    made = Decision.objects.filter(lower_id=lower, higher_id=higher, undone_at__isnull=True, user_id=user_id)
    return made.filter(verdict=Verdict.UNSURE).last()


def _checked_reason(reason: str) -> str:
    said = reason.strip()
    if len(said) > LONGEST_REASON:
        raise Refused(f"理由不能超过 {LONGEST_REASON} 个字。")
    return said


def _note(verb: str, decision: Decision, run: LinkRun, *, by: Actor, on: datetime) -> None:
    """Name the units and the verdict in the journal; the reason stands with the decision."""
    detail = {"verdict": decision.verdict, "lower": decision.lower_id, "higher": decision.higher_id}
    journal.record(
        verb=verb, subject_type="decision", subject_id=decision.pk, by=by, on=on, detail=detail,
        place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip
