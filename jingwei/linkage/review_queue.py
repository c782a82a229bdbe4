"""Reads of the queue: whose turn it is, what comes next, how far the work is. Quick at 100,000 pairs.

One partial index holds the waiting pairs of a run in order, so the first pairs and those around one are read
from it without sorting. What stands before a pair is counted along the same index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet, Subquery

from jingwei.core.permissions import Actor, Permission, require
from jingwei.linkage.models import CandidatePair, Decision, LinkRun

SHOWN = 6
_NAMED = ("unit__last_record", "lower__last_record", "higher__last_record")
Standing = CandidatePair.Standing
_FIGURES = """
SELECT (SELECT count(*) FROM linkage_candidatepair WHERE run_id = %(run)s AND standing = 'waiting'),
       (SELECT count(*) FROM linkage_candidatepair
         WHERE run_id = %(run)s AND standing = 'waiting' AND (turn, id) < (%(turn)s, %(id)s)),
       (SELECT count(*) FROM linkage_decision
         WHERE run_id = %(run)s AND undone_at IS NULL AND verdict <> 'unsure'),
       (SELECT id FROM linkage_candidatepair
         WHERE run_id = %(run)s AND standing = 'waiting' AND (turn, id) < (%(turn)s, %(id)s)
         ORDER BY turn DESC, id DESC LIMIT 1),
       (SELECT id FROM linkage_candidatepair
         WHERE run_id = %(run)s AND standing = 'waiting' AND (turn, id) > (%(turn)s, %(id)s)
         ORDER BY turn, id LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """Figures of the queue, seen from one pair: how many wait, how many stand before it, its neighbours."""

    waiting: int
    before: int
    decided: int
    previous: int | None
    next: int | None

    @property
    def total(self) -> int:
        return self.waiting + self.decided

    @property
    def share(self) -> float:
        """Percentage that is done."""
        return 100 * self.decided / self.total if self.total else 0.0


def current_run(actor: Actor) -> LinkRun | None:
    """The run whose pairs are judged now. One query."""
    require(actor, Permission.LINK_APPROVE)
    return LinkRun.objects.in_force(actor)


def pairs(*, actor: Actor) -> QuerySet[CandidatePair]:
    """Pairs of runs in scope with what a page names of them."""
    require(actor, Permission.LINK_APPROVE)
    related = ("run", "unit__last_record__batch", "candidate__last_record")
    return CandidatePair.objects.filter(run__in=LinkRun.objects.in_scope(actor)).select_related(*related)


def first(run: LinkRun) -> int | None:
    """The pair of a run whose turn it is. One query."""
    return _waiting(run).values_list("pk", flat=True).first()


def first_pair(actor: Actor) -> CandidatePair | None:
    """The pair whose turn it is in the run that is judged now. One query."""
    current = LinkRun.objects.in_scope(actor).in_force_first().values("pk")[:1]
    waiting = pairs(actor=actor).filter(run=Subquery(current), standing=Standing.WAITING)
    return waiting.order_by("turn", "pk").first()


def upcoming(pair: CandidatePair, *, most: int = SHOWN) -> list[CandidatePair]:
    """The pair and those after it, from the front again where the queue ends. One or two queries."""
    later = Q(turn__gt=pair.turn) | Q(turn=pair.turn, pk__gte=pair.pk)
    # The first condition alone bounds the index; the second sorts out pairs of the same turn.
    waiting = _waiting(pair.run).select_related("unit__last_record__batch")
    found = list(waiting.filter(later, turn__gte=pair.turn)[:most])
    if len(found) < most:
        seen = {item.pk for item in found}
        found += [item for item in waiting[:most] if item.pk not in seen][: most - len(found)]
    return found


def progress(pair: CandidatePair) -> Progress:
    """How far the work on the pair's run is. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"run": pair.run_id, "turn": pair.turn, "id": pair.pk})
        return Progress(*cursor.fetchone())


def after(pair: CandidatePair) -> int | None:
    """Where to go on after a verdict: the unit's next candidate, else the next pair, else the front. Up to three queries."""
    beside = _waiting(pair.run).filter(unit_id=pair.unit_id).exclude(pk=pair.pk)
    following = beside.values_list("pk", flat=True).first()
    return following or progress(pair).next or first(pair.run)


def candidates(pair: CandidatePair) -> list[CandidatePair]:
    """All candidates of the pair's unit in its run, the best first. One query."""
    found = CandidatePair.objects.filter(run_id=pair.run_id, unit_id=pair.unit_id)
    return list(found.select_related("candidate__last_record").order_by("place"))


def decision_on(unit_id: int, other_id: int) -> Decision | None:
    """The verdict in force on two units, a firm one before all others. One query."""
    return _firmest(Decision.objects.filter(_on(unit_id, other_id), undone_at__isnull=True))


def decision_and_last(
    actor: Actor, run: LinkRun, unit_id: int, other_id: int
) -> tuple[Decision | None, Decision | None]:
    """``decision_on`` the two units and ``last_decision`` of the person, together. One query."""
    last = _own(actor, run).order_by("-pk").values("pk")[:1]
    wanted = Decision.objects.filter(_on(unit_id, other_id) | Q(pk__in=last), undone_at__isnull=True)
    found = list(wanted.select_related(*_NAMED))
    own = [item for item in found if item.user_id == actor.user_id and item.run_id == run.pk]
    key = (min(unit_id, other_id), max(unit_id, other_id))
    on = _firmest(item for item in found if (item.lower_id, item.higher_id) == key)
    return on, max(own, key=lambda item: item.pk, default=None)


def last_decision(actor: Actor, run: LinkRun) -> Decision | None:
    """What the person himself decided last in this run and has not undone. One query."""
    return _own(actor, run).select_related(*_NAMED).order_by("-pk").first()


def decisions(*, actor: Actor, run: LinkRun) -> QuerySet[Decision]:
    """All decisions of a run with what names them, newest first, undone ones included."""
    require(actor, Permission.LINK_APPROVE)
    return Decision.objects.filter(run=run).select_related(*_NAMED).order_by("-pk")


def waiting_count(run: LinkRun | None) -> int:
    """How many pairs of a run wait for a person. One query."""
    return 0 if run is None else _waiting(run).count()


def waiting_by_rule(run: LinkRun) -> dict[str, int]:
    """Ground -> pairs of the run that wait for a person under it. One query."""
    rows = _waiting(run).order_by().values_list("rule").annotate(pairs=Count("pk"))
    return dict(rows)


def judged_by_rule(run: LinkRun) -> Sequence[tuple[str, str, int]]:
    """(ground, verdict, decisions in force) of a run. One query."""
    made = Decision.objects.filter(run=run, undone_at__isnull=True).order_by()
    return list(made.values_list("rule", "verdict").annotate(pairs=Count("pk")))


def _own(actor: Actor, run: LinkRun) -> QuerySet[Decision]:
    made = Decision.objects.filter(run=run, undone_at__isnull=True)
    return made.none() if actor.user_id is None else made.filter(user_id=actor.user_id)


def _on(unit_id: int, other_id: int) -> Q:
    return Q(lower_id=min(unit_id, other_id), higher_id=max(unit_id, other_id))


def _firmest(decisions: Iterable[Decision]) -> Decision | None:
    return min(decisions, key=lambda item: (item.verdict == Decision.Verdict.UNSURE, -item.pk), default=None)


def _waiting(run: LinkRun) -> QuerySet[CandidatePair]:
    return CandidatePair.objects.filter(run=run, standing=Standing.WAITING).order_by("turn", "pk")
