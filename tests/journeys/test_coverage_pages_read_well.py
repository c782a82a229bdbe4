"""Pages of coverage, desktop and phone: axe finds nothing, nothing scrolls sideways; a letter prints alone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Role, local_operator
from jingwei.coverage import services
from jingwei.coverage.models import NoticeLetter
from tests.base_roster.entities import elsewhere, make_entity
from tests.city import NOW, TODAY, SmallCity, build_small_city
from tests.coverage.units import compute, make_organization, make_unit
from tests.journeys.conftest import WIDTHS, overflows, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES: dict[str, Callable[[SmallCity], str]] = {
    "overview": lambda city: reverse("coverage:overview"),
    "county": lambda city: f"{reverse('coverage:overview')}?county={city.county.pk}",
    "should": lambda city: reverse("coverage:units", args=["should"]),
    "few": lambda city: reverse("coverage:units", args=["few"]),
    "canvass": lambda city: reverse("coverage:units", args=["canvass"]),
    "covered": lambda city: reverse("coverage:units", args=["covered"]),
    "nothing found": lambda city: f"{reverse('coverage:units', args=['blank'])}?q=没有这家",
    "letters": lambda city: reverse("coverage:letters"),
    "letter": lambda city: reverse("coverage:letter", args=[NoticeLetter.objects.get().pk]),
    "answer": lambda city: reverse("coverage:answer", args=[NoticeLetter.objects.get().pk]),
    "issue": lambda city: reverse("coverage:issue", args=[due_unit()]),
    "cause": lambda city: reverse("coverage:cause", args=[due_unit()]),
}


def due_unit() -> int:
    return Entity.objects.get(name="安澜市禾源供应链管理有限公司").pk


@pytest.fixture
def covered_city() -> SmallCity:
    """The small city with entities of every state, groups, a cause and a letter."""
    city = build_small_city()
    base = {"counts_in_base": True, "screening": "in"}
    operator = local_operator("业务科")
    with acting(operator):
        due = make_unit(
            city, "安澜市禾源供应链管理有限公司", 5, 1, staff=168, overlay=city.park, uscc="91990102MA0000015T", **base
        )
        asked = make_unit(city, "青岚骑联配送服务有限公司", 8, 0, staff=1260, uscc="91990102K8PBRNYT4C", **base)
        own = make_unit(city, "安澜市衡川电子科技有限公司", 37, 2, staff=486, ownership="non_public", **base)
        posted = make_unit(city, "安澜市溪桥餐饮管理有限公司", 0, 0, staff=58, **base)
        for number in range(7):
            make_unit(city, f"安澜小满文化传播第{number}有限公司", 1, 0, staff=9, industry_code="R88")
        make_entity(city, "青岚晨帆跨境电子商务有限公司", staff=27, **base)
        elsewhere(city, "白鹭石桥建材有限公司", full_members=0, probationary_members=0, **base)
        make_organization(city, "高新产业园联合党支部", due, form="joint")
        make_organization(city, "中共安澜市衡川电子科技有限公司支部委员会", own)
        make_organization(city, "溪桥功能型党支部", posted, form="functional")
        compute()
        services.group(day=TODAY, on=NOW)
        services.state_cause(entity=due, kind="superior", note="", by=operator, on=NOW)
        services.issue_letter(entity=asked, by=city.actor(Role.CLERK, place=city.city), on=timezone.now())
    return city


@pytest.mark.parametrize("device", list(WIDTHS))
@pytest.mark.parametrize("name", list(PAGES))
def test_the_page_is_accessible_and_fits(
    context_for: Callable[..., BrowserContext], covered_city: SmallCity, name: str, device: str
) -> None:
    user = covered_city.user("reader", Role.CLERK, place=covered_city.city)
    with acting(local_operator()):
        url = PAGES[name](covered_city)
    page = context_for(user, device=device).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answered = page.goto(url)
    page.wait_for_load_state("networkidle")
    assert answered is not None
    assert answered.status == 200
    assert violations(page) == []
    assert overflows(page) <= 0
    assert complaints == []


def test_a_letter_prints_on_one_sheet_without_the_frame(
    context_for: Callable[..., BrowserContext], covered_city: SmallCity
) -> None:
    user = covered_city.user("reader", Role.CLERK, place=covered_city.city)
    with acting(local_operator()):
        url = PAGES["letter"](covered_city)
    page = context_for(user).new_page()
    page.goto(url)
    page.emulate_media(media="print")
    assert page.locator(".sheet").is_visible()
    for part in (".side", ".top", ".page-head", ".letter-basis"):
        assert not page.locator(part).first.is_visible()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 1
