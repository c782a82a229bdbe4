"""Second factor of demo accounts, whose codes the command line may tell. Real accounts have none of this."""

import time
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import User
from jingwei.accounts.selectors import DEMO_DEVICE
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require


@transaction.atomic
def enrol_demo_device(*, user: User, by: Actor, on: datetime) -> None:
    """Give a demo account a second factor without a phone. Raises ``NotPermitted`` outside a demo."""
    require(by, Permission.GRANTS_EDIT)
    if not settings.DEMO:
        raise NotPermitted("只有演示环境可以这样设置第二步验证。")
    TOTPDevice.objects.get_or_create(user=user, name=DEMO_DEVICE, defaults={"confirmed": True})
    journal.record(verb="second_factor.enrol_demo", subject_type="user", subject_id=user.pk, by=by, on=on)


def demo_code(*, username: str) -> str:
    """The next code that a demo account's second factor will accept.

    Raises ``LookupError`` outside a demo and for accounts that have no demo device. After a code was
    used within its half minute, the code of the next half minute is told, which is accepted early.
    """
    if not settings.DEMO:
        raise LookupError(username)
    device = TOTPDevice.objects.filter(user__username=username, name=DEMO_DEVICE, confirmed=True).first()
    if device is None:
        raise LookupError(username)
    now = (int(time.time()) - device.t0) // device.step
    unused = max(now + device.drift, device.last_t + 1)
    code = totp(device.bin_key, device.step, device.t0, device.digits, unused - now)
    return f"{code:0{device.digits}d}"
