"""Merging and undoing by keyboard alone; the pages read well on a desktop and on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity, Merge
from jingwei.base_roster.services import merging
from jingwei.core.permissions import Actor, Role, local_operator
from tests.base_roster.lists import entity_of
from tests.base_roster.merges import Twins, same_firm
from tests.city import NOW, SmallCity, build_small_city
from tests.journeys.conftest import WIDTHS, overflows, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("entity", "choose", "found", "nothing", "preview", "refused", "list", "empty", "undo", "move")


class Office:
    """A city with a firm that stands twice, one merge that can be undone, and two answers that contradict."""

    def __init__(self) -> None:
        self.city: SmallCity = build_small_city()
        self.user: User = self.city.user("reader", Role.CLERK, place=self.city.city)
        actor: Actor = self.city.actor(Role.CLERK, place=self.city.city)
        with acting(actor):
            self.twins: Twins = same_firm(self.city, actor)
            self.kept, self.gone = self.twins.kept, self.twins.gone
            for entity, value in ((self.kept, "30"), (self.gone, "50")):
                services.correct_fact(entity=entity, kind="staff", value=value, reason="走访", by=actor, on=NOW)
            self.alone = merging.move_unit(unit=self.twins.tax, to=None, by=actor, on=NOW, reason="另一家")

    def address(self, name: str) -> str:
        kept, gone = self.kept.pk, self.gone.pk
        return {
            "entity": f"/entities/{kept}/",
            "choose": f"/entities/{kept}/merge/",
            "found": f"/entities/{kept}/merge/?search=衡川",
            "nothing": f"/entities/{kept}/merge/?search=无此单位",
            "preview": f"/entities/{kept}/merge/{gone}/",
            "refused": f"/entities/{kept}/merge/{kept}/",
            "list": f"/entities/{gone}/merges/",
            "empty": f"/entities/{kept}/merges/",
            "undo": f"/merges/{self.alone.pk}/undo/",
            "move": f"/entities/{kept}/sources/{self.twins.market.pk}/move/?search=衡川",
        }[name]


@pytest.fixture
def office() -> Office:
    return Office()


def open_page(context_for: Callable[..., BrowserContext], office: Office, name: str, device: str) -> Page:
    page = context_for(office.user, device=device).new_page()
    page.goto(office.address(name))
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("device", list(WIDTHS))
def test_the_pages_are_accessible_and_fit(
    context_for: Callable[..., BrowserContext], office: Office, device: str, tmp_path: Path
) -> None:
    found = {}
    for name in PAGES:
        page = open_page(context_for, office, name, device)
        found[name] = (page.locator("h1").count(), violations(page), max(overflows(page), 0))
    assert found == {name: (1, [], 0) for name in PAGES}


def test_two_entities_are_merged_and_parted_by_keyboard_alone(
    context_for: Callable[..., BrowserContext], office: Office
) -> None:
    page = open_page(context_for, office, "entity", "desktop")
    page.locator("summary", has_text="合并").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="与另一主体合并…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("名称、代码或拼音首字母").focus()
    page.keyboard.type("衡川")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="衡川电子", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("原因").focus()
    page.keyboard.type("同一家企业")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("并入“安澜衡川电子科技有限公司”").first.wait_for()
    page.goto(f"/entities/{office.kept.pk}/merges/")
    page.get_by_role("link", name="撤销…").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("撤销原因").focus()
    page.keyboard.type("是两家")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("已撤销：").first.wait_for()
    with acting(local_operator()):
        assert Merge.objects.filter(kind="merge").get().undone_reason == "是两家"
        assert Entity.objects.filter(name="衡川电子").exists()
        assert entity_of(office.twins.market).pk == office.kept.pk
