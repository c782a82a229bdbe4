"""Where the pairs of a unit stand, worked out from the decisions in force and from nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import Q

from jingwei.linkage.models import CandidatePair, Decision

# Unsure pairs stand behind all others, in the order in which people were unsure.
BEHIND_ALL = 10**12
_MICROSECONDS = 1_000_000
Standing = CandidatePair.Standing
Verdict = Decision.Verdict
_AT_ONCE = 1_000


def reorder(*, run_id: int, unit_ids: Iterable[int]) -> None:
    """Work out anew where the pairs of some units stand: one candidate of each waits, the next ones later."""
    wanted = sorted(set(unit_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        _reorder(run_id, wanted[start : start + _AT_ONCE])


def _reorder(run_id: int, unit_ids: Sequence[int]) -> None:
    pairs = list(CandidatePair.objects.filter(run_id=run_id, unit_id__in=unit_ids).order_by("unit_id", "place"))
    said = _decisions(unit_ids)
    moved: list[CandidatePair] = []
    for unit_id, candidates in groupby(pairs, key=lambda pair: pair.unit_id):
        moved += stand(list(candidates), said, joined=_is_joined(unit_id, said.values()))
    CandidatePair.objects.bulk_update(moved, ["standing", "turn"], batch_size=_AT_ONCE)


def stand(
    pairs: Sequence[CandidatePair], said: Mapping[tuple[int, int], Decision], *, joined: bool
) -> list[CandidatePair]:
    """Set standing and turn of one unit's pairs, best first; returns those that changed.

    ``said`` holds the decision in force on each pair of units, ``joined`` whether the unit was put to another one.
    """
    moved, someone_waits = [], False
    for pair in pairs:
        decision = said.get(in_order(pair.unit_id, pair.candidate_id))
        standing = _standing(decision, joined=joined, someone_waits=someone_waits)
        someone_waits = someone_waits or standing == Standing.WAITING
        unsure = decision is not None and decision.verdict == Verdict.UNSURE
        turn = behind_all(decision.decided_at) if decision and unsure else -pair.worth
        if (pair.standing, pair.turn) != (standing, turn):
            pair.standing, pair.turn = standing, turn
            moved.append(pair)
    return moved


def in_order(one: int, other: int) -> tuple[int, int]:
    """The key of a pair of units: the lower id first."""
    return (one, other) if one < other else (other, one)


def behind_all(moment: datetime) -> int:
    """The turn of a pair on which somebody was unsure then."""
    return BEHIND_ALL + round(moment.timestamp() * _MICROSECONDS)


def _standing(decision: Decision | None, *, joined: bool, someone_waits: bool) -> Standing:
    if decision is not None and decision.verdict == Verdict.SAME:
        return Standing.SAME
    if decision is not None and decision.verdict == Verdict.DIFFERENT:
        return Standing.DIFFERENT
    if joined:
        return Standing.SKIPPED
    return Standing.LATER if someone_waits else Standing.WAITING


def _is_joined(unit_id: int, decisions: Iterable[Decision]) -> bool:
    return any(decision.verdict == Verdict.SAME and decision.unit_id == unit_id for decision in decisions)


def _decisions(unit_ids: Sequence[int]) -> dict[tuple[int, int], Decision]:
    """The decision in force on each pair of these units: a firm one goes before all on which somebody was unsure."""
    touching = Q(lower_id__in=unit_ids) | Q(higher_id__in=unit_ids)
    found: dict[tuple[int, int], Decision] = {}
    for decision in Decision.objects.filter(touching, undone_at__isnull=True).order_by("pk"):
        key = (decision.lower_id, decision.higher_id)
        held = found.get(key)
        if held is None or held.verdict == Verdict.UNSURE:
            found[key] = decision
    return found
