from collections import Counter, defaultdict
from datetime import date

import pytest

from jingwei.demo.city.noise import Noise
from jingwei.demo.city.places import make_places
from tests.demo.conftest import Written, read_csv, read_list

STREETS = ["红湾街道", "书院街道", "临江街道", "广润街道", "青岚路街道", "望城街道", "云栖街道", "东坪街道"]


def test_every_division_but_the_city_has_a_superior(city: Written) -> None:
    rows = city.place("区划.csv")
    codes = {row["代码"] for row in rows}

    assert len(codes) == len(rows)
    assert all(row["上级代码"] in codes for row in rows if row["级别"] != "市")


def test_the_county_of_the_pictures_has_its_streets_towns_and_parks(city: Written) -> None:
    towns = [row["名称"] for row in city.place("区划.csv") if row["上级代码"] == "990102" and not row["停用日期"]]
    answering = {row["名称"] for row in city.place("载体.csv") if row["承担管理责任"] == "是"}

    assert towns == [*STREETS, "沙洲镇", "柏林镇", "石桥镇"]
    assert {"高新产业园", "物流产业园"} <= answering


def test_no_old_code_stands_for_two_places_at_one_time(city: Written) -> None:
    current = {row["代码"] for row in city.place("区划.csv") if not row["停用日期"]}
    rows = city.place("区划沿革.csv")

    assert {row["新代码"] for row in rows} <= current
    assert not {row["旧代码"] for row in rows} & current
    assert max(Counter(row["旧代码"] for row in rows).values()) == 1
    assert all(date.fromisoformat(row["起"]) < date.fromisoformat(row["止"]) for row in rows)


def test_overlays_lie_in_divisions_of_today(city: Written) -> None:
    current = {row["代码"] for row in city.place("区划.csv") if not row["停用日期"]}
    overlays = city.place("载体.csv")

    assert {row["类型"] for row in overlays} == {"园区", "楼宇", "市场", "商圈"}
    assert {code for row in overlays for code in row["所在区划代码"].split("、")} <= current


def test_no_county_has_two_overlays_of_one_name_and_kind(city: Written) -> None:
    named = [(row["名称"], row["类型"], row["所在区划代码"][:6]) for row in city.place("载体.csv")]

    assert len(named) == len(set(named))


def test_the_known_house_numbers_never_contradict_each_other(city: Written) -> None:
    taken: dict[tuple[str, str, int], str] = {}
    for row in city.place("路段.csv"):
        step = 1 if row["单双"] == "全部" else 2
        for number in range(int(row["起号"]), int(row["止号"]) + 1, step):
            assert taken.setdefault((row["区县代码"], row["道路"], number), row["所属代码"]) == row["所属代码"]


def test_the_known_house_numbers_are_true_but_cover_only_some_roads(city: Written) -> None:
    true: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read_csv(city.out / "truth/roads.csv"):
        true[row["county_code"], row["road"]].add(row["place_code"])
    parks = {row["编号"]: set(row["所在区划代码"].split("、")) for row in city.place("载体.csv")}
    known = city.place("路段.csv")

    for row in known:
        communities = true[row["区县代码"], row["道路"]]
        inside = parks.get(row["所属代码"]) or {code for code in communities if code.startswith(row["所属代码"])}
        assert inside & communities
    assert 0.3 < len({(row["区县代码"], row["道路"]) for row in known}) / len(true) < 0.6


def test_units_are_placed_in_places_that_exist(city: Written) -> None:
    current = {row["代码"] for row in city.place("区划.csv") if not row["停用日期"]}
    overlays = {row["编号"] for row in city.place("载体.csv")} | {""}

    for entity in city.entities().values():
        assert {entity["county_code"], entity["town_code"], entity["place_code"]} <= current
        assert entity["place_code"].startswith(entity["town_code"])
        assert entity["overlay_code"] in overlays


def test_every_body_has_a_name_of_its_own_and_a_superior_that_exists(city: Written) -> None:
    names = [body["名称"] for body in city.bodies]

    assert len(names) == len(set(names))
    assert {body["上级"] for body in city.bodies} <= {*names, ""}


def test_bodies_sit_in_places_that_exist(city: Written) -> None:
    places = {row["代码"] for row in city.place("区划.csv")} | {row["编号"] for row in city.place("载体.csv")}

    assert {body["区域代码"] for body in city.bodies} <= places


def test_each_list_comes_from_one_body(city: Written) -> None:
    delivered = Counter(
        kind for body in city.bodies if body["区域代码"] == "990100" for kind in body["提供名单"].split("、")
    )
    delivered.pop("")

    assert delivered == Counter(["市场监管", "税务", "社保", "民政", "司法", "党组织", "党员数"])


def test_in_a_clean_city_every_superior_of_an_organization_is_a_body(clean_city: Written) -> None:
    path = next(path for path in clean_city.files() if path.stem == "党组织")
    header, lines = read_list(path)
    names = {body["名称"] for body in clean_city.bodies}
    superiors = {line[header.index("上级党组织")] for line in lines.values()} - {""}

    assert superiors <= names


@pytest.mark.parametrize(("registered", "counties", "towns"), [(2500, 3, 35), (60_001, 11, 131)])
def test_larger_cities_have_more_counties(registered: int, counties: int, towns: int) -> None:
    places = make_places(Noise(5), registered)

    assert len(places.counties) == counties
    assert sum(tile.owner == number for number, tile in enumerate(places.tiles)) == towns
