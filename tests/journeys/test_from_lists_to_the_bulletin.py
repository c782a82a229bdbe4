"""The main journey in a browser: a new month's lists, two names settled, the month published, the bulletin made,
a number opened down to its rows, a fact corrected, the month published again with the reason."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from jingwei.core.permissions import Role
from tests.city import build_small_city
from tests.journeys.months import (
    JOINT,
    NAMES,
    OWN,
    SECOND_COUNTS,
    counts,
    live_through_first_month,
    organizations,
    work_in_the_background,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CORRECTED = NAMES[4]


def test_from_a_new_months_lists_to_a_revised_month(context_for: Callable[..., BrowserContext]) -> None:
    city = build_small_city()
    clerk = city.user("clerk", Role.CLERK, place=city.city)
    today = timezone.localdate()
    live_through_first_month(city, clerk, today.replace(day=1) - timedelta(days=1))
    page = context_for(clerk).new_page()

    import_list(page, "党员数.csv", counts(SECOND_COUNTS))
    import_list(page, "党组织.csv", organizations(OWN, JOINT))
    match_and_approve(page)
    settle_two_names(page)
    publish(page, today.isoformat())
    make_bulletin(page)

    page.goto(reverse("workbench:home"))
    assert figure(page, "应建未建") == "2"
    assert figure(page, "组织覆盖率") == "50.00"
    open_rows_and_firm(page, "应建未建", 2)
    correct_members(page, "2")
    assert figure(page, "应建未建") == "2", "a published month never changes"

    publish(page, today.isoformat(), reason="云栖物流正式党员数更正")
    page.goto(reverse("workbench:home"))
    assert figure(page, "应建未建") == "1"
    expect(page.locator(".page-head .lead")).to_contain_text(re.compile(r"S\d{8}-02"))


def import_list(page: Page, name: str, content: bytes) -> None:
    """Upload, read, check, store."""
    page.goto(reverse("rosters:upload"))
    page.locator("input[type=file]").set_input_files(FilePayload(name=name, mimeType="text/csv", buffer=content))
    page.get_by_label("数据日期").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="读取").click()
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    work_in_the_background()
    page.reload()
    page.get_by_role("button", name=re.compile("确认入库")).click()
    page.wait_for_load_state("networkidle")
    work_in_the_background()


def match_and_approve(page: Page) -> None:
    page.goto(reverse("linkage:runs"))
    page.get_by_role("button", name=re.compile("对碰")).click()
    page.wait_for_load_state("networkidle")
    work_in_the_background()
    take_up(page, "对碰结果待批准")
    page.locator("table a").first.click()
    page.get_by_role("button", name=re.compile("以我的名义批准")).click()
    page.wait_for_load_state("networkidle")
    work_in_the_background()


def take_up(page: Page, task: str) -> None:
    """Go from the workbench to something that waits."""
    page.goto(reverse("workbench:home"))
    page.get_by_role("row").filter(has_text=task).get_by_role("link").click()


def settle_two_names(page: Page) -> None:
    """The names people use for two firms are the firms the matching proposes."""
    take_up(page, "党组织覆盖单位待核")
    for spelt, name in (("岚汀商贸", NAMES[1]), ("霁栖软件", NAMES[3])):
        page.get_by_role("button", name=f"“{spelt}”是{name}").click()
        page.wait_for_load_state("networkidle")
    expect(page.get_by_text("没有待确定的名称").first).to_be_visible()
    work_in_the_background()


def publish(page: Page, day: str, reason: str = "") -> None:
    page.goto(reverse("indicators:snapshots"))
    page.get_by_label("截至日期").fill(day)
    page.get_by_label("修订原因").fill(reason)
    page.get_by_role("button", name="生成", exact=True).click()
    page.wait_for_url(re.compile(r"/snapshots/S\d{8}-\d\d/"))
    expect(page.get_by_text("已生成快照").first).to_be_visible()


def make_bulletin(page: Page) -> None:
    page.goto(reverse("workbench:home"))
    page.get_by_role("link", name="生成通报").click()
    page.get_by_label("种类").select_option(label="季度通报")
    page.get_by_role("button", name="生成", exact=True).click()
    page.wait_for_url(re.compile(r"/bulletins/\d+/$"))
    expect(page.get_by_role("link", name=re.compile("PDF")).first).to_be_visible()
    # A number of the printed text opens the units it counts.
    page.locator("a.figure, .paper a[href*='rows']").first.click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("main table tbody tr").first).to_be_visible()


def figure(page: Page, label: str) -> str:
    page.goto(reverse("workbench:home"))
    return page.locator(f'section.kpi[aria-label="{label}"] .value a').inner_text()


def open_rows_and_firm(page: Page, label: str, count: int) -> None:
    """From the number on the card to its rows, from a row to the firm."""
    page.locator(f'section.kpi[aria-label="{label}"] .value a').click()
    expect(page.locator("main table tbody tr")).to_have_count(count)
    page.get_by_role("link", name=CORRECTED).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CORRECTED)
    expect(page.locator(".verdict")).to_contain_text("尚未建立")


def correct_members(page: Page, value: str) -> None:
    page.get_by_role("row").filter(has_text="正式党员数").get_by_role("link", name=re.compile("更正")).click()
    page.get_by_role("textbox", name="正式党员数").fill(value)
    page.get_by_label("更正原因").fill("走访核实，一名党员组织关系已转出")
    page.get_by_role("button", name="更正", exact=True).click()
    page.wait_for_url(re.compile(r"/entities/\d+/$"))
    expect(page.get_by_text("经办人更正").first).to_be_visible()
    work_in_the_background()
