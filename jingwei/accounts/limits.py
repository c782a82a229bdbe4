"""Limits on failed log-ins beyond the lock of one account from one address."""

from datetime import datetime, timedelta
from ipaddress import ip_address

from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

FAILURES_PER_ADDRESS = 60
FAILURES_PER_ACCOUNT = 15


def window() -> timedelta:
    """How long failures count, the same time that a locked account waits."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME)


def too_many_failures(request: HttpRequest, username: str, *, now: datetime) -> bool:
    """Whether an address tried many accounts, or many addresses tried one account."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=now - window())
    by_account = recent.filter(username=username).aggregate(total=Sum("failures_since_start"))["total"] or 0
    if by_account >= FAILURES_PER_ACCOUNT:
        return True
    address = get_client_ip_address(request)
    if not address or ip_address(address).is_loopback:
        return False  # a proxy on this machine stands for everybody behind it
    by_address = recent.filter(ip_address=address).aggregate(total=Sum("failures_since_start"))["total"] or 0
    return by_address >= FAILURES_PER_ADDRESS
