"""Roads in addresses and the roads worth asking about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.placement import Parity, Road, RoadRange, UnplacedRoad, parse_road, unplaced_roads
from jingwei.domain.placement.roads import RoadTable
from tests.domain.placement.anlan import place


@pytest.mark.parametrize(
    ("address", "road"),
    [
        ("东洲省安澜市云溪区望江街道沿江中路12号", Road("沿江中路", 12)),
        ("安澜市云溪区沿江中路１２号", Road("沿江中路", 12)),
        ("安澜市沿江南大道中段东侧1599号写字楼", Road("沿江南大道", 1599)),
        ("安澜市云溪区长麦路328.336号店面", Road("长麦路", 328)),
        ("安澜市云溪区同志街72-1号", Road("同志街", 72)),
        ("安澜市云溪区人民大街以东、公平路以南", Road("人民大街", None)),
        ("安澜市云溪区环湖路阳光小区3栋502室", Road("环湖路", None)),
        ("高新工业园富山大道238号", Road("富山大道", 238)),
        ("安澜市云溪区市府路3号", Road("市府路", 3)),
        ("安澜市云溪区洪城路8号", Road("洪城路", 8)),
        ("北山县102国道旁", Road("102国道", None)),
        ("安澜市文昌区友谊道12号", Road("友谊道", 12)),
        ("安澜市文昌区西三道街5号", Road("西三道街", 5)),
        ("安澜市文昌区三道镇三道村", None),
        ("安澜市云溪区望江街道桃源社区", None),
        ("", None),
    ],
)
def test_the_road_and_its_number_are_read_from_an_address(address: str, road: Road | None) -> None:
    assert parse_road(address) == road


@given(st.text("安澜市云溪区街道路大号123东村镇（）", max_size=24))
def test_a_road_is_always_a_part_of_the_address(address: str) -> None:
    road = parse_road(address)
    assert road is None or road.name in address


def test_two_ranges_that_both_fit_prove_nothing() -> None:
    table = RoadTable([RoadRange(1, "环湖路", 2, 1, 20), RoadRange(1, "环湖路", 3, 15, 40)])
    assert table.find(1, Road("环湖路", 10)) == (2, True)
    assert table.find(1, Road("环湖路", 17)) is None
    assert table.find(1, Road("环湖路", 41)) is None


def test_a_road_needs_its_number_unless_the_whole_road_lies_in_one_place() -> None:
    halves = RoadTable([RoadRange(1, "环湖路", 2, parity=Parity.ODD), RoadRange(1, "环湖路", 3, parity=Parity.EVEN)])
    assert halves.find(1, Road("环湖路", None)) is None
    assert halves.find(1, Road("环湖路", 7)) == (2, True)
    both = RoadTable([RoadRange(1, "环湖路", 2, parity=Parity.ODD), RoadRange(1, "环湖路", 2, parity=Parity.EVEN)])
    assert both.find(1, Road("环湖路", None)) == (2, False)


def test_a_range_with_numbers_says_nothing_of_an_address_without_one() -> None:
    assert RoadTable([RoadRange(1, "环湖路", 2, 1, 20)]).find(1, Road("环湖路", None)) is None


def test_the_roads_with_most_unplaced_entities_come_first() -> None:
    addresses = [
        "云溪区人民路1号", "云溪区人民路2号", "文昌区解放路7号", "云溪区青年路", "文昌区人民路9号",
        "云溪区石桥镇人民路3号", "安澜市人民路4号", "云溪区环湖路5号", "云溪区远帆大厦",
    ]  # fmt: skip
    assert unplaced_roads(place(address) for address in addresses) == [
        UnplacedRoad(10, "人民路", 2),
        UnplacedRoad(10, "青年路", 1),
        UnplacedRoad(11, "人民路", 1),
        UnplacedRoad(11, "解放路", 1),
    ]


def test_an_entity_known_deeper_than_its_county_has_no_road_to_ask_about() -> None:
    assert place("云溪区石桥镇人民路3号").road is None
    assert place("云溪区人民路3号").road == Road("人民路", 3)
