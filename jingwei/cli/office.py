"""A fresh installation becomes the office of a city: its divisions, and the bodies there are in every city."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.bodies import services as bodies
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.core.reference_tables import Row, read_reference_table
from jingwei.core.refusal import Refused
from jingwei.places import services as places
from jingwei.places.models import Place, PlaceCode
from jingwei.places.selectors import root

WORKING_COMMITTEES = ("街道", "开发区", "管理处", "管委会", "管理委员会", "园区")


def prepare_office(city: str, *, divisions: Path | None, by: Actor, on: datetime) -> bool:
    """Import the city's divisions and found its bodies, once; returns whether anything was made.

    Raises ``Refused`` when the installation is another city's, or nobody said which city it is.
    """
    with acting(by):
        there = root()
        if there is not None:
            refuse_other_city(there, city)
            return False
        if not city and divisions is None:
            raise Refused("这里还没有区划。请用 --city 写明是哪个市，如 --city 南昌，或用 --divisions 给出本市区划表。")
        rows = read_reference_table(divisions) if divisions else places.divisions_of_city(city=city)
        places.import_divisions(rows=rows, by=by, on=on)
        made = root()
        if made is None:
            raise Refused("区划表里没有级别为“市”的行。")
        refuse_other_city(made, city)
        bodies.import_bodies(rows=list(minimal_bodies(made, timezone.localdate(on))), by=by, on=on)
    return True


def refuse_other_city(place: Place, city: str) -> None:
    """Raise ``Refused`` when the city here is not the one that was named, by its full or its bare name."""
    bare = city.removesuffix("市")
    if city and not (len(bare) > 1 and place.name.startswith(bare)):
        raise Refused(f"这里是{place.name}的数据，不是{city}。要另建一套，请设 JW_VAR 指向另一个目录。")


def minimal_bodies(city: Place, day: date) -> Iterator[Row]:
    """What every city has: committee, social work department and work committee; below them those of the
    counties and the committee of each town. The office adds the others on the page of bodies.
    """
    divisions = PlaceCode.objects.filter(system=PlaceCode.System.DIVISION, valid__contains=day)
    codes = dict(divisions.values_list("place_id", "code"))
    yield from level(city.name, "市委", codes[city.pk], above="")
    for county in Place.objects.active_on(day).filter(kind=Place.Kind.COUNTY).order_by("position"):
        where = f"{city.name}{county.name}"
        yield from level(where, f"{county.name}委", codes[county.pk], above=f"中共{city.name}委员会")
        towns = Place.objects.active_on(day).filter(kind=Place.Kind.TOWN, parent=county).order_by("position")
        for town in towns:
            is_working = town.name.endswith(WORKING_COMMITTEES)
            name = f"中共{where}{town.name}{'工作委员会' if is_working else '委员会'}"
            short = f"{town.name}{'党工委' if is_working else '党委'}"
            yield body(name, short, Body.Kind.AREA_COMMITTEE, f"中共{where}委员会", codes[town.pk])


def level(where: str, short: str, code: str, *, above: str) -> Iterator[Row]:
    """The three bodies of a city or county."""
    committee = f"中共{where}委员会"
    yield body(committee, short, Body.Kind.PARTY_COMMITTEE, above, code)
    yield body(f"中共{where}委社会工作部", f"{short}社会工作部", Body.Kind.SOCIAL_WORK_DEPARTMENT, committee, code)
    yield body(
        f"中共{where}委新经济组织和新社会组织工作委员会", f"{short}两新工委", Body.Kind.WORK_COMMITTEE, committee, code
    )


def body(name: str, short: str, kind: Body.Kind, superior: str, code: str) -> Row:
    return {
        "名称": name, "简称": short, "类型": str(kind.label), "上级": superior, "区域代码": code, "行业": "", "成立日期": "",
    }  # fmt: skip
