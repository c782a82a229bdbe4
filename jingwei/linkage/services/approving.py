"""A named person lets a run take effect; the roster reports what came of it."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require_scope
from jingwei.linkage.models import LinkRun

BUILD_TASK = "base_roster.build"


@transaction.atomic
def approve(*, run: LinkRun, by: Actor, on: datetime) -> LinkRun:
    """A named clerk lets the deterministic classes of a run take effect; a second approval changes nothing."""
    require_named(by, run, "对碰结果须由具名的经办人批准。")
    run = LinkRun.objects.select_for_update().get(pk=run.pk)
    if run.state != LinkRun.State.PROPOSED:
        return run
    run.state, run.approved_at, run.approved_by = LinkRun.State.APPROVED, on, by.name
    run.save(update_fields=["state", "approved_at", "approved_by"])
    # The roster lies above this app: its job is known here by name alone.
    app.configure_task(BUILD_TASK).defer(run_id=run.pk, user_id=by.user_id)
    journal.record(
        verb="linkage.approve", subject_type="link_run", subject_id=run.pk, by=by, on=on, detail=run.counts,
        place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip
    return run


def note_effect(*, run: LinkRun, effect: dict[str, int], on: datetime) -> None:
    """The roster reports what an approved run led to."""
    LinkRun.objects.filter(pk=run.pk).update(took_effect_at=on, effect=effect)


def require_named(by: Actor, run: LinkRun, reason: str) -> int:
    """Id of the user who decides on a run; raises ``NotPermitted`` for others and for whom nobody can name."""
    require_scope(by, Permission.LINK_APPROVE, place_id=run.place_id, body_id=run.body_id)
    if by.user_id is None:
        raise NotPermitted(reason, permission=Permission.LINK_APPROVE)
    return by.user_id
