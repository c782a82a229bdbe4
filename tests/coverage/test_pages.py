"""The pages of coverage, as a browser asks for them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Role, local_operator
from jingwei.coverage import services
from jingwei.coverage.models import Cause, NoticeLetter
from tests.base_roster.entities import elsewhere, make_entity, unplaced
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import compute, make_organization, make_unit
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    with acting(local_operator()):
        for n in range(12):
            make_unit(small_city, f"安澜应建{n}号有限公司", 3, 0, counts_in_base=True)
            make_unit(small_city, f"安澜少员{n}号有限公司", 1, 0)
        joint = make_unit(small_city, "安澜联建有限公司", 4, 0)
        make_organization(small_city, "安澜联合党支部", joint, form="joint")
        make_entity(small_city, "安澜未知有限公司")
        elsewhere(small_city, "白鹭石桥建材有限公司", full_members=3)
        unplaced(small_city, "青岚无落点有限公司", full_members=3)
        make_entity(small_city, "安澜无区县有限公司", full_members=3, place=None, county=None, town=None)
        make_unit(small_city, "安澜园区有限公司", 3, 0, overlay=small_city.park)
        compute()
        services.group(day=TODAY, on=NOW)
        services.issue_letter(entity=joint, by=local_operator(), on=timezone.now())
    return small_city


@pytest.fixture
def clerk(city: SmallCity) -> Client:
    return client_as(city, Role.CLERK, place=city.city)


def entity(name: str) -> Entity:
    with acting(local_operator()):
        return Entity.objects.get(name=name)


def letter() -> NoticeLetter:
    with acting(local_operator()):
        return NoticeLetter.objects.get()


@pytest.mark.parametrize(
    "address",
    ["/coverage/", *(f"/coverage/units/{state}/" for state in ("should", "few", "canvass", "blank", "work", "covered", "all")),
     "/coverage/letters/", "/coverage/units/should/?letter=overdue&cause=owner&days=30&q=安澜&base=on&fit=branch"],
)  # fmt: skip
def test_every_page_opens_with_few_queries(clerk: Client, address: str) -> None:
    assert len(queries_of(clerk, address)) <= MOST_QUERIES


def test_a_longer_list_asks_no_more_queries(city: SmallCity, clerk: Client) -> None:
    before = len(queries_of(clerk, "/coverage/units/should/"))
    with acting(local_operator()):
        for n in range(20):
            make_unit(city, f"安澜又一{n}号有限公司", 3, 0)
        compute()
    assert len(queries_of(clerk, "/coverage/units/should/")) == before


def numbers(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Every number of the overview that is a link."""
    lines = [context["total"], *context["areas"]]
    cells = [cell for line in lines for cell in (line["base"], line["covered"], line["unknown"], *line["states"])]
    cells += [form["cell"] for form in context["forms"]]
    parts = [part for kpi in context["kpis"] for part in (*kpi.get("fraction", ()), *kpi.get("beside", ()))]
    cells += [{"url": part["url"], "value": int(part["text"].split()[-1].replace(",", ""))} for part in parts]
    return [cell for cell in cells if cell["url"]]


@pytest.mark.slow
@pytest.mark.parametrize("inside", [False, True], ids=["city", "county"])
def test_every_number_of_the_overview_opens_as_many_rows(city: SmallCity, clerk: Client, inside: bool) -> None:
    context = clerk.get(f"/coverage/?county={city.county.pk}" if inside else "/coverage/").context
    assert len(numbers(context)) > 10
    for cell in numbers(context):
        assert clerk.get(cell["url"]).context["page"].paginator.count == cell["value"], cell
    for tab in context["tabs"]:
        if tab.get("count") is not None:
            assert clerk.get(tab["url"]).context["page"].paginator.count == tab["count"], tab


def test_unknown_is_shown_beside_the_rate(clerk: Client) -> None:
    page = clerk.get("/coverage/")
    assert [part["text"] for part in page.context["kpis"][0]["beside"]] == ["性质未知 12", "待摸排 0"]
    assert "实效覆盖还要求党组织在正常活动" in text_of(page)


def test_the_grouping_says_that_it_is_no_plan(clerk: Client) -> None:
    page = text_of(clerk.get("/coverage/units/few/"))
    assert "示意分组，非正式方案" in page
    assert "批发和零售业第 1 组" in page


def test_a_condition_can_be_taken_off_and_an_empty_list_says_so(clerk: Client) -> None:
    page = clerk.get("/coverage/units/should/?letter=answered&days=30&county=abc")
    assert {chip["label"] for chip in page.context["chips"]} == {"提示函：已答复", "应建时长：30 天以上"}
    assert "没有符合条件的单位" in text_of(page)


def test_an_unknown_state_or_format_is_no_page(clerk: Client) -> None:
    for address in ("/coverage/units/nothing/", "/coverage/units/closed/", "/coverage/units/should/export/pdf/"):
        assert clerk.get(address).status_code == 404


def test_the_list_downloads_within_its_conditions(clerk: Client) -> None:
    page = clerk.get("/coverage/units/should/export/csv/?q=联建")
    lines = b"".join(page.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 2
    assert "attachment" in page["Content-Disposition"]


def test_a_cause_is_stated_by_a_town_organizer_for_his_own_town_alone(city: SmallCity) -> None:
    organizer = client_as(city, Role.TOWN_ORGANIZER, place=city.town)
    own, far = entity("安澜应建1号有限公司"), entity("白鹭石桥建材有限公司")
    assert organizer.post(reverse("coverage:cause", args=[own.pk]), {"kind": "owner"}).status_code == 302
    assert organizer.post(reverse("coverage:cause", args=[far.pk]), {"kind": "owner"}).status_code == 404
    assert "请选择一类原因" in text_of(organizer.post(reverse("coverage:cause", args=[own.pk]), {"note": ""}))
    with acting(local_operator()):
        assert [cause.entity_id for cause in Cause.objects.all()] == [own.pk]


def test_a_letter_is_read_before_it_is_issued_and_printed_after(clerk: Client) -> None:
    unit = entity("安澜应建2号有限公司")
    address = reverse("coverage:issue", args=[unit.pk])
    assert "正式党员 3 名，达到 3 名" in text_of(clerk.get(address))
    sheet = clerk.post(address, follow=True)
    assert sheet.redirect_chain[-1][0].startswith("/coverage/letters/")
    text = text_of(sheet)
    assert "两新函〔" in text
    assert "《中国共产党支部工作条例（试行）》第四条" in text
    assert "回　执" in text


def test_no_letter_is_offered_to_who_owes_no_organization(clerk: Client) -> None:
    unit = entity("安澜少员1号有限公司")
    page = clerk.get(reverse("coverage:issue", args=[unit.pk]))
    assert page.status_code == 302
    assert clerk.post(reverse("coverage:issue", args=[unit.pk])).status_code == 302
    with acting(local_operator()):
        assert not NoticeLetter.objects.filter(entity=unit).exists()


def test_an_answer_is_recorded_once(clerk: Client) -> None:
    address = reverse("coverage:answer", args=[letter().pk])
    today = timezone.localdate().isoformat()
    filled = {"answer": "agreed", "answered_on": today, "note": ""}
    assert "请选择答复" in text_of(clerk.post(address, {"answered_on": today}))
    assert clerk.post(address, filled).status_code == 302
    assert "已有答复" in text_of(clerk.post(address, filled))
    assert letter().answer == "agreed"


def test_a_letter_out_of_scope_is_no_page(city: SmallCity) -> None:
    organizer = client_as(city, Role.TOWN_ORGANIZER, place=city.far_town)
    for name in ("letter", "answer"):
        assert organizer.get(reverse(f"coverage:{name}", args=[letter().pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_see_rosters_sees_no_coverage(city: SmallCity, role: Role) -> None:
    client = client_as(city, role, place=city.city)
    for address in ("/coverage/", "/coverage/units/should/", "/coverage/letters/"):
        assert client.get(address).status_code == 403


def test_who_looks_only_may_neither_issue_nor_state(city: SmallCity) -> None:
    client = client_as(city, Role.LOCAL_PARTY_COMMITTEE, place=city.city)
    unit = entity("安澜应建3号有限公司")
    page = text_of(client.get("/coverage/units/should/"))
    assert "发函</a>" not in page
    assert "填写</a>" not in page
    for name in ("issue", "cause"):
        assert client.post(reverse(f"coverage:{name}", args=[unit.pk]), {"kind": "owner"}).status_code == 403
    assert client.get("/coverage/units/should/export/csv/").status_code == 403
