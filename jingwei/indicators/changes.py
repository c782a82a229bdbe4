"""Rows that entered or left a figure between two snapshots, with the causes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.core.refusal import Refused
from jingwei.domain.indicators import DENOMINATOR, NUMERATOR, Cut, Definition, Population, definitions
from jingwei.domain.indicators.cuts import CUTS, belongs
from jingwei.domain.indicators.sql import EVERYTHING, Sql, joined
from jingwei.indicators.causes import Cause, causes_of, columns_looked_at
from jingwei.indicators.city import City, city_on
from jingwei.indicators.gains import with_organizations
from jingwei.indicators.models import Snapshot
from jingwei.indicators.populations import changed, frozen
from jingwei.indicators.readings import Difference
from jingwei.indicators.scope import visible

_LOOKED_AT = {
    Population.ENTITY: (
        "state", "operating", "county_id", "area_id", "ownership", "screening", "legal_form", "roster", "covered_as",
        "full_members", "probationary_members", "staff", "industry_code", "industry_body_id", "sources", "founded_on",
        "coverage_state",
    ),
    Population.ORGANIZATION: ("county_id", "area_id", "form", "level", "units", "founded_on"),
    Population.LETTER: ("issued_on", "answered_on"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One of two snapshots: its rows, and the parts of the figure in it."""

    population: Sql
    parts: Mapping[str, Sql]
    amounts: Mapping[str, Sql]


def difference_rows(
    *, snapshot: Snapshot, compared: Snapshot, indicator: str, cut: Cut = Cut.TOTAL, member: str = "",
    actor: Actor | None = None,
) -> list[Difference]:  # fmt: skip
    """Rows that entered or left the numerator or denominator of a figure between ``compared``, the earlier
    snapshot, and ``snapshot``; of sums also rows whose number changed. In the order of ids.

    Comparisons have no rows of their own. Raises ``Refused`` for them and for unknown indicators. About four queries.
    """
    definition = definitions().get(indicator)
    if definition is None or not definition.is_counted or cut not in CUTS[definition.population]:
        raise Refused("这个指标没有可以逐户比较的明细。")
    if compared.pk >= snapshot.pk:
        raise Refused("应与更早的快照比较。")
    now, before = city_on(snapshot.as_of), city_on(compared.as_of)
    sides = _sides(definition, cut, member, (snapshot, now), (compared, before))
    lines = _lines(definition, sides, visible(actor, definition.population) if actor else EVERYTHING)
    columns = columns_looked_at(definition, cut)
    names = _Names(now, columns)
    found = [item for line in lines for item in _differences(line, definition, columns, names)]
    if definition.population is not Population.ENTITY:
        return found
    return with_organizations(found, snapshot=snapshot, compared=compared)


def _sides(
    definition: Definition, cut: Cut, member: str, now: tuple[Snapshot, City], before: tuple[Snapshot, City]
) -> tuple[Side, Side]:
    """Both sides. Under the same rules only rows that differ are read: the others stand where they stood."""
    kind = definition.population
    first, second = (_parts(definition, cut, member, city) for _, city in (now, before))
    if first == second and kind is not Population.LETTER:
        populations = changed(kind, now[0].pk, before[0].pk)
    else:
        populations = (frozen(kind, now[0].pk), frozen(kind, before[0].pk))
    return Side(populations[0], *first), Side(populations[1], *second)


def _parts(definition: Definition, cut: Cut, member: str, city: City) -> tuple[dict[str, Sql], dict[str, Sql]]:
    parts = city.plans[definition.population].parts[definition.id]
    group = belongs(cut, member, city.rules)
    names = [name for name in (NUMERATOR, DENOMINATOR) if name in parts.rows]
    return {name: joined("AND", parts.rows[name], group) for name in names}, {
        name: parts.amount(name) for name in names
    }


def _lines(definition: Definition, sides: tuple[Side, Side], scope: Sql) -> list[dict[str, Any]]:
    """Rows of both sides joined by id, those whose part or number differs."""
    columns = _LOOKED_AT[definition.population]
    now, before = (_side_sql(side, columns, scope) for side in sides)
    parts = list(sides[0].parts)
    differing = " OR ".join(f"now.{part} IS DISTINCT FROM before.{part}" for part in parts)
    chosen = ["coalesce(now.id, before.id)", "coalesce(now.name, before.name)"]
    chosen += ["now.id IS NOT NULL", "before.id IS NOT NULL"]
    chosen += [f"coalesce({side}.{part}, 0)" for part in parts for side in ("now", "before")]
    chosen += [f"{side}.{column}" for column in columns for side in ("now", "before")]
    names = ["id", "name", "is", "was", *(f"{side} {part}" for part in parts for side in ("now", "before"))]
    names += [f"{side} {column}" for column in columns for side in ("now", "before")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH now AS ({now.text}), before AS ({before.text}) SELECT {', '.join(chosen)}"  # noqa: S608
            f" FROM now FULL JOIN before ON before.id = now.id WHERE {differing} ORDER BY 1",
            now.parameters + before.parameters,
        )
        return [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]


def _side_sql(side: Side, columns: Iterable[str], scope: Sql) -> Sql:
    """Rows with what they add to each part: 0 where they do not belong to it."""
    pieces = [Sql("id"), Sql("name"), *(Sql(column) for column in columns)]
    for part, condition in side.parts.items():
        amount = side.amounts[part]
        text = f"CASE WHEN {condition.text} THEN {amount.text} ELSE 0 END AS {part}"
        pieces.append(Sql(text, condition.parameters + amount.parameters))
    return Sql(
        f"SELECT {', '.join(piece.text for piece in pieces)} FROM ({side.population.text}) AS population"  # noqa: S608
        f" WHERE {scope.text}",
        tuple(value for piece in pieces for value in piece.parameters) + side.population.parameters + scope.parameters,
    )


def _differences(
    line: Mapping[str, Any], definition: Definition, columns: frozenset[str], names: "_Names"
) -> list[Difference]:
    looked_at = _LOOKED_AT[definition.population]
    before = {column: line[f"before {column}"] for column in looked_at} if line["was"] else None
    now = {column: line[f"now {column}"] for column in looked_at} if line["is"] else None
    causes = causes_of(before, now, population=definition.population, columns=columns, name_of=names.name_of)
    return [_difference(line, part, causes) for part in (NUMERATOR, DENOMINATOR) if _moved(line, part)]


def _moved(line: Mapping[str, Any], part: str) -> bool:
    return bool(line.get(f"now {part}", 0) != line.get(f"before {part}", 0))


def _difference(line: Mapping[str, Any], part: str, causes: tuple[Cause, ...]) -> Difference:
    amount = Decimal(line[f"now {part}"]) - Decimal(line[f"before {part}"])
    return Difference(
        id=line["id"], name=line["name"], part=part, entered=amount > 0, amount=abs(amount),
        causes=tuple(cause.code for cause in causes), causes_zh=tuple(cause.zh for cause in causes),
    )  # fmt: skip


class _Names:
    """Names of places, and of industry committees where the figure looks at them (one query)."""

    def __init__(self, city: City, columns: frozenset[str]) -> None:
        committees = Body.objects.industry_committees() if "industry_body_id" in columns else Body.objects.none()
        self._bodies = dict(committees.values_list("pk", "name"))
        self._places = city.names

    def name_of(self, column: str, pk: int | None) -> str:
        names = self._bodies if column == "industry_body_id" else self._places
        return names.get(pk, "不明") if pk else "不明"
