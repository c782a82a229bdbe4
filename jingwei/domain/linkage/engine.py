"""What the linkage asks of the database engine it runs on, and the two functions it brings along."""

from collections.abc import Sequence
from typing import Any, Protocol

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from duckdb.func import PythonUDFType
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# Names further apart than this are not one name misspelt; the distance is not worked out beyond it.
MOST_EDITS = 2
LEAST_BRAND_LIKENESS = 65.0


class Answer(Protocol):
    """Rows of a statement."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        ...


class Engine(Protocol):
    """Runs the linkage's statements: `CREATE OR REPLACE TABLE … AS SELECT`, `INSERT INTO … SELECT` and
    plain queries, in DuckDB's dialect.
    """

    def execute(self, statement: str, /) -> Answer:
        """Run one statement."""
        ...


def edits(left: Sequence[str | None], right: Sequence[str | None]) -> npt.NDArray[np.int32]:
    """Wrong, missing, surplus and swapped characters between two names, line by line; beyond
    `MOST_EDITS` one more than that.
    """
    found: npt.NDArray[np.int32] = process.cpdist(
        left, right, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.int32, workers=1
    )
    return found


def likeness_of_brands(left: Sequence[str | None], right: Sequence[str | None]) -> npt.NDArray[np.float32]:
    """Share of common characters in order, 0 to 100, line by line; 0 below `LEAST_BRAND_LIKENESS`."""
    found: npt.NDArray[np.float32] = process.cpdist(
        left, right, scorer=fuzz.ratio, score_cutoff=LEAST_BRAND_LIKENESS, dtype=np.float32, workers=1
    )
    return found


def add_functions(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `jw_edits` and `jw_likeness` known to the engine; a second call changes nothing."""
    known = engine.execute("SELECT 1 FROM duckdb_functions() WHERE function_name = 'jw_edits' LIMIT 1").fetchall()
    if known:
        return
    engine.create_function("jw_edits", _edits_column, ["VARCHAR", "VARCHAR"], "INTEGER", type=PythonUDFType.ARROW)
    engine.create_function("jw_likeness", _likeness_column, ["VARCHAR", "VARCHAR"], "FLOAT", type=PythonUDFType.ARROW)


def _edits_column(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.Array:
    return pa.array(edits(left.to_pylist(), right.to_pylist()), type=pa.int32())


def _likeness_column(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.Array:
    return pa.array(likeness_of_brands(left.to_pylist(), right.to_pylist()), type=pa.float32())
