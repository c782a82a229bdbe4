"""Second factor: codes of a phone (TOTP), each accepted once, and ten printed recovery codes."""

import secrets
from datetime import datetime
from math import ceil

from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import User
from jingwei.accounts.services.authority import require_authority
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted
from jingwei.core.refusal import Refused

RECOVERY_CODES = 10
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_LENGTH = 10


@transaction.atomic
def begin_enrolment(*, user: User) -> TOTPDevice:
    """Return the user's secret that still waits for its first code; made when there is none."""
    User.objects.select_for_update().get(pk=user.pk)
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return waiting or TOTPDevice.objects.create(user=user, name="手机", confirmed=False)


@transaction.atomic
def confirm_enrolment(*, user: User, token: str, by: Actor, on: datetime) -> tuple[TOTPDevice, list[str]] | None:
    """Take the waiting secret into use if the code fits; everything older becomes void.

    Returns the device and the ten recovery codes, which are shown this once, or None.
    """
    _own(user, by)
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False).select_for_update().first()
    if waiting is None or not waiting.verify_token(_digits(token)):
        return None
    TOTPDevice.objects.filter(user=user).exclude(pk=waiting.pk).delete()
    waiting.confirmed = True
    waiting.save(update_fields=["confirmed"])
    codes = _new_recovery_codes(user)
    _record("second_factor.enrol", user, by=by, on=on)
    return waiting, codes


@transaction.atomic
def print_recovery_codes(*, user: User, by: Actor, on: datetime) -> list[str]:
    """Make ten new recovery codes, shown this once; the old ones become void."""
    _own(user, by)
    codes = _new_recovery_codes(user)
    _record("second_factor.print_codes", user, by=by, on=on)
    return codes


@transaction.atomic
def verify_second_factor(*, user: User, token: str, by: Actor, on: datetime) -> Device | None:
    """Accept a code of the phone or a recovery code, each only once; None when it does not fit.

    After a failure the device waits twice as long each time before it looks at another code.
    """
    _own(user, by)
    digits = _digits(token)
    model = TOTPDevice if digits.isdigit() and len(digits) == 6 else StaticDevice
    for device in model.objects.filter(user=user, confirmed=True):
        if verify_token(user, device.persistent_id, digits) is not None:
            _record(
                "second_factor.verify", user, by=by, on=on, method="手机动态码" if model is TOTPDevice else "恢复码"
            )
            return device
    return None


def seconds_to_wait(user: User) -> int:
    """How long the user's devices refuse to look at a code after failures; 0 when they look at once."""
    waits = []
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.filter(user=user):
            allowed, why = device.verify_is_allowed()
            if not allowed and why and why.get("locked_until"):
                waits.append(ceil((why["locked_until"] - timezone.now()).total_seconds()))
    return max(waits, default=0)


@transaction.atomic
def reset_second_factor(*, user: User, by: Actor, on: datetime, reason: str) -> None:
    """Void a lost phone and the printed codes; at the next log-in the user sets up anew."""
    require_authority(by, user, on=on)
    if not reason.strip():
        raise Refused("请写明原因和核实身份的方式。")
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    _record("second_factor.reset", user, by=by, on=on, reason=reason.strip())


def _new_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码", confirmed=True)
    codes = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digits(token: str) -> str:
    """The code as it is compared: no blanks, no hyphens, lower case, half width."""
    wide = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９", "0123456789", strict=True)}
    return "".join(token.split()).replace("-", "").lower().translate(wide)


def _own(user: User, by: Actor) -> None:
    if by.user_id != user.pk:
        raise NotPermitted("只能办理自己的第二步验证。")


def _record(verb: str, user: User, *, by: Actor, on: datetime, **detail: str) -> None:
    journal.record(
        verb=verb, subject_type="user", subject_id=user.pk, by=by, on=on, body_id=user.body_id, detail=detail
    )
