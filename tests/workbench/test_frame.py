"""Navigation and the address for machines that watch."""

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

from jingwei.core.permissions import Role
from tests.city import SmallCity
from tests.workbench.pages import client_as, text_of


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "shown", "absent"),
    [
        (Role.CLERK, {"企业名册", "名单导入", "落点待分派", "大数据对碰"}, {"用户与授权", "日志"}),
        (Role.LOCAL_PARTY_COMMITTEE, {"企业名册", "区划", "机构"}, {"名单导入", "落点待分派", "大数据对碰"}),
        (Role.AUDITOR, {"日志", "用户与授权"}, {"企业名册", "名单导入"}),
        (Role.MEMBER, {"工作台"}, {"企业名册", "区划", "日志"}),
    ],
)
def test_the_navigation_shows_what_the_person_may_open(
    small_city: SmallCity, role: Role, shown: set[str], absent: set[str]
) -> None:
    client = client_as(small_city, role, place=small_city.city)
    nav = client.get("/accounts/profile/").context["nav"]
    labels = {item["label"]: item["url"] for group in nav for item in group["items"]}
    assert shown <= set(labels)
    assert not absent & set(labels)
    for url in labels.values():
        assert client.get(url).status_code in {200, 302}, url


@pytest.mark.django_db
def test_the_entry_of_the_page_is_marked(small_city: SmallCity) -> None:
    nav = client_as(small_city, Role.CLERK, place=small_city.city).get("/rosters/social/").context["nav"]
    assert [item["label"] for group in nav for item in group["items"] if item["current"]] == ["社会组织名册"]


@pytest.mark.django_db
def test_health_answers_without_a_log_in(client: Client) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_health_says_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/health").status_code == 503


@pytest.mark.django_db
def test_a_visitor_is_asked_to_log_in(client: Client) -> None:
    for address in ("/", "/rosters/enterprise/", "/search/?q=安澜", "/placement/", "/entities/1/"):
        assert client.get(address)["Location"].startswith("/accounts/login/"), address


@pytest.mark.django_db
def test_the_log_in_page_has_no_navigation(client: Client) -> None:
    assert "企业名册" not in text_of(client.get("/accounts/login/"))
