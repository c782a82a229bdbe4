"""Sign a paper: from then on it is what the office said."""

from datetime import datetime

from django.db import transaction

from jingwei.bulletins.models import Paper
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require_scope
from jingwei.core.refusal import Refused


@transaction.atomic
def sign(*, paper: Paper, by: Actor, on: datetime) -> Paper:
    """Sign a paper; it can be neither changed nor made again afterwards.

    Raises Refused where it is signed already, or its number of issue has gone to another bulletin.
    """
    require_scope(by, Permission.BULLETIN_SIGN, place_id=paper.place_id, owner=paper.place.name)
    paper = Paper.objects.select_for_update(of=("self",)).select_related("snapshot", "place").get(pk=paper.pk)
    if paper.signed_at is not None:
        raise Refused(f"“{paper.title}”已由{paper.signed_by}于 {paper.signed_at:%Y-%m-%d} 签发。")
    _refuse_taken_issue(paper)
    paper.signed_at, paper.signed_by = on, by.name
    paper.save(update_fields=["signed_at", "signed_by"])
    failed = sum(1 for check in paper.checks if check["outcome"] == "fails")
    journal.record(
        verb="paper.sign", subject_type="paper", subject_id=paper.pk, by=by, on=on,
        detail={"kind": paper.kind, "snapshot": paper.snapshot.number, "failed": failed}, place_id=paper.place_id,
    )  # fmt: skip
    return paper


def _refuse_taken_issue(paper: Paper) -> None:
    """Two bulletins of a place and year never go out under one number; editions of one bulletin share theirs."""
    if paper.kind != Paper.Kind.BULLETIN:
        return
    others = Paper.objects.filter(
        kind=paper.kind, place=paper.place, issue=paper.issue, content__year=paper.content["year"],
        signed_at__isnull=False,
    ).exclude(snapshot=paper.snapshot)  # fmt: skip
    other = others.first()
    if other is not None:
        raise Refused(f"{paper.content['year']} 年第 {paper.issue} 期已用于“{other.title}”，请先改期号。")
