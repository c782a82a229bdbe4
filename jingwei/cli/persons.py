"""On whose behalf a command works: users by name, and the first clerk of a fresh installation."""

from datetime import date, datetime

from django.utils import timezone
from pypinyin import lazy_pinyin

from jingwei.accounts import services as accounts
from jingwei.accounts.models import Grant, User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.bodies.models import Body
from jingwei.cli.terminal import err
from jingwei.core.permissions import ROLES, Actor, Permission, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.places.selectors import root


def users_named(name: str) -> list[User]:
    """Active users with this log-in name, else with this name."""
    users = User.objects.filter(is_active=True)
    return list(users.filter(username=name)) or list(users.filter(name=name))


def somebody(name: str, on: datetime) -> Actor:
    """The user of this name, or the machine's own operator for none. Raises ``Refused`` for a name nobody has."""
    if not name:
        return local_operator()
    found = users_named(name)
    if len(found) != 1:
        raise Refused(unclear(name, found))
    return actor_for(found[0], on=timezone.localdate(on))


def unclear(name: str, found: list[User]) -> str:
    if found:
        return f"有 {len(found)} 位用户名叫“{name}”，请改用登录名。"
    return f"没有登录名为“{name}”的用户，或该用户已停用。"


def approver_named(name: str, *, by: Actor, on: datetime) -> Actor:
    """The person who approves: an account with this log-in name or name, else the first clerk of a fresh office.

    Only a person's Chinese name founds an account, and only while nobody here may approve, so that a mistyped name
    makes nobody. Raises ``Refused`` for anybody else.
    """
    day = timezone.localdate(on)
    with acting(by):
        found = users_named(name)
        if not found and not name.isascii() and not somebody_approves(day):
            found = [found_clerk(name, by=by, on=on)]
        if len(found) != 1:
            raise Refused(unclear(name, found))
        actor = actor_for(found[0], on=day)
    if not actor.may(Permission.LINK_APPROVE):
        raise Refused(f"“{name}”没有批准对碰结果的权限，请由经办人批准。")
    return actor


def somebody_approves(day: date) -> bool:
    roles = [role.value for role, described in ROLES.items() if Permission.LINK_APPROVE in described.permissions]
    return Grant.objects.active_on(day).filter(role__in=roles, user__is_active=True).exists()


def found_clerk(name: str, *, by: Actor, on: datetime) -> User:
    """The first clerk's account, over the whole city; its initial password is told once and has to be changed."""
    username, password = "".join(lazy_pinyin(name)).lower(), accounts.initial_password()
    city = root()
    office = Body.objects.filter(kind=Body.Kind.SOCIAL_WORK_DEPARTMENT, place=city).first()
    user = accounts.create_user(
        username=username,
        name=name,
        title="经办",
        body=office,
        password=password,
        must_change_password=True,
        by=by,
        on=on,
    )
    accounts.grant(
        user=user, role=Role.CLERK, place=city, body=None, since=timezone.localdate(on), until=None,
        reason="本机首位经办人，由本机操作员设立", by=by, on=on,
    )  # fmt: skip
    err.print(
        f"已为 {name} 设立经办账号：登录名 {username}，初始密码 {password}（只显示这一次，首次登录须修改）。",
        markup=False,
    )
    return user
