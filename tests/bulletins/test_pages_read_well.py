"""Pages of papers, desktop and phone: axe finds nothing, nothing scrolls sideways, no script error."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.bulletins.models import Paper
from jingwei.bulletins.orders import Wishes
from jingwei.core.permissions import Role
from tests.bulletins.quarters import Quarters, build_quarters, make
from tests.city import build_small_city
from tests.journeys.conftest import WIDTHS, browser, context_for, overflows, violations

__all__ = ["browser", "context_for"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def addresses(quarters: Quarters) -> list[str]:
    """Every page of papers."""
    with acting(quarters.clerk):
        units = tuple(Entity.objects.filter(roster="social").values_list("pk", flat=True))
    papers = {kind: make(quarters, kind, wishes=Wishes(units=units)) for kind in Paper.Kind.values}
    pages = [reverse("bulletins:paper", args=[paper.pk]) for paper in papers.values()]
    pages += [reverse(f"bulletins:{name}") for name in ("list", "new", "templates")]
    pages.append(reverse("bulletins:words", args=[papers["bulletin"].pk]))
    pages.append(reverse("bulletins:cell", args=[papers["form_a"].pk, "A5"]))
    return pages


@pytest.mark.parametrize("device", list(WIDTHS))
def test_every_page_is_accessible_and_fits(context_for: Callable[..., BrowserContext], device: str) -> None:
    quarters = build_quarters(build_small_city())
    user = quarters.city.user("reader", Role.CLERK, place=quarters.city.city)
    page = context_for(user, device=device).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in addresses(quarters):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], address
        assert overflows(page) <= 0, address
    assert complaints == []
