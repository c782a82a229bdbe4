"""Rights are given and taken back: by somebody else, within his own reach, for a time, with a reason."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from jingwei.accounts.models import Grant, User
from jingwei.accounts.selectors import SCOPED
from jingwei.accounts.services.authority import covers_grant, reach_for_granting
from jingwei.bodies.models import Body
from jingwei.core import journal
from jingwei.core.permissions import EXCLUSIVE_ROLES, ROLES, Actor, NotPermitted, Permission, Role
from jingwei.core.refusal import Refused
from jingwei.places.models import Place


@transaction.atomic
def grant(
    *,
    user: User,
    role: Role,
    place: Place | None,
    body: Body | None,
    since: date,
    until: date | None,
    reason: str,
    by: Actor,
    on: datetime,
) -> Grant:
    """Give a role over a place or on behalf of a body, from a day to a last day (None: open).

    Raises ``NotPermitted`` for one's own account and for what lies outside the giver's reach, and
    ``Refused`` where duties have to stay apart: administrator, auditor and data officer are three
    people (privacy P-08), and two different roles over different areas need two accounts, because
    the permissions of one would reach the area of the other.
    """
    reached = reach_for_granting(by, on)
    if by.user_id == user.pk:
        raise NotPermitted("不能给自己授权，请由另一位管理员办理。", permission=Permission.GRANTS_EDIT)
    end = until + timedelta(days=1) if until else None
    item = Grant(
        user=user, role=role, place=place, body=body, valid=DateRange(since, end), granted_by=by.name, granted_at=on,
        reason=reason,
    )  # fmt: skip
    _refuse_impossible(item, since, until, today=timezone.localdate(on))
    if not covers_grant(reached, item):
        raise NotPermitted("授权范围超出你自己的管辖范围。", permission=Permission.GRANTS_EDIT)
    User.objects.select_for_update().get(pk=user.pk)  # two administrators at once wait for each other
    for held in Grant.objects.filter(user=user, valid__overlap=item.valid).select_related("place", "body"):
        _refuse_beside(item, held)
    item.save()
    _record("grant.give", item, by=by, on=on, until=until)
    return item


@transaction.atomic
def revoke(*, grant: Grant, by: Actor, on: datetime, reason: str) -> None:
    """Take a grant back at once; it stays in the history with who took it back and why."""
    reached = reach_for_granting(by, on)
    if by.user_id == grant.user_id:
        raise NotPermitted("不能变更自己的授权，请由另一位管理员办理。", permission=Permission.GRANTS_EDIT)
    if not covers_grant(reached, grant):
        raise NotPermitted("该授权超出你的管辖范围。", permission=Permission.GRANTS_EDIT)
    today = timezone.localdate(on)
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    if held.revoked_at or (held.valid.upper and held.valid.upper <= today):
        raise Refused("该授权已经结束。")
    if not reason.strip():
        raise Refused("请写明撤销原因。")
    held.valid = DateRange(held.valid.lower, max(held.valid.lower, today))
    held.revoked_by, held.revoked_at, held.revoke_reason = by.name, on, reason.strip()
    held.save(update_fields=["valid", "revoked_by", "revoked_at", "revoke_reason"])
    _record("grant.revoke", held, by=by, on=on, until=today)


def _refuse_impossible(item: Grant, since: date, until: date | None, *, today: date) -> None:
    if item.place is None and item.body is None:
        raise Refused("请选择区域或机构。")
    if since < today:
        raise Refused("授权不能从过去的日期开始。")
    if until and until < since:
        raise Refused("截止日期不能早于起始日期。")
    if not item.user.is_active:
        raise Refused("该账号已停用。")


def _refuse_beside(item: Grant, held: Grant) -> None:
    """Raise ``Refused`` when two grants at the same time contradict each other."""
    role, other = Role(item.role), Role(held.role)
    same_scope = (item.place_id, item.body_id) == (held.place_id, held.body_id)
    if role == other and same_scope:
        raise Refused("该账号在这段时间已有同样的授权。")
    if role != other and {role, other} <= EXCLUSIVE_ROLES:
        raise Refused(f"{ROLES[role].zh}与{ROLES[other].zh}必须由不同的人担任。")
    mine, theirs = ROLES[role].permissions, ROLES[other].permissions
    if not same_scope and mine != theirs and mine & SCOPED and theirs & SCOPED:
        raise Refused(f"该账号在另一范围已有“{ROLES[other].zh}”身份，两种身份的权限会互相叠加；请另建账号。")


def _record(verb: str, item: Grant, *, by: Actor, on: datetime, until: date | None) -> None:
    journal.record(
        verb=verb, subject_type="user", subject_id=item.user_id, by=by, on=on, place_id=item.place_id,
        body_id=item.body_id, fields=["role", "place", "body", "valid"],
        detail={"grant": item.pk, "role": item.role, "until": until.isoformat() if until else None},
    )  # fmt: skip
