"""A real browser against a live server: log in as somebody, look at pages, let axe read them."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jingwei.accounts.models import User
from jingwei.core.instance import PROJECT_ROOT, Instance
from tests.accounts.browser import signed_in

AXE = PROJECT_ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
OFFLINE_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Files of a test go to its own folder."""
    settings.INSTANCE = Instance(var=tmp_path)
    settings.INSTANCE.prepare()
    settings.FILE_UPLOAD_TEMP_DIR = settings.INSTANCE.work


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a file. Afterwards the process is as it was: other tests run in it too."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("没有 Chromium")
    # Playwright's own loop runs in the test's thread, which Django would otherwise take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=OFFLINE_FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context_for(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def make(user: User | None = None, *, device: str = "desktop") -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, viewport=WIDTHS[device], locale="zh-CN")  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        if user is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": live_server.url}]
            )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


def session_of(user: User) -> str:
    """Session key of a user who has shown both factors."""
    return str(signed_in(user).session.session_key)


def violations(page: Page) -> list[str]:
    """What axe finds: rule, and the first element that breaks it."""
    page.evaluate(AXE.read_text())  # evaluated by the debugger, so the page's own policy stays strict
    result = page.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
    return [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in result["violations"]]


def overflows(page: Page) -> int:
    """By how many pixels the page is wider than the window; a phone page never scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
