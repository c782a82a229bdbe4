"""An invented city for the placement tests: 安澜市 with three districts and a park over two towns.

安澜市 1 (990100)
  云溪区 10 (990102): 望江街道 101 (桃源社区居委会 1011), 石桥镇 102 (青禾村委会 1021, 新民村 1022)
  文昌区 11 (990103), called 文昌县 (990121) until 2016: 城关镇 111 (新民村 1111), 柳林乡 112
  北山县 12 (990123): 城关镇 121, 石桥街道 122
  湾岭区 (990105) was abolished in 2019; its land went to 云溪区 and 文昌区. 岭头镇 113 is 文昌区's now.
Overlays: 安澜高新技术产业开发区 20 (zone code 990170) over 石桥镇 and 柳林乡, 远帆大厦 21 in 望江街道,
  金桥市场 22 in 城关镇 of 文昌区, 旧市场 23 given up in 2020, two buildings called 财富广场 24, 25.
"""

from datetime import date

from jingwei.domain.placement import (
    DatedText,
    Gazetteer,
    Membership,
    Parity,
    PlaceKind,
    PlacementVerdict,
    PlaceRecord,
    RoadRange,
)

TODAY = date(2024, 6, 1)
CITY, YUNXI, WENCHANG, BEISHAN = 1, 10, 11, 12
WANGJIANG, SHIQIAO, CHENGGUAN, LIULIN, LINGTOU = 101, 102, 111, 112, 113
TAOYUAN, QINGHE, XINMIN = 1011, 1021, 1022
PARK, TOWER, MARKET = 20, 21, 22


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def _county(id_: int, name: str, *codes: DatedText, aliases: tuple[DatedText, ...] = (), west: int = 0) -> PlaceRecord:
    return PlaceRecord(
        id_, PlaceKind.COUNTY, name, CITY, codes=codes, aliases=aliases, boundary=square(west, 0, west + 10, 10)
    )


def _place(id_: int, kind: PlaceKind, name: str, parent: int) -> PlaceRecord:
    return PlaceRecord(id_, kind, name, parent)


def _overlay(
    id_: int,
    kind: PlaceKind,
    name: str,
    *inside: int,
    shorts: tuple[str, ...] = (),
    codes: tuple[DatedText, ...] = (),
    until: date | None = None,
) -> PlaceRecord:
    members = tuple(Membership(place) for place in inside)
    return PlaceRecord(
        id_,
        kind,
        name,
        CITY,
        short_names=shorts,
        codes=codes,
        memberships=members,
        takes_responsibility=True,
        until=until,
    )


ABOLISHED = date(2019, 12, 6)
UPGRADED = date(2016, 1, 1)

PLACES = (
    PlaceRecord(CITY, PlaceKind.CITY, "安澜市", codes=(DatedText("990100"),)),
    _county(YUNXI, "云溪区", DatedText("990102"), DatedText("990105", None, ABOLISHED),
            aliases=(DatedText("湾岭区", None, ABOLISHED),)),
    _county(WENCHANG, "文昌区", DatedText("990103", UPGRADED), DatedText("990121", None, UPGRADED),
            DatedText("990105", None, ABOLISHED), west=10,
            aliases=(DatedText("文昌县", None, UPGRADED), DatedText("湾岭区", None, ABOLISHED))),
    _county(BEISHAN, "北山县", DatedText("990123000000"), west=20),
    PlaceRecord(WANGJIANG, PlaceKind.TOWN, "望江街道办事处", YUNXI, boundary=square(0, 0, 4, 4),
                codes=(DatedText("990102001"),)),
    _place(SHIQIAO, PlaceKind.TOWN, "石桥镇", YUNXI),
    _place(CHENGGUAN, PlaceKind.TOWN, "城关镇", WENCHANG),
    _place(LIULIN, PlaceKind.TOWN, "柳林乡", WENCHANG),
    PlaceRecord(LINGTOU, PlaceKind.TOWN, "岭头镇", WENCHANG,
                aliases=(DatedText("文昌县老岭乡", None, UPGRADED),)),
    _place(121, PlaceKind.TOWN, "城关镇", BEISHAN),
    _place(122, PlaceKind.TOWN, "石桥街道", BEISHAN),
    _place(TAOYUAN, PlaceKind.COMMUNITY, "桃源社区居民委员会", WANGJIANG),
    _place(QINGHE, PlaceKind.COMMUNITY, "青禾村委会", SHIQIAO),
    _place(XINMIN, PlaceKind.COMMUNITY, "新民村", SHIQIAO),
    _place(1111, PlaceKind.COMMUNITY, "新民村", CHENGGUAN),
    _overlay(PARK, PlaceKind.PARK, "安澜高新技术产业开发区", SHIQIAO, LIULIN, shorts=("高新区", "高新开发区"),
             codes=(DatedText("990170"),)),
    _overlay(TOWER, PlaceKind.BUILDING, "远帆大厦", WANGJIANG),
    _overlay(MARKET, PlaceKind.MARKET, "金桥市场", CHENGGUAN),
    _overlay(23, PlaceKind.MARKET, "旧市场", CHENGGUAN, until=date(2020, 1, 1)),
    _overlay(24, PlaceKind.BUILDING, "财富广场", WANGJIANG),
    _overlay(25, PlaceKind.BUILDING, "财富广场", CHENGGUAN),
)  # fmt: skip

ROADS = (
    RoadRange(YUNXI, "沿江中路", WANGJIANG, 1, 99, Parity.ODD),
    RoadRange(YUNXI, "沿江中路", SHIQIAO, 2, 98, Parity.EVEN),
    RoadRange(YUNXI, "沿江中路", SHIQIAO, 100, None),
    RoadRange(YUNXI, "环湖路", TAOYUAN),
    RoadRange(YUNXI, "远帆路", TOWER, 8, 8),
    RoadRange(WENCHANG, "沿江中路", LIULIN),
)

GAZETTEER = Gazetteer(PLACES, ROADS)


def place(
    address: str = "", area: str = "", registrar: str = "", point: tuple[float, float] | None = None, on: date = TODAY
) -> PlacementVerdict:
    """Places an address in the invented city; `area` is the six digits of the code."""
    uscc = f"91{area}MA00000000" if area else ""
    return GAZETTEER.place(address, uscc, registrar, point, on=on)
