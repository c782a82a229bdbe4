"""党组织 and 党员数: the office's own two lists, typed by hand and dirtier than the rest."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jingwei.demo.city import bodies, damage, forms, tables, trades, words
from jingwei.demo.city.noise import Flags, Floats, Ints, Texts, texts
from jingwei.demo.city.places import PARK, STREET
from jingwei.demo.city.tables import Sheet
from jingwei.demo.city.world import World

ORGANIZATIONS, COUNTS = "党组织", "党员数"
_OWN, _OWN_MOST = 0.80, 0.93  # of the units with three full members or more: in the first month, at last
_JOINT, _JOINT_MOST = 0.48, 0.60  # of the others with members, likewise
_GROWTH = 0.01  # both grow by this share each month
_ATTACHED, _FUNCTIONAL = 0.10, 0.04  # of the others with members, always
_GROUPS = 0.0105  # joint branches to registered units


@dataclass(frozen=True, slots=True)
class Organization:
    """One Party organization; `units` are rows of the population, `spelt` what the list calls them."""

    name: str
    form: str
    superior: str
    since: int
    units: tuple[int, ...]
    spelt: tuple[str, ...]


def member_counts(world: World) -> Sheet:
    """党员数: a UTF-16 csv of counts for the units the office knows."""
    units, desk = world.units, world.desk(COUNTS)
    every = np.arange(len(units))
    is_known = (units.full_members > 0) | (units.staff >= 10) | desk.chance("small but known", units.serial, 0.1)
    listed = units.works & is_known & _is_registered(world) & ~desk.chance("forgotten", units.serial, 0.03)
    rows = every[listed]
    who, copy = tables.planned(desk, world.mess, rows, world.ids(rows), xlsx=False)

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        ids, mess = world.ids(rows, copy), world.mess
        return [
            damage.damaged_names(world.naming.name(rows), desk, mess, COUNTS, ids),
            damage.damaged_codes(world.naming.code(rows), desk, mess, COUNTS, ids),
            damage.counts(units.full_members[rows], desk, mess, ids),
            texts([str(number) for number in units.probationary_members[rows].tolist()]),
        ]

    header = ("单位名称", "统一社会信用代码", "正式党员数", "预备党员数")
    return Sheet(COUNTS, ".csv", "utf-16", (), header, who, copy, columns)


def organizations(world: World) -> list[Organization]:
    """Every Party organization of the month, in the order of the list."""
    return sorted([*_single(world), *_joint(world)], key=lambda item: (item.since, item.name, item.units))


def organization_list(world: World, found: list[Organization]) -> Sheet:
    """党组织: an xlsx; here `who` counts along `found`, not along the population."""
    every = np.arange(len(found))
    who, copy = tables.planned(world.desk(ORGANIZATIONS), world.mess, every, every, xlsx=True)

    def columns(rows: Ints, copy: Ints) -> list[Texts]:
        chosen = [found[row] for row in rows.tolist()]
        since = np.array([item.since for item in chosen], dtype=np.int64)
        return [
            texts([item.name for item in chosen]),
            texts([item.form for item in chosen]),
            texts([item.superior for item in chosen]),
            damage.dates(since, world.desk(ORGANIZATIONS), world.mess, rows + copy * len(found)),
            texts(["、".join(item.spelt) for item in chosen]),
        ]

    return Sheet(
        department=ORGANIZATIONS,
        suffix=".xlsx",
        encoding="",
        titles=(f"{words.CITY}新兴领域党组织名册", f"数据截至：{world.month.zh}底"),
        header=("党组织名称", "组建方式", "上级党组织", "成立日期", "覆盖单位"),
        who=who,
        copy=copy,
        columns=columns,
        is_numbered=True,
    )


def _is_registered(world: World) -> Flags:
    return ~np.isin(world.units.form, forms.OUTSIDERS)


def _single(world: World) -> Iterator[Organization]:
    """Organizations of one unit: own ones and functional ones."""
    units, draw = world.units, _draw(world)
    is_own = (units.full_members >= 3) & _has_come(world, _coming(draw, _OWN), draw < _OWN_MOST)
    is_functional = _has_few(world) & (draw >= 1 - _FUNCTIONAL)
    rows = np.flatnonzero(units.works & _is_registered(world) & (is_own | is_functional))
    superiors, names = _superiors(world, rows), world.naming.name(rows)
    spelt, since = _spelt(world, rows), _since(world, rows)
    for number, row in enumerate(rows.tolist()):
        title, form = _title(int(units.full_members[row] + units.probationary_members[row])), "单独组建"
        if is_functional[row]:
            title, form = "功能型支部委员会", "功能型"
        name = f"中共{names[number]}{title}"
        yield Organization(name, form, superiors[number], since[number], (row,), (spelt[number],))


def _draw(world: World) -> Floats:
    """What decides how a unit with members is organized."""
    return world.desk(ORGANIZATIONS).uniform("form", world.units.serial)


def _coming(draw: Floats, share: float) -> Ints:
    """In which month the organization comes: 0 are those that are there from the first month on."""
    return np.maximum(0, np.floor((draw - share) / _GROWTH).astype(np.int64) + 1)


def _has_come(world: World, coming: Ints, ever: Flags) -> Flags:
    return np.asarray(ever & (coming <= world.later))


def _has_few(world: World) -> Flags:
    units = world.units
    return (units.full_members > 0) & (units.full_members < 3) & units.works & _is_registered(world)


def _title(members: int) -> str:
    """Branch, general branch or committee, as offices size them."""
    if members >= 100:
        return "委员会"
    return "总支部委员会" if members >= 50 else "支部委员会"


def _joint(world: World) -> Iterator[Organization]:
    """Joint branches, and the branches of an area that others hang on: units of one tile, thrown
    together by chance, so that some groups are too large."""
    draw, few = _draw(world), _has_few(world)
    joint = np.flatnonzero(few & _has_come(world, _coming(draw, _JOINT), draw < _JOINT_MOST))
    attached = np.flatnonzero(few & (draw >= _JOINT_MOST) & (draw < _JOINT_MOST + _ATTACHED))
    yield from _grouped(world, joint, _GROUPS, "联合组建", "联合支部委员会")
    yield from _grouped(world, attached, _GROUPS * _ATTACHED / _JOINT, "挂靠", "综合支部委员会")


def _grouped(world: World, rows: Ints, rate: float, form: str, title: str) -> Iterator[Organization]:
    """`rate` groups to each registered unit; a unit stays in its group as long as it stays in the tile."""
    places, desk = world.city.land.places, world.desk(ORGANIZATIONS)
    tiles = places.tile_of[world.units.where.community[rows]]
    shares = np.array([places.counties[tile.county].share * tile.share for tile in places.tiles])
    groups = np.maximum(1, np.round(shares * world.city.registered * rate)).astype(np.int64)
    group = desk.below("group", world.units.serial[rows], groups[tiles])
    spelt = _spelt(world, rows)
    members: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in range(len(rows)):
        members[int(tiles[number]), int(group[number])].append(number)
    for (tile, rank), inside in sorted(members.items()):
        named = places.tiles[tile].name.removesuffix(STREET)
        salt = tile * 1000 + rank
        age = int(desk.below(f"age {form}", np.array([salt]), 2400)[0])
        yield Organization(
            name=f"中共{words.CITY}{named}第{rank + 1}{title}",
            form=form,
            superior=_superior_of_tile(world, tile, salt),
            since=world.city.first.first_day - 30 - age,
            units=tuple(int(rows[number]) for number in inside),
            spelt=tuple(spelt[number] for number in inside),
        )


def _spelt(world: World, rows: Ints) -> list[str]:
    """Covered units by damaged name, short name or code."""
    desk, ids = world.desk(ORGANIZATIONS), world.units.serial[rows]
    names = damage.damaged_names(world.naming.name(rows), desk, world.mess, ORGANIZATIONS, ids)
    is_messy = world.mess.name_short > 0
    short = desk.chance("short", ids, 0.15 * is_messy)
    coded = desk.chance("by code", ids, 0.10 * is_messy)
    spelt = np.select([short, coded], [world.naming.short_name(rows), world.naming.code(rows)], names)
    # The list separates units by 、 and nothing inside a name may look like it.
    return [str(name).replace("、", "").strip() for name in spelt]


def _since(world: World, rows: Ints) -> list[int]:
    """A day between the founding of the unit, or half a year after it, and the first month of all; of those
    that come later a day in the month in which they come."""
    founded, ids, first = world.units.founded[rows], world.units.serial[rows], world.city.first
    span = np.maximum(first.first_day - 1 - founded - 180, 1)
    since = founded + 180 + world.desk(ORGANIZATIONS).below("since", ids, span)
    since = np.where(founded + 180 < first.first_day, since, founded)
    coming = np.where(world.units.full_members[rows] >= 3, _coming(_draw(world)[rows], _OWN), 0)
    for number in range(1, world.later + 1):
        day = first.plus(number).first_day + world.desk(ORGANIZATIONS).below("day", ids, 28)
        since = np.where(coming == number, np.maximum(day, founded), since)
    return [int(day) for day in since]


def _superiors(world: World, rows: Ints) -> list[str]:
    """Industry committees take half of their trade, the comprehensive one social organizations."""
    places, units = world.city.land.places, world.units
    half = world.desk(ORGANIZATIONS).chance("by industry", units.serial[rows], 0.5)
    industries = world.naming.industry(rows)
    found = []
    for number, row in enumerate(rows.tolist()):
        community = int(units.where.community[row])
        tile = places.communities[community].tile
        by_industry = _industry_superior(world, places.tiles[tile].county, industries[number], bool(half[number]))
        found.append(by_industry or _superior_of_tile(world, tile, int(units.serial[row])))
    return found


def _industry_superior(world: World, county: int, industry: str, is_half: bool) -> str:
    """The committee of the trade, by its full name in a clean list; empty where the area keeps the unit."""
    committee = next((item for item in trades.COMMITTEES if industry.startswith(item.industries)), None)
    if committee is None or not (is_half or committee.trade == "律师"):
        return ""
    place = words.CITY
    if not committee.city_only:
        if committee not in bodies.committees_of(county):
            return ""
        place += world.city.land.places.counties[county].name
    body = bodies.industry_committee(place, "", committee)
    return body.name if world.mess.name_short == 0 else place + body.short


def _superior_of_tile(world: World, tile: int, salt: int) -> str:
    """The area's committee in one of its spellings; a few rows name a body that is no more."""
    places = world.city.land.places
    item = places.tiles[tile]
    if item.kind == PARK and not item.answers:
        item = places.tiles[item.owner]
    body = bodies.area_committee(places, item)
    if world.mess.name_short == 0:
        return body.name
    former = None if item.former is None else places.former_areas[item.former]
    if former and salt % 97 == 0:
        return f"中共{words.CITY}{former.name}委员会"
    spellings = (body.short, body.short, body.name, f"{places.counties[item.county].name}{body.short}")
    return spellings[salt % len(spellings)]
