"""A browser in miniature: logs in with password and second factor as a person would."""

import time

from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import User

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
    """A client whose log-in is complete."""
    client = Client()
    assert show_password(client, user).status_code == 302
    if client.get("/accounts/profile/").status_code == 302:
        assert client.post("/accounts/otp/", {"token": code(device_of(user))}).status_code == 302
    return client


def half_minute() -> int:
    return int(time.time()) // 30
