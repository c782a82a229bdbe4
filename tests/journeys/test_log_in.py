"""From the log-in page to the workbench, with both factors, by keyboard."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import BrowserContext, expect

from jingwei.core.permissions import Role
from tests.city import build_small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_staff_log_in_with_password_and_code_and_log_out(context_for: Callable[..., BrowserContext]) -> None:
    city = build_small_city()
    user = city.user("clerk", Role.CLERK, place=city.city)
    device = TOTPDevice.objects.create(user=user, name="手机", confirmed=True)
    page = context_for().new_page()
    page.goto(reverse("workbench:home"))
    page.get_by_label("登录名").fill("clerk")
    page.get_by_label("密码").first.fill("安澜-test-password-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/otp/**")
    code = totp(device.bin_key, step=device.step, t0=device.t0, digits=device.digits)
    page.locator("input[autocomplete=one-time-code]").first.fill(f"{code:06d}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    expect(page.get_by_role("navigation").first).to_be_visible()
