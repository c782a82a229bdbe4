"""Jobs of the registrations: keep the keys that new ones are matched by."""

import logging

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from jingwei.accounts.scope import acting
from jingwei.core.permissions import local_operator
from jingwei.registrations import services

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="registrations.follow", lock="registrations.follow", queueing_lock="registrations.follow")
def follow(timestamp: int) -> None:
    """Key the entities that were built, merged or corrected."""
    close_old_connections()
    actor = local_operator("登记比对")
    with acting(actor):
        services.follow_journal(by=actor, on=timezone.now())


@app.periodic(cron="47 3 * * *")
@app.task(name="registrations.nightly_check")
def nightly_check(timestamp: int) -> None:
    """Compare the kept keys with the facts, and say so in the log where they differ."""
    close_old_connections()
    with acting(local_operator("夜间核对")):
        found = services.key_differences()
    if found:
        log.error("kept keys differ from their facts for %d entities, first: %s", len(found), found[:5])
