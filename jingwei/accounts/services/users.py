"""Accounts are opened, closed and given new passwords."""

import re
import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from jingwei.accounts.models import User
from jingwei.accounts.services.authority import reach_for_granting, require_authority
from jingwei.bodies.models import Body
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission
from jingwei.core.refusal import Refused

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
READABLE = "abcdefghijkmnpqrstuvwxyz23456789"  # without letters that look like digits


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str,
    by: Actor,
    on: datetime,
    title: str = "",
    body: Body | None = None,
    must_change_password: bool = False,
) -> User:
    """Open an account without any right. Raises ``Refused`` for a taken or odd log-in name or weak password."""
    reached = reach_for_granting(by, on)
    if not (reached.everything or (body is not None and reached.covers(body=body))):
        raise NotPermitted("该单位不在你的管辖范围。", permission=Permission.GRANTS_EDIT)
    if not USERNAME.fullmatch(username):
        raise Refused("登录名应以小写字母开头，只含小写字母、数字和 . _ -，2 至 40 位。")
    if not name.strip():
        raise Refused("姓名不能为空。")
    if User.objects.filter(username=username).exists():
        raise Refused(f"登录名“{username}”已被使用。")
    user = User(
        username=username, name=name.strip(), title=title, body=body, created_at=on,
        must_change_password=must_change_password,
    )  # fmt: skip
    _set_password(user, password)
    user.save()
    _record("user.create", user, by=by, on=on, fields=["username", "name", "title", "body"])
    return user


@transaction.atomic
def deactivate_user(*, user: User, by: Actor, on: datetime, reason: str) -> None:
    """Close an account: its next request is a visitor's. Grants stay as history and can be taken back."""
    require_authority(by, user, on=on)
    if not user.is_active:
        raise Refused("该账号已经停用。")
    _set_active(user, active=False)
    _record("user.deactivate", user, by=by, on=on, fields=["is_active"], reason=reason)


@transaction.atomic
def reactivate_user(*, user: User, by: Actor, on: datetime, reason: str) -> None:
    """Open a closed account again, with the grants that are still in force."""
    require_authority(by, user, on=on)
    if user.is_active:
        raise Refused("该账号没有停用。")
    _set_active(user, active=True)
    _record("user.reactivate", user, by=by, on=on, fields=["is_active"], reason=reason)


@transaction.atomic
def reset_password(*, user: User, by: Actor, on: datetime, reason: str) -> str:
    """Give a new initial password, returned once; all sessions of the user end."""
    require_authority(by, user, on=on)
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _record("user.reset_password", user, by=by, on=on, fields=["password"], reason=reason)
    return password


@transaction.atomic
def change_password(*, user: User, password: str, by: Actor, on: datetime) -> None:
    """The user sets a password of his own. Raises ``Refused`` for a weak one or the same as before."""
    if by.user_id != user.pk:
        raise NotPermitted("只能修改自己的密码。")
    if user.check_password(password):
        raise Refused("新密码不能与原密码相同。")
    _set_password(user, password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _record("user.change_password", user, by=by, on=on, fields=["password"])


def note_view(*, user: User, by: Actor, on: datetime) -> None:
    """Journal that somebody looked at the account, so that its owner can see who did (privacy P-10)."""
    if by.user_id != user.pk:
        _record("user.view", user, by=by, on=on, fields=[])


def initial_password() -> str:
    """Sixteen characters in groups of four, easy to read out; about 80 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("".join(error.messages)) from error
    user.set_password(password)


def _set_active(user: User, *, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


def _record(verb: str, user: User, *, by: Actor, on: datetime, fields: list[str], reason: str = "") -> None:
    journal.record(
        verb=verb, subject_type="user", subject_id=user.pk, by=by, on=on, fields=fields, body_id=user.body_id,
        place_id=user.body.place_id if user.body else None, detail={"reason": reason} if reason else {},
    )  # fmt: skip
