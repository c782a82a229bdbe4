"""Pages of indicators for a clerk of the city, a county and a town; each within the query budget."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Role
from jingwei.indicators import selectors
from jingwei.indicators.models import Confirmation, Snapshot, Target
from tests.city import SmallCity
from tests.indicators.rows import as_whole_city, firm, take
from tests.workbench.pages import MOST_QUERIES, client_as, queries_of, text_of

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def months(rows: dict[str, Entity], small_city: SmallCity) -> list[Snapshot]:
    """Two months and a revision of the later one."""
    with as_whole_city():
        first = take(SEPTEMBER, 30)
        firm(small_city, "安澜新设有限公司", covered_as="joint", coverage_state="covered", full_members=1)
        second = take()
        Entity.objects.filter(pk=rows["few"].pk).update(full_members=3, coverage_state="should")
        return [first, second, take(reason="更正霁栖软件党员数")]


@pytest.fixture
def clerk(months: list[Snapshot], small_city: SmallCity) -> Client:
    return client_as(small_city, Role.CLERK, place=small_city.city)


def address(name: str, *arguments: str, **query: str) -> str:
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse(f'indicators:{name}', args=arguments)}?{text}"


def links(page: str, part: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', page) if part in link]


def test_the_list_shows_value_fraction_unknown_source_and_what_lacks(clerk: Client) -> None:
    page = text_of(clerk.get(address("list")))
    assert "组织覆盖率" in page
    assert "50.00%" in page
    assert "组织覆盖 5" in page
    assert "待摸排 2" in page
    assert "中办发〔2012〕11号" in page
    assert "缺五类大型企业名单" in page


def test_every_page_stays_within_the_query_budget(clerk: Client, months: list[Snapshot]) -> None:
    number = months[-1].number
    addresses = [
        address("list"),
        address("list", snapshot=number),
        address("detail", "COV-ORG"),
        address("detail", "COV-ORG", snapshot=number, cut="industry_body"),
        address("detail", "IND-07"),
        address("detail", "IND-06", cut="size"),
        address("rows", "COV-ORG", part="denominator"),
        address("rows", "COV-ORG", part="待摸排", snapshot=number),
        address("rows", "IND-07", part="numerator", snapshot=number),
        address("changes", "COV-SHOULD", snapshot=number, compared=months[1].number),
        address("snapshots"),
        address("snapshot", number),
        address("confirm"),
    ]
    counts = {url: len(queries_of(clerk, url)) for url in addresses}
    assert {url: count for url, count in counts.items() if count > MOST_QUERIES} == {}


def test_a_county_with_an_office_stays_within_it_too(months: list[Snapshot], small_city: SmallCity) -> None:
    client = client_as(small_city, Role.CLERK, place=small_city.county, body=small_city.office)
    for url in (address("list"), address("detail", "COV-ORG"), address("rows", "COV-ORG", part="denominator")):
        assert len(queries_of(client, url)) <= MOST_QUERIES


def test_a_number_opens_to_its_rows_and_each_row_to_its_entity(clerk: Client, rows: dict[str, Entity]) -> None:
    page = text_of(clerk.get(address("list")))
    opened = text_of(clerk.get(links(page, "COV-SHOULD/rows/")[0]))
    assert "安澜沐禾制造有限公司" in opened
    assert "与该数一致" in opened
    assert reverse("workbench:entity", args=[rows["should"].pk]) in opened


def test_all_links_of_a_detail_page_open(clerk: Client, months: list[Snapshot]) -> None:
    page = text_of(clerk.get(address("detail", "COV-ORG", snapshot=months[-1].number)))
    found = links(page, "/indicators/COV-ORG/")
    assert len(found) > 20
    for link in dict.fromkeys(found):
        assert clerk.get(link).status_code == 200, link


def test_rows_out_of_scope_are_named(months: list[Snapshot], small_city: SmallCity) -> None:
    client = client_as(small_city, Role.CLERK, place=small_city.other_county)
    page = text_of(client.get(address("rows", "COV-ORG", part="denominator", snapshot=months[-1].number)))
    assert "另有 9 家不在本人管辖范围" in page
    assert "安澜衡川科技有限公司" not in page


def test_the_trend_is_drawn_with_a_text_and_a_table(clerk: Client) -> None:
    page = text_of(clerk.get(address("detail", "COV-ORG")))
    assert 'role="img" aria-label="组织覆盖率：2026 年 9 月 44.44%，2026 年 10 月 50.00%' in page
    assert "<polyline" in page
    assert "以表格查看" in page


def test_the_definition_is_shown_in_chinese_with_its_parameters(clerk: Client) -> None:
    page = text_of(clerk.get(address("detail", "IND-05")))
    assert "目标 10%" in page
    assert "登记非公企业" in page
    page = text_of(clerk.get(address("detail", "COV-OWN3")))
    assert "在营，且正式党员不少于 3" in page
    assert "中国共产党支部工作条例（试行）第四条" in page


def test_an_indicator_without_facts_says_which_are_missing(clerk: Client) -> None:
    page = text_of(clerk.get(address("detail", "IND-17")))
    assert "缺五类大型企业名单" in page
    assert clerk.get(address("rows", "IND-17", part="numerator")).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/indicators/IND-99/", "/indicators/COV-ORG/rows/?part=nothing", "/indicators/COV-ORG/?snapshot=S1",
        "/indicators/COV-ORG/rows/?cut=tag&member=nothing", "/indicators/COV-ORG/rows/?cut=area&member=x",
        "/indicators/COV-ORG/changes/?compared=S1", "/indicators/snapshots/S1/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(clerk: Client, url: str) -> None:
    assert clerk.get(url).status_code == 404


def test_a_revision_lists_what_changed_and_the_rows_that_caused_it(clerk: Client, months: list[Snapshot]) -> None:
    page = text_of(clerk.get(address("snapshot", months[-1].number)))
    assert "更正霁栖软件党员数" in page
    assert f"与 {months[1].number} 相比的变化" in page
    assert "应建未建" in page
    assert "组织覆盖率" not in page
    caused = text_of(clerk.get(links(page, "COV-SHOULD/changes/")[0]))
    assert "安澜霁栖软件有限公司" in caused
    assert "正式党员由 2 变为 3" in caused


def test_the_clerk_of_the_city_takes_a_snapshot(clerk: Client) -> None:
    refused = clerk.post(reverse("indicators:take"), {"as_of": "2026-10-31", "reason": ""}, follow=True)
    assert "请写明原因" in text_of(refused)
    clerk.post(reverse("indicators:take"), {"as_of": "2026-11-30", "reason": ""})
    assert selectors.latest_snapshot() == Snapshot.objects.get(number="S20261130-01")
    assert "请填写截至日期" in text_of(clerk.post(reverse("indicators:take"), {"as_of": "上月"}, follow=True))


def test_a_county_may_look_but_not_take(months: list[Snapshot], small_city: SmallCity) -> None:
    client = client_as(small_city, Role.CLERK, place=small_city.county)
    assert "生成快照" not in text_of(client.get(address("snapshots")))
    assert client.post(reverse("indicators:take"), {"as_of": "2026-11-30"}).status_code == 403


def test_the_data_officer_sets_a_target_that_the_pages_show(months: list[Snapshot], small_city: SmallCity) -> None:
    client = client_as(small_city, Role.DATA_OFFICER, place=small_city.city)
    url = reverse("indicators:target", args=["COV-ORG"])
    assert "目标没有保存" in text_of(client.post(url, {"value": "70"}, follow=True))
    told = {"value": "70", "since": "2026-01-01", "source": "安社发〔2026〕1 号"}
    assert "目标 70%" in text_of(client.post(url, told, follow=True))
    assert Target.objects.count() == 1
    assert "已经设过" in text_of(client.post(url, told, follow=True))
    assert "目标 70%" in text_of(client.get(address("list")))


def test_a_town_confirms_what_it_sees(months: list[Snapshot], small_city: SmallCity) -> None:
    client = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town)
    page = text_of(client.get(address("confirm", month="2026-10")))
    assert "尚未确认" in page
    assert "系统所列" in page
    told = {"month": "2026-10", "note": "无误"}
    done = client.post(reverse("indicators:confirm_place", args=[small_city.town.pk]), told, follow=True)
    assert "书院街道 2026-10 已确认" in text_of(done)
    assert Confirmation.objects.get().note == "无误"
    again = client.post(reverse("indicators:confirm_place", args=[small_city.town.pk]), told, follow=True)
    assert "已经确认过" in text_of(again)


def test_the_city_sees_who_has_not_confirmed(clerk: Client, small_city: SmallCity) -> None:
    page = text_of(clerk.get(address("confirm", month="2026-10")))
    assert "4 个镇街、园区" in page
    assert "石桥镇" in page
    assert clerk.post(reverse("indicators:confirm_place", args=[small_city.town.pk])).status_code == 403


def test_an_auditor_sees_no_figure(months: list[Snapshot], small_city: SmallCity) -> None:
    client = client_as(small_city, Role.AUDITOR, place=small_city.city)
    for url in (address("list"), address("detail", "COV-ORG"), address("snapshots"), address("confirm")):
        assert client.get(url).status_code == 403
