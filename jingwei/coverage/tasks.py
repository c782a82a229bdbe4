"""Jobs of coverage: follow what changes below, and compare what is kept with the facts."""

import logging

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jingwei.accounts.scope import acting
from jingwei.core.permissions import local_operator
from jingwei.coverage import services
from jingwei.coverage.following import follow_journal

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="coverage.follow", lock="coverage.follow", queueing_lock="coverage.follow")
def follow(timestamp: int) -> None:
    """Decide coverage again where lists, facts or answers have changed since the last look."""
    fresh_connection()
    actor = local_operator("覆盖判定")
    with acting(actor):
        follow_journal(by=actor, on=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="coverage.nightly_check")
def nightly_check(timestamp: int) -> None:
    """Compare the kept decisions with the facts, and say so in the log where they differ."""
    fresh_connection()
    with acting(local_operator("夜间核对")):
        found = services.differences(on=timezone.now())
    if found:
        log.error("coverage differs from its facts for %d entities, first: %s", len(found), found[:5])


def fresh_connection() -> None:
    """A worker lives long: let go of a connection that has died, unless a transaction stands on it."""
    if not connection.in_atomic_block:
        close_old_connections()
