"""Pairs are judged by keyboard alone; every page of the review reads well, wide and narrow, with and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import EntitySource
from jingwei.core.permissions import Role
from jingwei.linkage import services
from jingwei.linkage.models import CandidatePair, Decision, LinkRun, QualitySample
from tests.base_roster.lists import make_unit
from tests.city import NOW, SmallCity, build_small_city
from tests.journeys.conftest import WIDTHS, overflows, violations
from tests.linkage.pairs import make_pair, make_queue, make_run, propose_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READY = "#review[data-ready]"
PAIRS = 21


@pytest.fixture
def waiting_city() -> SmallCity:
    """A roster with a queue of pairs; the first row has a second candidate."""
    city = build_small_city()
    clerk = city.actor(Role.CLERK, place=city.city)
    with acting(clerk):
        run = make_run(city, counts={"own": {"rows": PAIRS, "review": 0}})
        pairs = make_queue(city, run, PAIRS)
        other = make_unit(city, "market", name="青岚精密机械制造厂", uscc="91990102MA0000015T")
        propose_link(run, other, 900, "own")
        make_pair(run, pairs[-1].unit, other, place=2)
        roster.build(run=run, by=clerk, on=NOW)
    return city


@pytest.fixture
def page(context_for: Callable[..., BrowserContext], waiting_city: SmallCity) -> Page:
    user = waiting_city.user("reviewer", Role.CLERK, place=waiting_city.city)
    opened = context_for(user).new_page()
    opened.goto("/linkage/review/")
    return opened


def press(page: Page, key: str, *, until: str) -> None:
    """Press a key as soon as the page listens, and wait for what it leads to."""
    page.wait_for_selector(READY)
    page.keyboard.press(key)
    page.wait_for_selector(until)


def head(number: int, total: int = PAIRS) -> str:
    return f"#pair-title:has-text('第 {number} 条，共 {total} 条')"


def test_twenty_pairs_are_judged_without_a_mouse(page: Page, waiting_city: SmallCity) -> None:
    for number in range(1, 21):
        key = "yn"[number % 2]
        press(page, key, until=head(number + 1))
        assert page.evaluate("document.activeElement.id") == "pair-title"
    assert "第 21 条" in (page.locator("#announce").text_content() or "")
    with acting(waiting_city.actor(Role.CLERK, place=waiting_city.city)):
        verdicts = list(Decision.objects.values_list("verdict", flat=True))
        assert (verdicts.count("same"), verdicts.count("different")) == (10, 10)
        assert CandidatePair.objects.filter(standing="waiting").count() == 1
        assert EntitySource.objects.filter(rule="decided").count() == 10


def test_the_keys_turn_undo_search_and_help(page: Page, waiting_city: SmallCity) -> None:
    press(page, "j", until=head(2))
    press(page, "k", until=head(1))
    press(page, "y", until=head(2))
    press(page, "z", until="#undo-dialog[open]")
    page.keyboard.type("看错了")
    page.keyboard.press("Enter")
    page.wait_for_selector(head(1))
    press(page, "d", until="[data-raw][open]")
    press(page, "?", until="#help-dialog[open]")
    page.keyboard.press("Escape")
    press(page, "/", until=".search-other input:focus")
    page.keyboard.type("青岚精密")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found a")
    page.locator(".found a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=另找的主体")
    press(page, "y", until=head(2))
    with acting(waiting_city.actor(Role.CLERK, place=waiting_city.city)):
        undone, last = Decision.objects.order_by("pk")
        assert (undone.undone_reason, last.verdict) == ("看错了", "same")


def test_typing_a_reason_decides_nothing(page: Page) -> None:
    page.wait_for_selector(READY)
    page.locator("#reason").focus()
    page.keyboard.type("yes no unsure")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    press(page, "j", until=head(2))
    assert "已判 0 条" in (page.locator(".records").text_content() or "")


@pytest.mark.parametrize("device", list(WIDTHS))
def test_every_page_of_the_review_is_accessible_and_fits(
    context_for: Callable[..., BrowserContext], waiting_city: SmallCity, device: str
) -> None:
    clerk = waiting_city.actor(Role.CLERK, place=waiting_city.city)
    with acting(clerk):
        run = LinkRun.objects.get()
        services.draw(run=run, seed=1, by=clerk, on=NOW)
        sample = QualitySample.objects.get().pk
    page = context_for(waiting_city.user("reader", Role.CLERK, place=waiting_city.city), device=device).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    addresses = ["review/", "review/decisions/", "quality/", f"quality/{sample}/", f"{run.pk}/", f"{run.pk}/rows/own/"]
    for address in addresses:
        page.goto(f"/linkage/{address}")
        page.wait_for_load_state("networkidle")
        assert (violations(page), overflows(page), errors) == ([], 0, []), address


def test_without_script_a_pair_is_judged_by_forms(
    context_for: Callable[..., BrowserContext], waiting_city: SmallCity
) -> None:
    context = context_for(waiting_city.user("plain", Role.CLERK, place=waiting_city.city))
    plain = context.new_page()
    plain.route("**/*.js", lambda route: route.abort())
    plain.goto("/linkage/review/")
    plain.locator("button[value=same]").click()
    plain.wait_for_selector(head(2))
    assert "已判“同一主体”" in (plain.locator("main").text_content() or "")
    with acting(waiting_city.actor(Role.CLERK, place=waiting_city.city)):
        assert Decision.objects.get().verdict == "same"


@pytest.mark.parametrize("device", list(WIDTHS))
def test_an_empty_queue_says_so(context_for: Callable[..., BrowserContext], device: str) -> None:
    city = build_small_city()
    page = context_for(city.user("early", Role.CLERK, place=city.city), device=device).new_page()
    for address, said in (("review/", "还没有对碰"), ("quality/", "还没有对碰"), ("review/decisions/", "还没有对碰")):
        page.goto(f"/linkage/{address}")
        assert said in (page.locator("main").text_content() or "")
        assert (violations(page), overflows(page)) == ([], 0)
