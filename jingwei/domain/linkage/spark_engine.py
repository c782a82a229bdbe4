"""The linkage's engine on Spark: the statements of `engine.Engine`, worked out by a cluster.

A table is a list of Parquet folders, one for what made it and one for each later insertion. Every
statement reads files and writes files, so no plan grows from one statement to the next, and a lost
executor costs the statement under way and no more.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import pandas_udf
from pyspark.sql.types import StructField, StructType

from jingwei.domain.linkage.engine import edits, likeness_of_brands
from jingwei.domain.linkage.spark_sql import Kind, translate, view_name


@dataclass(frozen=True, slots=True)
class SparkAnswer:
    """Rows of a query, worked out when they are asked for."""

    frame: DataFrame | None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows, on the driver."""
        return [] if self.frame is None else [tuple(row) for row in self.frame.collect()]


class _Part(NamedTuple):
    folder: Path
    has_rows: bool


class SparkEngine:
    """Runs the linkage's statements on a Spark session.

    `work` is an empty folder for the tables, which the driver and all executors see under the same
    path; who makes it removes it.
    """

    def __init__(self, session: SparkSession, work: Path) -> None:
        self._session, self._work = session, work
        self._parts: dict[str, list[_Part]] = {}
        self._schemas: dict[str, StructType] = {}
        self._made = 0
        _add_functions(session)

    def execute(self, statement: str, /) -> SparkAnswer:
        """Run one statement written in DuckDB's dialect."""
        kind, table, query = translate(statement)
        if kind is Kind.QUERY:
            return SparkAnswer(self._session.sql(query))
        if kind is Kind.VIEW:
            self._session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {view_name(table)} AS {query}")
        elif kind is Kind.TABLE:
            self.store(table, self._session.sql(query))
        else:
            self._append(table, self._session.sql(query))
        return SparkAnswer(None)

    def query(self, statement: str) -> DataFrame:
        """The rows a query written in DuckDB's dialect asks for."""
        return self._session.sql(translate(statement).query)

    def store(self, table: str, frame: DataFrame) -> None:
        """Make `linkage.<table>` of a frame's rows, in place of what it held before."""
        outlived = self._parts.get(table, [])
        self._schemas[table] = _nullable(frame.schema)
        self._parts[table] = [self._write(table, frame)]
        self._show(table)
        for part in outlived:
            shutil.rmtree(part.folder)

    def adopt(self, table: str, part: Path) -> None:
        """Make `linkage.<table>` of a folder of Parquet files that lies elsewhere."""
        self._schemas[table] = self._session.read.parquet(str(part)).schema
        self._parts[table] = [_Part(part, _has_rows(part))]
        self._show(table)

    def files(self, table: str) -> list[Path]:
        """The Parquet files `linkage.<table>` consists of."""
        return sorted(file for part in self._parts[table] for file in part.folder.glob("*.parquet"))

    def _append(self, table: str, frame: DataFrame) -> None:
        schema = self._schemas[table]
        named = frame.toDF(*schema.names)
        part = self._write(table, named.select(*[named[field.name].cast(field.dataType) for field in schema]))
        if part.has_rows:
            self._parts[table].append(part)
            self._show(table)
        else:
            shutil.rmtree(part.folder)

    def _write(self, table: str, frame: DataFrame) -> _Part:
        self._made += 1
        folder = self._work / f"{table}-{self._made}"
        frame.write.parquet(str(folder))
        return _Part(folder, _has_rows(folder))

    def _show(self, table: str) -> None:
        schema = self._schemas[table]
        filled = [str(part.folder) for part in self._parts[table] if part.has_rows]
        if filled:
            shown = self._session.read.schema(schema).parquet(*filled)
        else:
            # A relation that is known to be empty takes whole joins out of the plans that use it.
            shown = self._session.sql("SELECT " + ", ".join(map(_missing, schema)) + " LIMIT 0")
        shown.createOrReplaceTempView(view_name(table))


def _missing(field: StructField) -> str:
    return f"CAST(NULL AS {field.dataType.simpleString()}) AS `{field.name}`"


def _has_rows(folder: Path) -> bool:
    return any(pq.read_metadata(file).num_rows for file in folder.glob("*.parquet"))


def _nullable(schema: StructType) -> StructType:
    """The same columns, all of which may be missing: a literal at first, NULL in a later insertion."""
    return StructType([StructField(field.name, field.dataType, True) for field in schema])


def _add_functions(session: SparkSession) -> None:
    session.udf.register("jw_edits", pandas_udf(_edits, "int"))
    session.udf.register("jw_likeness", pandas_udf(_likeness, "float"))


def _edits(left: pd.Series, right: pd.Series) -> pd.Series:
    return pd.Series(edits(left.tolist(), right.tolist()))


def _likeness(left: pd.Series, right: pd.Series) -> pd.Series:
    return pd.Series(likeness_of_brands(left.tolist(), right.tolist()))
