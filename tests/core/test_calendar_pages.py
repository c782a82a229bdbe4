"""The clerk of the city keeps the days off and the days to work instead."""

import pytest
from django.test import Client
from django.utils import timezone

from jingwei.core.calendar import work_calendar
from jingwei.core.models import Holiday, JournalEntry
from jingwei.core.permissions import Role
from tests.accounts.browser import signed_in
from tests.city import SmallCity

pytestmark = pytest.mark.django_db
SPRING = {
    "first": "2027-02-05",
    "last": "2027-02-12",
    "kind": "off",
    "name": "春节",
    "source": "国办发明电〔2026〕9 号",
}


@pytest.fixture
def clerk(small_city: SmallCity) -> Client:
    return signed_in(small_city.user("clerk", Role.CLERK, place=small_city.city))


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_days_that_were_set_stand_in_the_table_of_their_year_and_in_the_journal(clerk: Client) -> None:
    assert clerk.post("/calendar/add/", SPRING).url == "/calendar/?year=2027"
    page = text_of(clerk, "/calendar/?year=2027")
    assert page.count("国办发明电〔2026〕9 号") == 8
    assert "星期五" in page
    assert "2027-02-05" not in text_of(clerk, "/calendar/?year=2026")
    assert JournalEntry.objects.filter(verb="holiday.set").count() == 8


def test_one_day_needs_no_last_one_but_a_source(clerk: Client) -> None:
    work = {"first": "2027-02-13", "kind": "work", "name": "春节调休"}
    assert "依据" in clerk.post("/calendar/add/", work).content.decode()
    assert not Holiday.objects.exists()
    clerk.post("/calendar/add/", work | {"source": "同上"})
    day = Holiday.objects.get().day
    assert day.weekday() == 5
    assert work_calendar().is_working_day(day)


def test_a_period_that_ends_before_it_begins_is_refused_on_the_form(clerk: Client) -> None:
    assert "不能早于第一天" in clerk.post("/calendar/add/", SPRING | {"last": "2027-02-01"}).content.decode()
    assert not Holiday.objects.exists()


def test_a_day_is_taken_back_after_a_question(clerk: Client) -> None:
    clerk.post("/calendar/add/", SPRING | {"last": ""})
    held = Holiday.objects.get()
    assert "按内置日历" in text_of(clerk, f"/calendar/{held.pk}/remove/")
    assert Holiday.objects.exists()
    clerk.post(f"/calendar/{held.pk}/remove/")
    assert not Holiday.objects.exists()
    assert JournalEntry.objects.filter(verb="holiday.remove").count() == 1


def test_a_year_without_known_days_off_says_so_until_some_are_set(clerk: Client) -> None:
    year = timezone.localdate().year + 40
    assert "尚未录入" in text_of(clerk, f"/calendar/?year={year}")
    clerk.post("/calendar/add/", SPRING | {"first": f"{year}-01-01", "last": ""})
    assert "尚未录入" not in text_of(clerk, f"/calendar/?year={year}")


def test_an_unreadable_year_shows_the_running_one(clerk: Client) -> None:
    assert f"{timezone.localdate().year} 年本单位设定" in text_of(clerk, "/calendar/?year=9999999")


@pytest.mark.parametrize("role", [Role.CLERK, Role.ORGANIZATION_DEPARTMENT])
def test_others_only_read(small_city: SmallCity, clerk: Client, role: Role) -> None:
    clerk.post("/calendar/add/", SPRING | {"last": ""})
    place = small_city.county if role is Role.CLERK else small_city.city
    reader = signed_in(small_city.user("reader", role, place=place))
    page = text_of(reader, "/calendar/?year=2027")
    assert "春节" in page
    assert "删去" not in page
    assert "/calendar/add/" not in page
    assert reader.post("/calendar/add/", SPRING).status_code == 403
    assert reader.post(f"/calendar/{Holiday.objects.get().pk}/remove/").status_code == 403
    assert Holiday.objects.count() == 1
