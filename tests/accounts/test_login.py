from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as real_settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.utils import timezone

from jingwei.accounts import limits
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role
from tests.accounts.browser import PASSWORD, code, device_of, show_password, walked_in
from tests.city import SmallCity

pytestmark = pytest.mark.django_db


def test_passwords_are_kept_with_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert identify_hasher(make_password(PASSWORD)).algorithm == "argon2"


def test_the_configured_hasher_is_argon2_and_nothing_else() -> None:
    source = (real_settings.PACKAGE / "config/settings.py").read_text()
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in source


def test_the_session_key_changes_at_every_step_of_the_login(small_city: SmallCity) -> None:
    user, client = small_city.user("a", Role.CLERK, place=small_city.city), Client()
    keys = [client.session.session_key or "none"]
    show_password(client, user)
    keys.append(client.session.session_key)
    client.post("/accounts/otp/", {"token": code(device_of(user))})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    wrong = show_password(Client(), user, "nicht-das")
    user.username = "nobody"
    unknown = show_password(Client(), user)
    for page in (wrong, unknown):
        assert page.status_code == 200
        assert "登录名或密码不对" in page.content.decode()


def test_a_deactivated_account_gets_that_answer_too(small_city: SmallCity) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    user.is_active = False
    user.save()
    assert "登录名或密码不对" in show_password(Client(), user).content.decode()


def test_the_account_is_locked_exactly_at_the_fifth_failure(small_city: SmallCity) -> None:
    user, client = small_city.user("a", Role.CLERK, place=small_city.city), Client()
    answers = [show_password(client, user, "falsch").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = show_password(client, user)
    assert locked.status_code == 429
    assert "登录暂时锁定" in locked.content.decode()
    assert show_password(client, small_city.user("b", Role.CLERK, place=small_city.city)).status_code == 302


def test_the_lock_opens_by_itself_after_its_time(small_city: SmallCity) -> None:
    user, client = small_city.user("a", Role.CLERK, place=small_city.city), Client()
    for _ in range(5):
        show_password(client, user, "falsch")
    AccessAttempt.objects.update(attempt_time=timezone.now() - limits.window() - timedelta(seconds=1))
    assert show_password(client, user).status_code == 302


@pytest.mark.parametrize(
    ("failures", "address", "expected"),
    [
        (limits.FAILURES_PER_ADDRESS - 1, "198.51.100.7", 302),
        (limits.FAILURES_PER_ADDRESS, "198.51.100.7", 429),
        (limits.FAILURES_PER_ADDRESS, "127.0.0.1", 302),
    ],
)
def test_an_address_that_tries_many_accounts_is_stopped(
    small_city: SmallCity, failures: int, address: str, expected: int
) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    for number in range(failures):
        AccessAttempt.objects.create(
            username=f"u{number}",
            ip_address=address,
            user_agent="",
            failures_since_start=1,
            attempt_time=timezone.now(),
        )
    client = Client(REMOTE_ADDR=address)
    assert show_password(client, user).status_code == expected


@pytest.mark.parametrize(
    ("failures", "expected"), [(limits.FAILURES_PER_ACCOUNT - 1, 302), (limits.FAILURES_PER_ACCOUNT, 429)]
)
def test_an_account_that_many_addresses_try_is_stopped(small_city: SmallCity, failures: int, expected: int) -> None:
    user = small_city.user("a", Role.CLERK, place=small_city.city)
    for number in range(failures):
        AccessAttempt.objects.create(
            username="a", ip_address=f"198.51.100.{number}", user_agent="", failures_since_start=1,
            attempt_time=timezone.now(),
        )  # fmt: skip
    assert show_password(Client(), user).status_code == expected


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/places/", "/places/"),
        ("/places/?q=%E9%9D%92", "/places/?q=%E9%9D%92"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_stays_on_this_site(small_city: SmallCity, wanted: str, target: str) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    assert show_password(Client(), user, next_page=wanted)["Location"] == target


def test_a_page_asked_for_before_the_login_comes_back_after_the_second_factor(small_city: SmallCity) -> None:
    user, client = small_city.user("a", Role.CLERK, place=small_city.city), Client()
    device = device_of(user)
    first = client.get("/places/?q=书院")
    assert first["Location"].startswith("/accounts/login/?next=%2Fplaces%2F%3Fq")
    second = client.post(first["Location"], {"username": "a", "password": PASSWORD})
    third = client.get(second["Location"])
    fourth = client.post(third["Location"], {"token": code(device)})
    assert fourth["Location"] == second["Location"]


def test_a_fragment_asked_for_by_a_visitor_makes_the_whole_page_go_to_the_login(small_city: SmallCity) -> None:
    answer = Client().get(f"/places/{small_city.city.pk}/children/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/login/"
    assert "Location" not in answer


def test_login_and_logout_are_in_the_journal(small_city: SmallCity) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    client = walked_in(user)
    client.post("/accounts/logout/")
    assert client.get("/accounts/profile/").status_code == 302
    assert list(JournalEntry.objects.order_by("pk").values_list("verb", "actor_id")) == [
        ("session.begin", user.pk), ("session.end", user.pk),
    ]  # fmt: skip


def test_leaving_by_a_link_is_not_possible(small_city: SmallCity) -> None:
    client = walked_in(small_city.user("m", Role.MEMBER, place=small_city.town))
    assert client.get("/accounts/logout/").status_code == 405


def test_a_deactivated_user_is_a_visitor_at_his_next_request(small_city: SmallCity) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    client = walked_in(user)
    user.is_active = False
    user.save()
    assert client.get("/accounts/profile/")["Location"].startswith("/accounts/login/")
