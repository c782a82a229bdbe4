from datetime import date

import pytest
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Succession
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role, local_operator
from tests.base_roster.entities import make_entity, some_city
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import TODAY, SmallCity
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
CODE = "91990102MA0000015T"
NAME = "安澜市禾源供应链管理有限公司"


@pytest.fixture
def firm(small_city: SmallCity) -> Entity:
    """A firm that market, tax, social insurance and the office's own count know, with one branch office."""
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        market = make_unit(
            small_city, "market", name=NAME, uscc=CODE, address="安澜市青岚区书院街道物流大道 9 号", state="存续（开业）",
            capital="50万元", industry_code="G59", founded_on="2009-03-11", former_names="安澜市禾源物流有限公司",
            registration_number="990102200013427", legal_representative="林某某",
        )  # fmt: skip
        tax = make_unit(small_city, "tax", name=NAME, uscc=CODE, staff="171", address="青岚区物流大道 9 号")
        social = make_unit(
            small_city,
            "social_insurance",
            name="安澜市禾源物流有限公司",
            uscc=CODE,
            insured="168",
            address="青岚区站前路 51 号",
        )
        site = make_unit(
            small_city,
            "market",
            name=f"{NAME}城南分公司",
            address="青岚区书院街道竹园路 3 号",
            state="存续",
            capital="",
        )
        build_roster(small_city, [[market, tax, social], [site]], clerk)
        return entity_of(market)


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


def test_the_strip_shows_code_old_number_former_name_and_sites(clerk: Client, firm: Entity) -> None:
    strip = {item["label"]: item["value"] for item in clerk.get(f"/entities/{firm.pk}/").context["identifiers"]}
    assert strip == {
        "统一社会信用代码": CODE, "原注册号、税号": "990102200013427", "曾用名": "安澜市禾源物流有限公司", "分支机构": "1 处",
    }  # fmt: skip


def test_departments_and_facts_are_compared_side_by_side(clerk: Client, firm: Entity) -> None:
    evidence = clerk.get(f"/entities/{firm.pk}/").context["evidence"]
    assert [department["name"] for department in evidence["departments"]] == [
        "市场监管",
        "税务",
        "社保",
        "党组织",
        "党员数",
    ]
    rows = {row["label"]: [(cell.kind, cell.text) for cell in row["cells"]] for row in evidence["rows"]}
    assert rows["名称"] == [("same", "本名"), ("same", "本名"), ("old", "旧名"), ("none", ""), ("absent", "")]
    assert rows["代码"][:3] == [("same", "18 位")] * 3
    assert rows["地址"][:3] == [("same", "物流大道 9 号"), ("same", "物流大道 9 号"), ("differs", "站前路 51 号")]
    assert rows["人员"][1:3] == [("same", "从业 171"), ("same", "参保 168")]
    assert rows["状态"][0] == ("same", "存续（开业）")
    assert evidence["summary"] == "5 份名单，3 份有记录，1 处不一致"


def test_a_code_that_is_one_character_off_is_marked_as_mendable(small_city: SmallCity, clerk: Client) -> None:
    actor = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(actor):
        market = make_unit(small_city, "market", name=NAME, uscc=CODE, state="存续")
        wrong = make_unit(small_city, "tax", name=NAME, uscc="91990102MA0000018T")
        record = wrong.last_record
        assert record is not None
        build_roster(small_city, [[market, wrong]], actor)
        entity = entity_of(market)
        entity.uscc = CODE
    rows = clerk.get(f"/entities/{entity.pk}/").context["evidence"]["rows"]
    assert (rows[1]["cells"][1].kind, rows[1]["cells"][1].text) == ("old", "差 1 位")


def test_a_fact_has_source_and_date_and_folds_out_what_others_say(clerk: Client, firm: Entity) -> None:
    lines = {line["label"]: line for line in clerk.get(f"/entities/{firm.pk}/").context["facts"]}
    address = lines["住所"]
    assert (address["value"], address["source"], address["date"]) == (
        "安澜市青岚区书院街道物流大道 9 号",
        "市场监管",
        TODAY,
    )
    assert {item["source"] for item in address["earlier"]} == {"税务", "社保"}
    assert lines["行业代码"]["value"] == "G59 装卸搬运和仓储业"


def test_no_personal_value_stands_on_the_page(clerk: Client, firm: Entity) -> None:
    assert "林某某" not in text_of(clerk.get(f"/entities/{firm.pk}/"))


def test_every_verdict_names_its_rule_and_reasons(clerk: Client, firm: Entity) -> None:
    page = clerk.get(f"/entities/{firm.pk}/")
    cards = {card["title"]: card for card in page.context["verdicts"]}
    assert list(cards) == ["是否计入底数", "所有制", "法律形式", "登记状态", "落点"]
    assert cards["登记状态"]["result"] == "存续"
    assert cards["登记状态"]["rule"]["id"].startswith("registration.")
    assert cards["落点"]["result"] == "青岚区 书院街道"
    assert cards["所有制"]["change"]
    assert [point["label"] for point in page.context["screening"]["points"]] == [
        "固定场所",
        "一定数量职工",
        "生产经营活动",
    ]


def test_the_verdicts_on_the_page_are_those_of_the_list(clerk: Client, firm: Entity) -> None:
    cards = {card["title"]: card for card in clerk.get(f"/entities/{firm.pk}/").context["verdicts"]}
    assert cards["所有制"]["result"] == firm.get_ownership_display()
    assert (cards["是否计入底数"]["kind"] == "ok") == firm.counts_in_base


def test_the_history_begins_with_the_foundation(clerk: Client, firm: Entity) -> None:
    history = clerk.get(f"/entities/{firm.pk}/").context["history"]
    assert history[-1]["title"] == "设立登记"
    assert history[-1]["date"] == date(2009, 3, 11)
    assert history[0]["now"] is True


def test_a_changed_state_is_an_event_of_the_history(small_city: SmallCity, clerk: Client) -> None:
    actor = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(actor):
        unit = make_unit(small_city, "market", name=NAME, uscc=CODE, state="存续", as_of=date(2026, 9, 30))
        build_roster(small_city, [[unit]], actor)
        make_unit(small_city, "market", name=NAME, uscc=CODE, state="注销")
        build_roster(small_city, [[unit]], actor)
        entity = entity_of(unit)
    titles = [event["title"] for event in clerk.get(f"/entities/{entity.pk}/").context["history"]]
    assert "登记状态：存续 → 注销" in titles


def test_a_succeeded_entity_points_to_its_successor(small_city: SmallCity, clerk: Client, firm: Entity) -> None:
    with acting(local_operator()):
        later = make_entity(small_city, "安澜新禾源有限公司")
        Succession.objects.create(earlier=firm, later=later, kind="re_registration", since=TODAY)
    page = clerk.get(f"/entities/{firm.pk}/")
    assert page.context["notices"][0]["url"] == f"/entities/{later.pk}/"
    assert "承继" in text_of(clerk.get(f"/entities/{later.pk}/"))


def test_who_sees_the_entity_sees_its_verdicts_even_if_the_lists_are_another_offices(
    small_city: SmallCity, firm: Entity
) -> None:
    town = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town)
    page = town.get(f"/entities/{firm.pk}/")
    assert {card["title"]: card["result"] for card in page.context["verdicts"]}["登记状态"] == "存续"
    assert page.context["sources"] == []
    assert page.context["hidden_sources"] == 3
    listed = town.get("/rosters/enterprise/").context["page"].object_list
    assert all("禾源" in row["name"] for row in listed)


def test_an_entity_out_of_scope_looks_like_one_that_does_not_exist(small_city: SmallCity, firm: Entity) -> None:
    sibling = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.other_town)
    strange, missing = sibling.get(f"/entities/{firm.pk}/"), sibling.get("/entities/999999/")
    assert strange.status_code == missing.status_code == 404
    assert NAME not in text_of(strange)
    assert client_as(small_city, Role.AUDITOR, place=small_city.city).get(f"/entities/{firm.pk}/").status_code == 403


def test_an_entity_without_any_list_still_has_its_page(small_city: SmallCity, clerk: Client) -> None:
    with acting(local_operator()):
        made = some_city(small_city)
    for entity in made:
        assert clerk.get(f"/entities/{entity.pk}/").status_code == 200


def test_the_page_stays_within_its_query_budget(small_city: SmallCity, firm: Entity) -> None:
    for client in (
        client_as(small_city, Role.CLERK, place=small_city.city),
        client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town),
    ):
        client.get(f"/entities/{firm.pk}/")  # the gazetteer is read once for all
        held = queries_of(client, f"/entities/{firm.pk}/")
        assert len(held) <= MOST_QUERIES, held


def test_a_clerk_settles_the_ownership_once(small_city: SmallCity, clerk: Client, firm: Entity) -> None:
    address = f"/entities/{firm.pk}/ownership/"
    assert clerk.get(address).status_code == 200
    assert "这个字段是必填项" in text_of(clerk.post(address, {"value": "public", "basis": ""}))
    assert clerk.post(address, {"value": "public", "basis": "国资部门复函"}).status_code == 302
    with acting(local_operator()):
        assert set(Entity.objects.values_list("ownership", flat=True)) == {"public"}
    assert JournalEntry.objects.filter(verb="ownership.answer").exists()
    organizer = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town)
    assert organizer.get(address).status_code == 403
