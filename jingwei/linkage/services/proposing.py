"""Match all current source units; what comes of it waits for a named person."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import duckdb
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require, require_scope
from jingwei.domain.linkage import link
from jingwei.linkage.models import LinkRun
from jingwei.linkage.services.changing import changes
from jingwei.linkage.services.filling import fill
from jingwei.linkage.services.storing import combinations, store_results
from jingwei.linkage.services.storing_pairs import store_pairs

VERSION = "2026.1"
PROPOSE_TASK = "linkage.propose"
Stage = Callable[[str], None]


def silent(_: str) -> None:
    """No progress wanted."""


@transaction.atomic
def propose(
    *, as_of: date, by: Actor, on: datetime, place_id: int | None = None, body_id: int | None = None,
    stage: Stage = silent, threads: int = 2,
) -> LinkRun:  # fmt: skip
    """Run the matching and store its proposals and the pairs that wait for a person; nothing takes effect yet.

    Earlier runs that still wait for approval are superseded.
    """
    require_scope(by, Permission.BATCH_COMMIT, place_id=place_id, body_id=body_id)
    before = LinkRun.objects.in_force(by)
    engine = duckdb.connect(config={"threads": threads})
    try:
        stage("取出来源记录")
        fill(engine, by)
        link(engine, stage=stage)
        stage("保存对碰结果")
        run = LinkRun.objects.create(
            version=VERSION, as_of=as_of, place_id=place_id, body_id=body_id, created_at=on, created_by=by.name
        )
        run.counts = store_results(engine, run.pk)
        store_pairs(engine, run.pk)
        run.combinations = combinations(engine)
    finally:
        engine.close()
    run.changes = changes(run=run, before=before)
    run.save(update_fields=["counts", "combinations", "changes"])
    LinkRun.objects.filter(state=LinkRun.State.PROPOSED).exclude(pk=run.pk).update(state=LinkRun.State.SUPERSEDED)
    journal.record(
        verb="linkage.propose", subject_type="link_run", subject_id=run.pk, by=by, on=on, detail=run.counts,
        place_id=place_id, body_id=body_id,
    )  # fmt: skip
    return run


@transaction.atomic
def request_run(*, by: Actor) -> None:
    """Let the worker match everything anew; a run that already waits is enough."""
    require(by, Permission.BATCH_COMMIT)
    if by.user_id is None:
        raise NotPermitted("后台对碰须由能登录的经办人发起。", permission=Permission.BATCH_COMMIT)
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(PROPOSE_TASK, queueing_lock=PROPOSE_TASK).defer(user_id=by.user_id)
