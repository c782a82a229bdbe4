"""Hand work to the worker, by the name of the task."""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from jingwei.core.permissions import Actor
from jingwei.rosters.models import Batch


def defer(task: str, *, batch: Batch, by: Actor) -> None:
    """Queue a task on a batch in the caller's transaction; a waiting one of the same kind is enough.

    The job acts for the user, with the rights he has when it runs.
    """
    if by.user_id is None:
        raise ValueError("a job acts for a user who can log in")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job = app.configure_task(task, queueing_lock=f"{task}:{batch.pk}")
        job.defer(batch_id=batch.pk, user_id=by.user_id)
