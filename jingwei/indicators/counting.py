"""Read a population once for all indicators: as cells (rows that agree, with their number) or row by row.

Both come as arrays by cut: the members of the cut, for each entry its member, the numbers of its marks, its
weight and its amounts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from numpy.typing import NDArray
from pyarrow import csv

from jingwei.domain.indicators import Cut
from jingwei.domain.indicators.cuts import key, tags
from jingwei.domain.indicators.plan import Plan
from jingwei.domain.indicators.sql import EVERYTHING, Sql, joined
from jingwei.domain.rulebook import Rules

PART = "coalesce(town_id, -county_id, 0)"
_Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """Entries of one cut. ``members[group[i]]`` is the member of entry i; a row stands for itself (weight 1)."""

    members: tuple[str, ...]
    group: _Integers
    marks: tuple[_Integers, ...]
    weights: _Integers
    amounts: tuple[_Integers, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a population in the order of their ids; ``entries`` of the cuts hold positions of ``ids``."""

    ids: _Integers
    cuts: Mapping[Cut, Counted]
    positions: Mapping[Cut, _Integers]


def cells_sql(
    population: Sql, plan: Plan, cuts: Sequence[Cut], *, where: Sql = EVERYTHING, by_part: bool = False
) -> Sql:
    """Statement: (cut, member[, part, county, town], entities, marks…, amounts…) for each pattern of marks."""
    marks, amounts = _names("m", plan.words), _names("a", len(plan.amounts))
    places = ["part", "county_id", "town_id"] if by_part else []
    sums = ", ".join(["count(*)", *marks, *(f"sum({name})" for name in amounts)])
    selects = [
        f"SELECT '{cut}', member_{cut}{''.join(', ' + name for name in places)}, {sums} FROM rows"  # noqa: S608
        f" GROUP BY {', '.join([f'member_{cut}', *places, *marks])}"
        for cut in cuts
    ]
    rows = _rows_sql(
        population, plan, cuts, where=where, first=[f"{PART} AS part", "county_id", "town_id"] if by_part else []
    )
    return Sql(f"WITH rows AS MATERIALIZED ({rows.text}) {' UNION ALL '.join(selects)}", rows.parameters)


def cells(population: Sql, plan: Plan, cuts: Sequence[Cut], *, where: Sql = EVERYTHING) -> dict[Cut, list[Any]]:
    """Lines of the cells by cut, tags told apart: (member, entities, marks…, amounts…). One statement."""
    statement = cells_sql(population, plan, cuts, where=where)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.parameters)
        found: dict[Cut, list[Any]] = {cut: [] for cut in cuts}
        for line in cursor.fetchall():
            found[Cut(line[0])].append(line[1:])
    return found


def counted(lines: Iterable[Sequence[Any]], cut: Cut, plan: Plan) -> Counted:
    """Lines of one cut, (member, entities, marks…, amounts…), as arrays."""
    told = list(lines)
    names = [line[0] for line in told]
    numbers = np.array([line[1:] for line in told], dtype=np.int64).reshape(
        len(told), 1 + plan.words + len(plan.amounts)
    )
    columns = [np.ascontiguousarray(numbers[:, at]) for at in range(numbers.shape[1])]
    members, group = np.unique(np.array(names, dtype=object), return_inverse=True)
    return _by_member(members, group, columns, cut, plan)[0]


def rows(population: Sql, plan: Plan, cuts: Sequence[Cut]) -> Rows:
    """Every row of the population with its marks. One statement, read as columns."""
    marks, amounts = _names("m", plan.words), _names("a", len(plan.amounts))
    names = ["id", *(f"member_{cut}" for cut in cuts), *marks, *amounts]
    statement = _rows_sql(population, plan, cuts, where=EVERYTHING, first=["id"])
    text = f"SELECT {', '.join(names)} FROM ({statement.text}) AS rows ORDER BY id"  # noqa: S608
    table = _table(Sql(text, statement.parameters), names)
    held = {name: _integers(table, name) for name in ["id", *marks, *amounts]}
    columns = [np.ones(len(table), dtype=np.int64), *(held[name] for name in [*marks, *amounts])]
    found = {cut: _by_member(*_members(table, f"member_{cut}"), columns, cut, plan) for cut in cuts}
    return Rows(
        held["id"], {cut: item[0] for cut, item in found.items()}, {cut: item[1] for cut, item in found.items()}
    )


def _rows_sql(population: Sql, plan: Plan, cuts: Sequence[Cut], *, where: Sql, first: Sequence[str]) -> Sql:
    marks = [Sql(f"{mark.text} AS m{at}", mark.parameters) for at, mark in enumerate(plan.marks())]
    amounts = [Sql(f"coalesce({amount.text}, 0) AS a{at}", amount.parameters) for at, amount in enumerate(plan.amounts)]
    members = [_member(cut, plan.rules) for cut in cuts]
    pieces = [*(Sql(text) for text in first), *members, *marks, *amounts]
    columns = ", ".join(piece.text for piece in pieces)
    parameters = tuple(value for piece in pieces for value in piece.parameters)
    return Sql(
        f"SELECT {columns} FROM ({population.text}) AS population WHERE {where.text}",  # noqa: S608
        parameters + population.parameters + where.parameters,
    )


def _member(cut: Cut, rules: Rules) -> Sql:
    """The member of a cut under a name of its own; of tags the bits of all that fit."""
    if cut is not Cut.TAG:
        own = key(cut, rules)
        return Sql(f"{own.text} AS member_{cut}", own.parameters)
    bits = [
        Sql(f"CASE WHEN {c.text} THEN {1 << at} ELSE 0 END", c.parameters) for at, c in enumerate(tags(rules).values())
    ]
    total = joined("+", *bits)
    return Sql(f"CAST({total.text} AS varchar) AS member_{cut}", total.parameters)


def _by_member(
    members: NDArray[Any], group: _Integers, columns: Sequence[_Integers], cut: Cut, plan: Plan
) -> tuple[Counted, _Integers]:
    """Entries grouped by member; of several tags a row has several entries. With the rows of the entries."""
    positions = np.arange(len(group), dtype=np.int64)
    if cut is Cut.TAG:
        members, group, positions = _told_apart([int(name) for name in members], group, list(tags(plan.rules)))
    picked = [column[positions] for column in columns]
    split = 1 + plan.words
    return (
        Counted(tuple(map(str, members)), group, tuple(picked[1:split]), picked[0], tuple(picked[split:])),
        positions,
    )


def _told_apart(masks: list[int], group: _Integers, names: list[str]) -> tuple[Any, _Integers, _Integers]:
    """For each tag the entries whose bits hold it; those without any tag belong to the empty member."""
    held = np.array(masks, dtype=np.int64)[group] if len(group) else np.zeros(0, dtype=np.int64)
    chosen = [np.flatnonzero(held == 0), *(np.flatnonzero(held & (1 << at)) for at in range(len(names)))]
    numbers = [np.full(len(entries), at, dtype=np.int64) for at, entries in enumerate(chosen)]
    return ["", *names], np.concatenate(numbers), np.concatenate(chosen)


def _table(statement: Sql, names: Sequence[str]) -> pa.Table:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({statement.text}) TO STDOUT (FORMAT csv)", statement.parameters) as copy,
    ):
        sink = pa.BufferOutputStream()
        for block in copy:
            sink.write(block)
    text = {name: pa.dictionary(pa.int32(), pa.string()) for name in names if name.startswith("member_")}
    whole = {name: pa.int64() for name in names if name not in text}
    if not sink.tell():
        return pa.table({name: pa.array([], kind) for name, kind in (text | whole).items()})
    return csv.read_csv(
        pa.BufferReader(sink.getvalue()),
        read_options=csv.ReadOptions(column_names=list(names)),
        convert_options=csv.ConvertOptions(column_types=text | whole, strings_can_be_null=False),
    )


def _integers(table: pa.Table, name: str) -> _Integers:
    return np.asarray(table.column(name).combine_chunks().to_numpy(zero_copy_only=False), dtype=np.int64)


def _members(table: pa.Table, name: str) -> tuple[NDArray[Any], _Integers]:
    """Distinct texts of a column, and for each row the number of its text."""
    held = table.column(name).unify_dictionaries().combine_chunks()
    held = held.chunk(0) if isinstance(held, pa.ChunkedArray) else held
    return np.asarray(held.dictionary.to_pylist(), dtype=object), np.asarray(held.indices, dtype=np.int64)


def _names(letter: str, count: int) -> list[str]:
    return [f"{letter}{at}" for at in range(count)]
