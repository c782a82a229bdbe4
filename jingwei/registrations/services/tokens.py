"""Tokens of departments' systems: issued once, shown once, revoked for good."""

import secrets
from datetime import datetime

from django.db import transaction

from jingwei.accounts.models import User
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require
from jingwei.core.refusal import Refused
from jingwei.registrations.models import SystemToken
from jingwei.registrations.sealing import digest_of

PREFIX = "jw_"
_BYTES = 32
_LONGEST_NAME = 80


@transaction.atomic
def issue_token(*, name: str, user: User, by: Actor, on: datetime, per_minute: int = 600) -> tuple[SystemToken, str]:
    """A token for a system that registers on behalf of the user; the second value is shown once and never again.

    Raises ``Refused`` for a name that says nothing or an account that is out of use.
    """
    require(by, Permission.GRANTS_EDIT)
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise Refused(f"系统名称应为 1 至 {_LONGEST_NAME} 个字。")
    if not user.is_active:
        raise Refused(f"账号“{user.username}”已停用。")
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    made = SystemToken.objects.create(
        name=name, user=user, digest=digest_of(text), per_minute=per_minute, issued_by=by.name, issued_at=on
    )
    _note("token.issue", made, by, on)
    return made, text


@transaction.atomic
def revoke_token(*, token: SystemToken, by: Actor, on: datetime) -> SystemToken:
    """Put a token out of use. Twice changes nothing."""
    require(by, Permission.GRANTS_EDIT)
    if SystemToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_by=by.name, revoked_at=on):
        _note("token.revoke", token, by, on)
    token.refresh_from_db()
    return token


def _note(verb: str, token: SystemToken, by: Actor, on: datetime) -> None:
    journal.record(
        verb=verb, subject_type="system_token", subject_id=token.pk, by=by, on=on, detail={"user": token.user_id}
    )
