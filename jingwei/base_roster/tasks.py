"""Jobs of the base roster."""

import logging

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster import services
from jingwei.core.permissions import local_operator
from jingwei.linkage.models import LinkRun
from jingwei.linkage.services import BUILD_TASK

log = logging.getLogger(__name__)


@app.task(name=BUILD_TASK)
def build(*, run_id: int, user_id: int) -> None:
    """Let an approved run take effect; a run that did so before is left alone."""
    close_old_connections()
    actor = actor_for(User.objects.get(pk=user_id, is_active=True), on=timezone.localdate())
    with acting(actor):
        services.build(run=LinkRun.objects.get(pk=run_id), by=actor, on=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="base_roster.follow_places")
def follow_places(timestamp: int) -> None:
    """Compute the entities of places that were moved, renamed, given another code, abolished or imported."""
    close_old_connections()
    actor = local_operator("区划变更")
    with acting(actor):
        while services.follow_places(by=actor, on=timezone.now()):
            pass


@app.periodic(cron="17 3 * * *")
@app.task(name="base_roster.nightly_check")
def nightly_check(timestamp: int) -> None:
    """Compare the kept projection with the facts, and say so in the log where they differ."""
    close_old_connections()
    with acting(local_operator("夜间核对")):
        found = services.differences(on=timezone.now())
    if found:
        log.error("base roster projection differs from its facts for %d entities, first: %s", len(found), found[:5])
