"""The list of units that ought to have an organization of their own and have none, by area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from jingwei.bodies.models import Body
from jingwei.branches.selectors import coverings
from jingwei.bulletins.frozen_rows import Ground, fact_join
from jingwei.coverage.due import due_days
from jingwei.coverage.models import Cause
from jingwei.domain import rulebook
from jingwei.domain.coverage import CoverageState, Covering, UnitFacts, decide
from jingwei.domain.indicators.sql import Sql, joined
from jingwei.domain.indicators.terms import Population
from jingwei.domain.lists import LISTS, ListKind
from jingwei.indicators.populations import frozen

HEADER = (
    "单位", "统一社会信用代码", "正式党员数", "党员数日期", "党员数来源", "应建形式", "规则", "条文", "应建起算日",
    "已过天数", "未建原因", "责任单位",
)  # fmt: skip
UNKNOWN, NO_AREA = "未知", "未落到镇街、园区"
_MANUAL = "manual"
_UNITS = """
SELECT unit.id, unit.name, unit.code, unit.full_members, unit.probationary_members, unit.legal_form, unit.roster,
       unit.staff, coalesce(area.name, county.name || '（{no_area}）', '{no_area}'), area.id, stated.as_of,
       stated.list_kind, cause.kind, industry.name
  FROM ({units}) unit
  LEFT JOIN places_place county ON county.id = unit.county_id
  LEFT JOIN places_place area ON area.id = unit.area_id
  LEFT JOIN bodies_body industry ON industry.id = unit.industry_body_id
  {stated}
  LEFT JOIN LATERAL (SELECT c.kind FROM coverage_cause c WHERE c.entity_id = unit.id AND c.stated_on <= %s
                        AND c.recorded_at <= %s ORDER BY c.stated_on DESC, c.id DESC LIMIT 1) cause ON TRUE
 ORDER BY county.position, county.id, area.position, area.id, unit.name, unit.id
"""


class _Unit(NamedTuple):
    id: int
    name: str
    code: str
    full_members: int | None
    probationary_members: int | None
    legal_form: str
    roster: str
    staff: int | None
    area: str
    area_id: int | None
    stated_on: date | None
    stated_by: str | None
    cause: str | None
    industry: str | None


@dataclass(frozen=True, slots=True)
class ShouldHave:
    """One unit with the cells of its line, in the order of HEADER."""

    entity_id: int
    area: str
    cells: tuple[str, ...]


def units(ground: Ground) -> list[ShouldHave]:
    """Units of the snapshot that ought to have an organization of their own, in administrative order.

    Who covers them, since when they are due and why they have none is told for the day of the snapshot.
    """
    found = _read(ground)
    ids, day = [unit.id for unit in found], ground.snapshot.as_of
    covered = dict(coverings(ids, day)) if ids else {}
    due = due_days(ids, day=day, rules=ground.rules)
    committees = _committees(found, day)
    return [
        ShouldHave(
            unit.id,
            unit.area,
            _cells(unit, ground, tuple(covered.get(unit.id, ())), due.get(unit.id), committees),
        )
        for unit in found
    ]


def _read(ground: Ground) -> list[_Unit]:
    rows = frozen(Population.ENTITY, ground.snapshot.pk)
    wanted = joined("AND", Sql("coverage_state = %s", (CoverageState.SHOULD,)), ground.inside())
    held = Sql(
        f"SELECT * FROM ({rows.text}) held WHERE {wanted.text}",  # noqa: S608 (pieces of our own)
        rows.parameters + wanted.parameters,
    )
    stated = fact_join(
        "stated", "unit", kind="full_members", lists=(_MANUAL, ListKind.PARTY_COUNT.value), ground=ground
    )
    text = _UNITS.format(units=held.text, stated=stated.text, no_area=NO_AREA)
    with connection.cursor() as cursor:
        cursor.execute(text, (*held.parameters, *stated.parameters, ground.snapshot.as_of, ground.known_at))
        return [_Unit(*row) for row in cursor.fetchall()]


def _cells(
    unit: _Unit, ground: Ground, covered: tuple[Covering, ...], since: date | None, committees: dict[int, str]
) -> tuple[str, ...]:
    decision = decide(_facts(unit, covered), ground.rules)
    days = "" if since is None else str((ground.snapshot.as_of - since).days)
    return (
        unit.name,
        unit.code,
        UNKNOWN if unit.full_members is None else str(unit.full_members),
        unit.stated_on.isoformat() if unit.stated_on else "",
        _list_zh(unit.stated_by),
        decision.fit.zh,
        rulebook.entries()[decision.rule].zh,
        decision.article,
        since.isoformat() if since else "",
        days,
        str(Cause.Kind(unit.cause).label) if unit.cause else "",
        unit.industry or committees.get(unit.area_id or 0, "") or unit.area,
    )


def _facts(unit: _Unit, covered: tuple[Covering, ...]) -> UnitFacts:
    return UnitFacts(
        full_members=unit.full_members,
        probationary_members=unit.probationary_members,
        legal_form=unit.legal_form,
        roster=unit.roster,
        staff=unit.staff,
        coverings=covered,
    )


def _list_zh(kind: str | None) -> str:
    if kind is None:
        return ""
    return "经办更正" if kind == _MANUAL else f"{LISTS[ListKind(kind)].zh}名单"


def _committees(found: Sequence[_Unit], day: date) -> dict[int, str]:
    """Area id -> its Party committee, which answers for a unit that no industry committee takes."""
    wanted = {unit.area_id for unit in found if unit.area_id is not None}
    held = Body.objects.active_on(day).filter(kind=Body.Kind.AREA_COMMITTEE, place_id__in=wanted).order_by("-pk")
    return {place_id: name for place_id, name in held.values_list("place_id", "name") if place_id is not None}


def areas_of(rows: Sequence[ShouldHave]) -> list[dict[str, Any]]:
    """How many units each area has, in the order of the list."""
    counted: dict[str, int] = {}
    for row in rows:
        counted[row.area] = counted.get(row.area, 0) + 1
    return [{"name": name, "units": number} for name, number in counted.items()]
