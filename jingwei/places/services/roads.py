"""Road-and-number table: one answer places every unit of a road."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require, require_scope
from jingwei.core.reference_tables import ImportCounts, Line, ReferenceTable, Row
from jingwei.core.refusal import Refused
from jingwei.domain.rulebook.words import fold
from jingwei.places.models import Place, RoadRange
from jingwei.places.selectors import CodeBook

PARITIES = {
    "": RoadRange.Parity.ALL,
    "全部": RoadRange.Parity.ALL,
    "单": RoadRange.Parity.ODD,
    "单号": RoadRange.Parity.ODD,
    "双": RoadRange.Parity.EVEN,
    "双号": RoadRange.Parity.EVEN,
}
HIGHEST_NUMBER = 2**31 - 2  # the database's range ends one below the largest integer


@transaction.atomic
def add_road_range(
    *,
    county: Place,
    road: str,
    place: Place,
    number_from: int | None,
    number_to: int | None,
    parity: str,
    by: Actor,
    on: datetime,
    source: str = "",
) -> RoadRange:
    """Store that these house numbers of a road of the county lie in the place; no number is the whole road.

    Raises ``Refused`` when the place lies elsewhere, the numbers descend, or some of them have an
    answer already.
    """
    require_scope(by, Permission.PLACEMENT_DECIDE, place_id=county.pk)
    answer = RoadRange(
        county=county, road=fold(road), place=place, number_from=number_from, number_to=number_to, parity=parity,
        decided_by=by.name, decided_on=timezone.localdate(on), source=source,
    )  # fmt: skip
    if message := _impossible(answer):
        raise Refused(message)
    Place.objects.select_for_update().only("pk").get(pk=county.pk)  # two answers about one road wait for each other
    for held in RoadRange.objects.filter(county=county, road=answer.road).select_related("place"):
        if collides(held, answer):
            raise Refused(f"{held} 已确定属于{held.place.name}，请先撤回原来的答案。")
    answer.save()
    journal.record(
        verb="road.add", subject_type="road_range", subject_id=answer.pk, by=by, on=on, place_id=county.pk,
        fields=["road", "number_from", "number_to", "parity", "place"], detail={"place": place.pk},
    )  # fmt: skip
    return answer


@transaction.atomic
def remove_road_range(*, answer: RoadRange, by: Actor, on: datetime, reason: str) -> None:
    """Take an answer back; what it said stays in the journal."""
    require_scope(by, Permission.PLACEMENT_DECIDE, place_id=answer.county_id)
    journal.record(
        verb="road.remove", subject_type="road_range", subject_id=answer.pk, by=by, on=on, place_id=answer.county_id,
        detail={"road": str(answer), "parity": answer.parity, "place": answer.place_id, "reason": reason},
    )  # fmt: skip
    answer.delete()


@transaction.atomic
def import_roads(*, rows: Iterable[Row], by: Actor, on: datetime) -> ImportCounts:
    """Bring the road table in line with a list; ranges it does not name stay.

    Columns: 区县代码, 道路, 起号, 止号 (both may be empty), 单双 (empty, 单号 or 双号), 所属代码 (a code, or the name
    of an overlay of the county). Equal ranges are known again. Raises ``TableRefused`` with every problem.
    """
    require(by, Permission.PLACES_EDIT)
    plan = _plan(rows, by=by, on=on)
    for county_id in {answer.county_id for answer in [*plan.fresh, *plan.changed]}:
        require_scope(by, Permission.PLACES_EDIT, place_id=county_id)
    RoadRange.objects.bulk_create(plan.fresh, batch_size=1000)
    RoadRange.objects.bulk_update(plan.changed, ["place", "decided_by", "decided_on"], batch_size=1000)
    counts = ImportCounts(len(plan.fresh), len(plan.changed), plan.unchanged)
    if counts.created or counts.changed:
        journal.record(
            verb="places.import_roads", subject_type="road_range", subject_id="路段表", by=by, on=on,
            detail={"created": counts.created, "changed": counts.changed},
        )  # fmt: skip
    return counts


@dataclass
class _Plan:
    fresh: list[RoadRange] = field(default_factory=list)
    changed: list[RoadRange] = field(default_factory=list)
    unchanged: int = 0


def _plan(rows: Iterable[Row], *, by: Actor, on: datetime) -> _Plan:
    table, reader = (
        ReferenceTable(rows, required=["区县代码", "道路", "起号", "止号", "单双", "所属代码"]),
        _RowReader(by, on),
    )
    held: dict[tuple[int, str], list[RoadRange]] = defaultdict(list)
    for known in RoadRange.objects.all():
        held[known.county_id, known.road].append(known)
    plan = _Plan()
    for line in table:
        answer = reader.read(line)
        if answer is not None:
            _sort_in(answer, held[answer.county_id, answer.road], plan, line)
    table.refuse_if_any()
    return plan


def _sort_in(answer: RoadRange, road: list[RoadRange], plan: _Plan, line: Line) -> None:
    equal = next((known for known in road if _span(known) == _span(answer)), None)
    if equal is None and any(collides(known, answer) for known in road):
        line.problem("起号", "与该道路的另一段门牌重叠")
    elif equal is None:
        road.append(answer)
        plan.fresh.append(answer)
    elif equal.place_id == answer.place_id:
        plan.unchanged += 1
    elif equal._state.adding:
        line.problem("所属代码", "同一段门牌在表中有两个答案")
    else:
        equal.place, equal.decided_by, equal.decided_on = answer.place, answer.decided_by, answer.decided_on
        plan.changed.append(equal)


class _RowReader:
    """Turns a row into an answer, with codes and overlay names looked up in memory."""

    def __init__(self, by: Actor, on: datetime) -> None:
        self._book = CodeBook()
        overlays = Place.objects.overlays().defer("boundary")
        self._overlays = {(place.parent_id, place.name): place for place in overlays}
        self._by, self._day = by.name, timezone.localdate(on)

    def read(self, line: Line) -> RoadRange | None:
        county = self._book.find(line.text("区县代码", longest=12))
        if county is None or county.kind != Place.Kind.COUNTY:
            line.problem("区县代码", "不是区县的代码")
            return None
        named = line.text("所属代码", longest=60)
        place = self._book.find(named) or self._overlays.get((county.pk, named))
        parity = line.choice("单双", PARITIES)
        road = fold(line.text("道路", longest=60))
        first, last = line.number_in("起号"), line.number_in("止号")
        if place is None or parity is None or not road:
            if place is None:
                line.problem("所属代码", "该区县没有这个代码或载体")
            return None
        answer = RoadRange(
            county=county, road=road, place=place, number_from=first, number_to=last, parity=parity,
            decided_by=self._by, decided_on=self._day, source="导入",
        )  # fmt: skip
        if message := _impossible(answer):
            line.problem("所属代码", message)
            return None
        return answer


def collides(one: RoadRange, other: RoadRange) -> bool:
    """Whether some house number has an answer in both ranges of the same road."""
    if {one.parity, other.parity} == {RoadRange.Parity.ODD, RoadRange.Parity.EVEN}:
        return False
    (first, last), (other_first, other_last) = _numbers(one), _numbers(other)
    return first <= other_last and other_first <= last


def _numbers(answer: RoadRange) -> tuple[int, int]:
    first = 0 if answer.number_from is None else answer.number_from
    return first, HIGHEST_NUMBER if answer.number_to is None else answer.number_to


def _span(answer: RoadRange) -> tuple[int | None, int | None, str]:
    return answer.number_from, answer.number_to, answer.parity


def _impossible(answer: RoadRange) -> str:
    first, last = _numbers(answer)
    if not answer.road:
        return "道路名称不能为空"
    if first > last or first < 0 or last > HIGHEST_NUMBER:
        return "起号不能大于止号，门牌号不能为负"
    if answer.place.path.split(".")[:2] != answer.county.path.split("."):
        return f"{answer.place.name}不在{answer.county.name}"
    return ""
