"""The pages in a real browser, desktop and phone: matches come while typing, axe finds nothing, nothing overflows."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.domain.lists import ListKind
from jingwei.registrations import services
from tests.city import NOW
from tests.journeys.conftest import WIDTHS, browser, context_for, overflows, own_folder, violations
from tests.registrations.conftest import CARRIERS, WEAVERS, WEAVERS_CODE, Roster

__all__ = ["browser", "context_for", "own_folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look_at(page: Page, name: str) -> None:
    """What every page has to stand; ``JW_PICTURES`` names a folder that wants a picture of it."""
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflows(page) <= 0
    if folder := os.environ.get("JW_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def opened(context_for: Callable[..., BrowserContext], roster: Roster, device: str, user: int | None = None) -> Page:
    return context_for(User.objects.get(pk=user or roster.organizer.user_id), device=device).new_page()


@pytest.mark.parametrize("device", list(WIDTHS))
def test_matches_come_while_typing_and_the_keyboard_alone_saves(
    context_for: Callable[..., BrowserContext], roster: Roster, device: str
) -> None:
    page = opened(context_for, roster, device)
    page.goto("/registrations/new/")
    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type(WEAVERS)
    page.keyboard.press("Tab")
    page.keyboard.type(WEAVERS_CODE)
    page.keyboard.press("Tab")
    expect(page.locator(".matches")).to_contain_text("很可能已在名册")
    expect(page.locator(".matches .waterfall")).to_contain_text("代码相同")
    look_at(page, f"new-likely-{device}")
    page.locator("#id_name").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    look_at(page, f"new-refused-{device}")
    page.locator("#id_distinct_reason").focus()
    page.keyboard.type("证照已换发，原单位已注销")
    page.locator("#id_phone").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("待入库")
    look_at(page, f"detail-{device}")


@pytest.mark.parametrize("device", list(WIDTHS))
def test_an_empty_form_a_unit_elsewhere_and_the_list_read_well(
    context_for: Callable[..., BrowserContext], roster: Roster, device: str
) -> None:
    page = opened(context_for, roster, device)
    page.goto("/registrations/")
    look_at(page, f"list-empty-{device}")
    page.goto("/registrations/new/")
    look_at(page, f"new-empty-{device}")
    page.locator("#id_name").fill(CARRIERS)
    page.locator("#id_legal_representative").fill("孟知秋")
    page.locator("#id_legal_representative").blur()
    expect(page.locator(".matches")).to_contain_text("在其他辖区")
    look_at(page, f"new-elsewhere-{device}")
    for number, name in enumerate(("安澜市青禾服装有限公司", "安澜市白芷药房")):
        with acting(roster.organizer):
            services.register(
                kind=ListKind.MARKET, values={"name": name}, place=roster.city.town, by=roster.organizer, on=NOW,
                key=f"k{number}",
            )  # fmt: skip
    page = opened(context_for, roster, device, roster.clerk.user_id)
    page.goto("/registrations/")
    look_at(page, f"list-{device}")
