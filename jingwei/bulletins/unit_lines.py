"""The lines of forms with one line a unit: every field as text, read in one pass over the units of a snapshot."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction

from jingwei.branches.models import Organization
from jingwei.bulletins.frozen_rows import Ground, fact_join
from jingwei.coverage.models import Cause
from jingwei.domain import glossary
from jingwei.domain.indicators.sql import Compiler, Sql
from jingwei.domain.papers.records import (
    Amount,
    Choices,
    ColumnText,
    FactText,
    FieldSource,
    Record,
    RecordField,
    Related,
)
from jingwei.places.models import Place

AT_ONCE = 2000
# The organization that reaches a unit furthest: its own before a joint one, the others after.
_ORGANIZATION = (
    " LEFT JOIN (SELECT DISTINCT ON (covered.id) covered.id AS entity_id, o.name, o.form, o.level, o.founded_on, o.units,"
    " superior.name AS superior FROM ({organizations}) o CROSS JOIN unnest(o.entity_ids) AS covered(id)"
    " LEFT JOIN bodies_body superior ON superior.id = o.superior_id"
    " ORDER BY covered.id, array_position(ARRAY['independent', 'joint', 'attached'], o.form::text), o.id) organization"
    " ON organization.entity_id = unit.id"
)
_PLACES = (
    " LEFT JOIN places_place county ON county.id = unit.county_id LEFT JOIN places_place town ON town.id = unit.town_id"
    " LEFT JOIN places_place overlay ON overlay.id = unit.overlay_id LEFT JOIN places_place area ON area.id = unit.area_id"
)
_CAUSE = (
    " LEFT JOIN LATERAL (SELECT c.kind, c.note, c.stated_on FROM coverage_cause c WHERE c.entity_id = unit.id"
    " AND c.stated_on <= %s AND c.recorded_at <= %s ORDER BY c.stated_on DESC, c.id DESC LIMIT 1) cause ON TRUE"
)
_PLACE_SQL = {
    "county": "county.name",
    "town": "town.name",
    "overlay": "overlay.name",
    "overlay_kind": "overlay.kind",
    "area": "coalesce(area.name, county.name)",
}


def lines(form: Record, ground: Ground, *, ids: tuple[int, ...] = ()) -> Iterator[list[str]]:
    """The values of each unit in the order of the fields; areas in administrative order, then by name.

    With ``ids`` only these units. What is not known is an empty text.
    """
    statement, words = _statement(form, ground, ids), [_words(field.source) for field in form.fields]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE unit_lines NO SCROLL CURSOR FOR {statement.text}", statement.parameters)
        while True:
            cursor.execute(f"FETCH {AT_ONCE} FROM unit_lines")
            rows = cursor.fetchall()
            if not rows:
                break
            for row in rows:
                yield [_text(value, known) for value, known in zip(row, words, strict=True)]
        cursor.execute("CLOSE unit_lines")


def count(form: Record, ground: Ground) -> int:
    """How many units the form has lines for."""
    units = ground.units(form.among)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({units.text}) unit", units.parameters)  # noqa: S608 (pieces of our own)
        return int(cursor.fetchone()[0])


def _statement(form: Record, ground: Ground, ids: tuple[int, ...]) -> Sql:
    compiler, units = Compiler(ground.rules), ground.units(form.among)
    columns = [_column(field, compiler, number) for number, field in enumerate(form.fields)]
    joins = _joins(form, ground)
    chosen = Sql(" WHERE unit.id = ANY(%s)", (list(ids),)) if ids else Sql("")
    return Sql(
        f"SELECT {', '.join(column.text for column in columns)} FROM ({units.text}) unit{joins.text}{chosen.text}"  # noqa: S608
        " ORDER BY county.position, county.id, area.position, area.id, unit.name, unit.id",
        (
            *(value for column in columns for value in column.parameters),
            *units.parameters,
            *joins.parameters,
            *chosen.parameters,
        ),
    )


def _joins(form: Record, ground: Ground) -> Sql:
    pieces = [Sql(_PLACES)]
    related = {field.source.of for field in form.fields if isinstance(field.source, Related)}
    if "organization" in related:
        organizations = ground.organizations()
        pieces.append(Sql(_ORGANIZATION.format(organizations=organizations.text), organizations.parameters))
    if "cause" in related:
        pieces.append(Sql(_CAUSE, (ground.snapshot.as_of, ground.known_at)))
    for number, field in enumerate(form.fields):
        if isinstance(field.source, FactText):
            join = fact_join(f"fact{number}", "unit", kind=field.source.kind, lists=field.source.lists, ground=ground)
            pieces.append(Sql(f" {join.text}", join.parameters))
    return Sql("".join(piece.text for piece in pieces), tuple(value for piece in pieces for value in piece.parameters))


def _column(field: RecordField, compiler: Compiler, number: int) -> Sql:
    match field.source:
        case ColumnText():
            return Sql(f"unit.{field.source.name}")
        case Amount():
            return compiler.sql(field.source.node)
        case Choices():
            return _case(field.source, compiler)
        case FactText():
            return _fact(field.source, f"fact{number}.value")
        case Related(of=of, part=part):
            return Sql(_PLACE_SQL[part] if of == "place" else f"{of}.{part}")
    return Sql("NULL")


def _case(choices: Choices, compiler: Compiler) -> Sql:
    text, parameters = "CASE", []
    for node, word in choices.cases:
        condition = compiler.sql(node).holds()
        text += f" WHEN {condition.text} THEN %s"
        parameters += [*condition.parameters, word]
    return Sql(f"{text} ELSE %s END", (*parameters, choices.rest))


def _fact(source: FactText, value: str) -> Sql:
    """The text of the fact, or the form's word for it; a text that fits no word is left as it is."""
    if not source.words:
        return Sql(value)
    cases = " ".join(f"WHEN position(%s in {value}) > 0 THEN %s" for _ in source.words)
    return Sql(f"CASE {cases} ELSE {value} END", tuple(part for pair in source.words for part in pair))


def _words(source: FieldSource) -> Mapping[str, str]:
    """The Chinese words of a field whose values are codes."""
    match source:
        case ColumnText(labels=group) if group:
            return {
                name.removeprefix(f"{group}."): term.zh
                for name, term in glossary.terms().items()
                if name.startswith(f"{group}.")
            }
        case Related(of="organization", part="level"):
            return dict(Organization.Level.choices)
        case Related(of="organization", part="form"):
            return dict(Organization.Form.choices)
        case Related(of="cause", part="kind"):
            return dict(Cause.Kind.choices)
        case Related(of="place", part="overlay_kind"):
            return dict(Place.Kind.choices)
    return {}


def _text(value: Any, words: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return words.get(str(value), str(value))
