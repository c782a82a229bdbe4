"""What the pages of places show."""

import pytest
from django.test import Client

from jingwei.core.permissions import Role, local_operator
from jingwei.places.models import OverlayMembership, Place, PlaceAlias
from jingwei.places.selectors import tree_level
from jingwei.places.services import abolish_place, add_road_range, rename_place
from tests.accounts.browser import signed_in
from tests.city import ALWAYS, NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()
SQUARE = {"type": "Polygon", "coordinates": [[[101, 31], [102, 31], [102, 32], [101, 32], [101, 31]]]}


@pytest.fixture
def client(small_city: SmallCity) -> Client:
    return signed_in(small_city.user("me", Role.LOCAL_PARTY_COMMITTEE, place=small_city.town))


def text(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tree_begins_with_the_city_and_its_counties(small_city: SmallCity, client: Client) -> None:
    page = text(client, "/places/")
    assert "青岚区" in page
    assert "990102" in page
    assert "书院街道" not in page
    assert "园区楼宇 1" in page


def test_deeper_levels_are_fetched_when_opened(small_city: SmallCity, client: Client) -> None:
    fragment = text(client, f"/places/{small_city.county.pk}/children/")
    assert "书院街道" in fragment
    assert "<html" not in fragment
    assert "高新产业园" not in fragment


def test_each_level_knows_what_lies_below_and_over_it(small_city: SmallCity) -> None:
    actor = small_city.actor(Role.CLERK, place=small_city.city)
    level = tree_level(parent=small_city.city, actor=actor, on=TODAY)
    assert [(node.place.name, node.below, node.overlays) for node in level] == [("青岚区", 2, 1), ("白鹭县", 1, 0)]


@pytest.mark.parametrize("words", ["书院", "990102001", "老书院"])
def test_a_place_is_found_by_name_code_and_former_name(small_city: SmallCity, client: Client, words: str) -> None:
    PlaceAlias.objects.create(place=small_city.town, kind="abolished", name="老书院乡", valid=ALWAYS)
    assert f'href="/places/{small_city.town.pk}/"' in text(client, f"/places/?q={words}")


def test_what_does_not_exist_is_said(small_city: SmallCity, client: Client) -> None:
    assert "没有找到区划" in text(client, "/places/?q=没有的地方")
    assert client.get("/places/999999/").status_code == 404


def test_a_place_shows_its_names_roads_history_and_boundary(small_city: SmallCity, client: Client) -> None:
    rename_place(place=small_city.town, name="文庙街道", effective=TODAY, by=OPERATOR, on=NOW, basis="民政批复")
    add_road_range(
        county=small_city.county, road="青岚路", place=small_city.town, number_from=1, number_to=99, parity="odd",
        by=OPERATOR, on=NOW,
    )  # fmt: skip
    Place.objects.filter(pk__in=[small_city.town.pk, small_city.community.pk]).update(boundary=SQUARE)
    page = text(client, f"/places/{small_city.town.pk}/")
    for shown in ("文庙街道", "书院街道", "更名", "民政批复", "1–99 号（单号）", "竹园社区", '<path class="m1" d="M'):
        assert shown in page


def test_the_boundary_is_drawn_in_the_view_box_with_north_up(small_city: SmallCity, client: Client) -> None:
    Place.objects.filter(pk=small_city.town.pk).update(boundary=SQUARE)
    page = text(client, f"/places/{small_city.town.pk}/")
    assert 'viewBox="-4 -4 648 759"' in page
    assert "M0.0 750.6L640.0 750.6L640.0 0.0L0.0 0.0Z" in page


def test_overlays_are_listed_by_kind_name_and_place(small_city: SmallCity, client: Client) -> None:
    OverlayMembership.objects.create(overlay=small_city.park, place=small_city.town, valid=ALWAYS)
    for query, found in {
        "": True, "?kind=park": True, "?kind=market": False, "?q=高新": True, "?q=低": False,
        f"?place={small_city.county.pk}": True, f"?place={small_city.other_county.pk}": False,
    }.items():  # fmt: skip
        assert ("高新产业园" in text(client, f"/places/overlays/{query}")) is found, query


def test_an_abolished_place_leaves_the_tree_and_keeps_its_page(small_city: SmallCity, client: Client) -> None:
    abolish_place(place=small_city.far_town, effective=TODAY, by=OPERATOR, on=NOW, successor=small_city.other_county)
    assert "石桥镇" not in text(client, f"/places/{small_city.other_county.pk}/children/")
    page = text(client, f"/places/{small_city.far_town.pk}/")
    assert "2026-10-30 止" in page
    assert "撤销" in page
