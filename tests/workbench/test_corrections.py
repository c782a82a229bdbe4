"""A clerk corrects a fact of an entity: the page says what stands, what the lists say, and lets him take it back."""

from typing import Any

import pytest
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role, local_operator
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import SmallCity
from tests.workbench.pages import client_as, text_of

pytestmark = pytest.mark.django_db
CODE = "91990102MA0000015T"
NAME = "安澜市禾源供应链管理有限公司"


@pytest.fixture
def firm(small_city: SmallCity) -> Entity:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(clerk):
        market = make_unit(
            small_city, "market", name=NAME, uscc=CODE, state="存续", address="青岚区书院街道竹园路 9 号", registrar="安澜市市场监管局",
            company_type="有限责任公司",
        )  # fmt: skip
        count = make_unit(
            small_city, "party_member_counts", name=NAME, uscc=CODE, full_members="3", probationary_members="0"
        )
        build_roster(small_city, [[market, count]], clerk)
        return entity_of(market)


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


def address(entity: Entity, kind: str = "full_members", act: str = "") -> str:
    return f"/entities/{entity.pk}/facts/{kind}/{act}"


def line_of(client: Client, entity: Entity, label: str) -> dict[str, Any]:
    context = client.get(f"/entities/{entity.pk}/").context
    return next(line for line in (*context["facts"], *context["more_facts"]) if line["label"] == label)


def test_a_correction_stands_in_the_lists_place_and_shows_what_they_say(clerk: Client, firm: Entity) -> None:
    answer = clerk.post(address(firm), {"value": "２", "reason": "走访核实，一名已转出"})
    assert answer["Location"] == f"/entities/{firm.pk}/"
    line = line_of(clerk, firm, "正式党员数")
    assert (line["value"], line["source"]) == ("2", "经办人更正")
    assert "走访核实，一名已转出；党员数为3" in line["note"]
    assert [item["value"] for item in line["earlier"]] == ["3"]
    titles = [event["title"] for event in clerk.get(f"/entities/{firm.pk}/").context["history"]]
    assert "更正正式党员数为 2" in titles
    assert JournalEntry.objects.get(verb="fact.correct").fields == ["full_members"]


def test_a_correction_can_be_taken_back_with_a_reason(clerk: Client, firm: Entity) -> None:
    clerk.post(address(firm), {"value": "2", "reason": "走访核实"})
    form = clerk.get(address(firm))
    assert form.context["withdraw_url"] == address(firm, act="withdraw/")
    assert clerk.post(address(firm, act="withdraw/"), {"reason": ""})["Location"] == address(firm)
    clerk.post(address(firm, act="withdraw/"), {"reason": "名单无误"})
    assert line_of(clerk, firm, "正式党员数")["value"] == "3"
    assert clerk.get(address(firm)).context["withdraw_url"] == ""


def test_the_form_says_what_stands_now_and_what_the_lists_say(clerk: Client, firm: Entity) -> None:
    context = clerk.get(address(firm)).context
    assert (context["now"]["value"], context["now"]["source"]) == ("3", "党员数")
    assert [item.value for item in context["history"]] == ["3"]
    unknown = clerk.get(address(firm, "staff")).context
    assert (unknown["now"], unknown["history"]) == (None, ())


def test_a_fact_nobody_has_told_can_be_supplied(clerk: Client, firm: Entity) -> None:
    assert line_of(clerk, firm, "从业人数")["value"] is None
    clerk.post(address(firm, "staff"), {"value": "42", "reason": "企业提供花名册"})
    assert line_of(clerk, firm, "从业人数")["value"] == "42"


def test_a_wrong_value_is_refused_beside_its_field(clerk: Client, firm: Entity) -> None:
    page = text_of(clerk.post(address(firm), {"value": "许多", "reason": "走访核实"}))
    assert "人数应为整数" in page
    assert clerk.get(address(firm, "state")).context["form"].fields["value"].choices
    assert clerk.get(address(firm, "coverage_state")).status_code == 404


def test_only_who_may_correct_finds_the_way(small_city: SmallCity, firm: Entity) -> None:
    town = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town)
    assert "更正事实" not in text_of(town.get(f"/entities/{firm.pk}/"))
    assert town.get(address(firm)).status_code == 403
    assert town.post(address(firm), {"value": "2", "reason": "走访"}).status_code == 403
    far = client_as(small_city, Role.CLERK, place=small_city.other_county)
    assert far.get(address(firm)).status_code == 404


def test_chief_facts_stand_in_front_and_the_others_fold_out(clerk: Client, firm: Entity) -> None:
    context = clerk.get(f"/entities/{firm.pk}/").context
    assert [line["label"] for line in context["facts"]][:2] == ["登记状态", "企业类型"]
    assert "登记机关" in [line["label"] for line in context["more_facts"]]
    menu = next(action["menu"] for action in context["actions"] if action.get("menu"))
    assert {item["label"] for item in menu} >= {"名称", "正式党员数", "所有制"}


def test_the_page_of_an_entity_without_facts_names_what_is_not_known(small_city: SmallCity, clerk: Client) -> None:
    with acting(local_operator()):
        entity = Entity.objects.create(
            name="安澜空白有限公司", roster="enterprise", legal_form="company", ownership="unknown", state="existing",
            screening="unknown", place=small_city.town, county=small_city.county, town=small_city.town, as_of="2026-10-31",
            rulebook_version="test", computed_at="2026-10-31T00:00:00Z",
        )  # fmt: skip
    assert line_of(clerk, entity, "正式党员数")["value"] is None
