"""A place that moves, is renamed or ends takes its entities along, and so do new tables, before anybody builds again."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.services import following
from jingwei.core import journal
from jingwei.core.models import JournalCursor, JournalEntry
from jingwei.core.permissions import Actor, Role, local_operator
from jingwei.places.services import import_overlays, import_roads, move_place
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import NOW, TODAY, SmallCity


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def unit(small_city: SmallCity, clerk: Actor) -> SourceUnit:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜甲有限公司", address="安澜市书院街道竹园社区1号")
        build_roster(small_city, [[unit]], clerk)
        return unit


def move_town(city: SmallCity, clerk: Actor) -> None:
    """The town comes under the other county; its rows of the journal are sealed as if the day had ended."""
    with acting(clerk):
        move_place(place=city.town, parent=city.other_county, effective=TODAY, by=clerk, on=NOW)
    seal()


def seal() -> None:
    for seq, entry in enumerate(JournalEntry.objects.order_by("pk"), 1):
        JournalEntry.objects.filter(pk=entry.pk).update(seq=seq, hash="", sealed_at=NOW)


def follow() -> None:
    """What the job does every minute."""
    with acting(local_operator()):
        while services.follow_places(by=local_operator(), on=NOW):
            pass


def test_the_entities_of_a_moved_town_come_under_its_new_county(
    small_city: SmallCity, clerk: Actor, unit: SourceUnit
) -> None:
    move_town(small_city, clerk)
    with acting(clerk):
        assert entity_of(unit).county == small_city.county
    follow()
    with acting(clerk):
        assert entity_of(unit).county == small_city.other_county
        assert services.differences(on=NOW) == []


def test_what_was_followed_once_is_not_followed_again(
    small_city: SmallCity, clerk: Actor, unit: SourceUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_town(small_city, clerk)
    follow()
    assert JournalCursor.objects.get(pk=following.READER).seq == JournalEntry.objects.count()

    def computed(**_: object) -> int:
        raise AssertionError("nothing is left to follow")

    monkeypatch.setattr(following, "compute_below", computed)
    follow()


def test_other_rows_of_the_journal_are_passed_over(small_city: SmallCity, clerk: Actor, unit: SourceUnit) -> None:
    with acting(local_operator()):
        before = entity_of(unit).computed_at
        journal.record(verb="saved_view.save", subject_type="x", subject_id="no number", by=clerk, on=NOW)
    JournalEntry.objects.filter(verb="saved_view.save").update(seq=1, hash="", sealed_at=NOW)
    follow()
    with acting(local_operator()):
        assert entity_of(unit).computed_at == before
        assert JournalCursor.objects.get(pk=following.READER).seq == 1


def import_park(city: SmallCity, clerk: Actor) -> None:
    """A table names a park that has not been known so far."""
    row = {"名称": "云栖产业园", "类型": "园区", "所在区划代码": "990102", "承担管理责任": "是"}
    with acting(clerk):
        import_overlays(rows=[row], by=clerk, on=NOW)
    seal()


def test_an_imported_table_places_the_entities_it_concerns(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜乙有限公司", address="安澜市青岚区云栖产业园3号楼")
        build_roster(small_city, [[unit]], clerk)
        assert entity_of(unit).overlay is None
    import_park(small_city, clerk)
    with acting(clerk):
        assert [columns for _, columns in services.differences(on=NOW)], "the nightly check would complain"
    follow()
    with acting(clerk):
        assert entity_of(unit).overlay.name == "云栖产业园"
        assert services.differences(on=NOW) == []
        assert JournalEntry.objects.filter(verb="base_roster.rebuild").count() == 1, "coverage and groups follow this"


def test_an_imported_table_of_roads_places_the_entities_of_the_road(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name="安澜丙有限公司", address="安澜市青岚区望江路18号")
        build_roster(small_city, [[unit]], clerk)
        assert entity_of(unit).town is None
        row = {"区县代码": "990102", "道路": "望江路", "起号": "1", "止号": "99", "单双": "", "所属代码": "990102001"}
        import_roads(rows=[row], by=clerk, on=NOW)
    seal()
    follow()
    with acting(clerk):
        assert entity_of(unit).town == small_city.town
        assert services.differences(on=NOW) == []


def test_a_table_that_a_build_has_taken_into_account_computes_nothing_again(
    small_city: SmallCity, clerk: Actor, unit: SourceUnit
) -> None:
    import_park(small_city, clerk)
    with acting(clerk):
        build_roster(small_city, [[unit]], clerk)
    follow()
    assert not JournalEntry.objects.filter(verb="base_roster.rebuild").exists()


def test_tables_that_come_before_the_first_roster_only_move_the_cursor(small_city: SmallCity, clerk: Actor) -> None:
    import_park(small_city, clerk)
    follow()
    assert not JournalEntry.objects.filter(verb="base_roster.rebuild").exists()
    assert JournalCursor.objects.get(pk=following.READER).seq == JournalEntry.objects.count()
