"""A browser in miniature: logs in with password and second factor as a person would."""

import time

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import User
from jingwei.accounts.selectors import actor_for

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "安澜-test-password-1"  # what ``SmallCity.user`` sets


def device_of(user: User) -> TOTPDevice:
    return TOTPDevice.objects.get_or_create(user=user, defaults={"name": "手机", "confirmed": True})[0]


def code(device: TOTPDevice, *, later: int = 0) -> str:
    """The code of the present half minute, or of a later one."""
    device.refresh_from_db()
    return f"{totp(device.bin_key, device.step, device.t0, device.digits, device.drift + later):06d}"


def show_password(client: Client, user: User, password: str = PASSWORD, next_page: str = "") -> HttpResponse:
    return client.post("/accounts/login/", {"username": user.username, "password": password, "next": next_page})


def signed_in(user: User) -> Client:
    """A client whose log-in is complete. The session is made directly: that takes a fraction of the way of a person."""
    client = Client()
    client.force_login(user, backend=PASSWORD_BACKEND)
    if actor_for(user, on=timezone.localdate()).needs_second_factor:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device_of(user).persistent_id
        session.save()
    return client


def walked_in(user: User) -> Client:
    """A client that has logged in by the pages, as a person does."""
    client = Client()
    assert show_password(client, user).status_code == 302
    if client.get("/accounts/profile/").status_code == 302:
        assert client.post("/accounts/otp/", {"token": code(device_of(user))}).status_code == 302
    return client


def half_minute() -> int:
    return int(time.time()) // 30
