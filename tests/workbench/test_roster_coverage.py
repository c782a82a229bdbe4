"""Coverage in roster lists: tabs, filters, tags, and what can be done with chosen rows."""

import csv
import io

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role, local_operator
from jingwei.coverage.models import NoticeLetter
from jingwei.domain import rulebook
from jingwei.workbench.forms import covered_choices, member_bounds, member_choices
from tests.city import TODAY, SmallCity
from tests.coverage.units import compute, make_organization, make_unit
from tests.indicators.rows import some_rows
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of

pytestmark = pytest.mark.django_db
LIST = "/rosters/enterprise/"


@pytest.fixture
def rows(small_city: SmallCity) -> dict[str, Entity]:
    with acting(local_operator()):
        return some_rows(small_city)


@pytest.fixture
def clerk(small_city: SmallCity, rows: dict[str, Entity]) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


def names(client: Client, query: str) -> set[str]:
    return {row["name"] for row in client.get(f"{LIST}?{query}").context["page"].object_list}


def named(rows: dict[str, Entity], *keys: str) -> set[str]:
    return {rows[key].name for key in keys}


def test_firms_with_three_full_members_and_no_branch_are_two_clicks_away(
    clerk: Client, rows: dict[str, Entity]
) -> None:
    nav = {item["label"]: item["url"] for group in clerk.get("/").context["nav"] for item in group["items"]}
    tabs = {tab["label"]: tab for tab in clerk.get(nav["企业名册"]).context["tabs"]}
    found = clerk.get(tabs["应建未建"]["url"]).context["page"]
    assert [row["name"] for row in found.object_list] == [rows["should"].name]
    assert tabs["应建未建"]["count"] == found.paginator.count == 1


def test_every_tab_counts_what_it_opens(clerk: Client) -> None:
    for roster in ("enterprise", "social", "small"):
        for tab in clerk.get(f"/rosters/{roster}/").context["tabs"]:
            assert clerk.get(tab["url"]).context["page"].paginator.count == tab["count"], tab


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("coverage=few", ("few",)),
        ("covered=organization", ("own", "joint", "park", "public")),
        ("covered=work_only", ("far",)),
        ("covered=committee", ("park", "public")),
        ("members=3-", ("own", "should", "park", "public")),
        ("members=1-2", ("joint", "few")),
        ("members=unknown", ("canvass", "nowhere", "pending")),
        ("members=0-0", ("far", "closed")),
        ("q=安澜&coverage=should", ("should",)),
        ("q=安澜&covered=organization&members=3-", ("own", "park", "public")),
        ("q=安澜&members=unknown", ("canvass", "pending")),
        ("q=安澜&members=1-2", ("joint", "few")),
    ],
)
def test_lists_narrow_by_state_form_and_members(
    clerk: Client, rows: dict[str, Entity], query: str, found: tuple[str, ...]
) -> None:
    assert names(clerk, query) == named(rows, *found)


def test_an_unreadable_condition_narrows_nothing(clerk: Client) -> None:
    assert len(names(clerk, "members=many&coverage=nonsense&covered=x")) == len(names(clerk, ""))


def test_tags_tell_an_organization_from_work_and_from_what_is_not_known(clerk: Client, rows: dict[str, Entity]) -> None:
    shown = {row["name"]: row for row in clerk.get(LIST).context["page"].object_list}
    tags = {key: shown[rows[key].name]["coverage"] for key in ("own", "joint", "far", "canvass", "should")}
    assert {key: tag["kind"] for key, tag in tags.items()} == {
        "own": "ok", "joint": "ok", "far": "info", "canvass": "unknown", "should": "plain",
    }  # fmt: skip
    assert tags["canvass"]["label"] == "待摸排"
    assert shown[rows["should"].name]["state"]["label"] == "应建未建"
    assert shown[rows["closed"].name]["state"]["label"] == "注销"
    assert [shown[rows[key].name]["reaches_bar"] for key in ("should", "few", "canvass")] == [True, False, False]


def test_the_choices_follow_the_rulebook() -> None:
    rules = rulebook.at(TODAY)
    assert [value for value, _ in member_choices(rules)] == ["unknown", "0-0", "1-2", "3-", "50-", "100-"]
    assert [title for title, held in covered_choices(rules) if isinstance(held, list)] == ["组织覆盖", "工作覆盖"]
    assert member_bounds("3-") == (3, None)
    assert member_bounds("unknown") == member_bounds("") == (None, None)


def test_chosen_rows_are_exported_and_others_scope_is_left_out(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    county = client_as(small_city, Role.CLERK, place=small_city.county)
    ids = [rows[key].pk for key in ("own", "should", "far")]
    answer = county.post(f"{LIST}chosen/export/", {"ids": ids, "next": LIST, "whole": ""})
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert JournalEntry.objects.get(verb="roster.export").detail == {"rows": 2, "form": "xlsx"}
    looker = client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city)
    assert looker.post(f"{LIST}chosen/export/", {"ids": ids}).status_code == 403


def test_the_whole_filter_is_exported_with_its_coverage(clerk: Client, rows: dict[str, Entity]) -> None:
    answer = clerk.post(f"{LIST}chosen/export/", {"whole": "1", "next": f"{LIST}?coverage=covered&page=3"})
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert JournalEntry.objects.get(verb="roster.export").detail["rows"] == 4
    file = clerk.get(f"{LIST}export/csv/?coverage=covered")
    lines = {
        row["名称"]: row for row in csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
    }
    line = lines[rows["joint"].name]
    assert (line["覆盖方式"], line["覆盖状态"], line["正式党员"]) == ("联合党支部", "已组织覆盖", "1")


def test_letters_go_to_those_chosen_who_ought_to_have_an_organization(small_city: SmallCity) -> None:
    with acting(local_operator()):
        due = [make_unit(small_city, f"安澜应建{name}有限公司", 4) for name in "甲乙"]
        held = make_unit(small_city, "安澜已建有限公司", 4)
        make_organization(small_city, "已建党支部", held)
        compute()
    clerk = client_as(small_city, Role.CLERK, place=small_city.city)
    answer = clerk.post(f"{LIST}chosen/letters/", {"ids": [due[0].pk, held.pk], "next": LIST})
    assert answer["Location"] == "/coverage/letters/"
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said[0] == "已发出 1 封提示函，请逐封打印送达。"
    assert "1 家没有发函" in said[1]
    again = clerk.post(f"{LIST}chosen/letters/", {"whole": "1", "next": f"{LIST}?coverage=should"})
    assert again["Location"] == "/coverage/letters/"
    assert set(NoticeLetter.objects.values_list("entity_id", flat=True)) == {entity.pk for entity in due}
    none = clerk.post(f"{LIST}chosen/letters/", {"ids": [held.pk], "next": f"{LIST}?coverage=covered"})
    assert none["Location"] == f"{LIST}?coverage=covered"


def test_batch_acts_are_offered_by_permission(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    def offered(role: Role) -> list[str]:
        context = client_as(small_city, role, place=small_city.city).get(LIST).context
        return [action["label"] for action in context["batch_actions"]]

    assert offered(Role.CLERK) == ["发提示函", "导出所选"]
    assert offered(Role.TOWN_ORGANIZER) == ["导出所选"]
    assert offered(Role.LOCAL_PARTY_COMMITTEE) == []
    town = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town)
    assert town.post(f"{LIST}chosen/letters/", {"ids": [rows["should"].pk]}).status_code == 403


def test_lists_of_coverage_stay_within_their_query_budget(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    for client in (
        client_as(small_city, Role.CLERK, place=small_city.city),
        client_as(small_city, Role.CLERK, place=small_city.county),
    ):
        for query in ("coverage=should", "members=3-&covered=organization", "q=安澜&coverage=few"):
            client.get(f"{LIST}?{query}")
            held = queries_of(client, f"{LIST}?{query}")
            assert len(held) <= MOST_QUERIES, held
