"""Deltas for the tests: a state, what changes, and the full run it is held against."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import duckdb

from jingwei.domain import linkage
from jingwei.domain.intake import check_row
from jingwei.domain.linkage import delta, state
from jingwei.domain.linkage.model import standard
from jingwei.domain.linkage.run import begin, link, receive
from jingwei.domain.linkage.version import Version, take_version
from tests.domain.linkage.rows import Row

Numbered = Mapping[tuple[str, int], Row]
Verdict = tuple[str, int, str, int, bool]

# All that a run has decided, down to the candidates and their weights.
_OUTCOME = {
    "link": "SELECT * FROM {0}.link ORDER BY ALL",
    "doubt": "SELECT * FROM {0}.doubt ORDER BY ALL",
    "candidate": "SELECT * FROM {0}.candidate ORDER BY ALL",
    "founders": "SELECT {founders} ORDER BY ALL",
}


class Change(NamedTuple):
    """Rows that are new or replace others, and rows that are gone."""

    rows: Numbered
    gone: frozenset[tuple[str, int]] = frozenset()


@contextmanager
def kept_state() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("ATTACH ':memory:' AS kept")
        yield engine


def first_run(engine: duckdb.DuckDBPyConnection, rows: Numbered, verdicts: Iterable[Verdict] = ()) -> None:
    """A full run that begins a version and keeps its state."""
    begin(engine)
    _receive(engine, rows, verdicts)
    version = Version(standard(), "salt")
    link(engine, version=version)
    state.keep(engine, version)


def delta_run(engine: duckdb.DuckDBPyConnection, change: Change, verdicts: Iterable[Verdict] = ()) -> delta.DeltaCounts:
    """A delta that the state takes in."""
    version = delta.begin(engine)
    _receive(engine, change.rows, verdicts)
    for place in change.gone:
        engine.execute("INSERT INTO linkage.withdrawn VALUES (?, ?)", place)
    counts = delta.relink(engine, version)
    delta.take_in(engine)
    return counts


def full_run(engine: duckdb.DuckDBPyConnection, rows: Numbered, verdicts: Iterable[Verdict] = ()) -> None:
    """A full run under the version of the state."""
    begin(engine)
    version = take_version(engine, kept="kept")
    _receive(engine, rows, verdicts)
    link(engine, version=version)


def after(rows: Numbered, change: Change) -> dict[tuple[str, int], Row]:
    """The rows as they stand after a change."""
    return {place: row for place, row in {**rows, **change.rows}.items() if place not in change.gone}


def outcome(engine: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, Any]:
    """What stands in the state (`kept`) or what the last full run has left (`linkage`)."""
    founders = "rid FROM kept.keyed WHERE founder" if catalog == "kept" else "aid FROM linkage.anchor"
    return {
        name: engine.execute(query.format(catalog, founders=founders)).fetchall() for name, query in _OUTCOME.items()
    }


def _receive(engine: duckdb.DuckDBPyConnection, rows: Numbered, verdicts: Iterable[Verdict]) -> None:
    builder = linkage.RecordBuilder()
    for (file, number), row in rows.items():
        checked = check_row(row.kind, row.values)
        if checked.rejected is None:
            builder.add(row.kind, file, number, checked)
        elif engine.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'withdrawn'").fetchall():
            engine.execute("INSERT INTO linkage.withdrawn VALUES (?, ?)", (file, number))
    receive(engine, builder.take())
    for verdict in verdicts:
        engine.execute("INSERT INTO linkage.verdict VALUES (?, ?, ?, ?, ?)", verdict)
