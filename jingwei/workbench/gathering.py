"""Several small reads in one statement: a page that shows a little of everything stays within its query budget."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Lists = dict[str, list[dict[str, Any]]]
_Column = tuple[str, tuple[Any, ...]]


def gather(
    lists: Mapping[str, QuerySet[Any, Any]], counts: Mapping[str, QuerySet[Any]] | None = None
) -> tuple[Lists, dict[str, int]]:
    """Rows of each list (a query of ``values``), and how many rows each of ``counts`` has. One statement.

    Values come as JSON: dates and moments as ISO text, decimals as numbers. Give counts no order: it costs.
    """
    numbers = counts or {}
    columns = [_column(held, "(SELECT coalesce(json_agg(part), '[]') FROM ({}) AS part)", "'[]'::json") for held in lists.values()]  # fmt: skip
    columns += [_column(held.values("pk"), "(SELECT count(*) FROM ({}) AS part)", "0") for held in numbers.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(text for text, _ in columns)}", [value for _, held in columns for value in held]
        )
        found = cursor.fetchone()
    return dict(zip(lists, found, strict=False)), dict(zip(numbers, found[len(lists) :], strict=True))


def _column(held: QuerySet[Any, Any], around: str, nothing: str) -> _Column:
    """The query as one column; one that Django knows to find nothing is not even asked."""
    try:
        text, parameters = held.query.sql_with_params()
    except EmptyResultSet:
        return nothing, ()
    return around.format(text), parameters
