"""The verdict on coverage on an entity's page: what it is, why, who covers it, what to do, and what was done."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit
from jingwei.core.permissions import Role, local_operator
from jingwei.coverage import services
from jingwei.coverage.selectors import explain
from jingwei.domain import rulebook
from jingwei.workbench import entity_coverage
from tests.city import NOW, TODAY, SmallCity, make_body
from tests.coverage.units import FIRST_LIST, compute, make_organization, make_unit
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


@pytest.fixture
def due(small_city: SmallCity) -> Entity:
    """A firm of five full members without an organization of its own."""
    with acting(local_operator()):
        entity = make_unit(small_city, "安澜应建有限公司", 5, 1)
        compute()
    return entity


def page(client: Client, entity: Entity, query: str = "") -> Any:
    return client.get(f"/entities/{entity.pk}/{query}").context


def facts_of(context: Any) -> dict[str, dict[str, Any]]:
    return {fact["label"]: fact for fact in context["coverage"]["facts"]}


def test_the_verdict_names_rule_article_reasons_and_the_smallest_change(clerk: Client, due: Entity) -> None:
    card = page(clerk, due)["coverage"]
    assert (card["kind"], card["result"]) == ("late", "应单独建立党支部，尚未建立")
    assert card["rule"]["id"] == "branch.min_full_members"
    assert "第四条" in card["rule"]["source"]
    assert any("正式党员 5 名" in reason for reason in card["reasons"])
    assert "申请" in card["change"]


def test_the_duty_its_beginning_and_the_cause_are_three_lines(clerk: Client, due: Entity) -> None:
    facts = facts_of(page(clerk, due))
    assert facts["未建状态"]["value"] == "应建未建"
    assert facts["应建起算"]["value"] == FIRST_LIST.isoformat()
    assert facts["未建原因"]["value"] == ""
    assert facts["未建原因"]["edit_url"] == f"/coverage/entities/{due.pk}/cause/"
    with acting(local_operator("经办")):
        services.state_cause(
            entity=Entity.objects.get(pk=due.pk), kind="owner", note="负责人变动", by=local_operator("经办"), on=NOW
        )
    stated = facts_of(page(clerk, due))["未建原因"]
    assert stated["value"] == "出资人或负责人不支持（负责人变动）"
    assert "经办" in stated["note"]


def test_a_letter_can_be_issued_once_and_then_stands_on_the_page(clerk: Client, due: Entity) -> None:
    assert page(clerk, due)["coverage"]["letter_url"] == f"/coverage/entities/{due.pk}/letter/"
    with acting(local_operator()):
        letter = services.issue_letter(entity=Entity.objects.get(pk=due.pk), by=local_operator(), on=NOW)
    context = page(clerk, due)
    assert context["coverage"]["letter_url"] == ""
    (line,) = context["coverage"]["letters"]
    assert (line["number"], line["url"]) == (letter.number, f"/coverage/letters/{letter.pk}/")
    assert "发出提示函" in [event["title"] for event in context["history"]]


def test_who_may_not_act_is_shown_no_way_to(small_city: SmallCity, due: Entity) -> None:
    context = page(client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city), due)
    assert context["coverage"]["letter_url"] == ""
    assert facts_of(context)["未建原因"]["edit_url"] == ""
    assert not context["may_correct"]


def test_organizations_stand_with_their_days_also_past_and_doubtful_ones(
    clerk: Client, small_city: SmallCity, due: Entity
) -> None:
    with acting(local_operator()):
        make_organization(small_city, "岚汀片区联合党支部", due, form="joint")
        old = make_organization(small_city, "早年党支部", due, until=date(2026, 9, 1))
        doubtful = make_organization(small_city, "城东功能型党支部", form="functional")
        CoveredUnit.objects.create(
            organization=doubtful, entity=due, spelt="应建公司", waits=True, valid=DateRange(FIRST_LIST, None),
            recorded_at=NOW,
        )  # fmt: skip
        compute()
    context = page(clerk, due)
    lines = {line["name"]: line for line in context["organizations"]}
    assert context["organizations"][0]["name"] == "岚汀片区联合党支部"
    assert lines[old.name]["until"] == date(2026, 9, 1)
    assert lines["城东功能型党支部"]["waits"]["label"] == "待核"
    # A joint branch covers it, and the duty to have one of its own remains.
    assert context["coverage"]["kind"] == "late"
    assert facts_of(context)["计入"]["value"] == "组织覆盖（联合党支部）"


def test_the_page_decides_as_coverage_itself_does(small_city: SmallCity, due: Entity) -> None:
    with acting(local_operator()):
        make_organization(small_city, "岚汀片区联合党支部", due, form="joint")
        make_organization(small_city, "应建公司党支部", due, since=date(2026, 10, 1))
        entity = Entity.objects.get(pk=due.pk)
        shown = entity_coverage.read(entity, rules=rulebook.at(TODAY, "990100"), on=TODAY)
        assert shown.decision == explain(entity=entity, on=TODAY)


def test_a_town_learns_who_covers_its_firm_though_the_organization_lies_elsewhere(
    small_city: SmallCity, due: Entity
) -> None:
    with acting(local_operator()):
        organization = make_organization(small_city, "白鹭片区联合党支部", due, form="joint")
        organization.place = small_city.far_town
        organization.save()
    context = page(client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town), due)
    (line,) = context["organizations"]
    assert (line["name"], line["url"]) == ("白鹭片区联合党支部", "")


def test_both_nets_say_what_they_rest_on(clerk: Client, small_city: SmallCity, due: Entity) -> None:
    make_body("work_committee", "书院街道两新工委", small_city.town)
    warp, weft = page(clerk, due)["nets"]
    assert (warp["name"], weft["name"]) == ("未归口", "书院街道两新工委")
    assert "落点所在镇街" in weft["lines"][0]
    with acting(local_operator()):
        Entity.objects.filter(pk=due.pk).update(
            overlay=small_city.park, industry_body=small_city.industry, industry_code="G59"
        )
    warp, weft = page(clerk, due)["nets"]
    assert warp["name"] == "安澜市交通运输行业党委"
    assert "高新产业园，在自行负责的园区内" in weft["lines"][0]
    assert "待本地确认" in text_of(clerk.get(f"/entities/{due.pk}/"))


def test_previous_and_next_follow_the_list_the_page_was_opened_from(
    clerk: Client, small_city: SmallCity, due: Entity
) -> None:
    with acting(local_operator()):
        others = [make_unit(small_city, f"安澜应建{name}有限公司", 4) for name in "甲乙"]
        compute()
    rows = clerk.get("/rosters/enterprise/?coverage=should").context["page"].object_list
    assert [row["id"] for row in rows] == [others[1].pk, others[0].pk, due.pk]
    middle = clerk.get(rows[1]["url"]).context["position"]
    assert middle["text"] == "应建未建 3 家中的第 2 家"
    assert clerk.get(middle["previous_url"]).context["page_title"] == others[1].name
    last = clerk.get(middle["next_url"]).context["position"]
    assert (last["next_url"], last["text"]) == (None, "应建未建 3 家中的第 3 家")


def test_a_list_that_has_moved_on_shows_no_position(clerk: Client, due: Entity) -> None:
    for query in (
        "",
        "?in=enterprise&at=7",
        "?in=enterprise&coverage=few&at=0",
        "?in=nothing&at=0",
        "?in=enterprise&at=x",
    ):
        assert page(clerk, due, query)["position"] is None, query
    assert page(clerk, due, "?in=enterprise&at=0")["position"]["text"] == "企业名册 1 家中的第 1 家"


def test_the_page_stays_within_its_query_budget(small_city: SmallCity, due: Entity) -> None:
    with acting(local_operator()):
        make_organization(small_city, "岚汀片区联合党支部", due, form="joint")
        services.issue_letter(entity=Entity.objects.get(pk=due.pk), by=local_operator(), on=NOW)
    for client in (
        client_as(small_city, Role.CLERK, place=small_city.city),
        client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town),
    ):
        for query in ("", "?in=enterprise&coverage=should&at=0"):
            address = f"/entities/{due.pk}/{query}"
            client.get(address)  # the gazetteer is read once for all
            held = queries_of(client, address)
            assert len(held) <= MOST_QUERIES, held
