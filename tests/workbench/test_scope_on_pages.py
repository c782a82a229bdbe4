"""Who sees which entity: through the pages, and with the application's own filter taken away."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Fact, Placement
from jingwei.core.permissions import Role
from tests.base_roster.lists import build_roster, make_unit
from tests.city import SmallCity

ROSTER = "/rosters/enterprise/"
LIMIT = 15


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    device = TOTPDevice.objects.create(user=user, name="测试", confirmed=True)
    session["otp_device_id"] = device.persistent_id
    session.save()
    return client


@pytest.fixture
def three_firms(small_city: SmallCity) -> dict[str, int]:
    """One firm in each of three towns, the last one in the other county; the first is in transport."""
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        rows = {
            "书院": make_unit(small_city, "market", name="安澜书院物流有限公司", address="青岚区书院街道竹园路 9 号", state="存续", industry_code="G54"),
            "临江": make_unit(small_city, "market", name="安澜临江餐饮有限公司", address="青岚区临江街道江边路 3 号", state="存续", industry_code="H62"),
            "石桥": make_unit(small_city, "market", name="白鹭石桥建材有限公司", address="白鹭县石桥镇石桥路 1 号", state="存续", industry_code="F51"),
        }  # fmt: skip
        build_roster(small_city, [[unit] for unit in rows.values()], clerk)
        return {name: Entity.objects.get(source_links__unit=unit).pk for name, unit in rows.items()}


@pytest.mark.parametrize(
    ("role", "where", "seen"),
    [
        (Role.CLERK, "city", {"书院", "临江", "石桥"}),
        (Role.CLERK, "county", {"书院", "临江"}),
        (Role.TOWN_ORGANIZER, "town", {"书院"}),
        (Role.TOWN_ORGANIZER, "far_town", {"石桥"}),
        (Role.INDUSTRY_OFFICER, "industry", {"书院"}),
    ],
)
def test_each_user_sees_his_own_part_and_nothing_else(
    small_city: SmallCity, three_firms: dict[str, int], role: Role, where: str, seen: set[str]
) -> None:
    target = getattr(small_city, where)
    grant = {"body": target} if where == "industry" else {"place": target}
    client = client_of(small_city.user(f"{role}-{where}", role, **grant))
    page = client.get(ROSTER).content.decode()
    for name, number in three_firms.items():
        full = {"书院": "安澜书院物流", "临江": "安澜临江餐饮", "石桥": "白鹭石桥建材"}[name]
        assert (full in page) == (name in seen), (where, name)
        status = client.get(reverse("workbench:entity", args=[number])).status_code
        assert (status == 200) == (name in seen), (where, name, status)


def test_a_search_finds_by_two_and_four_characters_by_code_and_by_initials_within_the_scope(
    small_city: SmallCity, three_firms: dict[str, int]
) -> None:
    client = client_of(small_city.user("county", Role.CLERK, place=small_city.county))
    for text, found in (("物流", True), ("书院物流", True), ("allj", True), ("建材", False), ("石桥建材", False)):
        page = client.get(ROSTER, {"q": text}).content.decode()
        assert ("有限公司" in page) == found, text


def test_with_the_application_filter_taken_away_the_policy_alone_still_holds(
    small_city: SmallCity, three_firms: dict[str, int]
) -> None:
    town = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with acting(town):
        assert set(Entity.objects.values_list("pk", flat=True)) == {three_firms["书院"]}
        assert set(Fact.objects.values_list("entity_id", flat=True)) == {three_firms["书院"]}
        assert Placement.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("UPDATE base_roster_entity SET staff = 1 WHERE id = ANY(%s)", [list(three_firms.values())])
            assert cursor.rowcount == 1


@pytest.mark.django_db
def test_an_unset_scope_shows_nothing(small_city: SmallCity, three_firms: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jw.everything', '', true), set_config('jw.places', '', true),"
            " set_config('jw.bodies', '', true)"
        )
    assert Entity.objects.count() == 0
    assert Fact.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/",
        ROSTER,
        f"{ROSTER}?q=物流&ownership=unknown",
        "/placement/",
        "/imports/",
        "/linkage/",
        "/places/",
        "/bodies/",
    ],
)
def test_a_page_stays_within_its_query_budget(small_city: SmallCity, three_firms: dict[str, int], address: str) -> None:
    client = client_of(small_city.user("clerk", Role.CLERK, place=small_city.city))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    assert len(caught) <= LIMIT + 2, [query["sql"][:80] for query in caught]  # savepoints of the test's transaction


@pytest.mark.parametrize("address", [ROSTER, "/placement/", "/imports/", "/places/", "/linkage/"])
def test_the_wrong_role_gets_the_page_that_explains_it(
    small_city: SmallCity, three_firms: dict[str, int], address: str
) -> None:
    client = client_of(small_city.user("auditor", Role.AUDITOR, place=small_city.city))
    response = client.get(address)
    assert response.status_code == 403
    assert "权限" in response.content.decode()


def test_an_export_holds_the_filtered_rows_and_neutralises_formulas(
    small_city: SmallCity, three_firms: dict[str, int]
) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        unit = make_unit(small_city, "market", name="=HYPERLINK(1)有限公司", address="青岚区书院街道", state="存续")
        build_roster(small_city, [[unit]], clerk)
    client = client_of(User.objects.get(pk=clerk.user_id))
    response = client.get(reverse("workbench:export", args=["enterprise", "csv"]), {"town": small_city.town.pk})
    text = b"".join(response.streaming_content if response.streaming else [response.content]).decode("utf-8-sig")
    assert "安澜书院物流有限公司" in text
    assert "白鹭石桥" not in text
    assert "\n=HYPERLINK" not in text
    assert ",=HYPERLINK" not in text
