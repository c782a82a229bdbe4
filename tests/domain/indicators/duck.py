"""Rows in DuckDB under the column names of a population, and counts of compiled parts over them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from jingwei.domain import rulebook
from jingwei.domain.indicators import NUMERATOR, Definition, definitions
from jingwei.domain.indicators.parts import Parts, parts_of
from jingwei.domain.indicators.sql import EVERYTHING, Sql, joined

TODAY = date(2026, 10, 31)
RULES = rulebook.at(TODAY)
ENTITY: Mapping[str, pa.DataType] = {
    "id": pa.int64(), "roster": pa.string(), "legal_form": pa.string(), "ownership": pa.string(), "state": pa.string(),
    "operating": pa.bool_(), "screening": pa.string(), "counts_in_base": pa.bool_(), "place_id": pa.int64(),
    "county_id": pa.int64(), "town_id": pa.int64(), "overlay_id": pa.int64(), "area_id": pa.int64(),
    "industry_body_id": pa.int64(), "industry_code": pa.string(), "staff": pa.int64(), "full_members": pa.int64(),
    "probationary_members": pa.int64(), "sources": pa.int64(), "founded_on": pa.date32(), "covered_as": pa.string(),
    "coverage_state": pa.string(),
}  # fmt: skip
ORGANIZATION: Mapping[str, pa.DataType] = {
    "id": pa.int64(), "form": pa.string(), "level": pa.string(), "superior_id": pa.int64(), "place_id": pa.int64(),
    "county_id": pa.int64(), "town_id": pa.int64(), "area_id": pa.int64(), "founded_on": pa.date32(), "units": pa.int64(),
}  # fmt: skip
LETTER: Mapping[str, pa.DataType] = {
    "id": pa.int64(), "issued_on": pa.date32(), "answered_on": pa.date32(), "reply_due_on": pa.date32(),
}  # fmt: skip
PLAIN: Mapping[str, Any] = {
    "roster": "enterprise", "legal_form": "company", "ownership": "non_public", "state": "existing", "operating": True,
    "screening": "in", "counts_in_base": True, "industry_code": "C39", "sources": 7, "covered_as": "none",
    "coverage_state": "blank",
}  # fmt: skip


def firm(**columns: Any) -> dict[str, Any]:
    """A non-public firm of the base without members, unless columns say otherwise."""
    return {**PLAIN, "full_members": 0, "probationary_members": 0, "staff": 20, **columns}


def table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, pa.DataType] = ENTITY) -> duckdb.DuckDBPyConnection:
    """A connection with a table ``rows``; what a row does not name is null."""
    held = list(rows)
    data = {name: pa.array([row.get(name) for row in held], kind) for name, kind in columns.items()}
    connection = duckdb.connect()
    connection.register("rows", pa.table(data))
    return connection


def parts(definition: Definition | str) -> Parts:
    return parts_of(definitions()[definition] if isinstance(definition, str) else definition, RULES)


def count(
    connection: duckdb.DuckDBPyConnection, counted: Parts, part: str = NUMERATOR, where: Sql = EVERYTHING
) -> Decimal:
    """What a part adds up to over the rows."""
    amount, rows = counted.amount(part), joined("AND", counted.rows[part], where)
    text = f"SELECT coalesce(sum({amount.text}), 0) FROM rows WHERE {rows.text}"
    found = connection.execute(text.replace("%s", "?"), [*amount.parameters, *rows.parameters]).fetchone()
    assert found is not None
    return Decimal(int(found[0]))
