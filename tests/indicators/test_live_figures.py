"""Live figures: kept cells where nothing changed, the rows themselves where something did, always exact."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, NotPermitted, Role
from jingwei.domain.indicators import Cut, Population, definitions
from jingwei.domain.indicators.sql import EVERYTHING
from jingwei.indicators import selectors, services
from jingwei.indicators.city import city_on
from jingwei.indicators.counting import cells, counted
from jingwei.indicators.models import Cell, CellPart, StalePart
from jingwei.indicators.populations import live as live_rows
from jingwei.indicators.scope import visible
from jingwei.indicators.tally import Tally
from jingwei.places.models import Place
from tests.city import NOW, TODAY, SmallCity
from tests.indicators.rows import WHOLE, as_whole_city, firm

pytestmark = pytest.mark.django_db
IDS = [item.id for item in definitions().values() if item.is_counted and item.population is Population.ENTITY]
CUTS = [Cut.TOTAL, Cut.COUNTY, Cut.AREA, Cut.TAG, Cut.ROSTER]


def numbers(actor: Actor = WHOLE) -> dict[tuple[str, Cut, str], tuple[object, ...]]:
    """All live figures, without groups that count nothing."""
    found = selectors.live_by_cut(actor=actor, on=TODAY, cuts=CUTS, ids=IDS)
    return {
        (reading.indicator, cut, reading.member): (reading.numerator, reading.denominator, dict(reading.beside))
        for cut, held in found.items()
        for reading in held
        if reading.numerator or reading.denominator or any(reading.beside.values())
    }


def recounted(actor: Actor = WHOLE) -> dict[tuple[str, Cut, str], tuple[object, ...]]:
    """The same straight from the entities in scope, without any kept cell."""
    city = city_on(TODAY)
    plan = city.plans[Population.ENTITY]
    where = visible(actor, Population.ENTITY) if actor is not WHOLE else EVERYTHING
    lines = cells(live_rows(Population.ENTITY, TODAY), plan, CUTS, where=where)
    found = {}
    for cut in CUTS:
        entries = counted(lines[cut], cut, plan)
        for name in IDS:
            for member, held in zip(entries.members, Tally(plan, entries).counts(name), strict=True):
                if held.numerator or held.denominator or any(held.beside.values()):
                    found[name, cut, member] = (held.numerator, held.denominator, dict(held.beside))
    return found


def refresh() -> int:
    return services.refresh_live(on=NOW)


def test_they_are_the_same_with_and_without_kept_cells(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        cold = numbers()
        assert refresh() > 0
        assert Cell.objects.exists()
        assert not StalePart.objects.exists()
        assert numbers() == cold == recounted()


def test_a_change_in_one_town_shows_at_once_and_spoils_that_town_alone(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        refresh()
        Entity.objects.filter(pk=rows["far"].pk).update(covered_as="branch", full_members=4)
        assert set(StalePart.objects.values_list("part", flat=True)) == {small_city.far_town.pk}
        assert numbers() == recounted()
        assert refresh() == 1
        assert numbers() == recounted()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_series_of_changes_is_followed(rows: dict[str, Entity], small_city: SmallCity, data: st.DataObject) -> None:
    towns = [small_city.town, small_city.far_town, None]
    with as_whole_city():
        for _ in range(data.draw(st.integers(1, 4))):
            act = data.draw(st.sampled_from(["move", "cover", "found", "close", "refresh"]))
            chosen = Entity.objects.order_by("pk")[data.draw(st.integers(0, 9))]
            if act == "move":
                town = data.draw(st.sampled_from(towns))
                county = town.parent if town else None
                Entity.objects.filter(pk=chosen.pk).update(place=town, town=town, county=county)
            elif act == "cover":
                Entity.objects.filter(pk=chosen.pk).update(covered_as="branch", coverage_state="covered")
            elif act == "found":
                firm(small_city, "安澜又一家有限公司", staff=data.draw(st.none() | st.integers(0, 500)))
            elif act == "close":
                Entity.objects.filter(pk=chosen.pk).update(operating=False, counts_in_base=False)
            else:
                refresh()
        assert numbers() == recounted()


def test_a_park_that_takes_responsibility_changes_areas_without_any_change_of_an_entity(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        refresh()
        Place.objects.filter(pk=small_city.park.pk).update(takes_responsibility=False)
        assert numbers() == recounted()
        assert ("BASE-N", Cut.AREA, str(small_city.park.pk)) not in numbers()
        assert refresh() > 0


def test_cells_for_other_definitions_are_not_read(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        refresh()
        CellPart.objects.update(stamp="another")
        Cell.objects.update(entities=1000)
        assert numbers() == recounted()


@pytest.mark.parametrize("scope", ["county", "far_town", "community", "park", "industry", "office"])
def test_a_scope_sees_its_own_rows_only(rows: dict[str, Entity], small_city: SmallCity, scope: str) -> None:
    held = getattr(small_city, scope)
    where = {"place": held} if isinstance(held, Place) else {"body": held}
    actor = small_city.actor(Role.CLERK, **where)
    for refreshed in (False, True):
        if refreshed:
            with as_whole_city():
                refresh()
        with acting(actor):
            found = numbers(actor)
            assert found == recounted(actor)
            assert (
                found["REG-MARKET", Cut.TOTAL, ""][0]
                == Entity.objects.in_scope(actor).filter(operating=True).exclude(sources=8).count()
            )


def test_a_county_with_its_office_counts_its_rows_once(rows: dict[str, Entity], small_city: SmallCity) -> None:
    user = small_city.user("both", Role.CLERK, place=small_city.county, body=small_city.office)
    actor = actor_for(user, on=TODAY)
    with as_whole_city():
        refresh()
    with acting(actor):
        assert numbers(actor) == recounted(actor)


def test_they_need_the_permission(rows: dict[str, Entity], small_city: SmallCity) -> None:
    auditor = small_city.actor(Role.AUDITOR, place=small_city.city)
    with acting(auditor), pytest.raises(NotPermitted):
        selectors.live(actor=auditor, on=TODAY)


def test_places_without_a_row_count_nothing_in_administrative_order(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        found = selectors.live(actor=WHOLE, on=TODAY, cut=Cut.AREA, ids=["COV-ORG"])
    assert [reading.member_zh for reading in found] == [
        "书院街道", "临江街道", "高新产业园", "石桥镇", "未落到镇街、园区",
    ]  # fmt: skip
    assert [reading.text for reading in found] == ["50.00%", "—", "100.00%", "0.00%", "0.00%"]


def test_dates_move_with_the_day(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        found = [
            selectors.live(actor=WHOLE, on=day, ids=["ORG-NEW"])[0].numerator
            for day in (date(2026, 10, 31), date(2027, 1, 1))
        ]
    assert found == [2, 0]
