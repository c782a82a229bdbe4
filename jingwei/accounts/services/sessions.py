"""Log-ins and log-outs are acts too."""

from datetime import datetime

from jingwei.accounts.models import User
from jingwei.core import journal
from jingwei.core.permissions import Actor


def note_login(*, user: User, by: Actor, on: datetime, method: str) -> None:
    """Journal that the user's password (or the government's sign-on) was accepted."""
    _record("session.begin", user, by=by, on=on, method=method)


def note_logout(*, user: User, by: Actor, on: datetime) -> None:
    """Journal that the user left."""
    _record("session.end", user, by=by, on=on)


def _record(verb: str, user: User, *, by: Actor, on: datetime, **detail: str) -> None:
    journal.record(
        verb=verb, subject_type="user", subject_id=user.pk, by=by, on=on, body_id=user.body_id, detail=detail
    )
