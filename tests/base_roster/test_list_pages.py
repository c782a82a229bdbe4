"""Filters, order and pages of a roster list."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.accounts.scope import acting
from jingwei.base_roster import finding, selectors
from jingwei.base_roster.filters import RosterFilters, Sort
from jingwei.base_roster.selectors import export_rows, roster_page
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from tests.base_roster.entities import elsewhere, make_entity, some_city
from tests.city import SmallCity

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    with acting(local_operator()):
        some_city(small_city)
    return small_city.actor(Role.CLERK, place=small_city.city)


def page(actor: Actor, number: int = 1, size: int = 20, **conditions: object) -> selectors.RosterPage:
    with acting(actor):
        return roster_page(actor=actor, filters=RosterFilters(**conditions), number=number, size=size)  # type: ignore[arg-type]


def names(actor: Actor, **conditions: object) -> set[str]:
    return {row.name[:6] for row in page(actor, **conditions).rows}


def test_each_filter_narrows(clerk: Actor, small_city: SmallCity) -> None:
    assert names(clerk, roster="social") == {"安澜市物流协"}
    assert names(clerk, town=small_city.far_town.pk) == {"安澜小满文化"}
    assert names(clerk, county=small_city.county.pk, unplaced=True) == {"青岚骑联配送"}
    assert names(clerk, overlay=small_city.park.pk) == {"安澜市禾源供"}
    assert names(clerk, industry="G") == {"安澜市禾源供", "青岚骑联配送"}
    assert names(clerk, industry="G59") == {"安澜市禾源供"}
    assert names(clerk, ownership="public") == {"安澜市禾源供"}
    assert names(clerk, ownership="non_public", screening="in") == {"安澜市衡川电"}
    assert names(clerk, state="cancelled") == {"来源不明的电"}
    assert names(clerk, legal_form="sole_trader") == {"老街小满早餐"}
    assert names(clerk, evidence="RTI") == {"安澜市衡川电"}
    assert names(clerk, evidence="confirmed") == {"安澜市衡川电", "安澜市禾源供"}
    assert names(clerk, min_staff=14) == {"安澜市衡川电", "安澜启明星算"}
    assert names(clerk, counts_in_base=True) == {"安澜市衡川电", "安澜小满文化"}


def test_the_newest_data_come_first_unless_another_order_is_asked_for(clerk: Actor) -> None:
    assert page(clerk, roster="enterprise").rows[-1].as_of == date(2026, 9, 30)
    by_name = [row.name for row in page(clerk, roster="enterprise", sort=Sort.NAME).rows]
    assert by_name[0].startswith("安澜启明")
    assert by_name[-1].startswith("青岚")
    by_staff = [row.staff for row in page(clerk, roster="enterprise", sort=Sort.STAFF).rows]
    assert by_staff[:3] == [486, 14, None]


def test_the_count_says_how_many_are_of_unknown_ownership(clerk: Actor) -> None:
    found = page(clerk, roster="enterprise", industry="G")
    assert (found.count, found.unknown, found.at_least) == (2, 1, False)


def test_a_page_beyond_the_last_is_the_last(clerk: Actor) -> None:
    found = page(clerk, number=99, size=3)
    assert (found.number, found.pages, len(found.rows)) == (3, 3, 2)
    assert page(clerk, number=99, size=3, industry="Z").rows == []


def test_pages_do_not_overlap_and_leave_nothing_out(clerk: Actor) -> None:
    ids = [row.id for number in (1, 2, 3) for row in page(clerk, number=number, size=3).rows]
    assert len(ids) == len(set(ids)) == 8


def test_beyond_the_limit_the_total_stays_exact_and_the_pages_end(
    clerk: Actor, small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LIMIT", 4)
    monkeypatch.setattr(selectors, "LIMIT", 4)
    found = page(clerk, number=9, size=2, sort=Sort.STAFF)
    assert (found.count, found.at_least, found.pages, found.number) == (8, False, 2, 2)
    assert found.is_cut
    assert found.sort is Sort.RECENT
    counted = page(clerk, size=2, industry="F")
    assert (counted.count, counted.at_least, counted.is_cut) == (4, False, False)
    with acting(local_operator()):
        make_entity(small_city, "安澜又一家有限公司")
    counted = page(clerk, size=2, industry="F")
    assert (counted.count, counted.at_least, counted.unknown) == (4, True, None)


@pytest.mark.parametrize("kind", ["county", "industry"])
def test_parts_of_a_scope_are_merged_in_one_order(
    small_city: SmallCity, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(finding, "LIMIT", 3)
    with acting(local_operator()):
        made = [
            (make_entity if number % 2 else elsewhere)(
                small_city, f"安澜第{number}有限公司", body=small_city.county_office, industry_body=small_city.industry
            )
            for number in range(10)
        ]
    scope = (
        {"place": small_city.county, "body": small_city.county_office}
        if kind == "county"
        else {"body": small_city.industry}
    )
    actor = small_city.actor(Role.CLERK, **scope)
    with acting(actor):
        found = finding.find(actor=actor, filters=RosterFilters(), start=1, size=5)
    assert found.ids == [entity.pk for entity in reversed(made)][1:6]


def test_a_page_takes_few_queries(clerk: Actor) -> None:
    for conditions in ({}, {"roster": "enterprise"}, {"text": "安澜"}, {"industry": "G", "min_staff": 1}):
        with acting(clerk), CaptureQueriesContext(connection) as held:
            roster_page(actor=clerk, filters=RosterFilters(**conditions), number=1, size=20)
        assert len(held) <= 4, [query["sql"] for query in held]


def test_an_export_has_the_rows_of_the_filter_and_needs_its_permission(clerk: Actor, small_city: SmallCity) -> None:
    with acting(clerk):
        rows = list(export_rows(actor=clerk, filters=RosterFilters(text="小满")))
        assert {row.name for row in rows} == {"安澜小满文化传播有限公司", "老街小满早餐店"}
        assert len(list(export_rows(actor=clerk, filters=RosterFilters()))) == 8
    looker = small_city.actor(Role.LOCAL_PARTY_COMMITTEE, place=small_city.city)
    with acting(looker), pytest.raises(NotPermitted):
        list(export_rows(actor=looker, filters=RosterFilters()))
