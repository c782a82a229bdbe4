"""`run --city` on an empty installation: divisions and the bodies that every city has, once."""

from pathlib import Path

import pytest

from jingwei.accounts.scope import acting
from jingwei.bodies.models import Body
from jingwei.cli.office import prepare_office
from jingwei.core.permissions import local_operator
from jingwei.core.refusal import Refused
from jingwei.places.models import Place
from tests.city import NOW

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()
DIVISIONS = """代码,名称,上级代码,级别,启用日期,停用日期
990100,安澜市,,市,,
990102,青岚区,990100,区县,,
990121,白鹭县,990100,区县,,
990102001,书院街道,990102,镇街,,
990121101,石桥镇,990121,镇街,,
990102001001,竹园社区,990102001,村（社区）,,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "区划.csv"
    path.write_text(DIVISIONS, encoding="utf-8")
    return path


def test_the_offices_own_list_gives_the_divisions(table: Path) -> None:
    assert prepare_office("安澜", divisions=table, by=OPERATOR, on=NOW)
    assert Place.objects.get(kind=Place.Kind.CITY).name == "安澜市"
    assert Place.objects.count() == 6


def test_city_counties_and_towns_get_the_bodies_there_are_everywhere(table: Path) -> None:
    prepare_office("安澜市", divisions=table, by=OPERATOR, on=NOW)
    with acting(OPERATOR):
        names = {body.name: body for body in Body.objects.select_related("superior", "place")}
    assert names["中共安澜市委社会工作部"].superior == names["中共安澜市委员会"]
    assert names["中共安澜市青岚区委社会工作部"].place.name == "青岚区"  # type: ignore[union-attr]
    assert names["中共安澜市白鹭县委社会工作部"].short_name == "白鹭县委社会工作部"
    assert names["中共安澜市青岚区书院街道工作委员会"].short_name == "书院街道党工委"
    assert names["中共安澜市白鹭县石桥镇委员会"].superior == names["中共安澜市白鹭县委员会"]


def test_the_second_time_nothing_is_made(table: Path) -> None:
    prepare_office("安澜", divisions=table, by=OPERATOR, on=NOW)
    before = Place.objects.count(), Body.objects.count()
    assert not prepare_office("安澜", divisions=table, by=OPERATOR, on=NOW)
    assert not prepare_office("", divisions=None, by=OPERATOR, on=NOW)
    assert (Place.objects.count(), Body.objects.count()) == before


def test_an_installation_of_another_city_is_left_alone(table: Path) -> None:
    prepare_office("安澜", divisions=table, by=OPERATOR, on=NOW)
    with pytest.raises(Refused, match="这里是安澜市的数据，不是霁川"):
        prepare_office("霁川", divisions=None, by=OPERATOR, on=NOW)


def test_a_list_of_another_city_stores_nothing(table: Path) -> None:
    with pytest.raises(Refused, match="不是霁川"):
        prepare_office("霁川", divisions=table, by=OPERATOR, on=NOW)
    assert not Place.objects.exists()


def test_without_city_and_list_it_says_what_to_give() -> None:
    with pytest.raises(Refused, match="--city"):
        prepare_office("", divisions=None, by=OPERATOR, on=NOW)
