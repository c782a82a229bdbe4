"""Import of abolished districts and zone codes, so that old addresses and codes find their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.core.reference_tables import ImportCounts, Line, ReferenceTable, Row
from jingwei.places.models import Place, PlaceAlias, PlaceCode
from jingwei.places.selectors import CodeBook
from jingwei.places.services.guards import require_whole_city

ZONE_WORDS = ("开发区", "高新区", "经开区", "功能区", "保税", "管委会", "产业园", "工业园", "示范区")


@dataclass(frozen=True)
class Former:
    """A code and a name of the past, and the place that stands for them."""

    code: str
    name: str
    place: Place
    valid: DateRange
    note: str

    @property
    def is_zone(self) -> bool:
        return any(word in self.name for word in ZONE_WORDS)


@transaction.atomic
def import_history(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Store former codes and names, so that they lead to the places of today.

    Columns: 旧代码, 旧名称 (one of them may be empty), 新代码, 起, 止 (first and last day in use; both may be
    empty), 说明. One former district may have several rows when it went to several places. A name with a word such as
    开发区 is a zone, any other an abolished division. Raises ``TableRefused``, and then stores nothing.
    """
    require_whole_city(by, Permission.PLACES_EDIT)
    items = read_former(rows)
    done = [_store_code(item) for item in items if item.code] + [_store_name(item) for item in items if item.name]
    counts = ImportCounts(done.count("created"), done.count("changed"), done.count("unchanged"))
    if counts.created or counts.changed:
        journal.record(
            verb="places.import_history", subject_type="place", subject_id="沿革表", by=by, on=on,
            detail={"created": counts.created, "changed": counts.changed},
        )  # fmt: skip
    return counts


def read_former(rows: Iterable[Row]) -> list[Former]:
    table, book, items = ReferenceTable(rows, required=["旧代码", "旧名称", "新代码", "起", "止"]), CodeBook(), []
    for line in table:
        item = _read_row(line, book)
        if item is not None:
            items.append(item)
    table.refuse_if_any()
    return items


def _read_row(line: Line, book: CodeBook) -> Former | None:
    code = line.text("旧代码", longest=12, needed=False)
    name = line.text("旧名称", longest=60, needed=False)
    since, last = line.day("起"), line.day("止")
    place = book.find(line.text("新代码", longest=12))
    until = last and last + timedelta(days=1)
    known = book.division(code, since=since, until=until) if code else None
    if place is None:
        line.problem("新代码", "区划中没有这个代码")
    elif not (code or name):
        line.problem("旧代码", "旧代码和旧名称不能都为空")
    elif since and last and last < since:
        line.problem("止", "不能早于起")
    elif known is not None and known.valid.upper is None:
        line.problem("旧代码", f"该期间是{known.name}的区划代码，尚未停用")
    else:
        # A division that the tree itself still shows hands over on the day of its end.
        valid = DateRange(known.valid.upper, None) if known else DateRange(since, until)
        return Former(code, name, place, valid, line.text("说明", longest=200, needed=False))
    return None


def _store_code(item: Former) -> str:
    system = PlaceCode.System.ZONE if item.is_zone else PlaceCode.System.ABOLISHED
    held = PlaceCode.objects.filter(place=item.place, code=item.code).exclude(system=PlaceCode.System.DIVISION).first()
    if held is None:
        PlaceCode.objects.create(place=item.place, code=item.code, system=system, valid=item.valid)
        return "created"
    if (held.valid, held.system) == (item.valid, system):
        return "unchanged"
    held.valid, held.system = item.valid, system
    held.save(update_fields=["valid", "system"])
    return "changed"


def _store_name(item: Former) -> str:
    kind = PlaceAlias.Kind.ZONE if item.is_zone else PlaceAlias.Kind.ABOLISHED
    held = PlaceAlias.objects.filter(place=item.place, name=item.name).first()
    if held is None:
        PlaceAlias.objects.create(place=item.place, name=item.name, kind=kind, valid=item.valid, note=item.note)
        return "created"
    if (held.valid, held.kind, held.note) == (item.valid, kind, item.note):
        return "unchanged"
    held.valid, held.kind, held.note = item.valid, kind, item.note
    held.save(update_fields=["valid", "kind", "note"])
    return "changed"
