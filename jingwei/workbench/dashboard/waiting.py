"""What waits for a person, read in one statement: numbers by kind, late letters, lists taken in, confirmations."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet

from jingwei.base_roster.finding import LIMIT
from jingwei.base_roster.models import Entity
from jingwei.branches import selectors as branches
from jingwei.bulletins.models import Paper
from jingwei.core.permissions import Actor, Permission
from jingwei.coverage import selectors as coverage
from jingwei.coverage.models import OPEN
from jingwei.indicators.models import Confirmation
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import Batch
from jingwei.workbench.dashboard.focus import Focus
from jingwei.workbench.gathering import gather
from jingwei.workbench.selectors import DUTIES

_MOST_LATE = 4


@dataclass(frozen=True)
class Waiting:
    """``numbers`` by kind; ``late`` the towns that owe the oldest answers, with how many and since when.

    ``lists`` are the newest days of the departments' lists, ``confirmed`` the places that have confirmed.
    """

    numbers: dict[str, int]
    late: list[tuple[str, int, date]]
    lists: list[date]
    confirmed: frozenset[int]


def waiting(actor: Actor, focus: Focus, on: date, month: date | None) -> Waiting:
    """Count what waits for the actor; ``month`` is the newest published one. One statement.

    What coverage asks for is counted in the focus, as it stands now, to at most LIMIT + 1.
    """
    overdue = coverage.letters(actor=actor).filter(OPEN, reply_due_on__lt=on).order_by()
    seen = focus.entities(Entity.objects.in_scope(actor)).order_by()
    counts: dict[str, QuerySet[Any]] = {"letters": overdue}
    counts |= {name: seen.filter(condition)[: LIMIT + 1] for name, condition in DUTIES.items()}
    if actor.may(Permission.COVERING_DECIDE):
        counts["coverings"] = branches.waiting(actor=actor).order_by()
    if actor.may(Permission.LINK_APPROVE):
        counts["runs"] = LinkRun.objects.in_scope(actor).filter(state=LinkRun.State.PROPOSED).order_by()
    if actor.may(Permission.BATCH_COMMIT):
        counts["batches"] = Batch.objects.in_scope(actor).filter(state=Batch.State.CHECKED).order_by()
    if actor.may(Permission.BULLETIN_SIGN):
        counts["papers"] = Paper.objects.filter(kind=Paper.Kind.BULLETIN, signed_at=None).order_by()
    late = overdue.values(town=F("entity__town__name")).annotate(letters=Count("pk"), due=Min("reply_due_on"))
    committed = Batch.objects.in_scope(actor).filter(state=Batch.State.COMMITTED).order_by()
    confirmed = Confirmation.objects.filter(month=month) if month else Confirmation.objects.none()
    rows, numbers = gather(
        {
            "late": late.order_by("due")[:_MOST_LATE],
            "lists": committed.values("list_kind").annotate(newest=Max("as_of")),
            "confirmed": confirmed.values("place_id"),
        },
        counts,
    )
    return Waiting(
        numbers=numbers,
        late=[(row["town"] or "", row["letters"], date.fromisoformat(row["due"])) for row in rows["late"]],
        lists=[date.fromisoformat(row["newest"]) for row in rows["lists"]],
        confirmed=frozenset(row["place_id"] for row in rows["confirmed"]),
    )
