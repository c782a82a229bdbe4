from datetime import date

import pytest

from jingwei.core.permissions import local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused
from jingwei.places.models import Place, PlaceAlias, PlaceCode
from jingwei.places.selectors import CodeBook, gazetteer
from jingwei.places.services import import_divisions, import_history
from tests.city import NOW, TODAY, SmallCity
from tests.places.rows import HISTORY_COLUMNS, divisions, table

pytestmark = pytest.mark.django_db
OLD_DISTRICT = ("990104", "澜北区", "990102", "1983-05-01", "2016-12-31", "并入青岚区")
ZONE = ("990170", "高新技术产业开发区", "990102", "2003-01-01", "")


def load(*rows: tuple[str, ...]) -> ImportCounts:
    return import_history(rows=table(HISTORY_COLUMNS, *rows), by=local_operator(), on=NOW)


def test_an_old_code_and_an_old_name_lead_to_the_place_of_today(small_city: SmallCity) -> None:
    load(OLD_DISTRICT)
    assert CodeBook().find("990104") == small_city.county
    by_code = gazetteer().place("", "91990104MA00000000", on=TODAY)
    by_name = gazetteer().place("安澜市澜北区解放路1号", on=TODAY)
    assert by_code.place_id == by_name.place_id == small_city.county.pk


def test_the_last_day_is_kept_as_a_day_in_use(small_city: SmallCity) -> None:
    load(OLD_DISTRICT)
    assert PlaceCode.objects.get(code="990104").valid.upper == date(2017, 1, 1)


def test_zones_are_told_from_abolished_divisions_by_their_name(small_city: SmallCity) -> None:
    load(OLD_DISTRICT, ZONE)
    assert PlaceCode.objects.get(code="990170").system == PlaceCode.System.ZONE
    assert PlaceAlias.objects.get(name="高新技术产业开发区").kind == PlaceAlias.Kind.ZONE
    assert PlaceAlias.objects.get(name="澜北区").kind == PlaceAlias.Kind.ABOLISHED


def test_a_second_import_changes_nothing_and_a_correction_one_row(small_city: SmallCity) -> None:
    assert load(OLD_DISTRICT, ZONE) == ImportCounts(created=4)
    assert load(OLD_DISTRICT, ZONE) == ImportCounts(unchanged=4)
    assert load((*OLD_DISTRICT[:4], "2015-12-31", "并入青岚区")) == ImportCounts(changed=2)


def test_a_district_that_was_divided_leads_to_both_parts(small_city: SmallCity) -> None:
    load(("990111", "郊区", "990102"), ("990111", "郊区", "990121"))
    assert gazetteer().place("", "91990111MA00000000", on=TODAY).place_id == small_city.city.pk


def test_a_name_without_a_code_and_a_code_without_a_name_are_enough(small_city: SmallCity) -> None:
    assert load(("", "老城区", "990102"), ("990105", "", "990102")) == ImportCounts(created=2)


def test_a_division_the_tree_still_shows_hands_over_on_the_day_of_its_end(small_city: SmallCity) -> None:
    closed = ("990104", "澜北区", "990100", "区县", "1983-05-01", "2017-01-01")
    import_divisions(rows=divisions(closed), by=local_operator(), on=NOW)
    load(OLD_DISTRICT)
    places, number = gazetteer(), "91990104MA00000000"
    assert places.place("", number, on=TODAY).place_id == small_city.county.pk
    assert places.place("", number, on=date(2016, 12, 31)).place_id == Place.objects.get(name="澜北区").pk


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("990104", "澜北区", "990199"), "新代码"),
        (("", "", "990102"), "旧代码"),
        (("990104", "澜北区", "990102", "2016-01-01", "2015-01-01"), "止"),
        (("990121", "白鹭县", "990102"), "旧代码"),
    ],
)
def test_a_wrong_row_is_named(small_city: SmallCity, row: tuple[str, ...], field: str) -> None:
    with pytest.raises(TableRefused) as refused:
        load(OLD_DISTRICT, row)
    assert [(problem.row, problem.field) for problem in refused.value.problems] == [(2, field)]
    assert not PlaceAlias.objects.exists()
