"""The pages: matches while typing, one form saved once, what waits, withdrawing, handing over."""

import re

import pytest
from django.test import Client

from jingwei.accounts.models import User
from jingwei.core.permissions import Actor, Role
from jingwei.registrations.models import MatchBasis, Registration
from tests.accounts.browser import signed_in
from tests.registrations.conftest import CARRIERS, WEAVERS, WEAVERS_CODE, Roster

FORM = {"kind": "market", "name": "安澜市青禾服装有限公司", "legal_representative": "顾南星", "key": "form-1"}


def client_of(actor: Actor) -> Client:
    return signed_in(User.objects.get(pk=actor.user_id))


@pytest.fixture
def organizer(roster: Roster) -> Client:
    return client_of(roster.organizer)


def form(roster: Roster, **more: str) -> dict[str, str | int]:
    return FORM | {"place": roster.city.town.pk} | more


def test_matches_are_shown_while_the_form_is_filled(organizer: Client, roster: Roster) -> None:
    page = organizer.post(
        "/registrations/look/",
        {"kind": "market", "name": WEAVERS, "uscc": WEAVERS_CODE},
        headers={"HX-Request": "true"},
    )
    text = page.content.decode()
    assert "很可能已在名册" in text
    assert f"/entities/{roster.near.pk}/" in text
    assert "代码相同" in text
    assert not Registration.objects.exists()


def test_an_empty_form_asks_for_a_name_or_a_code_and_complains_of_nothing(organizer: Client) -> None:
    text = organizer.post("/registrations/look/", {"kind": "market"}).content.decode()
    assert "填好名称或代码后" in text
    assert "还不能比对" not in text


def test_of_a_unit_elsewhere_no_link_and_no_evidence_is_shown(organizer: Client, roster: Roster) -> None:
    said = {"kind": "market", "name": CARRIERS, "legal_representative": "孟知秋"}
    text = organizer.post("/registrations/look/", said).content.decode()
    assert "在其他辖区" in text
    assert "/entities/" not in text
    assert "法定代表人一致" not in text


def test_a_saved_registration_is_shown_with_masked_persons(organizer: Client, roster: Roster) -> None:
    page = organizer.post("/registrations/new/", form(roster), follow=True)
    text = page.content.decode()
    assert "待入库" in text
    assert "顾＊星" in text
    assert "顾南星" not in text


def test_a_double_click_saves_once(organizer: Client, roster: Roster) -> None:
    for _ in range(2):
        assert organizer.post("/registrations/new/", form(roster)).status_code == 302
    assert Registration.objects.count() == 1


def test_a_likely_duplicate_asks_for_the_reason_and_keeps_what_was_typed(organizer: Client, roster: Roster) -> None:
    page = organizer.post("/registrations/new/", form(roster, name=WEAVERS, uscc=WEAVERS_CODE))
    text = page.content.decode()
    assert page.status_code == 200
    assert "确认不是同一个单位的理由" in text
    assert f'value="{WEAVERS}"' in text
    saved = form(roster, name=WEAVERS, uscc=WEAVERS_CODE, distinct_reason="证照已换发")
    assert organizer.post("/registrations/new/", saved).status_code == 302


def test_a_fault_is_shown_at_its_field(organizer: Client, roster: Roster) -> None:
    text = organizer.post("/registrations/new/", form(roster, name="无")).content.decode()
    assert re.search(r'id="id_name_error".*占位', text, re.DOTALL)


def test_only_looking_saves_nothing(organizer: Client, roster: Roster) -> None:
    text = organizer.post("/registrations/new/", form(roster, look="1")).content.decode()
    assert "名册中没有" in text
    assert not Registration.objects.exists()


def test_a_place_outside_the_scope_is_no_choice(organizer: Client, roster: Roster) -> None:
    page = organizer.post("/registrations/new/", form(roster, place=str(roster.city.far_town.pk)))
    assert page.status_code == 200
    assert not Registration.objects.exists()


def test_without_keys_the_page_says_so_and_saves_nothing(organizer: Client, roster: Roster) -> None:
    MatchBasis.objects.all().delete()
    assert "比对键还没有建好" in organizer.post("/registrations/look/", FORM).content.decode()
    assert "比对键还没有建好" in organizer.post("/registrations/new/", form(roster)).content.decode()


def test_the_list_says_what_waits_and_only_who_may_import_hands_over(organizer: Client, roster: Roster) -> None:
    assert "还没有登记过单位" in organizer.get("/registrations/").content.decode()
    organizer.post("/registrations/new/", form(roster))
    text = organizer.get("/registrations/").content.decode()
    assert "由经办转入" in text
    pile = {"kind": "market", "place": roster.city.town.pk}
    assert organizer.post("/registrations/hand-over/", pile).status_code == 403
    clerk = client_of(roster.clerk)
    assert "转名单导入" in clerk.get("/registrations/").content.decode()
    done = clerk.post("/registrations/hand-over/", pile)
    assert done["Location"] == f"/imports/{Registration.objects.get().batch_id}/"
    assert "没有这种状态的登记" in clerk.get("/registrations/?state=waiting").content.decode()


def test_a_registration_is_withdrawn_with_a_reason(organizer: Client, roster: Roster) -> None:
    organizer.post("/registrations/new/", form(roster))
    address = f"/registrations/{Registration.objects.get().pk}/withdraw/"
    assert "请写明原因" in organizer.post(address, {"reason": ""}).content.decode()
    assert "已撤回" in organizer.post(address, {"reason": "登记错了"}, follow=True).content.decode()


def test_who_only_looks_sees_no_registrations(roster: Roster) -> None:
    viewer = client_of(roster.city.actor(Role.INDUSTRY_REGULATOR, place=roster.city.city))
    for address in ("/registrations/", "/registrations/new/"):
        assert viewer.get(address).status_code == 403
    assert "/registrations/" not in viewer.get("/").content.decode()


def test_other_towns_find_no_such_page(organizer: Client, roster: Roster) -> None:
    organizer.post("/registrations/new/", form(roster))
    neighbour = client_of(roster.city.actor(Role.TOWN_ORGANIZER, place=roster.city.other_town))
    assert neighbour.get(f"/registrations/{Registration.objects.get().pk}/").status_code == 404
