"""Every page, desktop and phone: axe finds nothing, nothing scrolls sideways, no script error."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Role
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import Batch
from tests.base_roster.lists import build_roster, make_unit
from tests.city import SmallCity, build_small_city
from tests.journeys.conftest import WIDTHS, overflows, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "91990102MA0000015T"
PAGES: dict[str, tuple[Role, Callable[[SmallCity], str]]] = {
    "home": (Role.CLERK, lambda city: reverse("workbench:home")),
    "enterprises": (Role.CLERK, lambda city: reverse("workbench:roster", args=["enterprise"])),
    "entity": (Role.CLERK, lambda city: reverse("workbench:entity", args=[Entity.objects.order_by("pk")[0].pk])),
    "placement queue": (Role.CLERK, lambda city: reverse("workbench:placement")),
    "batches": (Role.CLERK, lambda city: reverse("rosters:batches")),
    "upload": (Role.CLERK, lambda city: reverse("rosters:upload")),
    "batch": (Role.CLERK, lambda city: reverse("rosters:batch", args=[Batch.objects.order_by("pk")[0].pk])),
    "rejected": (Role.CLERK, lambda city: reverse("rosters:rejected", args=[Batch.objects.order_by("pk")[0].pk])),
    "runs": (Role.CLERK, lambda city: reverse("linkage:runs")),
    "run": (Role.CLERK, lambda city: reverse("linkage:run", args=[LinkRun.objects.order_by("pk")[0].pk])),
    "places": (Role.CLERK, lambda city: reverse("places:tree")),
    "place": (Role.CLERK, lambda city: reverse("places:detail", args=[city.county.pk])),
    "bodies": (Role.CLERK, lambda city: reverse("bodies:list")),
    "body": (Role.CLERK, lambda city: reverse("bodies:detail", args=[city.office.pk])),
    "users": (Role.ADMINISTRATOR, lambda city: reverse("accounts:users")),
    "profile": (Role.CLERK, lambda city: reverse("accounts:profile")),
    "journal": (Role.AUDITOR, lambda city: reverse("accounts:journal")),
    "no permission": (Role.AUDITOR, lambda city: reverse("workbench:roster", args=["enterprise"])),
    "not found": (Role.CLERK, lambda city: "/nowhere/"),
}


@pytest.fixture
def furnished_city() -> SmallCity:
    """The small city with a few entities, one of them without a town."""
    city = build_small_city()
    clerk = city.actor(Role.CLERK, place=city.city)
    with acting(clerk):
        market = make_unit(
            city, "market", name="安澜衡川电子科技有限公司", uscc=CODE, address="安澜市青岚区书院街道竹园路 9 号",
            state="存续", capital="50万元", industry_code="G59", company_type="有限责任公司（自然人投资或控股）",
        )  # fmt: skip
        tax = make_unit(city, "tax", name="衡川电子", uscc=CODE, staff="42", address="青岚区竹园路 9 号")
        lost = make_unit(city, "market", name="安澜云栖连锁有限公司", address="青岚区物流大道 3 号", state="存续")
        build_roster(city, [[market, tax], [lost]], clerk)
    return city


@pytest.mark.parametrize("device", list(WIDTHS))
@pytest.mark.parametrize("name", list(PAGES))
def test_the_page_is_accessible_and_fits(
    context_for: Callable[..., BrowserContext], furnished_city: SmallCity, name: str, device: str
) -> None:
    role, address = PAGES[name]
    user = furnished_city.user(f"reader-{role}", role, place=furnished_city.city)
    with acting(furnished_city.actor(Role.CLERK, place=furnished_city.city)):
        url = address(furnished_city)
    page = context_for(user, device=device).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    assert "/accounts/login" not in page.url
    assert violations(page) == []
    assert overflows(page) <= 0
    assert complaints == []


@pytest.mark.parametrize("device", list(WIDTHS))
def test_the_log_in_page_is_accessible_and_fits(
    context_for: Callable[..., BrowserContext], furnished_city: SmallCity, device: str
) -> None:
    page = context_for(device=device).new_page()
    page.goto(reverse("accounts:login"))
    assert violations(page) == []
    assert overflows(page) <= 0
