from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from jingwei.accounts.adapters import FakeSignOn, FakeSms, SmsSender
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role
from tests.city import SmallCity

pytestmark = pytest.mark.django_db
FAKE = "jingwei.accounts.adapters.FakeSignOn"


@pytest.fixture
def sign_on(settings: Any) -> None:
    settings.GOVERNMENT_SIGN_ON = FAKE


def state_of(client: Client) -> str:
    return parse_qs(urlsplit(client.get("/accounts/sso/")["Location"]).query)["state"][0]


def test_without_an_adapter_there_is_no_such_page(small_city: SmallCity) -> None:
    for page in ("/accounts/sso/", "/accounts/sso/return/"):
        assert Client().get(page).status_code == 404
    assert "统一身份认证" not in Client().get("/accounts/login/").content.decode()


def test_who_is_vouched_for_is_logged_in_and_asked_for_the_second_factor(small_city: SmallCity, sign_on: None) -> None:
    user, client = small_city.user("a", Role.CLERK, place=small_city.city), Client()
    assert "统一身份认证" in client.get("/accounts/login/").content.decode()
    state = state_of(client)
    FakeSignOn.issue("c1", "a")
    assert client.get(f"/accounts/sso/return/?code=c1&state={state}").status_code == 302
    assert client.get("/places/")["Location"].startswith("/accounts/otp/")
    entry = JournalEntry.objects.get(verb="session.begin")
    assert (entry.actor_id, entry.detail) == (user.pk, {"method": "统一身份认证"})


def test_a_state_counts_once_and_in_its_own_browser_only(small_city: SmallCity, sign_on: None) -> None:
    small_city.user("m", Role.MEMBER, place=small_city.city)
    client, stranger = Client(), Client()
    state = state_of(client)
    for code in ("c1", "c2", "c3"):
        FakeSignOn.issue(code, "m")
    assert stranger.get(f"/accounts/sso/return/?code=c1&state={state}").status_code == 403
    assert client.get(f"/accounts/sso/return/?code=c2&state={state}").status_code == 302
    assert client.get(f"/accounts/sso/return/?code=c3&state={state}").status_code == 403


def test_a_code_counts_once(small_city: SmallCity, sign_on: None) -> None:
    small_city.user("m", Role.MEMBER, place=small_city.city)
    FakeSignOn.issue("c1", "m")
    answers = []
    for client in (Client(), Client()):
        answers.append(client.get(f"/accounts/sso/return/?code=c1&state={state_of(client)}").status_code)
    assert answers == [302, 403]


@pytest.mark.parametrize("name", ["nobody", "gone"])
def test_who_has_no_account_here_stays_outside(small_city: SmallCity, sign_on: None, name: str) -> None:
    gone = small_city.user("gone", Role.MEMBER, place=small_city.city)
    gone.is_active = False
    gone.save()
    client = Client()
    state = state_of(client)
    FakeSignOn.issue("c1", name)
    answer = client.get(f"/accounts/sso/return/?code=c1&state={state}")
    assert answer.status_code == 403
    assert "没有对应的账号" in answer.content.decode()


def test_the_fake_gateway_keeps_what_it_was_given() -> None:
    gateway = FakeSms()
    sender: SmsSender = gateway
    sender.send(phone="00000000000", template="code", values={"code": "123456"})
    assert gateway.sent == [("00000000000", "code", {"code": "123456"})]
