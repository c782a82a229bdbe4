import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts import services
from jingwei.accounts.models import User
from jingwei.accounts.selectors import actor_for
from jingwei.core.permissions import NotPermitted, Role
from tests.accounts.browser import code, device_of, show_password, walked_in
from tests.city import TODAY, SmallCity

pytestmark = pytest.mark.django_db
SECRET_PAGES = [
    "/",
    "/places/",
    "/bodies/",
    "/accounts/users/",
    "/accounts/profile/",
    "/accounts/journal/",
    "/accounts/password/",
]


def half_way(city: SmallCity, role: Role = Role.ADMINISTRATOR) -> tuple[Client, User]:
    """A client that has shown the password only."""
    user, client = city.user("a", role, place=city.city), Client()
    show_password(client, user)
    return client, user


@pytest.mark.parametrize("page", SECRET_PAGES)
def test_the_password_alone_opens_no_page(small_city: SmallCity, page: str) -> None:
    client, _ = half_way(small_city)
    assert client.get(page)["Location"].startswith("/accounts/otp/")


def test_the_password_alone_gives_no_right_by_post_either(small_city: SmallCity) -> None:
    client, _ = half_way(small_city)
    other = small_city.user("b", Role.CLERK, place=small_city.city)
    client.post(f"/accounts/users/{other.pk}/deactivate/", {"reason": "x", "confirmation": "b"})
    other.refresh_from_db()
    assert other.is_active


def test_outer_roles_need_no_second_factor(small_city: SmallCity) -> None:
    client, _ = half_way(small_city, Role.RIDER)
    assert client.get("/accounts/profile/").status_code == 200


def test_setting_up_shows_a_picture_without_inline_style_and_ten_codes_once(small_city: SmallCity) -> None:
    client, user = half_way(small_city)
    assert client.get(client.get("/accounts/otp/")["Location"]).status_code == 200
    page = client.get("/accounts/otp/setup/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert "<style" not in page
    done = client.post("/accounts/otp/setup/", {"token": code(TOTPDevice.objects.get(user=user))}).content.decode()
    codes = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", done)
    assert len(set(codes)) == 10
    assert {text.replace("-", "") for text in codes} == set(StaticToken.objects.values_list("token", flat=True))
    assert client.get("/accounts/profile/").status_code == 200
    assert codes[0] not in client.get("/accounts/otp/setup/").content.decode()


def test_reading_the_set_up_page_twice_keeps_the_secret(small_city: SmallCity) -> None:
    client, user = half_way(small_city)
    client.get("/accounts/otp/setup/")
    before = TOTPDevice.objects.get(user=user).key
    client.get("/accounts/otp/setup/")
    assert TOTPDevice.objects.get(user=user).key == before


def test_the_password_alone_cannot_set_up_a_second_phone(small_city: SmallCity) -> None:
    client, user = half_way(small_city)
    device_of(user)
    assert client.get("/accounts/otp/setup/")["Location"].startswith("/accounts/otp/?")
    assert client.post("/accounts/otp/setup/", {"token": "000000"})["Location"].startswith("/accounts/otp/?")
    assert TOTPDevice.objects.filter(user=user).count() == 1


def test_each_code_of_the_phone_is_taken_once(small_city: SmallCity) -> None:
    client, user = half_way(small_city)
    token = code(device_of(user))
    assert client.post("/accounts/otp/", {"token": token}).status_code == 302
    again = Client()
    show_password(again, user)
    assert again.post("/accounts/otp/", {"token": token}).status_code == 200
    assert again.get("/accounts/profile/").status_code == 302


def test_each_recovery_code_is_taken_once_in_any_writing(small_city: SmallCity) -> None:
    client, user = half_way(small_city)
    device_of(user)
    codes = services.print_recovery_codes(user=user, by=actor_for(user, on=TODAY), on=timezone.now())
    assert client.post("/accounts/otp/", {"token": f" {codes[0].upper()} "}).status_code == 302
    assert StaticToken.objects.count() == 9
    again = Client()
    show_password(again, user)
    assert again.post("/accounts/otp/", {"token": codes[0]}).status_code == 200


def test_after_a_failure_the_next_code_has_to_wait(small_city: SmallCity) -> None:
    client, user = half_way(small_city)
    device = device_of(user)
    assert client.post("/accounts/otp/", {"token": "not-a-code"}).status_code == 200
    assert client.post("/accounts/otp/", {"token": "000000"}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_count=5, throttling_failure_timestamp=timezone.now())
    held = client.post("/accounts/otp/", {"token": code(device)})
    assert held.status_code == 429
    assert "请等待" in held.content.decode()


def test_new_recovery_codes_void_the_old_ones(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    client = walked_in(user)
    first = client.post("/accounts/otp/recovery/").content.decode()
    second = client.post("/accounts/otp/recovery/").content.decode()
    assert set(re.findall(r"[a-z0-9]{5}-[a-z0-9]{5}", first)).isdisjoint(
        re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})", second)
    )
    assert StaticToken.objects.count() == 10
    assert StaticDevice.objects.count() == 1


def test_setting_up_anew_voids_the_old_phone(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    client, old = walked_in(user), device_of(user)
    client.get("/accounts/otp/setup/")
    waiting = TOTPDevice.objects.get(user=user, confirmed=False)
    assert "恢复码" in client.post("/accounts/otp/setup/", {"token": code(waiting)}).content.decode()
    assert list(TOTPDevice.objects.filter(user=user)) == [waiting]
    assert client.get("/accounts/profile/").status_code == 200
    assert not TOTPDevice.objects.filter(pk=old.pk).exists()


def test_an_administrator_resets_a_lost_phone_and_the_user_sets_up_anew(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    client, admin = walked_in(user), small_city.actor(Role.ADMINISTRATOR, place=small_city.city)
    services.reset_second_factor(user=user, by=admin, on=timezone.now(), reason="手机丢失，已当面核对")
    assert client.get("/places/")["Location"].startswith("/accounts/otp/")
    assert client.get("/accounts/otp/")["Location"].startswith("/accounts/otp/setup/")


def test_nobody_enrols_or_verifies_for_somebody_else(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    other = small_city.actor(Role.ADMINISTRATOR, place=small_city.city)
    for act in (services.confirm_enrolment, services.verify_second_factor):
        with pytest.raises(NotPermitted):
            act(user=user, token="123456", by=other, on=timezone.now())
    with pytest.raises(NotPermitted):
        services.print_recovery_codes(user=user, by=other, on=timezone.now())


def test_demo_codes_are_told_for_demo_accounts_in_a_demo_only(small_city: SmallCity, settings: Any) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    admin = small_city.actor(Role.ADMINISTRATOR, place=small_city.city)
    settings.DEMO = False
    with pytest.raises(NotPermitted):
        services.enrol_demo_device(user=user, by=admin, on=timezone.now())
    settings.DEMO = True
    device_of(small_city.user("real", Role.CLERK, place=small_city.city))
    services.enrol_demo_device(user=user, by=admin, on=timezone.now())
    assert services.demo_code(username="a").isdigit()
    for name in ("real", "nobody"):
        with pytest.raises(LookupError):
            services.demo_code(username=name)
    settings.DEMO = False
    with pytest.raises(LookupError):
        services.demo_code(username="a")


def test_demo_codes_open_log_ins_that_follow_at_once(small_city: SmallCity, settings: Any) -> None:
    settings.DEMO = True
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    admin = small_city.actor(Role.ADMINISTRATOR, place=small_city.city)
    services.enrol_demo_device(user=user, by=admin, on=timezone.now())
    for _ in range(4):
        client = Client()
        show_password(client, user)
        assert client.post("/accounts/otp/", {"token": services.demo_code(username="a")}).status_code == 302
