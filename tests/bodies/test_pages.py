"""What the pages of bodies show."""

from datetime import date

import pytest
from django.test import Client

from jingwei.bodies.services import adjust_body, dissolve_body
from jingwei.core.permissions import Role, local_operator
from tests.accounts.browser import signed_in
from tests.city import NOW, SmallCity

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


@pytest.fixture
def client(small_city: SmallCity) -> Client:
    return signed_in(small_city.user("me", Role.LOCAL_PARTY_COMMITTEE, place=small_city.town))


def listed(client: Client, query: str) -> str:
    answer = client.get(f"/bodies/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_bodies_are_listed_by_name_kind_place_and_state(small_city: SmallCity, client: Client) -> None:
    dissolve_body(body=small_city.industry, effective=date(2020, 1, 1), by=OPERATOR, on=NOW)
    expected = {
        "": (True, False),
        "?state=ended": (False, True),
        "?state=all": (True, True),
        "?q=青岚": (True, False),
        "?kind=industry_committee&state=all": (False, True),
        f"?place={small_city.county.pk}&state=all": (True, False),
    }
    for query, (office, industry) in expected.items():
        page = listed(client, query)
        assert ("青岚区委社会工作部" in page, "交通运输行业党委" in page) == (office, industry), query


def test_a_filter_without_a_hit_offers_to_clear_it(small_city: SmallCity, client: Client) -> None:
    assert "清除筛选" in listed(client, "?q=没有的局")


def test_a_body_shows_who_stands_above_and_below_it_and_what_was_done(small_city: SmallCity, client: Client) -> None:
    adjust_body(body=small_city.county_office, by=OPERATOR, on=NOW, superior=small_city.office)
    adjust_body(body=small_city.industry, by=OPERATOR, on=NOW, superior=small_city.county_office)
    middle = listed(client, f"{small_city.county_office.pk}/")
    for shown in ("安澜市委社会工作部", "交通运输行业党委", "调整机构"):
        assert shown in middle
    assert "青岚区委社会工作部 ← 安澜市委社会工作部" in listed(client, f"{small_city.industry.pk}/")


def test_people_of_a_body_are_linked_for_those_who_may_see_accounts(small_city: SmallCity, client: Client) -> None:
    user = small_city.user("kollege", Role.CLERK, place=small_city.city)
    link = f"/accounts/users/{user.pk}/"
    page = f"{small_city.office.pk}/"
    assert "kollege" in listed(client, page)
    assert link not in listed(client, page)
    assert link in listed(signed_in(small_city.user("amt", Role.ADMINISTRATOR, place=small_city.city)), page)
