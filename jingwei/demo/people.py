"""Demo accounts of the invented city: one for each kind of user, with a second factor of its own."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jingwei.accounts import services
from jingwei.accounts.models import User
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor, Role
from jingwei.places.models import Place


@dataclass(frozen=True)
class DemoAccount:
    """Who logs in, as what, where: ``place`` and ``body`` are names in the invented city."""

    username: str
    name: str
    title: str
    role: Role
    place: str = ""
    body: str = ""


ACCOUNTS = (
    DemoAccount("clerk", "演示经办", "业务科 · 经办", Role.CLERK, place="安澜市"),
    DemoAccount("county", "演示区级经办", "区级经办", Role.CLERK, place="青岚区"),
    DemoAccount("town", "演示组织员", "组织员", Role.TOWN_ORGANIZER, place="书院街道"),
    DemoAccount("industry", "演示行业干事", "行业党委干事", Role.INDUSTRY_OFFICER, body="电子信息行业党委"),
    DemoAccount("head", "演示部长", "部务会主持", Role.SOCIAL_WORK_DEPARTMENT, place="安澜市"),
    DemoAccount("leader", "演示党委", "部务会成员", Role.LOCAL_PARTY_COMMITTEE, place="安澜市"),
    DemoAccount("auditor", "演示审计员", "审计员", Role.AUDITOR, place="安澜市"),
    DemoAccount("data", "演示数据员", "数据管理员", Role.DATA_OFFICER, place="安澜市"),
    DemoAccount("admin", "演示管理员", "系统管理员", Role.ADMINISTRATOR, place="安澜市"),
)


@transaction.atomic
def create_accounts(*, password: str, by: Actor, on: datetime) -> int:
    """Create the accounts that do not exist yet; returns how many were created."""
    created = 0
    for account in ACCOUNTS:
        if not User.objects.filter(username=account.username).exists():
            create_account(account, password=password, by=by, on=on)
            created += 1
    return created


def create_account(account: DemoAccount, *, password: str, by: Actor, on: datetime) -> None:
    place = Place.objects.filter(name=account.place).order_by("pk").first() if account.place else None
    unit = unit_of(account, place)
    user = services.create_user(
        username=account.username, name=account.name, title=account.title, body=unit, password=password, by=by, on=on
    )
    services.grant(
        user=user, role=account.role, place=place, body=None if place else unit, since=timezone.localdate(on), until=None,
        reason="演示账号", by=by, on=on,
    )  # fmt: skip
    services.enrol_demo_device(user=user, by=by, on=on)


def unit_of(account: DemoAccount, place: Place | None) -> Body | None:
    """The body the account names, else the office at its place."""
    if account.body:
        return Body.objects.filter(short_name=account.body).order_by("pk").first()
    kinds = [
        Body.Kind.SOCIAL_WORK_DEPARTMENT,
        Body.Kind.WORK_COMMITTEE,
        Body.Kind.AREA_COMMITTEE,
        Body.Kind.PARTY_COMMITTEE,
    ]
    here = Body.objects.filter(place=place, kind__in=kinds)
    return min(here, key=lambda body: kinds.index(Body.Kind(body.kind)), default=None)
