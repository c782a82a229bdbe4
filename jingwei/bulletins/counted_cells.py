"""Count the cells of a form: one pass over the units of a snapshot, grouped by what the form asks of each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from jingwei.bulletins.frozen_rows import Ground, fact_join, fetch
from jingwei.domain.indicators.sql import EVERYTHING, Compiler, Sql, joined
from jingwei.domain.papers.grids import COLUMN, ORGANIZED, ROW, Grid, GridColumn, GridRow, Group, Words

# Lists that know the registered type of an enterprise, the more telling first.
_TYPE_LISTS = ("tax", "market")
Flag = tuple[str, str]


def groups(form: Grid, ground: Ground) -> list[Group]:
    """Units by their answers to every condition of the form."""
    flags, amounts = _flags(form, ground), _amounts(form, ground)
    units = _flagged_units(form, ground, flags, amounts)
    names = [f"f{number}" for number in range(len(flags))]
    sums = [f"coalesce(sum(a{number}), 0), count(*) FILTER (WHERE a{number} IS NULL)" for number in range(len(amounts))]
    listed = ", ".join([*names, "count(*)", *sums])
    grouped = f" GROUP BY {', '.join(names)}" if names else ""
    statement = Sql(f"SELECT {listed} FROM ({units.text}) unit{grouped}", units.parameters)  # noqa: S608
    return [_group(list(flags), row) for row in fetch(statement)]


def organizations(form: Grid, ground: Ground) -> dict[str, list[Group]]:
    """For each row that counts organizations: these by the columns into which a unit of theirs falls."""
    rows = [row for row in form.rows if row.organizations is not None]
    return {row.id: _organizations(form, row, ground) for row in rows}


def aside(form: Grid, ground: Ground) -> dict[str, int]:
    """How many units the form leaves out for want of a fact, by label."""
    counted = {}
    for label, node in form.beside.items():
        units = ground.units(node)
        counted[label] = _number(fetch(Sql(f"SELECT count(*) FROM ({units.text}) unit", units.parameters))[0][0])  # noqa: S608
    return counted


def cell_units(
    form: Grid, ground: Ground, row: GridRow, column: GridColumn, *, limit: int
) -> list[tuple[int, str, str]]:
    """Id, name and code of the units a cell counts, at most ``limit``, in the order of their ids."""
    flags = {key: sql for key, sql in _flags(form, ground).items() if key[1] in (row.id, column.id)}
    units = _flagged_units(form, ground, flags, ())
    condition = joined("AND", EVERYTHING, *(Sql(f"f{number}").holds() for number in range(len(flags))))
    statement = Sql(
        f"SELECT id, name, code FROM ({units.text}) unit WHERE {condition.text} ORDER BY id LIMIT %s",  # noqa: S608
        (*units.parameters, limit),
    )
    return [(_number(pk), str(name), str(code)) for pk, name, code in fetch(statement)]


def cell_organizations(
    form: Grid, ground: Ground, row: GridRow, column: GridColumn, *, limit: int
) -> list[tuple[int, str]]:
    """Id and name of the organizations a cell counts, at most ``limit``."""
    flags = {key: sql for key, sql in _flags(form, ground).items() if key == (COLUMN, column.id)}
    units = _flagged_units(form, ground, flags, ())
    condition = joined("AND", EVERYTHING, *(Sql(f"unit.f{number}").holds() for number in range(len(flags))))
    wanted = _organizations_where(row.organizations, ground)
    statement = Sql(
        f"SELECT DISTINCT o.id, o.name FROM ({wanted.text}) o, unnest(o.entity_ids) AS covered(id)"  # noqa: S608
        f" JOIN ({units.text}) unit ON unit.id = covered.id WHERE {condition.text} ORDER BY o.id LIMIT %s",
        (*wanted.parameters, *units.parameters, limit),
    )
    return [(_number(pk), str(name)) for pk, name in fetch(statement)]


def _organizations(form: Grid, row: GridRow, ground: Ground) -> list[Group]:
    columns = {key: sql for key, sql in _flags(form, ground).items() if key[0] == COLUMN}
    units = _flagged_units(form, ground, columns, ())
    wanted = _organizations_where(row.organizations, ground)
    any_of = "".join(f", bool_or(unit.f{number}) AS f{number}" for number in range(len(columns)))
    names = ", ".join(f"f{number}" for number in range(len(columns)))
    covering = (
        f"SELECT o.id{any_of} FROM ({wanted.text}) o, unnest(o.entity_ids) AS covered(id)"  # noqa: S608
        f" JOIN ({units.text}) unit ON unit.id = covered.id GROUP BY o.id"
    )
    text = (
        f"SELECT {names}{', ' if names else ''}count(*) FROM ({covering}) held{f' GROUP BY {names}' if names else ''}"  # noqa: S608
    )
    return [_group(list(columns), found) for found in fetch(Sql(text, wanted.parameters + units.parameters))]


def _group(flags: Sequence[Flag], row: tuple[Any, ...]) -> Group:
    answers, rest = row[: len(flags)], row[len(flags) + 1 :]
    pairs = zip(rest[::2], rest[1::2], strict=True)
    sums = tuple((Decimal(total), int(without)) for total, without in pairs)
    return Group(dict(zip(flags, answers, strict=True)), int(row[len(flags)]), sums)


def _flagged_units(form: Grid, ground: Ground, flags: Mapping[Flag, Sql], amounts: Sequence[Sql]) -> Sql:
    """The units of the form with one column for each flag and each number."""
    units = ground.units(form.among)
    wants_type = any("registered.value" in sql.text for sql in flags.values())
    join = (
        fact_join("registered", "unit", kind="company_type", lists=_TYPE_LISTS, ground=ground)
        if wants_type
        else Sql("")
    )
    columns = [
        *(Sql(f"({sql.text}) AS f{number}", sql.parameters) for number, sql in enumerate(flags.values())),
        *(Sql(f"({sql.text}) AS a{number}", sql.parameters) for number, sql in enumerate(amounts)),
    ]
    listed = ", ".join(["unit.id", "unit.name", "unit.code", *(column.text for column in columns)])
    parameters = tuple(value for column in columns for value in column.parameters)
    return Sql(
        f"SELECT {listed} FROM ({units.text}) unit {join.text}",  # noqa: S608
        parameters + units.parameters + join.parameters,
    )


def _flags(form: Grid, ground: Ground) -> dict[Flag, Sql]:
    """Every condition of the form by kind and id; alike ones stay apart, they are few."""
    compiler = Compiler(ground.rules)
    flags: dict[Flag, Sql] = {}
    for row in form.rows:
        if row.where is not None:
            flags[ROW, row.id] = compiler.sql(row.where)
        if row.organized is not None:
            flags[ORGANIZED, row.id] = _organized(row, ground)
    for column in form.columns:
        if column.where is not None:
            flags[COLUMN, column.id] = compiler.sql(column.where)
        elif column.words is not None:
            flags[COLUMN, column.id] = _worded(column.words)
    return flags


def _amounts(form: Grid, ground: Ground) -> list[Sql]:
    return [Compiler(ground.rules).sql(node) for node in form.amounts]


def _organized(row: GridRow, ground: Ground) -> Sql:
    """Such an organization covers the unit; never null."""
    wanted = _organizations_where(row.organized, ground)
    return Sql(f"unit.id IN (SELECT unnest(o.entity_ids) FROM ({wanted.text}) o)", wanted.parameters)  # noqa: S608


def _organizations_where(node: Any, ground: Ground) -> Sql:
    rows, condition = ground.organizations(), Compiler(ground.rules).sql(node).holds()
    return Sql(
        f"SELECT id, name, entity_ids FROM ({rows.text}) held WHERE {condition.text}",  # noqa: S608
        rows.parameters + condition.parameters,
    )


def _worded(words: Words) -> Sql:
    """Whether the text holds the words; null where there is no text, or where the words leave it open."""
    text = "unit.name" if words.of == "name" else "registered.value"
    rest = "NULL" if words.rest is None else str(words.rest).upper()
    return Sql(
        f"CASE WHEN {text} IS NULL THEN NULL WHEN {text} LIKE ANY(%s) THEN FALSE WHEN {text} LIKE ANY(%s) THEN TRUE"
        f" ELSE {rest} END",
        (_patterns(words.excludes), _patterns(words.contains)),
    )


def _patterns(words: tuple[str, ...]) -> list[str]:
    return [f"%{word}%" for word in words]


def _number(value: object) -> int:
    return int(str(value))
