"""Every page of accounts, places and bodies, for every role."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jingwei.accounts.models import Grant, User
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import ROLES, Permission, Role
from tests.accounts.browser import signed_in
from tests.city import ALWAYS, NOW, SmallCity, make_place

pytestmark = pytest.mark.django_db
PAGES = {
    "/places/": Permission.PLACES_VIEW,
    "/places/overlays/": Permission.PLACES_VIEW,
    "/places/{place}/": Permission.PLACES_VIEW,
    "/places/{place}/children/": Permission.PLACES_VIEW,
    "/bodies/": Permission.BODIES_VIEW,
    "/bodies/{body}/": Permission.BODIES_VIEW,
    "/accounts/users/": Permission.USERS_VIEW,
    "/accounts/users/{user}/": Permission.USERS_VIEW,
    "/accounts/users/new/": Permission.GRANTS_EDIT,
    "/accounts/users/{user}/deactivate/": Permission.GRANTS_EDIT,
    "/accounts/users/{user}/reset-factor/": Permission.GRANTS_EDIT,
    "/accounts/users/{user}/reset-password/": Permission.GRANTS_EDIT,
    "/accounts/grants/{grant}/revoke/": Permission.GRANTS_EDIT,
    "/accounts/journal/": Permission.JOURNAL_VIEW,
}
MOST_QUERIES = 15


@pytest.mark.parametrize("role", Role)
def test_each_page_opens_for_the_roles_that_may_and_for_no_other(small_city: SmallCity, role: Role) -> None:
    other = small_city.user("other", Role.MEMBER, place=small_city.town)
    ids = {
        "place": small_city.county.pk,
        "body": small_city.office.pk,
        "user": other.pk,
        "grant": other.grants.get().pk,
    }
    client = signed_in(small_city.user("me", role, place=small_city.city))
    answers = {page: client.get(page.format(**ids)).status_code for page in PAGES}
    expected = {page: 200 if needed in ROLES[role].permissions else 403 for page, needed in PAGES.items()}
    assert answers == expected


def test_accounts_outside_the_reach_are_not_shown(small_city: SmallCity) -> None:
    far = small_city.user("far", Role.CLERK, place=small_city.other_county)
    near = small_city.user("near", Role.CLERK, place=small_city.town)
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.county))
    listed = client.get("/accounts/users/").content.decode()
    assert "near" in listed
    assert ">far<" not in listed
    assert client.get(f"/accounts/users/{near.pk}/").status_code == 200
    for page in (f"users/{far.pk}/", f"users/{far.pk}/deactivate/", f"grants/{far.grants.get().pk}/revoke/"):
        assert client.get(f"/accounts/{page}").status_code == 403


def crowd(city: SmallCity, count: int) -> None:
    for number in range(count):
        user = User.objects.create(username=f"u{number}", name=f"某{number}", created_at=NOW, body=city.county_office)
        for place in (city.town, city.other_town):
            Grant.objects.create(user=user, role=Role.CLERK, place=place, valid=ALWAYS, granted_by="x", granted_at=NOW)


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "page", ["/accounts/users/", "/bodies/", "/places/", "/places/overlays/", "/accounts/journal/"]
)
def test_a_list_takes_few_queries_however_long_it_is(small_city: SmallCity, page: str) -> None:
    role = Role.AUDITOR if page.endswith("journal/") else Role.ADMINISTRATOR
    client = signed_in(small_city.user("me", role, place=small_city.city))
    short = queries(client, page)
    crowd(small_city, 20)
    assert queries(client, page) == short
    assert short <= MOST_QUERIES


@pytest.mark.parametrize(
    "page", ["/accounts/profile/", "/accounts/users/{user}/", "/places/{place}/", "/bodies/{body}/"]
)
def test_a_page_of_one_thing_takes_few_queries(small_city: SmallCity, page: str) -> None:
    crowd(small_city, 3)
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.city))
    ids = {"user": User.objects.get(username="u1").pk, "place": small_city.county.pk, "body": small_city.office.pk}
    assert queries(client, page.format(**ids)) <= 20


def test_looking_at_an_account_is_seen_by_its_owner(small_city: SmallCity) -> None:
    user = small_city.user("m", Role.MEMBER, place=small_city.town)
    auditor = small_city.user("prüfer", Role.AUDITOR, place=small_city.city)
    signed_in(auditor).get(f"/accounts/users/{user.pk}/")
    assert JournalEntry.objects.filter(verb="user.view", subject_id=str(user.pk), actor_id=auditor.pk).count() == 1
    mine = signed_in(user).get("/accounts/profile/").content.decode()
    assert "查看账号" in mine
    assert "prüfer" in mine


def test_a_new_account_is_made_with_an_initial_password_shown_once(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.city))
    fields = {"username": "lin", "name": "林书远", "title": "经办", "body": "安澜市委社会工作部"}
    shown = client.post("/accounts/users/new/", fields).content.decode()
    user = User.objects.get(username="lin")
    assert user.must_change_password
    password = shown.split('class="secret">')[1].split("<")[0]
    assert user.check_password(password)
    assert "登录名“lin”已被使用" in client.post("/accounts/users/new/", fields).content.decode()
    assert "没有名为" in client.post("/accounts/users/new/", {**fields, "body": "没有的局"}).content.decode()


def test_a_grant_is_given_and_taken_back_on_the_account_page(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.city))
    user = User.objects.create(username="neu", name="新人", created_at=NOW)
    fields = {"role": "clerk", "place": "990102001", "since": "2099-01-01", "reason": "分工通知"}
    assert client.post(f"/accounts/users/{user.pk}/", fields).status_code == 302
    held = user.grants.get()
    assert held.place == small_city.town
    page = client.post(f"/accounts/users/{user.pk}/", fields)
    assert "已有同样的授权" in page.content.decode()
    revoke = f"/accounts/grants/{held.pk}/revoke/"
    assert "与登录名不一致" in client.post(revoke, {"reason": "调离", "confirmation": "x"}).content.decode()
    assert client.post(revoke, {"reason": "调离", "confirmation": "neu"}).status_code == 302
    held.refresh_from_db()
    assert held.revoke_reason == "调离"


@pytest.mark.parametrize(
    ("place", "message"), [("不存在街道", "没有名称或代码为"), ("", "请选择区域或机构"), ("石桥镇", "有几个")]
)
def test_a_place_that_cannot_be_told_is_asked_for_again(small_city: SmallCity, place: str, message: str) -> None:
    make_place("town", "石桥镇", small_city.county)
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.city))
    user = User.objects.create(username="neu", name="新人", created_at=NOW)
    fields = {"role": "clerk", "place": place, "since": "2099-01-01", "reason": "x"}
    assert message in client.post(f"/accounts/users/{user.pk}/", fields).content.decode()
    assert not user.grants.exists()


def test_an_account_is_closed_on_its_page(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.city))
    user = User.objects.create(username="neu", name="新人", created_at=NOW)
    page = f"/accounts/users/{user.pk}"
    sent = {"reason": "调离", "confirmation": "neu"}
    assert client.post(f"{page}/deactivate/", sent).status_code == 302
    assert "已经停用" in client.post(f"{page}/deactivate/", sent).content.decode()
    assert client.post(f"{page}/reactivate/", sent).status_code == 302
    assert 'class="secret"' in client.post(f"{page}/reset-password/", sent).content.decode()
    assert client.post(f"{page}/no-such-act/", sent).status_code == 404


def test_nobody_is_offered_changes_to_his_own_account(small_city: SmallCity) -> None:
    me = small_city.user("me", Role.ADMINISTRATOR, place=small_city.city)
    page = signed_in(me).get(f"/accounts/users/{me.pk}/").content.decode()
    assert "新增授权" not in page
    assert "停用账号" not in page


def test_pages_carry_no_inline_style_or_script_and_a_strict_policy(small_city: SmallCity) -> None:
    client = signed_in(small_city.user("me", Role.ADMINISTRATOR, place=small_city.city))
    for page in ("/accounts/users/", "/accounts/profile/", f"/places/{small_city.city.pk}/", "/bodies/"):
        answer = client.get(page)
        assert "unsafe" not in answer["Content-Security-Policy"]
        text = answer.content.decode()
        for forbidden in (" style=", "<style", " onclick", "javascript:"):
            assert forbidden not in text
