from datetime import date

import pytest

from jingwei.core.permissions import local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused
from jingwei.places.models import OverlayMembership, Place
from jingwei.places.services import import_overlays
from tests.city import NOW, TODAY, SmallCity
from tests.places.rows import OVERLAY_COLUMNS, table

pytestmark = pytest.mark.django_db
PARK = ("临江产业园", "园区", "990102001、990102002", "是")
TOWER = ("书院大厦", "楼宇", "990102001001", "")


def load(*rows: tuple[str, ...]) -> ImportCounts:
    return import_overlays(rows=table(OVERLAY_COLUMNS, *rows), by=local_operator(), on=NOW)


def lies_in(name: str, day: date = TODAY) -> set[str]:
    held = OverlayMembership.objects.filter(overlay__name=name, valid__contains=day)
    return set(held.values_list("place__name", flat=True))


def test_an_overlay_hangs_under_the_county_that_holds_all_its_places(small_city: SmallCity) -> None:
    load(PARK, TOWER, ("两县商圈", "商圈", "990102001、990121", "否"))
    assert Place.objects.get(name="临江产业园").parent == Place.objects.get(name="书院大厦").parent == small_city.county
    assert Place.objects.get(name="两县商圈").parent == small_city.city
    assert lies_in("临江产业园") == {"书院街道", "临江街道"}
    assert Place.objects.get(name="临江产业园").takes_responsibility


def test_a_second_import_changes_nothing(small_city: SmallCity) -> None:
    assert load(PARK, TOWER) == ImportCounts(created=2)
    assert load(PARK, TOWER) == ImportCounts(unchanged=2)


def test_a_change_of_places_is_dated_and_the_past_stays(small_city: SmallCity) -> None:
    load(PARK)
    assert load(("临江产业园", "园区", "990102002", "否")) == ImportCounts(changed=1)
    assert lies_in("临江产业园") == {"临江街道"}
    assert lies_in("临江产业园", date(2026, 10, 30)) == {"书院街道", "临江街道"}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("", "园区", "990102", "是"), "名称"),
        (("某园", "公园", "990102", "是"), "类型"),
        (("某园", "园区", "990199", "是"), "所在区划代码"),
        (("某园", "园区", "", "是"), "所在区划代码"),
        (("某园", "园区", "990102", "也许"), "承担管理责任"),
        (PARK, "名称"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(small_city: SmallCity, row: tuple[str, ...], field: str) -> None:
    before = Place.objects.count()
    with pytest.raises(TableRefused) as refused:
        load(PARK, row)
    assert [(problem.row, problem.field) for problem in refused.value.problems] == [(2, field)]
    assert Place.objects.count() == before
