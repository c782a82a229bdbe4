"""What a run keeps so that a later delta can go by it: its version, every record's keys and its outcome.

The state lies in a catalog of its own that the caller has attached to the engine. It holds names,
codes and addresses; persons and phones only as hashes (see `version`).
"""

from typing import Final

import duckdb

from jingwei.domain.linkage import tokens
from jingwei.domain.linkage.version import Version, save_version

# Of the records only what results show; `founder` marks the anchors, `residual` the records that no
# earlier record of the same code has settled.
_RECORDS: Final = "rid, rank, list_kind, file, row, unit, name, code_text, joint"
_KEYED = """
SELECT k.*, a.aid IS NOT NULL AS founder, o.rid IS NOT NULL AS residual FROM linkage.keyed k
LEFT JOIN (SELECT aid FROM linkage.anchor) a ON a.aid = k.rid
LEFT JOIN (SELECT DISTINCT rid FROM linkage.residual) o ON o.rid = k.rid
"""
# Tables with a line or more for each record, and how they come out of a run.
_OF_RECORDS: Final = {
    "keyed": _KEYED,
    "former": "SELECT * FROM linkage.former",
    "records": f"SELECT {_RECORDS} FROM linkage.records",
    "link": "SELECT * FROM linkage.link",
    "doubt": "SELECT * FROM linkage.doubt",
    "candidate": "SELECT * FROM linkage.candidate",
}
# Told by one value that changes with the engine's way of hashing or the kinds of tokens.
_TOKENS_MADE_BY = f"SELECT {tokens.PROBE} AS probe"
_VERDICT = "SELECT file, row, other_file, other_row, same FROM linkage.verdict"

_SHOWN: Final = ("records", "link", "doubt", "candidate")


def keep(engine: duckdb.DuckDBPyConnection, version: Version, *, kept: str = "kept") -> None:
    """Write what a full run under `version` has left in `linkage` to the empty catalog `kept`."""
    save_version(engine, version, kept=kept)
    for table, query in _OF_RECORDS.items():
        engine.execute(f"CREATE TABLE {kept}.{table} AS {query}")
    held = tokens.held(f"{kept}.keyed", f"{kept}.former")
    engine.execute(f"CREATE TABLE {kept}.token AS SELECT key::UTINYINT AS key, * EXCLUDE (key) FROM ({held})")
    engine.execute(f"CREATE TABLE {kept}.tokens_made_by AS {_TOKENS_MADE_BY}")
    engine.execute(f"CREATE TABLE {kept}.entity AS SELECT eid, entity FROM linkage.entity")
    engine.execute(f"CREATE TABLE {kept}.verdict AS {_VERDICT}")


class StateOutdated(Exception):
    """The state was kept by an engine or a program that made other tokens; only a full run helps."""


def check(engine: duckdb.DuckDBPyConnection, *, kept: str = "kept") -> None:
    """Raise StateOutdated unless a delta can go by the state."""
    if engine.execute(f"{_TOKENS_MADE_BY} EXCEPT SELECT probe FROM {kept}.tokens_made_by").fetchall():
        raise StateOutdated


def prepare(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `linkage.placed` of the keys of a delta's records with what the state keeps besides."""
    engine.execute(f"CREATE OR REPLACE TABLE linkage.placed AS {_KEYED}")


def replace(engine: duckdb.DuckDBPyConnection, *, kept: str = "kept") -> None:
    """Put the outcome of a delta in the place of what was kept: the records in `linkage.outdated` go, those
    in `linkage.records` come in. The caller, who has called `prepare`, begins and ends the transaction.
    """
    for table, query in _OF_RECORDS.items():
        engine.execute(f"DELETE FROM {kept}.{table} WHERE rid IN (SELECT rid FROM linkage.outdated)")
        source = "SELECT * FROM linkage.placed" if table == "keyed" else query
        engine.execute(
            f"INSERT INTO {kept}.{table} SELECT q.* FROM ({source}) q SEMI JOIN linkage.records r ON r.rid = q.rid"
        )
    engine.execute(f"DELETE FROM {kept}.token WHERE rid IN (SELECT rid FROM linkage.outdated)")
    engine.execute(f"INSERT INTO {kept}.token {tokens.held('linkage.placed', 'linkage.former')}")
    engine.execute(
        f"INSERT INTO {kept}.entity SELECT n.* FROM linkage.entity n ANTI JOIN {kept}.entity e ON e.eid = n.eid"
    )
    engine.execute(f"DELETE FROM {kept}.verdict")
    engine.execute(f"INSERT INTO {kept}.verdict {_VERDICT}")
    engine.execute(f"DELETE FROM {kept}.file")
    engine.execute(f"INSERT INTO {kept}.file SELECT rank, file, number FROM linkage.file")


def show(engine: duckdb.DuckDBPyConnection, *, kept: str = "kept") -> None:
    """Let `linkage` show the records and outcomes of the state instead of those of the last delta."""
    for table in _SHOWN:
        engine.execute(f"DROP TABLE linkage.{table}")
        engine.execute(f"CREATE VIEW linkage.{table} AS SELECT * FROM {kept}.{table}")
    engine.execute(
        f"CREATE OR REPLACE TABLE linkage.entity AS SELECT e.* FROM {kept}.entity e SEMI JOIN {kept}.link l ON l.eid = e.eid"
    )
