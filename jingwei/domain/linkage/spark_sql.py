"""The linkage's statements, written for DuckDB, as Spark reads them.

sqlglot translates the functions and operators; what stands here is where the two engines would give
different answers to the same words.
"""

from enum import Enum, auto
from typing import Any, NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

SCHEMA = "linkage"


class Kind(Enum):
    """What a statement does."""

    TABLE = auto()
    VIEW = auto()
    INSERT = auto()
    QUERY = auto()


class Statement(NamedTuple):
    """A statement of the linkage: `table` is the one it makes or adds to, '' for a plain query, and
    `query` what Spark has to work out.
    """

    kind: Kind
    table: str
    query: str


class UnknownStatement(ValueError):
    """A statement of a kind the linkage does not use."""


class _Source(DuckDB):  # type: ignore[misc]
    """DuckDB's dialect, in which `len` is kept for lists and `length` for texts."""

    class Parser(DuckDB.Parser):  # type: ignore[misc]
        FUNCTIONS = {**DuckDB.Parser.FUNCTIONS, "LEN": exp.ArraySize.from_arg_list}


def view_name(table: str) -> str:
    """The name under which Spark knows `linkage.<table>`."""
    return f"{SCHEMA}_{table}"


def translate(statement: str) -> Statement:
    """Read one statement in DuckDB's dialect; raises UnknownStatement, or sqlglot's errors for what
    cannot be read or has no counterpart in Spark.
    """
    tree = sqlglot.parse_one(statement, dialect=_Source)
    if isinstance(tree, exp.Create) and tree.kind in ("TABLE", "VIEW") and tree.expression is not None:
        kind = Kind.TABLE if tree.kind == "TABLE" else Kind.VIEW
        return Statement(kind, tree.this.name, _unordered(tree.expression))
    if isinstance(tree, exp.Insert) and isinstance(tree.this, exp.Table) and tree.expression is not None:
        return Statement(Kind.INSERT, tree.this.name, _unordered(tree.expression))
    if isinstance(tree, exp.Query):
        return Statement(Kind.QUERY, "", _spark(tree))
    raise UnknownStatement(statement.strip()[:200])


def _unordered(query: Any) -> str:
    """A relation has no order of its own; sorting it would only cost a shuffle."""
    if query.args.get("limit") is None:
        query.set("order", None)
    return _spark(query)


def _spark(query: Any) -> str:
    adapted = query.transform(_adapted)
    text: str = adapted.sql("spark", identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    return text


def _adapted(node: Any) -> Any:
    if isinstance(node, exp.Table) and node.db == SCHEMA:
        node.set("this", exp.to_identifier(view_name(node.name)))
        node.set("db", None)
    elif isinstance(node, exp.Div):
        # A quotient is a DOUBLE here; Spark would make a DECIMAL of decimal operands.
        node.set("this", exp.cast(node.this, exp.DType.DOUBLE))
    return node
