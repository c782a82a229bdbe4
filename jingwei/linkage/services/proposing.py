"""Match all current source units; a named person approves what follows from fixed rules."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

import duckdb
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require, require_scope
from jingwei.domain.intake import check_row
from jingwei.domain.linkage import REASONS, RecordBuilder, begin, link, receive
from jingwei.domain.linkage.reasons import Basis
from jingwei.linkage.models import LinkRun
from jingwei.rosters.selectors import current_units

VERSION = "2026.1"
PROPOSE_TASK = "linkage.propose"
BUILD_TASK = "base_roster.build"
PART = 50_000
# COPY does not go into a table under row-level security: first into a temporary one.
_FOUND = """
DROP TABLE IF EXISTS found;
CREATE TEMP TABLE found (
  unit_id bigint, part int, spelt text, cluster int, rule text, score float8, needs_review boolean
) ON COMMIT DROP
"""
_STORE = """
INSERT INTO linkage_proposedlink (run_id, unit_id, part, spelt, cluster, rule, score, needs_review)
SELECT %s, unit_id, part, left(spelt, 200), cluster, rule, score, needs_review FROM found
"""
# How a Party organization's row names what it covers is kept; other rows say their name themselves.
_RESULTS = """
SELECT l.row, l.unit, CASE WHEN l.unit > 0 THEN coalesce(r.name, r.code_text, '') ELSE '' END,
       l.entity, l.basis, l.score, l.review
  FROM linkage.result l JOIN linkage.records r USING (rid)
 ORDER BY l.rid
"""
Stage = Callable[[str], None]


def silent(_: str) -> None:
    """No progress wanted."""


@transaction.atomic
def propose(
    *, as_of: date, by: Actor, on: datetime, place_id: int | None = None, body_id: int | None = None,
    stage: Stage = silent, threads: int = 2,
) -> LinkRun:  # fmt: skip
    """Run the matching and store its proposals; nothing takes effect yet.

    Earlier runs that still wait for approval are superseded.
    """
    require_scope(by, Permission.BATCH_COMMIT, place_id=place_id, body_id=body_id)
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
    finally:
        engine.close()
    run.save(update_fields=["counts"])
    LinkRun.objects.filter(state=LinkRun.State.PROPOSED).exclude(pk=run.pk).update(state=LinkRun.State.SUPERSEDED)
    journal.record(
        verb="linkage.propose", subject_type="link_run", subject_id=run.pk, by=by, on=on, detail=run.counts,
        place_id=place_id, body_id=body_id,
    )  # fmt: skip
    return run


def fill(engine: duckdb.DuckDBPyConnection, by: Actor) -> None:
    """Hand every unit's newest record to the engine; the unit's id stands in for file and row."""
    begin(engine)
    builder = RecordBuilder()
    for unit in current_units(actor=by, with_personal=True):
        kind = unit.list_kind
        builder.add(kind, kind.value, unit.unit_id, check_row(kind, {**unit.values, **unit.personal}))
        if len(builder) >= PART:
            receive(engine, builder.take())
    receive(engine, builder.take())


def store_results(engine: duckdb.DuckDBPyConnection, run_id: int) -> dict[str, dict[str, int]]:
    """Copy the engine's results into the run's proposals; returns rows and reviews per ground.

    The units that Party organizations cover are stored as further parts of their rows and are not counted.
    """
    result = engine.execute(_RESULTS)
    counts: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        with cursor.copy("COPY found FROM STDIN") as copy:
            while rows := result.fetchmany(PART):
                for unit_id, part, spelt, entity, basis, score, review in rows:
                    waits = needs_person(Basis(basis), review=bool(review), is_part=part > 0)
                    copy.write_row((unit_id, part, spelt, cluster_number(entity), basis, score, waits))
                    if part == 0:
                        tally = counts.setdefault(basis, {"rows": 0, "review": 0})
                        tally["rows"] += 1
                        tally["review"] += waits
        cursor.execute(_STORE, [run_id])
    return counts


def needs_person(basis: Basis, *, review: bool, is_part: bool) -> bool:
    """Whether a person has to confirm the link before it takes effect.

    A covered unit may be given by its code alone: nothing else is asked for, so its valid code settles it.
    """
    if is_part and basis is Basis.CODE_ONLY:
        return False
    return review or not REASONS[basis].batch


def cluster_number(entity: str | None) -> int | None:
    """The number of the engine's entity; None for a covered unit that nothing was found for."""
    return None if entity is None else int(re.sub(r"\D", "", entity))


@transaction.atomic
def request_run(*, by: Actor) -> None:
    """Let the worker match everything anew; a run that already waits is enough."""
    require(by, Permission.BATCH_COMMIT)
    if by.user_id is None:
        raise NotPermitted("后台对碰须由能登录的经办人发起。", permission=Permission.BATCH_COMMIT)
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(PROPOSE_TASK, queueing_lock=PROPOSE_TASK).defer(user_id=by.user_id)


def note_effect(*, run: LinkRun, effect: dict[str, int], on: datetime) -> None:
    """The roster reports what an approved run led to."""
    LinkRun.objects.filter(pk=run.pk).update(took_effect_at=on, effect=effect)


@transaction.atomic
def approve(*, run: LinkRun, by: Actor, on: datetime) -> LinkRun:
    """A named clerk lets the deterministic classes of a run take effect; a second approval changes nothing."""
    require_scope(by, Permission.LINK_APPROVE, place_id=run.place_id, body_id=run.body_id)
    if by.user_id is None:
        raise NotPermitted("对碰结果须由具名的经办人批准。", permission=Permission.LINK_APPROVE)
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
