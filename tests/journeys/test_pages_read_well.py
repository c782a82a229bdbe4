"""Every page, desktop and phone: axe finds nothing, nothing scrolls sideways, no script error."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.bulletins import services as bulletins
from jingwei.bulletins.models import Paper
from jingwei.core.calendar import set_holiday
from jingwei.core.permissions import Role
from jingwei.coverage.models import NoticeLetter
from jingwei.indicators.models import Snapshot
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import Batch
from tests.base_roster.lists import build_roster, make_unit
from tests.city import NOW, SmallCity, build_small_city
from tests.indicators.rows import NOVEMBER, take, whole_city
from tests.journeys.conftest import WIDTHS, overflows, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "91990102MA0000015T"
Address = Callable[[SmallCity], str]


def page_of(name: str, query: str = "", **first: type) -> Address:
    """Address of a page, of the first row of a table where it shows one."""

    def address(city: SmallCity) -> str:
        rows = [table.objects.order_by("pk")[0].pk for table in first.values()]  # type: ignore[attr-defined]
        return reverse(name, args=rows) + query

    return address


def should(name: str, query: str = "") -> Address:
    """A page of the entity that ought to have an organization."""
    return lambda city: reverse(name, args=[Entity.objects.get(coverage_state="should").pk]) + query


def units_of(state: str) -> Address:
    return lambda city: reverse("coverage:units", args=[state])


def rows_of(indicator: str, query: str = "") -> Address:
    return lambda city: reverse("indicators:rows", args=[indicator]) + query


def paper_of(kind: str) -> Address:
    return lambda city: reverse("bulletins:paper", args=[Paper.objects.get(kind=kind).pk])


PAGES: dict[str, dict[str, tuple[Role, Address]]] = {
    "workbench": {
        "home": (Role.CLERK, page_of("workbench:home")),
        "home of a county now": (Role.CLERK, lambda city: f"/?month=live&view=canvass&county={city.county.pk}"),
        "home as a table": (Role.CLERK, page_of("workbench:home", "?table=on&view=work")),
        "home of a town": (Role.TOWN_ORGANIZER, page_of("workbench:home")),
        "presentation": (Role.CLERK, page_of("workbench:presentation")),
        "enterprises": (Role.CLERK, lambda city: "/rosters/enterprise/?coverage=should"),
        "entity": (Role.CLERK, should("workbench:entity", "?in=enterprise&coverage=should&at=0")),
        "entity from lists": (Role.CLERK, page_of("workbench:entity", entity=Entity)),
        "correction": (Role.CLERK, lambda city: reverse("workbench:correct", args=[Entity.objects.order_by("pk")[0].pk, "full_members"])),
        "choice of a correction": (Role.CLERK, lambda city: reverse("workbench:correct", args=[Entity.objects.order_by("pk")[0].pk, "state"])),
        "placement queue": (Role.CLERK, page_of("workbench:placement")),
        "no permission": (Role.AUDITOR, lambda city: "/rosters/enterprise/"),
        "not found": (Role.CLERK, lambda city: "/nowhere/"),
    },
    "intake and ground": {
        "batches": (Role.CLERK, page_of("rosters:batches")),
        "upload": (Role.CLERK, page_of("rosters:upload")),
        "batch": (Role.CLERK, page_of("rosters:batch", batch=Batch)),
        "rejected": (Role.CLERK, page_of("rosters:rejected", batch=Batch)),
        "runs": (Role.CLERK, page_of("linkage:runs")),
        "run": (Role.CLERK, page_of("linkage:run", run=LinkRun)),
        "places": (Role.CLERK, page_of("places:tree")),
        "place": (Role.CLERK, lambda city: reverse("places:detail", args=[city.county.pk])),
        "bodies": (Role.CLERK, page_of("bodies:list")),
        "body": (Role.CLERK, lambda city: reverse("bodies:detail", args=[city.office.pk])),
        "body corrected": (Role.CLERK, lambda city: reverse("bodies:edit", args=[city.office.pk])),
        "body ended": (Role.CLERK, lambda city: reverse("bodies:end", args=[city.office.pk])),
        "days off": (Role.CLERK, page_of("calendar:days", "?year=2027")),
        "day off": (Role.CLERK, page_of("calendar:add")),
        "users": (Role.ADMINISTRATOR, page_of("accounts:users")),
        "profile": (Role.CLERK, page_of("accounts:profile")),
        "journal": (Role.AUDITOR, page_of("accounts:journal")),
    },
    "coverage and organizations": {
        "overview": (Role.CLERK, page_of("coverage:overview")),
        **{f"units {state}": (Role.CLERK, units_of(state)) for state in ("should", "few", "canvass", "blank")},
        "letters": (Role.CLERK, page_of("coverage:letters")),
        "letter": (Role.CLERK, page_of("coverage:letter", letter=NoticeLetter)),
        "answer": (Role.CLERK, page_of("coverage:answer", letter=NoticeLetter)),
        "cause": (Role.CLERK, should("coverage:cause")),
        "organizations": (Role.CLERK, page_of("branches:list")),
        "organization": (Role.CLERK, page_of("branches:detail", organization=Organization)),
        "names that wait": (Role.CLERK, page_of("branches:waiting")),
        "name that waits": (Role.CLERK, lambda city: reverse("branches:covered", args=[CoveredUnit.objects.filter(waits=True)[0].pk])),
    },
    "indicators": {
        "list": (Role.CLERK, page_of("indicators:list")),
        "indicator": (Role.CLERK, lambda city: reverse("indicators:detail", args=["COV-ORG"])),
        "rows": (Role.CLERK, rows_of("COV-ORG", "?part=denominator")),
        "changes": (Role.CLERK, lambda city: "{}?snapshot={}&compared={}".format(
            reverse("indicators:changes", args=["COV-ORG"]), *Snapshot.objects.order_by("-pk").values_list("number", flat=True))),
        "snapshots": (Role.CLERK, page_of("indicators:snapshots")),
        "snapshot": (Role.CLERK, lambda city: reverse("indicators:snapshot", args=[Snapshot.objects.latest("pk").number])),
        "confirmations": (Role.TOWN_ORGANIZER, page_of("indicators:confirm")),
    },
    "bulletins": {
        "papers": (Role.CLERK, page_of("bulletins:list")),
        "new": (Role.CLERK, page_of("bulletins:new")),
        "bulletin": (Role.CLERK, paper_of("bulletin")),
        "monthly": (Role.CLERK, paper_of("monthly")),
        "words": (Role.CLERK, page_of("bulletins:words", paper=Paper)),
        "templates": (Role.CLERK, page_of("bulletins:templates")),
    },
}  # fmt: skip


@pytest.fixture
def furnished_city() -> SmallCity:
    """The small city with entities of every state, letters, organizations, doubtful names and two months."""
    city = build_small_city()
    for at, place in enumerate((city.county, city.other_county)):
        ring = [[110 + at, 30], [111 + at, 30], [111 + at, 31], [110 + at, 31], [110 + at, 30]]
        place.boundary = {"type": "Polygon", "coordinates": [ring]}
        place.save()
    clerk = city.actor(Role.CLERK, place=city.city)
    with acting(clerk):
        market = make_unit(
            city, "market", name="安澜衡川电子科技有限公司", uscc=CODE, address="安澜市青岚区书院街道竹园路 9 号",
            state="存续", capital="50万元", industry_code="G59", company_type="有限责任公司（自然人投资或控股）",
        )  # fmt: skip
        tax = make_unit(city, "tax", name="衡川电子", uscc=CODE, staff="42", address="青岚区竹园路 9 号")
        lost = make_unit(city, "market", name="安澜云栖连锁有限公司", address="青岚区物流大道 3 号", state="存续")
        build_roster(city, [[market, tax], [lost]], clerk)
        whole_city(city)
        set_holiday(day=date(2027, 2, 5), kind="off", name="春节", source="放假通知", by=clerk, on=NOW)
        CoveredUnit.objects.filter(organization__form="joint").update(waits=True)
        take(by=clerk)
        Entity.objects.filter(coverage_state="few").update(covered_as="joint", coverage_state="covered")
        take(NOVEMBER, 30, by=clerk)
    return city


@pytest.fixture
def papers(furnished_city: SmallCity) -> None:
    clerk = furnished_city.actor(Role.CLERK, place=furnished_city.city)
    with acting(clerk):
        newest, before = Snapshot.objects.order_by("-pk")
        for kind in (Paper.Kind.BULLETIN, Paper.Kind.MONTHLY):
            bulletins.make(
                kind=kind, snapshot=newest, compared=before, place=furnished_city.city, by=clerk,
                on=datetime(2026, 12, 3, tzinfo=UTC),
            )  # fmt: skip


@pytest.fixture
def reader(context_for: Callable[..., BrowserContext], furnished_city: SmallCity) -> Callable[[Role, str], Page]:
    """A page of somebody who holds the role."""
    users: dict[Role, User] = {}

    def opened(role: Role, device: str) -> Page:
        where = furnished_city.town if role is Role.TOWN_ORGANIZER else furnished_city.city
        user = users.get(role) or furnished_city.user(f"reader-{role}", role, place=where)
        users[role] = user
        return context_for(user, device=device).new_page()

    return opened


def complaints_about(page: Page, url: str) -> Iterator[str]:
    """Everything that is wrong with a page."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    if "/accounts/login" in page.url:
        yield "asks to log in"
    if page.locator("h1").count() == 0:
        yield "has no heading"
    yield from violations(page)
    if overflows(page) > 0:
        yield f"is {overflows(page)} pixels too wide"
    yield from errors


@pytest.mark.parametrize("device", list(WIDTHS))
@pytest.mark.parametrize("group", list(PAGES))
def test_every_page_is_accessible_and_fits(
    reader: Callable[[Role, str], Page],
    furnished_city: SmallCity,
    group: str,
    device: str,
    request: pytest.FixtureRequest,
) -> None:
    if group == "bulletins":
        request.getfixturevalue("papers")
    with acting(furnished_city.actor(Role.CLERK, place=furnished_city.city)):
        pages = {name: (role, address(furnished_city)) for name, (role, address) in PAGES[group].items()}
    found = {
        name: complaints
        for name, (role, url) in pages.items()
        if (complaints := list(complaints_about(reader(role, device), url)))
    }
    assert found == {}, "\n".join(map(str, found.items()))


@pytest.mark.parametrize("device", list(WIDTHS))
def test_an_empty_city_and_the_log_in_page_are_accessible_and_fit(
    context_for: Callable[..., BrowserContext], device: str
) -> None:
    city = build_small_city()
    visitor = context_for(device=device).new_page()
    assert list(complaints_about(visitor, reverse("accounts:login"))) == ["asks to log in"]
    clerk = context_for(city.user("clerk", Role.CLERK, place=city.city), device=device).new_page()
    for name in ("workbench:home", "coverage:overview", "branches:list", "indicators:list", "bulletins:list"):
        assert list(complaints_about(clerk, reverse(name))) == [], name


@pytest.mark.parametrize("device", list(WIDTHS))
def test_the_sheets_turn_by_keys_and_fit_the_screen(reader: Callable[[Role, str], Page], device: str) -> None:
    page = reader(Role.CLERK, device)
    page.goto(reverse("workbench:presentation"))
    sheets = page.locator(".sheet")
    last = sheets.count() - 1
    for _ in range(last + 2):
        page.keyboard.press("ArrowRight")
    assert page.url.endswith(f"#sheet-{last + 1}")
    page.keyboard.press("ArrowLeft")
    assert page.url.endswith(f"#sheet-{last}")
    if device == "desktop":
        assert sheets.nth(last - 1).is_visible()
        assert not sheets.nth(last).is_visible()
        assert sheets.nth(last - 1).bounding_box()["height"] <= WIDTHS[device]["height"]  # type: ignore[index]
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "/presentation/" not in url)


def test_on_a_phone_the_cards_of_a_towns_first_page_stand_one_below_the_other(
    reader: Callable[[Role, str], Page], furnished_city: SmallCity
) -> None:
    page = reader(Role.TOWN_ORGANIZER, "phone")
    page.goto(reverse("workbench:home"))
    cards = [card.bounding_box() for card in page.locator(".home > .card").all()]
    assert len(cards) > 1
    assert len({(box["x"], box["width"]) for box in cards if box}) == 1
    assert all(box and box["width"] > 300 for box in cards)
