import pytest

from jingwei.bodies.models import Body
from jingwei.bodies.services import import_bodies
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.reference_tables import ImportCounts, TableRefused
from tests.city import NOW, SmallCity

pytestmark = pytest.mark.django_db
COLUMNS = ("名称", "类型", "上级", "区域代码", "行业", "成立日期", "提供名单")


def rows(*lines: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, (*line, *[""] * (len(COLUMNS) - len(line))), strict=True)) for line in lines]


CITY_COMMITTEE = ("两新工委", "两新工委", "", "990100", "", "2020-01-01")
COUNTY_COMMITTEE = ("两新工委", "两新工委", "两新工委", "990102")
TRADE = ("安澜市税务局", "职能部门", "两新工委", "990100", "F、G54", "", "税务")


def load(*lines: tuple[str, ...]) -> ImportCounts:
    return import_bodies(rows=rows(*lines), by=local_operator(), on=NOW)


def test_a_table_becomes_bodies_with_superiors_in_any_order(small_city: SmallCity) -> None:
    assert load(COUNTY_COMMITTEE, TRADE, CITY_COMMITTEE) == ImportCounts(created=3)
    trade, county = Body.objects.get(name="安澜市税务局"), Body.objects.get(name="两新工委", place=small_city.county)
    assert (trade.industries, trade.list_kinds) == (["F", "G54"], ["tax"])
    assert trade.superior == county.superior == Body.objects.get(name="两新工委", place=small_city.city)


def test_a_second_import_of_the_same_table_changes_nothing(small_city: SmallCity) -> None:
    load(CITY_COMMITTEE, COUNTY_COMMITTEE, TRADE)
    before = JournalEntry.objects.count()
    assert load(CITY_COMMITTEE, COUNTY_COMMITTEE, TRADE) == ImportCounts(unchanged=3)
    assert JournalEntry.objects.count() == before


def test_what_differs_is_changed_and_counted(small_city: SmallCity) -> None:
    load(CITY_COMMITTEE, TRADE)
    assert load((*TRADE[:4], "F", "", "税务")) == ImportCounts(changed=1)
    assert Body.objects.get(name="安澜市税务局").industries == ["F"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (("", "职能部门", "", "990100"), "名称"),
        (("某局", "局", "", "990100"), "类型"),
        (("某局", "职能部门", "没有的单位", "990100"), "上级"),
        (("某局", "职能部门", "某局", "990100"), "上级"),
        (("某局", "职能部门", "", "990199"), "区域代码"),
        (("某局", "职能部门", "", "990100", "交通"), "行业"),
        (("某局", "职能部门", "", "990100", "", "去年"), "成立日期"),
        (("某局", "职能部门", "", "990100", "", "", "报税表"), "提供名单"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(small_city: SmallCity, line: tuple[str, ...], field: str) -> None:
    before = Body.objects.count()
    with pytest.raises(TableRefused) as refused:
        load(CITY_COMMITTEE, line)
    assert [(problem.row, problem.field) for problem in refused.value.problems] == [(2, field)]
    assert Body.objects.count() == before


def test_a_ring_of_superiors_is_refused(small_city: SmallCity) -> None:
    with pytest.raises(TableRefused, match="绕成了圈"):
        load(("甲局", "职能部门", "乙局", "990100"), ("乙局", "职能部门", "甲局", "990100"))


def test_a_county_clerk_imports_bodies_of_the_county_only(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.county)
    own = rows(("青岚区商务局", "职能部门", "", "990102"))
    assert import_bodies(rows=own, by=clerk, on=NOW).created == 1
    with pytest.raises(NotPermitted):
        import_bodies(rows=rows(("白鹭县商务局", "职能部门", "", "990121")), by=clerk, on=NOW)
