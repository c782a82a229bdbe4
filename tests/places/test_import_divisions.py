from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused
from jingwei.places.models import Place, PlaceAlias, PlaceChange
from jingwei.places.services import import_divisions
from tests.city import NOW, SmallCity
from tests.places.rows import CITY, COMMUNITY, COUNTY, OTHER_COUNTY, SMALL_TREE, TOWN, divisions

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


def load(rows: list[dict[str, str]]) -> ImportCounts:
    return import_divisions(rows=rows, by=OPERATOR, on=NOW)


def problems(rows: list[dict[str, str]]) -> list[tuple[int, str]]:
    with pytest.raises(TableRefused) as refused:
        load(rows)
    assert not Place.objects.exists()
    return [(problem.row, problem.field) for problem in refused.value.problems]


def test_a_table_in_any_order_becomes_one_tree() -> None:
    assert load(divisions(COMMUNITY, TOWN, COUNTY, CITY)).created == 4
    community = Place.objects.get(name="竹园社区")
    assert [Place.objects.get(pk=pk).name for pk in community.path.split(".")] == [
        "安澜市", "青岚区", "书院街道", "竹园社区",
    ]  # fmt: skip


def test_a_second_import_of_the_same_table_changes_nothing() -> None:
    ended = divisions(
        *[tuple(row.values()) for row in SMALL_TREE],
        ("990102009", "旧渡乡", "990102", "镇街", "1990-01-01", "2005-06-01"),
    )
    assert load(ended) == ImportCounts(created=6)
    before = list(Place.objects.values_list("pk", "path", "valid")), JournalEntry.objects.count()
    assert load(ended) == ImportCounts(unchanged=6)
    assert (list(Place.objects.values_list("pk", "path", "valid")), JournalEntry.objects.count()) == before


def test_a_new_name_is_a_renaming_and_the_old_name_stays_readable() -> None:
    load(SMALL_TREE)
    assert load(divisions(CITY, ("990102", "青岚新区", "990100", "区县"))) == ImportCounts(changed=1, unchanged=1)
    county = Place.objects.get(name="青岚新区")
    assert PlaceAlias.objects.get(place=county).name == "青岚区"
    assert PlaceChange.objects.get(place=county).get_kind_display() == "更名"


def test_another_parent_is_a_move_of_the_whole_subtree() -> None:
    load(SMALL_TREE)
    load(divisions(OTHER_COUNTY, ("990102001", "书院街道", "990121", "镇街")))
    county = Place.objects.get(name="白鹭县")
    assert Place.objects.get(name="竹园社区") in Place.objects.within(county)


def test_an_end_date_closes_the_place_and_its_code() -> None:
    load(SMALL_TREE)
    load(divisions((*COMMUNITY, "", "2026-07-01")))
    community = Place.objects.get(name="竹园社区")
    assert community.valid.upper == community.codes.get().valid.upper == date(2026, 7, 1)


def test_a_place_cannot_end_while_places_below_it_go_on() -> None:
    load(SMALL_TREE)
    with pytest.raises(TableRefused, match="竹园社区（上级书院街道）"):
        load(divisions((*TOWN, "", "2026-07-01")))
    assert Place.objects.get(name="书院街道").valid.upper is None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([CITY, ("99010", "青岚区", "990100", "区县")], [(2, "代码")]),
        ([CITY, ("990102", "", "990100", "区县")], [(2, "名称")]),
        ([CITY, ("990102", "青岚区", "990100", "区")], [(2, "级别")]),
        ([CITY, COUNTY, COUNTY], [(3, "代码")]),
        ([CITY, ("990102", "青岚区", "990199", "区县")], [(2, "上级代码")]),
        ([CITY, COUNTY, TOWN, ("990122", "乱县", "990102001", "区县")], [(4, "上级代码")]),
        ([("990100", "安澜市", "990100", "市")], [(1, "上级代码")]),
        ([CITY, ("990102", "青岚区", "990102", "区县")], [(2, "上级代码")]),
        ([CITY, (*COUNTY, "2026-13-01")], [(2, "启用日期")]),
        ([CITY, (*COUNTY, "2020-01-01", "2020-01-01")], [(2, "停用日期")]),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(
    rows: Sequence[Sequence[str]], expected: list[tuple[int, str]]
) -> None:
    assert problems(divisions(*rows)) == expected


def test_there_is_one_city_and_only_one() -> None:
    second = ("990200", "澜东市", "", "市")
    assert problems(divisions(CITY, second)) == []
    load(SMALL_TREE)
    with pytest.raises(TableRefused, match="只能有一个市"):
        load(divisions(second))


def test_a_county_administration_may_not_change_the_tree_of_the_city(small_city: SmallCity) -> None:
    with pytest.raises(NotPermitted):
        import_divisions(rows=SMALL_TREE, by=small_city.actor(Role.CLERK, place=small_city.county), on=NOW)


def test_many_places_take_a_handful_of_statements() -> None:
    load(SMALL_TREE)
    towns = [(f"990102{number:03}", f"第{number}镇", "990102", "镇街") for number in range(100, 120)]
    villages = [
        (f"{town[0]}{number:03}", f"{number}村", town[0], "村（社区）") for town in towns for number in range(100)
    ]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert load(divisions(*towns, *villages)).created == 2_020
    assert len(captured) < 60
