import csv
import io
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from jingwei.accounts.scope import acting
from jingwei.base_roster import finding
from jingwei.base_roster.models import Entity, SavedView
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role, local_operator
from tests.base_roster.entities import make_entity, some_city
from tests.base_roster.lists import build_roster, make_unit, repeat_unit
from tests.city import TODAY, SmallCity
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/rosters/enterprise/"


@pytest.fixture
def city(small_city: SmallCity) -> SmallCity:
    with acting(local_operator()):
        some_city(small_city)
    return small_city


@pytest.fixture
def clerk(city: SmallCity) -> Client:
    return client_as(city, Role.CLERK, place=city.city)


def test_each_roster_has_its_own_page(clerk: Client) -> None:
    assert "衡川电子" in text_of(clerk.get(LIST))
    social = text_of(clerk.get("/rosters/social/"))
    assert "物流协会" in social
    assert "衡川电子" not in social
    assert "早餐店" in text_of(clerk.get("/rosters/small/"))
    assert clerk.get("/rosters/nothing/").status_code == 404


def test_the_tabs_count_the_whole_roster_and_mark_the_one_in_force(clerk: Client) -> None:
    page = clerk.get(f"{LIST}?ownership=unknown")
    tabs = {tab["label"]: (tab["count"], tab["current"]) for tab in page.context["tabs"]}
    assert tabs == {
        "全部": (6, False), "三有": (2, False), "应建未建": (0, False), "有党员未组建": (0, False), "待摸排": (2, False),
        "三有待判": (3, False), "性质未知": (4, True), "未落点": (1, False),
    }  # fmt: skip
    for tab in page.context["tabs"]:
        assert clerk.get(tab["url"]).context["page"].paginator.count == tab["count"], tab


def test_chosen_conditions_can_be_taken_off_one_by_one(clerk: Client) -> None:
    page = clerk.get(f"{LIST}?industry=G&ownership=unknown&min_staff=abc")
    chips = {chip["label"]: chip["remove_url"] for chip in page.context["chips"]}
    assert set(chips) == {"行业门类：G 交通运输、仓储和邮政业", "所有制：未知"}
    assert "industry" not in chips["行业门类：G 交通运输、仓储和邮政业"]


def test_unknown_ownership_is_counted_beside_the_total(clerk: Client) -> None:
    page = text_of(clerk.get(f"{LIST}?industry=G"))
    assert "共 <b>2</b> 家" in page
    assert "性质未知 1 家" in page


def test_a_filter_change_by_htmx_gets_the_rows_alone(clerk: Client) -> None:
    response = clerk.get(
        f"{LIST}?industry=G",
        headers={"HX-Request": "true", "HX-Target": "results", "HX-Current-URL": f"http://testserver{LIST}"},
    )
    page = text_of(response)
    assert "禾源供应链" in page
    assert "<html" not in page
    assert "HX-Request" in response["Vary"]


def test_another_county_fetches_the_whole_page_because_its_towns_are_others(clerk: Client, city: SmallCity) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results", "HX-Current-URL": f"http://testserver{LIST}"}
    response = clerk.get(f"{LIST}?county={city.county.pk}", headers=headers)
    assert response["HX-Redirect"] == f"{LIST}?county={city.county.pk}"
    whole = clerk.get(f"{LIST}?county={city.county.pk}")
    assert [choice[1] for choice in whole.context["filter_fields"][2].field.choices] == ["全部", "书院街道", "临江街道"]


def test_nothing_found_offers_to_clear_the_filter(clerk: Client) -> None:
    page = text_of(clerk.get(f"{LIST}?q=不存在的公司"))
    assert "没有符合条件的企业" in page
    assert "清除筛选" in page


def test_a_text_that_is_too_short_says_how_long_it_has_to_be(clerk: Client) -> None:
    assert "名称至少 2 个字" in text_of(clerk.get(f"{LIST}?q=川"))


def test_an_empty_roster_offers_the_first_import(small_city: SmallCity) -> None:
    page = text_of(client_as(small_city, Role.CLERK, place=small_city.city).get(LIST))
    assert "企业名册还没有数据" in page
    assert "导入名单" in page


def test_the_search_looks_into_all_rosters(clerk: Client) -> None:
    page = text_of(clerk.get("/search/?q=小满"))
    assert "小满文化" in page
    assert "早餐店" in page
    assert "输入名称、代码或拼音首字母" not in page


def test_an_empty_search_asks_for_a_text(clerk: Client) -> None:
    page = clerk.get("/search/")
    assert "输入名称、代码或拼音首字母" in text_of(page)
    assert list(page.context["page"].object_list) == []


def test_a_whole_code_opens_its_entity(clerk: Client) -> None:
    found = clerk.get("/search/?q=91990102K8PBRNYT4C")["Location"]
    assert "衡川电子" in text_of(clerk.get(found))


def test_a_text_too_common_for_all_rosters_is_looked_for_among_the_firms(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LIMIT", 2)
    response = clerk.get("/search/?q=安澜")
    assert response["Location"].startswith("/rosters/enterprise/?q=")


@pytest.mark.parametrize(
    "address", [LIST, f"{LIST}?q=安澜&ownership=unknown", f"{LIST}?industry=G&min_staff=1", "/search/?q=小满"]
)
def test_a_list_stays_within_its_query_budget(city: SmallCity, address: str) -> None:
    for client in (
        client_as(city, Role.CLERK, place=city.city),
        client_as(city, Role.CLERK, place=city.county),
        client_as(city, Role.INDUSTRY_OFFICER, body=city.industry),
        client_as(city, Role.TERRITORIAL_BODY, place=city.community),
    ):
        held = queries_of(client, address)
        assert len(held) <= MOST_QUERIES, held


@pytest.mark.parametrize(
    "role",
    [Role.LOCAL_PARTY_COMMITTEE, Role.SOCIAL_WORK_DEPARTMENT, Role.CLERK, Role.TOWN_ORGANIZER, Role.DATA_OFFICER],
)
def test_roles_that_look_at_rosters_get_the_page(city: SmallCity, role: Role) -> None:
    assert client_as(city, role, place=city.city).get(LIST).status_code == 200


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.MEMBER, Role.RIDER])
def test_other_roles_are_told_what_they_lack(city: SmallCity, role: Role) -> None:
    response = client_as(city, role, place=city.city).get(LIST)
    assert response.status_code == 403
    assert "查看名册" in text_of(response)


def test_an_export_is_the_filter_as_text_and_is_journalled(clerk: Client, city: SmallCity) -> None:
    with acting(local_operator()):
        make_entity(city, "=1+1 有限公司", industry_code="G54")
    response = clerk.get(f"{LIST}export/csv/?industry=G")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert {row["名称"] for row in rows} == {
        "'=1+1 有限公司",
        "安澜市禾源供应链管理有限公司",
        "青岚骑联配送服务有限公司",
    }
    assert {row["职工数"] for row in rows} == {"未知"}
    entry = JournalEntry.objects.get(verb="roster.export")
    assert entry.detail == {"rows": 3, "form": "csv"}
    assert "名称" in entry.fields


def test_an_export_says_when_facts_changed_and_when_a_list_named_the_firm_also_one_of_another_office(
    small_city: SmallCity,
) -> None:
    operator = local_operator()
    with acting(operator):
        unit = make_unit(
            small_city, "market", name="安澜衡川电子科技有限公司", uscc="91990102MA0000015T", as_of=date(2026, 9, 30),
            address="安澜市青岚区书院街道竹园路 9 号",
        )  # fmt: skip
        build_roster(small_city, [[unit]], operator)
        repeat_unit(small_city, unit, TODAY)
        build_roster(small_city, [[unit]], operator)
    county = client_as(small_city, Role.CLERK, place=small_city.county)
    content = b"".join(county.get(f"{LIST}export/csv/").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["事实最近变动日"], row["最近名单日期"]) == ("2026-09-30", "2026-10-31")
    assert "数据日期" not in row


def test_an_export_as_xlsx_opens_as_a_workbook(clerk: Client) -> None:
    response = clerk.get(f"{LIST}export/xlsx/")
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert clerk.get(f"{LIST}export/pdf/").status_code == 404


def test_an_export_needs_its_own_permission(city: SmallCity) -> None:
    looker = client_as(city, Role.LOCAL_PARTY_COMMITTEE, place=city.city)
    assert "导出" not in text_of(looker.get(LIST))
    assert looker.get(f"{LIST}export/csv/").status_code == 403


def test_a_view_is_saved_used_and_deleted_by_its_owner(clerk: Client, city: SmallCity) -> None:
    clerk.post(f"{LIST}views/", {"name": "交通未知", "query": "industry=G&ownership=unknown"})
    view = SavedView.objects.get()
    (shown,) = clerk.get(LIST).context["saved_views"]
    assert shown["label"] == "交通未知"
    assert clerk.get(shown["url"]).context["page"].paginator.count == 1
    other = client_as(city, Role.CLERK, place=city.city)
    assert other.get(LIST).context["saved_views"] == []
    assert other.post(f"/views/{view.pk}/delete/").status_code == 404
    assert clerk.post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_with_the_reason(clerk: Client) -> None:
    response = clerk.post(f"{LIST}views/", {"name": "", "query": "industry=G"})
    assert "起一个名称" in str(next(iter(get_messages(response.wsgi_request))))
    assert not SavedView.objects.exists()


def test_a_row_out_of_scope_is_in_no_list(city: SmallCity) -> None:
    town = client_as(city, Role.TOWN_ORGANIZER, place=city.far_town)
    listed = {row["name"] for row in town.get(LIST).context["page"].object_list}
    assert listed == {"安澜小满文化传播有限公司"}
    with acting(local_operator()):
        assert Entity.objects.filter(roster="enterprise").count() > 1
