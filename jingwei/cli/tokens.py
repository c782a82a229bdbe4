"""The command ``token``: issue, list and revoke tokens of departments' systems."""

from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.cli.installation import bring_up
from jingwei.cli.persons import unclear, users_named
from jingwei.cli.terminal import Exit, emit, err, out
from jingwei.core.permissions import local_operator
from jingwei.core.refusal import Refused
from jingwei.registrations.models import SystemToken
from jingwei.registrations.services import issue_token, revoke_token


def issue(name: str, *, user: str, as_json: bool) -> int:
    """Print a new token once; nobody can show it again."""
    bring_up()
    by, on = local_operator(), timezone.now()
    try:
        with acting(by):
            found = users_named(user)
            if len(found) != 1:
                raise Refused(unclear(user, found))
            made, text = issue_token(name=name, user=found[0], by=by, on=on)
    except Refused as refusal:
        err.print(str(refusal), markup=False)
        return Exit.FAILED
    if as_json:
        emit({"id": made.pk, "token": text})
    else:
        out.print(f"系统“{made.name}”的令牌（只显示这一次，请妥善保存）：", markup=False)
        out.print(text, markup=False, soft_wrap=True)
    return Exit.OK


def listed(*, as_json: bool) -> int:
    """Tokens ever issued, without their texts."""
    bring_up()
    with acting(local_operator()):
        held = list(SystemToken.objects.select_related("user"))
    if as_json:
        emit(
            [
                {"id": each.pk, "name": each.name, "user": each.user.username, "revoked": bool(each.revoked_at)}
                for each in held
            ]
        )
        return Exit.OK
    for each in held:
        state = f"{each.revoked_at:%Y-%m-%d} 停用" if each.revoked_at else "在用"
        out.print(
            f" {each.pk}  {each.name}  账号 {each.user.username}  {each.issued_at:%Y-%m-%d} 发放  {state}", markup=False
        )
    if not held:
        out.print(" 还没有发放过令牌")
    return Exit.OK


def revoke(number: str, *, as_json: bool) -> int:
    """Put a token out of use by its number."""
    bring_up()
    by, on = local_operator(), timezone.now()
    with acting(by):
        token = SystemToken.objects.filter(pk=int(number)).first() if number.isdigit() else None
        if token is None:
            err.print(f"没有编号为“{number}”的令牌。", markup=False)
            return Exit.USAGE
        revoke_token(token=token, by=by, on=on)
    if as_json:
        emit({"id": token.pk, "revoked": True})
    else:
        out.print(f" 已停用“{token.name}”的令牌", markup=False)
    return Exit.OK
