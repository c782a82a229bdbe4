"""The view for the meeting room: the same figures in large type, and nothing about single firms."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Role, local_operator
from tests.city import SmallCity
from tests.indicators.rows import NOVEMBER, WHOLE, take, whole_city
from tests.workbench.pages import client_as, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/presentation/"


@pytest.fixture
def rows(small_city: SmallCity) -> dict[str, Entity]:
    with acting(local_operator()):
        return whole_city(small_city)


def test_the_sheets_repeat_the_figures_of_the_dashboard(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    with acting(WHOLE):
        take()
        take(NOVEMBER, 30)
    client = client_as(small_city, Role.LOCAL_PARTY_COMMITTEE, place=small_city.city)
    sheets = {sheet["key"]: sheet for sheet in client.get(f"{ADDRESS}?month=2026-11").context["sheets"]}
    assert list(sheets) == ["figures", "areas", "funnel", "trend", "next"]
    home = client.get("/?month=2026-11").context
    assert [kpi["value"] for kpi in sheets["figures"]["kpis"]][:5] == [kpi["value"] for kpi in home["kpis"]]
    assert sheets["funnel"]["funnel"]["steps"] == home["funnel"]["steps"]
    assert sheets["next"]["owed"] == [{"label": "青岚区", "count": 1, "rate": 100.0}]


def test_no_firm_and_no_person_stands_on_a_sheet(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    page = text_of(client_as(small_city, Role.CLERK, place=small_city.city).get(ADDRESS))
    for entity in rows.values():
        assert entity.name not in page


def test_a_town_presents_itself(small_city: SmallCity, rows: dict[str, Entity]) -> None:
    context = client_as(small_city, Role.TOWN_ORGANIZER, place=small_city.town).get(ADDRESS).context
    assert context["focus"] == "书院街道"
    assert "areas" not in [sheet["key"] for sheet in context["sheets"]]


def test_without_any_entity_there_is_nothing_to_present(small_city: SmallCity) -> None:
    assert client_as(small_city, Role.CLERK, place=small_city.city).get(ADDRESS)["Location"] == "/"


def test_who_may_not_see_figures_is_refused(small_city: SmallCity) -> None:
    assert client_as(small_city, Role.AUDITOR, place=small_city.city).get(ADDRESS).status_code == 403
