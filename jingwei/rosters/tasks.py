"""Jobs of the intake. The Django integration of the job queue finds this module by its name.

Each task may run twice or be killed half-way: the services it calls answer a finished batch as it
is, and leave nothing of an unfinished one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.core.permissions import Actor, NotPermitted
from jingwei.core.tables import TableError
from jingwei.rosters import services
from jingwei.rosters.errors import CommitCancelled, IntakeRefused
from jingwei.rosters.models import Batch
from jingwei.rosters.services.committing import COMMIT_TASK
from jingwei.rosters.services.receiving import READ_TASK

_INTERRUPTED = IntakeRefused("处理意外中断，没有写入任何行", "请重试；仍然失败时请把本页地址告诉管理员")


@app.task(name=READ_TASK)
def read_batch(*, batch_id: int, user_id: int) -> None:
    """Read the file of a batch unless that is done, then count what storing would do."""
    with _failures_shown(batch_id, user_id) as actor:
        with acting(actor):
            services.read(batch=Batch.objects.get(pk=batch_id), by=actor)
        with acting(actor):
            services.check(batch=Batch.objects.get(pk=batch_id), by=actor)


@app.task(name=COMMIT_TASK)
def commit_batch(*, batch_id: int, user_id: int) -> None:
    """Store a batch."""
    with _failures_shown(batch_id, user_id) as actor, acting(actor):
        services.commit(batch=Batch.objects.get(pk=batch_id), by=actor, on=timezone.now())


@contextmanager
def _failures_shown(batch_id: int, user_id: int) -> Iterator[Actor]:
    """Give the user's present rights; what goes wrong is written on the batch for its page."""
    # A worker lives long: a connection that died with the database is replaced here.
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    actor = actor_for(User.objects.get(pk=user_id, is_active=True), on=timezone.localdate())
    try:
        yield actor
    except CommitCancelled:
        return
    except IntakeRefused as refusal:
        _show(batch_id, actor, refusal)
    except TableError as error:
        _show(batch_id, actor, IntakeRefused(f"{error.place_zh}：{error.message_zh}", error.hint_zh))
    except NotPermitted as refusal:
        _show(batch_id, actor, IntakeRefused(refusal.reason, "请找有权限的同事继续"))
    except Exception:
        _show(batch_id, actor, _INTERRUPTED)
        raise


def _show(batch_id: int, actor: Actor, refusal: IntakeRefused) -> None:
    with acting(actor):
        services.report_failure(batch=Batch.objects.get(pk=batch_id), error=refusal)
