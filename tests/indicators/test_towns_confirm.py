"""Towns and responsible parks confirm what the system shows; who has not is 尚未确认."""

from datetime import date

import pytest

from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.indicators import selectors, services
from tests.city import NOW, TODAY, SmallCity
from tests.indicators.rows import OCTOBER

pytestmark = pytest.mark.django_db


def names(city: SmallCity, **scope: object) -> list[str]:
    return [place.name for place in selectors.unconfirmed(month=OCTOBER, on=TODAY, **scope)]  # type: ignore[arg-type]


def test_everybody_is_unconfirmed_until_he_confirms(small_city: SmallCity) -> None:
    assert names(small_city) == ["书院街道", "临江街道", "高新产业园", "石桥镇"]
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    services.confirm_month(month=OCTOBER, place=small_city.town, by=organizer, on=NOW, note="无误")
    assert names(small_city) == ["临江街道", "高新产业园", "石桥镇"]
    entry = JournalEntry.objects.get(verb="month.confirm")
    assert (entry.place_id, entry.detail) == (small_city.town.pk, {"month": "2026-10"})


def test_a_county_sees_who_of_its_own_has_not(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.other_county)
    assert names(small_city, actor=clerk) == ["石桥镇"]


def test_another_month_is_another_confirmation(small_city: SmallCity) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    services.confirm_month(month=date(2026, 9, 1), place=small_city.town, by=organizer, on=NOW)
    assert "书院街道" in names(small_city)


def test_only_the_own_town_is_confirmed_once_and_no_future_month(small_city: SmallCity) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with pytest.raises(NotPermitted):
        services.confirm_month(month=OCTOBER, place=small_city.far_town, by=organizer, on=NOW)
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    with pytest.raises(NotPermitted):
        services.confirm_month(month=OCTOBER, place=small_city.town, by=clerk, on=NOW)
    with pytest.raises(Refused, match="本月或以前"):
        services.confirm_month(month=date(2026, 11, 1), place=small_city.town, by=organizer, on=NOW)
    services.confirm_month(month=OCTOBER, place=small_city.town, by=organizer, on=NOW)
    with pytest.raises(Refused, match="已经确认过"):
        services.confirm_month(month=OCTOBER, place=small_city.town, by=organizer, on=NOW)


def test_neither_a_county_nor_a_community_confirms(small_city: SmallCity) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.county)
    for place in (small_city.county, small_city.community):
        with pytest.raises(Refused, match="由镇街或承担管理责任的园区确认"):
            services.confirm_month(month=OCTOBER, place=place, by=organizer, on=NOW)
    assert services.confirm_month(month=OCTOBER, place=small_city.park, by=organizer, on=NOW).pk
