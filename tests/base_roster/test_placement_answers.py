"""Answers of people on where entities lie: one for a whole road, one for a single entity."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import Entity, Placement
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role
from jingwei.places.models import Place, RoadRange
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import NOW, SmallCity

ROAD = "竹园路"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def county_clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.county)


@pytest.fixture
def units(small_city: SmallCity, clerk: Actor) -> dict[str, SourceUnit]:
    """Entities known only to their county, by the address that their list gives."""
    addresses = ("青岚区竹园路9号", "青岚区竹园路12号", "青岚区竹园路", "青岚区望江路3号", "白鹭县竹园路9号")
    with acting(clerk):
        units = {
            address: make_unit(small_city, "market", name=f"安澜{number}号商贸有限公司", address=f"安澜市{address}")
            for number, address in enumerate(addresses)
        }
        build_roster(small_city, [[unit] for unit in units.values()], clerk)
    return units


def answer(city: SmallCity, by: Actor, **given: object) -> int:
    values: dict[str, object] = {"number_from": None, "number_to": None, "parity": "all", "place": city.town, **given}
    return services.answer_road(county=city.county, road=ROAD, by=by, on=NOW, **values)  # type: ignore[arg-type]


def town_of(unit: SourceUnit) -> Place | None:
    return entity_of(unit).town


def placed(units: dict[str, SourceUnit]) -> set[str]:
    return {address for address, unit in units.items() if town_of(unit) is not None}


def test_one_answer_places_every_entity_of_the_road_and_no_other(
    small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    with acting(clerk):
        assert placed(units) == set()
        assert answer(small_city, clerk) == 3
        assert placed(units) == {"青岚区竹园路9号", "青岚区竹园路12号", "青岚区竹园路"}
        assert town_of(units["青岚区竹园路9号"]) == small_city.town


def test_an_answer_for_odd_numbers_places_only_those(
    small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    with acting(clerk):
        assert answer(small_city, clerk, number_from=1, number_to=99, parity="odd") == 1
        assert placed(units) == {"青岚区竹园路9号"}
        assert answer(small_city, clerk, number_from=2, number_to=98, parity="even", place=small_city.other_town) == 1
        assert town_of(units["青岚区竹园路12号"]) == small_city.other_town


def test_an_answer_may_name_a_park(small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit]) -> None:
    small_city.park.memberships.create(place=small_city.town, valid=small_city.park.valid)
    with acting(clerk):
        assert answer(small_city, clerk, place=small_city.park) == 3
        assert entity_of(units["青岚区竹园路9号"]).overlay == small_city.park


def test_an_answer_is_what_a_rebuild_would_find(
    small_city: SmallCity, clerk: Actor, county_clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    with acting(county_clerk):
        assert not SourceUnit.objects.exists(), "the lists came in at the city, out of the county's sight"
        assert answer(small_city, county_clerk) == 3
        assert not SourceUnit.objects.exists()
    with acting(clerk):
        assert services.differences(on=NOW) == []


def test_an_answer_leaves_a_branch_office_on_its_parent_in_another_county(
    small_city: SmallCity, clerk: Actor, county_clerk: Actor
) -> None:
    with acting(clerk):
        parent = make_unit(
            small_city, "market", name="安澜云栖连锁有限公司", address="白鹭县石桥镇", company_type="国有独资公司"
        )
        site = make_unit(small_city, "market", name="安澜云栖连锁有限公司书院店", address="安澜市青岚区竹园路9号")
        build_roster(small_city, [[parent], [site]], clerk)
        above = entity_of(parent)
    with acting(county_clerk):
        assert not Entity.objects.filter(pk=above.pk).exists()
        assert answer(small_city, county_clerk) == 1
    with acting(clerk):
        branch = entity_of(site)
        assert (branch.town, branch.parent, branch.ownership) == (small_city.town, above, "public")


@pytest.mark.parametrize("role", [Role.INDUSTRY_REGULATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_an_answer_needs_the_permission(
    small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit], role: Role
) -> None:
    actor = small_city.actor(role, place=small_city.city)
    with acting(actor), pytest.raises(NotPermitted):
        answer(small_city, actor)
    with acting(clerk):
        assert (RoadRange.objects.count(), placed(units)) == (0, set())


def test_an_answer_needs_the_whole_county_in_scope(
    small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    for place in (small_city.other_county, small_city.town):
        actor = small_city.actor(Role.CLERK, place=place)
        with acting(actor), pytest.raises(NotPermitted):
            answer(small_city, actor)
    with acting(clerk):
        assert (RoadRange.objects.count(), placed(units)) == (0, set())


def test_a_person_s_place_stands_after_a_rebuild_and_after_an_answer_for_the_road(
    small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    unit = units["青岚区竹园路9号"]
    with acting(clerk):
        services.assign_place(entity=entity_of(unit), place=small_city.community, reason="走访", by=clerk, on=NOW)
        assert town_of(unit) == small_city.town
        services.rebuild(by=clerk, on=NOW)
        answer(small_city, clerk, place=small_city.other_town)
        services.rebuild(by=clerk, on=NOW)
        assert entity_of(unit).place == small_city.community
        kept = Placement.objects.get(entity=entity_of(unit))
        assert (kept.method, kept.evidence, kept.decided_by, kept.place) == (
            "person", "走访", clerk.name, small_city.community,
        )  # fmt: skip
        assert services.differences(on=NOW) == []


def test_a_town_organizer_places_an_entity_of_his_town_without_seeing_its_lists(
    small_city: SmallCity, clerk: Actor
) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜甲有限公司", address="青岚区书院街道望江路3号")
        build_roster(small_city, [[unit]], clerk)
    with acting(organizer):
        entity = Entity.objects.get()
        services.assign_place(entity=entity, place=small_city.community, reason="走访", by=organizer, on=NOW)
        assert Entity.objects.get().place == small_city.community


def test_a_person_places_no_entity_from_or_to_outside_his_scope(
    small_city: SmallCity, clerk: Actor, county_clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    with acting(clerk):
        inside, outside = entity_of(units["青岚区竹园路9号"]), entity_of(units["白鹭县竹园路9号"])
    for entity, place in ((inside, small_city.far_town), (outside, small_city.town)):
        with acting(county_clerk), pytest.raises(NotPermitted):
            services.assign_place(entity=entity, place=place, reason="走访", by=county_clerk, on=NOW)
    with acting(clerk):
        assert placed(units) == set()


def test_answers_leave_journal_rows_with_ids_and_counts(
    small_city: SmallCity, clerk: Actor, units: dict[str, SourceUnit]
) -> None:
    with acting(clerk):
        answer(small_city, clerk)
        entity = entity_of(units["青岚区望江路3号"])
        services.assign_place(entity=entity, place=small_city.community, reason="走访", by=clerk, on=NOW)
    road = JournalEntry.objects.get(verb="placement.answer_road")
    assert (road.detail, road.place_id, road.actor_id) == ({"entities": 3}, small_city.county.pk, clerk.user_id)
    assert JournalEntry.objects.filter(verb="road.add").count() == 1
    single = JournalEntry.objects.get(verb="placement.assign")
    assert (single.subject_id, single.place_id) == (str(entity.pk), small_city.community.pk)
