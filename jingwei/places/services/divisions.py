"""Import of the administrative divisions, as a table of codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.core.reference_tables import ImportCounts, Line, ReferenceTable, Row, TableRefused
from jingwei.places.models import Place, PlaceCode
from jingwei.places.selectors import CodeBook, root
from jingwei.places.services.changes import close_place, note_move, note_rename
from jingwei.places.services.guards import require_whole_city

KINDS = {
    "市": Place.Kind.CITY,
    "区县": Place.Kind.COUNTY,
    "镇街": Place.Kind.TOWN,
    "村（社区）": Place.Kind.COMMUNITY,
    "村社区": Place.Kind.COMMUNITY,
}
RANKS: dict[str, int] = {kind.value: rank for rank, kind in enumerate(Place.ADMINISTRATIVE)}
CODE_LENGTHS = (2, 4, 6, 9, 12)


@dataclass(frozen=True)
class Division:
    """One row of the table."""

    row: int
    code: str
    name: str
    parent_code: str
    kind: str
    since: date | None
    until: date | None


@transaction.atomic
def import_divisions(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Bring the tree in line with a table; the whole city's administration only.

    Columns: 代码, 名称, 上级代码, 级别 (市, 区县, 镇街, 村（社区）), 启用日期, 停用日期 (first day after the end;
    both may be empty). A place is known again by its code. Another name is a renaming, another parent
    a move, an end an abolition, each noted with the day of the import. Places that the table does not
    name stay as they are. Raises ``TableRefused`` with every problem, and then nothing is stored.
    """
    require_whole_city(by, Permission.PLACES_EDIT)
    known: dict[str, Place] = {}
    divisions = read_divisions(rows, known)
    position = {division.code: number for number, division in enumerate(divisions)}
    created = _create_missing(divisions, known, position)
    changed = _update_known([item for item in divisions if item.code not in created], known, by=by, on=on)
    _refuse_orphans(timezone.localdate(on))
    counts = ImportCounts(len(created), changed, len(divisions) - len(created) - changed)
    if created or changed:
        journal.record(
            verb="places.import", subject_type="place", subject_id="区划表", by=by, on=on,
            detail={"created": counts.created, "changed": counts.changed},
        )  # fmt: skip
    return counts


def read_divisions(rows: Iterable[Row], known: dict[str, Place]) -> list[Division]:
    """Check the table against itself and the tree; fills ``known`` with the places its codes name."""
    table, book = ReferenceTable(rows, required=["代码", "名称", "上级代码", "级别"]), CodeBook()
    divisions: dict[str, Division] = {}
    for line in table:
        division = _read_division(line)
        if division.code in divisions:
            line.problem("代码", f"与第 {divisions[division.code].row} 行重复")
        divisions.setdefault(division.code, division)
    table.refuse_if_any()
    for division in divisions.values():
        _look_up(division, divisions, book, known)
    for line in table:
        if message := _misplaced(divisions[line.raw("代码")], divisions, known):
            line.problem("上级代码", message)
    table.refuse_if_any()
    _refuse_second_city(divisions.values(), known)
    return list(divisions.values())


def _look_up(division: Division, divisions: Mapping[str, Division], book: CodeBook, known: dict[str, Place]) -> None:
    if place := book.division(division.code, since=division.since, until=division.until):
        known[division.code] = place
    if division.parent_code not in divisions and (above := book.find(division.parent_code)):
        known[division.parent_code] = above


def _read_division(line: Line) -> Division:
    code = line.text("代码", longest=12)
    if not (code.isascii() and code.isdigit() and len(code) in CODE_LENGTHS):
        line.problem("代码", "应为 2、4、6、9 或 12 位数字")
    since, until = line.day("启用日期"), line.day("停用日期")
    if since and until and until <= since:
        line.problem("停用日期", "应晚于启用日期")
    return Division(
        row=line.number,
        code=code,
        name=line.text("名称", longest=60),
        parent_code=line.text("上级代码", longest=12, needed=False),
        kind=line.choice("级别", KINDS) or "",
        since=since,
        until=until,
    )


def _misplaced(division: Division, divisions: Mapping[str, Division], known: Mapping[str, Place]) -> str:
    """Why a division cannot lie where the table puts it, or nothing."""
    if division.kind == Place.Kind.CITY:
        return "市没有上级" if division.parent_code else ""
    above = divisions.get(division.parent_code) or known.get(division.parent_code)
    if above is None:
        return "找不到这个上级代码"
    if RANKS.get(above.kind, 9) >= RANKS[division.kind]:
        return "上级的级别应高于本级"
    return ""


def _refuse_second_city(divisions: Iterable[Division], known: Mapping[str, Place]) -> None:
    cities = {division.code for division in divisions if division.kind == Place.Kind.CITY}
    city = root()
    others = {code for code in cities if city is not None and known.get(code) != city}
    if len(cities) > 1 or others:
        raise TableRefused([], "一个系统只能有一个市：请核对级别为“市”的行。")


def _create_missing(divisions: list[Division], known: dict[str, Place], position: Mapping[str, int]) -> set[str]:
    """Create level by level, so that every parent is there before its children; returns the new codes."""
    missing = sorted((item for item in divisions if item.code not in known), key=lambda item: RANKS[item.kind])
    for _, level in groupby(missing, key=lambda item: item.kind):
        items = list(level)
        places = Place.objects.bulk_create(
            Place(
                kind=item.kind, name=item.name, parent=known.get(item.parent_code),
                position=position[item.code], valid=DateRange(item.since, item.until),
            )
            for item in items
        )  # fmt: skip
        known.update(zip((item.code for item in items), places, strict=True))
        PlaceCode.objects.bulk_create(
            PlaceCode(place=place, code=item.code, valid=place.valid) for item, place in zip(items, places, strict=True)
        )
    return {item.code for item in missing}


def _update_known(divisions: list[Division], known: Mapping[str, Place], *, by: Actor, on: datetime) -> int:
    changed = 0
    for item in divisions:
        place, parent = known[item.code], known.get(item.parent_code)
        differs = [
            place.name != item.name and note_rename(place, item.name, by=by, on=on),
            place.parent_id != (parent.pk if parent else None) and note_move(place, parent, by=by, on=on),
            item.until is not None and place.valid.upper != item.until and close_place(place, item.until, by=by, on=on),
        ]
        changed += any(differs)
    return changed


def _refuse_orphans(day: date) -> None:
    """A place in force below one that has ended would belong nowhere."""
    orphans = Place.objects.active_on(day).filter(parent__isnull=False).exclude(parent__valid__contains=day)
    names = [f"{place.name}（上级{place.parent}）" for place in orphans.select_related("parent")[:5]]
    if names:
        raise TableRefused([], f"上级已停用而下级未停用：{'、'.join(names)}。")
