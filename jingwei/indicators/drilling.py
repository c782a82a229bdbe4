"""The rows behind one part of a figure, under the actor's scope, with what lies outside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from jingwei.core.permissions import Actor, Permission, require
from jingwei.core.refusal import Refused
from jingwei.domain import rulebook
from jingwei.domain.coverage import CoverageState, CoveredAs
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel
from jingwei.domain.indicators import (
    COMPLEMENT,
    DENOMINATOR,
    NUMERATOR,
    Cut,
    Definition,
    Population,
    definitions,
    version,
)
from jingwei.domain.indicators.cuts import CUTS, belongs
from jingwei.domain.indicators.parts import Parts
from jingwei.domain.indicators.sql import Sql, joined
from jingwei.domain.ownership import Ownership
from jingwei.indicators.city import City, city_on
from jingwei.indicators.computing import base_month
from jingwei.indicators.models import Figure, Snapshot
from jingwei.indicators.populations import frozen, live
from jingwei.indicators.readings import Drill, Row
from jingwei.indicators.scope import visible

PAGE_SIZE = 50
_FACTS: Mapping[Population, tuple[tuple[str, str], ...]] = {
    Population.ENTITY: (
        ("ownership", "所有制"), ("staff", "职工数"), ("full_members", "正式党员"), ("probationary_members", "预备党员"),
        ("covered_as", "覆盖形式"), ("coverage_state", "覆盖状态"), ("founded_on", "成立日期"),
    ),
    Population.ORGANIZATION: (
        ("form", "组建方式"), ("level", "类别"), ("units", "覆盖单位数"), ("founded_on", "成立日期"),
    ),
    Population.LETTER: (("issued_on", "发函日期"), ("reply_due_on", "回复期限"), ("answered_on", "答复日期")),
}  # fmt: skip
_WORDS: Mapping[str, Mapping[str, str]] = {
    "ownership": {item.value: item.zh for item in Ownership},
    "covered_as": {item.value: item.zh for item in CoveredAs},
    "coverage_state": {item.value: item.zh for item in CoverageState},
    "form": {item.value: item.zh for item in OrganizationForm},
    "level": {item.value: item.zh for item in OrganizationLevel},
}
_UNITS = {Population.ENTITY: "家", Population.ORGANIZATION: "个", Population.LETTER: "件"}
_COMPLEMENT_ZH = "其余"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is drilled, after a comparison was traced to the figure it compares.

    ``within`` is a county of which only what lies in none of its ``areas`` is asked for.
    """

    definition: Definition
    part: str
    snapshot: Snapshot | None
    cut: Cut
    member: str
    city: City
    within: int | None = None
    areas: tuple[int, ...] = ()

    @property
    def group(self) -> Sql:
        """Condition: the row belongs to the member of the cut."""
        if self.within is None:
            return belongs(self.cut, self.member, self.city.rules)
        outside = "(area_id IS NULL OR area_id <> ALL(%s))"
        return Sql(f"county_id = %s AND {outside}", (self.within, list(self.areas)))

    @property
    def parts(self) -> Parts:
        return self.city.plans[self.definition.population].parts[self.definition.id]

    @property
    def population(self) -> Sql:
        kind = self.definition.population
        return live(kind, self.city.on) if self.snapshot is None else frozen(kind, self.snapshot.pk)


def drill(
    *, actor: Actor, snapshot: Snapshot | None, indicator: str, part: str, on: date, cut: Cut = Cut.TOTAL,
    member: str = "", within: int | None = None, page: int = 1,
) -> Drill:  # fmt: skip
    """Rows of one part of a figure: numerator, denominator, complement, or a label of what stands beside it.

    ``snapshot`` None asks for the rows of now. Of a comparison the numerator opens the compared figure, the
    denominator that figure in the earlier snapshot. ``within`` narrows the areas' unknown member to a county: what
    lies in none of the areas it has on the day. Raises ``Refused`` for what no figure has. About five queries.
    """
    require(actor, Permission.INDICATORS_VIEW)
    asked = _asked(indicator, part, snapshot=snapshot, on=on, cut=cut, member=member, within=within)
    kind, parts = asked.definition.population, asked.parts
    rows = joined("AND", parts.rows[asked.part], asked.group, visible(actor, kind))
    amount = parts.amount(asked.part)
    count, shown = _sums(asked.population, rows, amount)
    pages = max(1, -(-count // PAGE_SIZE))
    page = min(max(page, 1), pages)
    found = _page(asked, rows, amount, page)
    total = shown if asked.snapshot is None else _published(asked, shown)
    return Drill(
        indicator=asked.definition.id, snapshot=asked.snapshot.number if asked.snapshot else "", part=asked.part,
        part_zh=part_zh(asked.definition, asked.part), unit_zh=_unit_zh(asked), total=total, shown=shown, count=count,
        page=page, pages=pages, rows=found, note=_note(asked),
    )  # fmt: skip


def part_zh(definition: Definition, part: str) -> str:
    """The Chinese name of a part; a label is its own name."""
    named = {
        NUMERATOR: definition.numerator_zh or definition.zh,
        DENOMINATOR: definition.denominator_zh or "分母",
        COMPLEMENT: _COMPLEMENT_ZH,
    }
    return named.get(part, part)


def _asked(
    indicator: str, part: str, *, snapshot: Snapshot | None, on: date, cut: Cut, member: str, within: int | None
) -> Asked:  # fmt: skip
    definition = definitions().get(indicator)
    if definition is None:
        raise Refused("没有这个指标。")
    if definition.missing:
        raise Refused(f"还没有这个指标的数，缺{definition.missing}。")
    city = city_on(snapshot.as_of if snapshot else on)
    if definition.is_comparison and definition.against:
        if part == DENOMINATOR:
            month = base_month(definition.against, city.rules)
            snapshot = Snapshot.objects.filter(month=month).order_by("revision").last()
            if snapshot is None:
                raise Refused(f"没有 {month.year} 年 {month.month} 月的快照，无法比较。")
            city = city_on(snapshot.as_of)
        definition, part = definitions()[definition.of], NUMERATOR
    if (
        cut not in CUTS[definition.population]
        or part not in city.plans[definition.population].parts[definition.id].rows
    ):
        raise Refused("这个指标没有这一部分。")
    if within is not None and (cut, member) != (Cut.AREA, ""):
        raise Refused("只有未落到镇街、园区的部分按区县细分。")
    areas = tuple(area.id for area in city_on(on).areas if within is not None and area.parent_id == within)
    return Asked(definition, part, snapshot, cut, member, city, within, areas)


def _sums(population: Sql, rows: Sql, amount: Sql) -> tuple[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum({amount.text}), 0) FROM ({population.text}) AS population WHERE {rows.text}",  # noqa: S608
            amount.parameters + population.parameters + rows.parameters,
        )
        count, total = cursor.fetchone()
    return int(count), Decimal(total)


def _page(asked: Asked, rows: Sql, amount: Sql, page: int) -> tuple[Row, ...]:
    facts = _FACTS[asked.definition.population]
    columns = ", ".join(name for name, _ in facts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, name, code, area_id, county_id, {amount.text}, {columns}"  # noqa: S608
            f" FROM ({asked.population.text}) AS population WHERE {rows.text} ORDER BY id LIMIT %s OFFSET %s",
            (*amount.parameters, *asked.population.parameters, *rows.parameters, PAGE_SIZE, (page - 1) * PAGE_SIZE),
        )
        return tuple(_row(line, facts, asked.city) for line in cursor.fetchall())


def _row(line: Sequence[Any], facts: Sequence[tuple[str, str]], city: City) -> Row:
    pk, name, code, area, county, amount, *values = line
    places = [city.names.get(place, "") for place in (area, county) if place]
    told = {zh: _told(column, value) for (column, zh), value in zip(facts, values, strict=True)}
    return Row(pk, name, code, places[0] if places else "", Decimal(amount or 0), told)


def _told(column: str, value: Any) -> str:
    if value is None:
        return ""
    return _WORDS[column].get(value, value) if column in _WORDS else str(value)


def _published(asked: Asked, shown: Decimal) -> Decimal:
    """What the snapshot says of the part; where it has no such figure, what the rows say."""
    held = Figure.objects.filter(snapshot=asked.snapshot, indicator=asked.definition.id)
    if asked.within is not None:
        county = held.filter(cut=Cut.COUNTY, member=str(asked.within)).first()
        areas = held.filter(cut=Cut.AREA, member__in=[str(area) for area in asked.areas])
        return shown if county is None else _said(asked, county) - sum(_said(asked, area) for area in areas)
    figure = held.filter(cut=asked.cut, member=asked.member).first()
    return shown if figure is None else _said(asked, figure)


def _said(asked: Asked, figure: Figure) -> Decimal:
    """The part of a published figure."""
    numerator, denominator = figure.numerator or Decimal(0), figure.denominator or Decimal(0)
    if asked.part in {NUMERATOR, DENOMINATOR}:
        return numerator if asked.part == NUMERATOR else denominator
    if asked.part == COMPLEMENT:
        return denominator - numerator - Decimal(figure.beside.get(asked.definition.unknown, 0))
    return Decimal(figure.beside.get(asked.part, 0))


def _unit_zh(asked: Asked) -> str:
    counted = not asked.definition.is_sum or asked.part not in {NUMERATOR, DENOMINATOR}
    return _UNITS[asked.definition.population] if counted else "人"


def _note(asked: Asked) -> str:
    snapshot = asked.snapshot
    if snapshot is None or (snapshot.definitions, snapshot.rulebook_version) == (version(), rulebook.version()):
        return ""
    return "快照之后口径文件或规则参数有过修改，明细按现行口径列出，与快照数可能略有出入。"
