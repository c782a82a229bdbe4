from typing import Any

import pytest
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.core.permissions import Role, local_operator
from jingwei.linkage.models import LinkRun
from jingwei.workbench.maps import class_edges, legend, outlines
from tests.base_roster.entities import make_entity, some_city
from tests.base_roster.lists import make_batch
from tests.city import NOW, TODAY, SmallCity
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    with acting(local_operator()):
        some_city(small_city)
    return small_city


@pytest.fixture
def clerk(city: SmallCity) -> Client:
    return client_as(city, Role.CLERK, place=city.city)


def linked_numbers(context: Any) -> list[tuple[str, str]]:
    """Every number of the page that is a link, with its address."""
    found = [(piece["text"].split()[-1], piece["url"]) for kpi in context["kpis"] for piece in kpi["pieces"]]
    distribution, funnel = context["distribution"], context["funnel"]
    rows = [row["cells"] for row in distribution["rows"]] + [distribution["total"]] if distribution else []
    found += [(cell["text"], cell["url"]) for cells in rows for cell in cells if cell.get("url")]
    found += [(f"{step['count']:,}", step["url"]) for step in funnel["steps"]]
    return [(number.replace(",", ""), url) for number, url in found]


@pytest.mark.parametrize("roster", ["enterprise", "social", "small"])
def test_every_number_opens_exactly_its_rows(clerk: Client, roster: str) -> None:
    numbers = linked_numbers(clerk.get(f"/?roster={roster}").context)
    assert len(numbers) > 10
    for number, url in numbers:
        assert clerk.get(url).context["page"].paginator.count == int(number), url


def test_the_rows_of_the_table_add_up_to_the_total_and_stand_in_administrative_order(clerk: Client) -> None:
    distribution = clerk.get("/").context["distribution"]
    assert [row["label"] for row in distribution["rows"]] == ["青岚区", "白鹭县", "未定区县"]
    columns = zip(*(row["cells"] for row in distribution["rows"]), strict=True)
    for cells, whole in zip(columns, distribution["total"], strict=True):
        if whole["text"].isdigit():
            assert sum(int(cell["text"]) for cell in cells) == int(whole["text"])


def test_a_county_sees_its_towns(city: SmallCity) -> None:
    page = client_as(city, Role.CLERK, place=city.county).get("/")
    assert [row["label"] for row in page.context["distribution"]["rows"]] == ["书院街道", "临江街道", "未落到镇街"]


def test_numbers_of_everybody_open_his_own_rows(city: SmallCity) -> None:
    # Whoever has neither a county nor a town has no table of areas.
    for client in (
        client_as(city, Role.CLERK, place=city.county),
        client_as(city, Role.TOWN_ORGANIZER, place=city.town),
        client_as(city, Role.INDUSTRY_OFFICER, body=city.industry),
        client_as(city, Role.TERRITORIAL_BODY, place=city.community),
    ):
        for number, url in linked_numbers(client.get("/").context):
            assert client.get(url).context["page"].paginator.count == int(number), url


def test_what_to_do_next_depends_on_what_waits_and_on_the_person(clerk: Client, city: SmallCity) -> None:
    with acting(local_operator()):
        batch = make_batch(city, "tax")
        batch.state = "checked"
        batch.save()
        LinkRun.objects.create(version="test", as_of=TODAY, created_at=NOW, created_by="测试", place=city.city)
    steps = " ".join(step["text"] for step in clerk.get("/").context["funnel"]["next_steps"])
    for word in ("待核对", "待批准", "待分派落点", "所有制未知"):
        assert word in steps
    looker = client_as(city, Role.LOCAL_PARTY_COMMITTEE, place=city.city).get("/").context
    assert "待批准" not in " ".join(step["text"] for step in looker["funnel"]["next_steps"])
    assert looker["batches"] is None


def test_an_empty_city_shows_the_first_step(small_city: SmallCity) -> None:
    page = client_as(small_city, Role.CLERK, place=small_city.city).get("/")
    assert "名册还是空的" in text_of(page)
    assert page.context["start"]["action_url"] == "/imports/new/"
    looker = client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city).get("/")
    assert looker.context["start"]["action_url"] is None


def test_who_may_not_see_rosters_goes_to_his_own_first_page(city: SmallCity) -> None:
    assert client_as(city, Role.AUDITOR, place=city.city).get("/")["Location"] == "/accounts/users/"
    assert client_as(city, Role.MEMBER, place=city.town).get("/")["Location"] == "/accounts/profile/"


def test_the_page_stays_within_its_query_budget(clerk: Client) -> None:
    held = queries_of(clerk, "/")
    assert len(held) <= MOST_QUERIES, held


def test_areas_with_boundaries_are_drawn_in_classes(city: SmallCity, clerk: Client) -> None:
    for at, county in enumerate((city.county, city.other_county)):
        west = 110 + at
        ring = [[west, 30], [west + 1, 30], [west + 1, 31], [west, 31], [west, 30]]
        county.boundary = {"type": "Polygon", "coordinates": [ring]}
        county.save()
    with acting(local_operator()):
        make_entity(city, "安澜又一家有限公司", screening="in")
    drawn = clerk.get("/").context["distribution"]["map"]
    assert {shape["label"]: shape["value"] for shape in drawn["shapes"]} == {"青岚": "2", "白鹭": "1"}
    assert len({shape["css"] for shape in drawn["shapes"]}) == 2


def test_without_all_boundaries_there_is_no_map(clerk: Client) -> None:
    assert clerk.get("/").context["distribution"]["map"] is None


def test_classes_ascend_and_are_five_at_most() -> None:
    edges = class_edges(list(range(1, 40)))
    assert edges == sorted(set(edges))
    assert len(legend(edges)) == 5
    assert legend(class_edges([])) == [{"css": "", "label": "没有数据", "hatched": True}]
    outlines.cache_clear()
