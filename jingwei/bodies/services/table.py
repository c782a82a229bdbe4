"""Import of bodies as a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.bodies.models import Body
from jingwei.bodies.services.life import INDUSTRY_CODE
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require, require_scope
from jingwei.core.reference_tables import ImportCounts, Line, ReferenceTable, Row
from jingwei.domain.lists import LISTS
from jingwei.places.models import Place
from jingwei.places.selectors import CodeBook

KINDS: dict[str, str] = {kind.label: kind.value for kind in Body.Kind}
LIST_NAMES = {definition.zh: kind.value for kind, definition in LISTS.items()}
Key = tuple[str, int | None]


@dataclass(frozen=True)
class BodyRow:
    """One row, with its place looked up."""

    row: int
    name: str
    short_name: str
    kind: str
    superior: str
    place: Place | None
    industries: tuple[str, ...]
    list_kinds: tuple[str, ...]
    founded_on: date | None

    @property
    def key(self) -> Key:
        return self.name, self.place.pk if self.place else None


@transaction.atomic
def import_bodies(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Bring the bodies in line with a table; those it does not name stay.

    Columns: 名称, 类型, 上级 (a name), 区域代码 (empty: no area), 行业 (codes parted by 、), 成立日期; optional:
    简称, 提供名单 (names of lists parted by 、). A body is known again by name and area. Raises ``TableRefused``
    with every problem, and then nothing is stored.
    """
    require(by, Permission.BODIES_EDIT)
    stored = {(body.name, body.place_id): body for body in Body.objects.all()}
    wanted = _read_bodies(rows, set(stored))
    for item in wanted:
        require_scope(by, Permission.BODIES_EDIT, place_id=item.place.pk if item.place else None)
    fresh = Body.objects.bulk_create(_new_body(item) for item in wanted if item.key not in stored)
    created = {(body.name, body.place_id) for body in fresh}
    stored |= {(body.name, body.place_id): body for body in fresh}
    changed = _update(wanted, stored)
    counts = ImportCounts(len(created), len(changed - created), len(wanted) - len(created | changed))
    if created or changed:
        journal.record(
            verb="bodies.import", subject_type="body", subject_id="机构表", by=by, on=on,
            detail={"created": counts.created, "changed": counts.changed},
        )  # fmt: skip
    return counts


def _new_body(item: BodyRow) -> Body:
    return Body(
        name=item.name, short_name=item.short_name, kind=item.kind, place=item.place, industries=list(item.industries),
        list_kinds=list(item.list_kinds), valid=DateRange(item.founded_on, None),
    )  # fmt: skip


def _update(wanted: list[BodyRow], stored: Mapping[Key, Body]) -> set[Key]:
    """Set superiors and whatever differs; returns the keys of the bodies that changed."""
    changed: dict[Key, Body] = {}
    for item in wanted:
        body = stored[item.key]
        superior = stored[find_superior(item, stored)].pk if item.superior else None
        target = (item.kind, item.short_name, list(item.industries), list(item.list_kinds), superior)
        if (body.kind, body.short_name, body.industries, body.list_kinds, body.superior_id) != target:
            body.kind, body.short_name, body.industries, body.list_kinds, body.superior_id = target
            changed[item.key] = body
    fields = ["kind", "short_name", "industries", "list_kinds", "superior"]
    Body.objects.bulk_update(changed.values(), fields, batch_size=500)
    return set(changed)


def _read_bodies(rows: Iterable[Row], known: set[Key]) -> list[BodyRow]:
    table, book = ReferenceTable(rows, required=["名称", "类型", "上级", "区域代码", "行业", "成立日期"]), CodeBook()
    items: dict[Key, tuple[BodyRow, Line]] = {}
    for line in table:
        item = _read_body(line, book)
        if item.key in items:
            line.problem("名称", f"与第 {items[item.key][0].row} 行重复")
        items.setdefault(item.key, (item, line))
    table.refuse_if_any()
    keys = dict.fromkeys([*known, *items])
    for item, line in items.values():
        if message := _superior_problem(item, items, keys):
            line.problem("上级", message)
    table.refuse_if_any()
    return [item for item, _ in items.values()]


def _read_body(line: Line, book: CodeBook) -> BodyRow:
    code = line.raw("区域代码")
    place = book.find(code) if code else None
    if code and place is None:
        line.problem("区域代码", "区划中没有这个代码")
    industries = _parted(line.raw("行业"))
    if any(not INDUSTRY_CODE.fullmatch(industry) for industry in industries):
        line.problem("行业", "应为门类字母加最多四位数字，用“、”分开")
    lists = _parted(line.raw("提供名单"))
    if unknown := [name for name in lists if name not in LIST_NAMES]:
        line.problem("提供名单", f"没有这种名单：{'、'.join(unknown)}")
    return BodyRow(
        row=line.number,
        name=line.text("名称", longest=80),
        short_name=line.text("简称", longest=40, needed=False),
        kind=line.choice("类型", KINDS) or "",
        superior=line.text("上级", longest=80, needed=False),
        place=place,
        industries=industries,
        list_kinds=tuple(LIST_NAMES[name] for name in lists if name in LIST_NAMES),
        founded_on=line.day("成立日期"),
    )


def _parted(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.replace("，", "、").replace(",", "、").split("、"))))


def find_superior(item: BodyRow, keys: Mapping[Key, object]) -> Key:
    """The superior by name: in the same area, else in the nearest area above, else the only one so named.

    Raises ``KeyError`` when there is none, or several and none of them in an area above.
    """
    areas: list[int | None] = [int(part) for part in reversed(item.place.path.split("."))] if item.place else []
    for area in [*areas, None]:
        if (item.superior, area) in keys and (item.superior, area) != item.key:
            return item.superior, area
    named = [key for key in keys if key[0] == item.superior and key != item.key]
    if len(named) != 1:
        raise KeyError(item.superior)
    return named[0]


def _superior_problem(item: BodyRow, items: Mapping[Key, tuple[BodyRow, Line]], keys: Mapping[Key, object]) -> str:
    seen = {item.key}
    while item.superior:
        try:
            above = find_superior(item, keys)
        except KeyError:
            return "没有这个机构，或有几个同名而分不清"
        if above in seen:
            return "上下级绕成了圈"
        seen.add(above)
        if above not in items:
            break
        item = items[above][0]
    return ""
