"""Small lists for the tests: rows in, groups of rows out."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import duckdb

from jingwei.domain import linkage
from jingwei.domain.intake import check_row
from jingwei.domain.lists import ListKind
from tests.domain.uscc.strategies import code_of

# Two sound codes of invented firms, one of a sole trader, one of an association.
FIRM = code_of("91", "990101", "MA1A2B3C")
OTHER_FIRM = code_of("91", "990101", "MA9X8W7U")
TRADER = code_of("92", "990101", "MA5T6R7E")
ASSOCIATION = code_of("52", "990101", "50112233")

FILES = {
    ListKind.MARKET: "市场监管.csv",
    ListKind.TAX: "税务.csv",
    ListKind.SOCIAL: "社保.csv",
    ListKind.CIVIL: "民政.csv",
    ListKind.JUSTICE: "司法.csv",
    ListKind.PARTY_ORG: "党组织.csv",
    ListKind.PARTY_COUNT: "党员数.csv",
}


class Row(NamedTuple):
    kind: ListKind
    values: Mapping[str, str]


class Placed(NamedTuple):
    entity: str | None
    basis: linkage.Basis
    review: bool


def market(name: str, uscc: str = "", **values: str) -> Row:
    return Row(ListKind.MARKET, {"name": name, "uscc": uscc, **values})


def tax(name: str, uscc: str = "", **values: str) -> Row:
    return Row(ListKind.TAX, {"name": name, "uscc": uscc, **values})


def social(name: str, uscc: str = "", **values: str) -> Row:
    return Row(ListKind.SOCIAL, {"name": name, "uscc": uscc, **values})


def party(name: str, covered: str) -> Row:
    return Row(ListKind.PARTY_ORG, {"organization_name": name, "covered_units": covered})


def linked(*rows: Row, engine: duckdb.DuckDBPyConnection | None = None) -> list[Placed]:
    """Link the rows; the answer stands in their order. Rows of one list are numbered as they come."""
    numbered = [(FILES[row.kind], number, row) for number, row in enumerate(rows, start=1)]
    found = link_numbered(numbered, engine=engine)
    return [found[file, number] for file, number, _ in numbered]


def link_numbered(
    rows: Iterable[tuple[str, int, Row]],
    engine: duckdb.DuckDBPyConnection | None = None,
    verdicts: Iterable[tuple[str, int, str, int, bool]] = (),
) -> dict[tuple[str, int], Placed]:
    """Link rows given with their file and row number, received in the order given."""
    if engine is None:
        with duckdb.connect(config={"threads": 1}) as own:
            return link_numbered(rows, own, verdicts)
    builder = linkage.RecordBuilder()
    for file, number, row in rows:
        checked = check_row(row.kind, row.values)
        if checked.rejected is None:
            builder.add(row.kind, file, number, checked)
    linkage.begin(engine)
    linkage.receive(engine, builder.take())
    for verdict in verdicts:
        engine.execute("INSERT INTO linkage.verdict VALUES (?, ?, ?, ?, ?)", verdict)
    linkage.link(engine)
    lines = engine.execute("SELECT file, row, entity, basis, review FROM linkage.result WHERE unit = 0").fetchall()
    return {(file, row): Placed(entity, linkage.Basis(basis), review) for file, row, entity, basis, review in lines}


def groups(placed: Mapping[Any, Placed]) -> set[frozenset[Any]]:
    """The partition alone, without the entity numbers."""
    sets: dict[str | None, set[Any]] = {}
    for key, place in placed.items():
        sets.setdefault(place.entity, set()).add(key)
    return {frozenset(members) for members in sets.values()}
