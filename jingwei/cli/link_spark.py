"""`link --engine spark`: DuckDB reads the lists and writes the results, a Spark cluster places the records."""

import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from jingwei.cli.link_engine import EngineFailed
from jingwei.core.instance import PROJECT_ROOT
from jingwei.domain.linkage.model import standard
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.linkage.run import PARTY_RANK, LinkCounts, link_keyed, number_records
from jingwei.domain.linkage.spark_engine import SparkEngine
from jingwei.domain.linkage.spark_keys import build_keys

# Below this, planning for many processors costs more than it gains.
_FEW_ROWS = 100_000
_TAKEN = ("records", "verdict")
_GIVEN = ("result", "review_pair")

_ALWAYS = {
    "spark.app.name": "jingwei-link",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
    # As many rows as the normalisation likes to have at once.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "32768",
    # The workers run the functions of this package, from the same place.
    "spark.executorEnv.PYTHONPATH": str(PROJECT_ROOT),
}
_ON_THIS_MACHINE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
}
_FOR_FEW_ROWS = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m",
}


def link_on_spark(
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    master: str,
    stage: Callable[[str], None] = lambda _: None,
    divisions: Collection[str] = (),
) -> LinkCounts:
    """`linkage.link` of the records that the engine has received, worked out by the Spark cluster `master`.

    The tables pass through `folder`, which is made, and which the cluster sees under the same path; they
    must stay there as long as the results are read from the engine. Raises EngineFailed.
    """
    stage("启动 Spark")
    ((rows,),) = engine.execute("SELECT count(*) FROM linkage.received").fetchall()
    folder.mkdir()
    try:
        with spark_session(master, rows=rows, folder=folder) as session:
            return place_on(session, engine, folder, stage=stage, divisions=divisions)
    except PySparkException as error:
        raise EngineFailed(f"Spark 计算失败：{str(error).strip().splitlines()[0]}") from error


def place_on(
    session: SparkSession,
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    stage: Callable[[str], None] = lambda _: None,
    divisions: Collection[str] = (),
) -> LinkCounts:
    """As `link_on_spark`, on a session that has started and in a folder that is there."""
    stage("交给 Spark")
    number_records(engine)
    engine.execute("DROP TABLE linkage.received")
    cluster = SparkEngine(session, folder)
    for table in _TAKEN:
        path = folder / table
        engine.execute(f"COPY linkage.{table} TO {_quoted(path)} (FORMAT parquet, PER_THREAD_OUTPUT)")
        cluster.adopt(table, path)
    stage("规范化")
    build_keys(cluster, party_rank=PARTY_RANK, registers=len(REGISTERS), divisions=divisions)
    counts = link_keyed(cluster, standard(), stage=stage)
    for table in _GIVEN:
        files = ", ".join(map(_quoted, cluster.files(table)))
        engine.execute(f"CREATE OR REPLACE VIEW linkage.{table} AS SELECT * FROM read_parquet([{files}])")
    return counts


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def spark_session(master: str, *, rows: int, folder: Path) -> Iterator[SparkSession]:
    """A session for so many rows, which leaves nothing behind; raises EngineFailed if it does not start.

    What the settings here do not name (memory, number of executors, partitions of a large run) comes
    from Spark's own configuration.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = dict(_ALWAYS)
    if master.startswith("local"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
        settings |= _ON_THIS_MACHINE | {
            "spark.driver.memory": f"{max(2, memory // 4)}g",
            "spark.local.dir": str(folder),
        }
    if rows < _FEW_ROWS:
        settings |= _FOR_FEW_ROWS
    told = folder / "spark.log"
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        with _errors_into(told):
            session = SparkSession.builder.master(master).config(map=settings).getOrCreate()
    except (PySparkException, OSError) as error:
        raise EngineFailed(_reason(error, told)) from error
    try:
        yield session
    finally:
        _stop(session)
        # The session has put a handler of its own there.
        signal.signal(signal.SIGINT, interrupt)


def _reason(error: Exception, told: Path) -> str:
    lines = told.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    first = "；".join(lines[:3]) or str(error)
    return f"Spark 没有启动：{first}。Spark 4 需要 Java 17 或 21（JAVA_HOME 或 PATH），也可以不带 --engine 用默认引擎。"


@contextmanager
def _errors_into(path: Path) -> Iterator[None]:
    """What a program started meanwhile says on standard error goes to a file, as long as it runs."""
    kept = os.dup(2)
    try:
        with path.open("wb") as stream:
            os.dup2(stream.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _stop(session: SparkSession) -> None:
    """End the session and its Java program, whose memory then counts among that of ended children."""
    gateway = session.sparkContext._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None
