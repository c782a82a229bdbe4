"""Offices, committees and departments of the invented city, in the order of their rank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jingwei.demo.city import trades, words
from jingwei.demo.city.places import PARK, STREET, Places, Tile

_LISTS = {
    "市场监督管理局": "市场监管",
    "税务局": "税务",
    "社会保险中心": "社保",
    "民政局": "民政",
    "司法局": "司法",
}
_SHORT = {"市场监督管理局": "市监局", "社会保险中心": "社保中心"}
_PARTY_LISTS = "党组织、党员数"
_OFFICE_SINCE = date(2024, 1, 15)
_COUNTY_OFFICE_SINCE = date(2024, 3, 28)


@dataclass(frozen=True, slots=True)
class Body:
    """`area` is a division code, for a park its own code; `lists` names what the body delivers."""

    name: str
    short: str
    kind: str
    superior: str
    area: str
    industries: tuple[str, ...]
    since: date
    lists: str = ""


def make_bodies(places: Places) -> list[Body]:
    """Every body: the city's, then each county's with its towns and parks."""
    bodies = list(_level(words.CITY, str(words.CITY_AREA), "", city=True))
    for number, county in enumerate(places.counties):
        bodies += _level(words.CITY + county.name, str(county.code), f"中共{words.CITY}委员会", city=False)
        bodies += _industry_bodies(words.CITY + county.name, str(county.code), number)
        bodies += [area_committee(places, tile) for tile in places.tiles if tile.county == number and tile.answers]
        bodies += [_park_office(places, tile) for tile in places.tiles if tile.county == number and tile.kind == PARK]
    return bodies


def area_committee(places: Places, tile: Tile) -> Body:
    """The Party committee of a street, town or answering park."""
    where = words.CITY + places.counties[tile.county].name
    is_working = tile.kind in (STREET, PARK)
    name = f"中共{where}{tile.name}{'工作委员会' if is_working else '委员会'}"
    short = tile.name + ("党工委" if is_working else "党委")
    return Body(name, short, "区域党委", f"中共{where}委员会", tile.code, (), date(2011, 6, 1))


def industry_committee(place: str, area: str, committee: trades.Committee) -> Body:
    name, short = f"中共{place}{committee.trade}行业委员会", f"{committee.trade}行业党委"
    since = date(2019, 7, 1) if committee.city_only else date(2021, 5, 8)
    return Body(name, short, "行业党委", _office_name(place), area, committee.industries, since)


def committees_of(county: int) -> list[trades.Committee]:
    """Industry committees of a county: all common trades in the first, two in the others."""
    common = [committee for committee in trades.COMMITTEES if not committee.city_only]
    return common if county == 0 else [item for item in common if item.trade in ("物业服务", "民办教育")]


def rows(bodies: list[Body]) -> Iterator[tuple[object, ...]]:
    for body in bodies:
        yield (
            body.name,
            body.short,
            body.kind,
            body.superior,
            body.area,
            "、".join(body.industries),
            body.since.isoformat(),
            body.lists,
        )


HEADER = ("名称", "简称", "类型", "上级", "区域代码", "行业", "成立日期", "提供名单")


def _level(place: str, area: str, superior: str, *, city: bool) -> Iterator[Body]:
    """The committee of a city or county, its offices and departments."""
    rank = "市" if city else place[-1]
    committee, since = f"中共{place}委员会", _OFFICE_SINCE if city else _COUNTY_OFFICE_SINCE
    yield Body(committee, f"{rank}委", "地方党委", superior, area, (), date(1983, 5, 1))
    yield Body(f"中共{place}委组织部", f"{rank}委组织部", "组织部门", committee, area, (), date(1983, 5, 1))
    yield Body(f"中共{place}委社会工作部", f"{rank}委社会工作部", "社会工作部门", committee, area, (), since)
    yield Body(_office_name(place), f"{rank}委两新工委", "两新工委", committee, area, (), since, _PARTY_LISTS)
    for department, delivered in _LISTS.items():
        short = rank + _SHORT.get(department, department)
        yield Body(place + department, short, "职能部门", "", area, (), date(2019, 1, 1), delivered if city else "")
    yield Body(
        f"中共{place}社会组织综合委员会",
        "社会组织综合党委",
        "综合党委",
        _office_name(place),
        area,
        (),
        date(2016, 9, 1),
    )
    if city:
        for item in trades.COMMITTEES:
            if item.city_only:
                yield industry_committee(place, area, item)


def _industry_bodies(place: str, area: str, county: int) -> Iterator[Body]:
    for committee in committees_of(county):
        yield industry_committee(place, area, committee)


def _office_name(place: str) -> str:
    return f"中共{place}委新经济组织和新社会组织工作委员会"


def _park_office(places: Places, tile: Tile) -> Body:
    where = words.CITY + places.counties[tile.county].name
    name = f"{where}{tile.name}管理委员会"
    return Body(name, f"{tile.name}管委会", "园区管理机构", "", tile.code, (), date(2009, 3, 1))
