"""A clerk corrects a body by hand and ends it; what was before stays in its history."""

from datetime import date

import pytest
from django.test import Client

from jingwei.bodies.services import adjust_body
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role, local_operator
from tests.accounts.browser import signed_in
from tests.city import NOW, SmallCity

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return signed_in(small_city.user("clerk", Role.CLERK, place=small_city.city))


def test_a_new_name_stands_on_the_page_and_the_old_one_in_the_journal(small_city: SmallCity, clerk: Client) -> None:
    page = f"/bodies/{small_city.industry.pk}/"
    assert f"{page}edit/" in clerk.get(page).content.decode()
    sent = {"name": "安澜市交通行业党委", "short_name": "交通运输行业党委", "note": ""}
    assert clerk.post(f"{page}edit/", sent).url == page
    small_city.industry.refresh_from_db()
    assert (small_city.industry.name, small_city.industry.short_name) == ("安澜市交通行业党委", "交通运输行业党委")
    entry = JournalEntry.objects.get(verb="body.adjust")
    assert entry.detail["before"] == {"name": "安澜市交通运输行业党委", "short_name": ""}
    assert "调整机构" in clerk.get(page).content.decode()


def test_a_name_that_is_taken_is_refused_on_the_form_under_the_old_name(small_city: SmallCity, clerk: Client) -> None:
    taken = {"name": small_city.office.name, "short_name": "", "note": ""}
    answer = clerk.post(f"/bodies/{small_city.industry.pk}/edit/", taken)
    assert "已有名为" in answer.content.decode()
    assert answer.context["crumbs"][1]["label"] == "安澜市交通运输行业党委"
    small_city.industry.refresh_from_db()
    assert small_city.industry.name == "安澜市交通运输行业党委"


def test_a_body_ends_on_the_day_of_its_document(small_city: SmallCity, clerk: Client) -> None:
    page = f"/bodies/{small_city.industry.pk}/"
    assert "依据" in clerk.post(f"{page}end/", {"effective": "2026-11-01"}).content.decode()
    clerk.post(f"{page}end/", {"effective": "2026-11-01", "reason": "安委编〔2026〕3 号"})
    small_city.industry.refresh_from_db()
    assert small_city.industry.valid.upper == date(2026, 11, 1)
    assert JournalEntry.objects.get(verb="body.dissolve").detail["reason"] == "安委编〔2026〕3 号"
    assert f"{page}end/" not in clerk.get(page).content.decode()


def test_a_body_with_others_below_it_says_why_it_cannot_end(small_city: SmallCity, clerk: Client) -> None:
    adjust_body(body=small_city.industry, by=local_operator(), on=NOW, superior=small_city.office)
    answer = clerk.post(f"/bodies/{small_city.office.pk}/end/", {"effective": "2026-11-01", "reason": "文件"})
    assert "下级机构" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.ORGANIZATION_DEPARTMENT])
def test_others_neither_see_the_way_nor_may_go_it(small_city: SmallCity, role: Role) -> None:
    place = small_city.county if role is Role.CLERK else small_city.city
    reader = signed_in(small_city.user("reader", role, place=place))
    page = f"/bodies/{small_city.office.pk}/"
    assert "edit/" not in reader.get(page).content.decode()
    for act in ("edit", "end"):
        assert reader.get(f"{page}{act}/").status_code == 403
        assert reader.post(f"{page}{act}/", {"name": "新名"}).status_code == 403
    assert not JournalEntry.objects.filter(verb__startswith="body.").exists()
