"""The linkage on Spark gives what it gives inside this program."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from rich.progress import Progress

pytest.importorskip("pyspark", reason="没有安装 pyspark（./jw test 在有 Java 17 或 21 时安装）：Spark 对碰没有测试")
if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
    pytest.skip("这里没有 Java：Spark 对碰没有测试", allow_module_level=True)

from pyspark.sql import SparkSession

from benchmarks.linkage.generator import generate
from jingwei.cli.link_files import begin_reading, read_files
from jingwei.cli.link_outputs import write_results
from jingwei.cli.link_spark import place_on, spark_session
from jingwei.domain import linkage
from jingwei.domain.linkage.spark_engine import SparkEngine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore"),
]

_MARKET_ROWS = 2_500
_PLACES = frozenset({"安澜市", "东湾区"})
_PARTY = "党组织名称,组建方式,覆盖单位\n{first}党支部,单独组建,{first}\n联合党支部,联合组建,{first}、{second}\n无名党支部,单独组建,查无此企业有限公司\n"


class Linked(NamedTuple):
    """Both engines after the same lists and decisions, each with its own result files."""

    duck: duckdb.DuckDBPyConnection
    spark: duckdb.DuckDBPyConnection
    duck_files: Path
    spark_files: Path


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    with spark_session("local[2]", rows=_MARKET_ROWS, folder=tmp_path_factory.mktemp("session")) as started:
        yield started


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    generate(folder, profile="business", rows=_MARKET_ROWS, seed=7, lists=("market", "tax"))
    with duckdb.connect() as engine:
        received(engine, folder, folder)
        names = engine.execute("SELECT name FROM linkage.received WHERE rank = 0 ORDER BY row LIMIT 2").fetchall()
    (first,), (second,) = names
    (folder / "党组织.csv").write_text(_PARTY.format(first=first, second=second), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def linked(session: SparkSession, lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    work, duck_files, spark_files = (tmp_path_factory.mktemp(name) for name in ("work", "duck", "spark"))
    with duckdb.connect() as duck, duckdb.connect() as spark:
        for engine in (duck, spark):
            received(engine, lists, work)
            engine.execute(_DECIDED)
        counts = linkage.link(duck, divisions=_PLACES)
        assert place_on(session, spark, work, divisions=_PLACES) == counts
        write_results(duck, duck_files)
        write_results(spark, spark_files)
        yield Linked(duck, spark, duck_files, spark_files)


# A person put two rows together that have little in common, and kept two apart that the rules would join.
_DECIDED = """
INSERT INTO linkage.verdict
SELECT t.file, t.row, m.file, m.row, true
FROM (SELECT * FROM linkage.received WHERE rank = 3 ORDER BY row LIMIT 1) t,
  (SELECT * FROM linkage.received WHERE rank = 0 ORDER BY row LIMIT 1) m
UNION ALL
(SELECT t.file, t.row, m.file, m.row, false
FROM linkage.received t JOIN linkage.received m ON m.uscc = t.uscc AND m.rank = 0
WHERE t.rank = 3 AND m.name = t.name ORDER BY t.row, m.row LIMIT 5)
"""


def received(engine: duckdb.DuckDBPyConnection, folder: Path, work: Path) -> None:
    begin_reading(engine)
    with Progress(disable=True) as progress:
        read_files(engine, folder, work, lambda _: None, progress)


def lines(engine: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return engine.execute(query).fetchall()


def test_every_row_gets_the_same_entity_on_the_same_ground(linked: Linked) -> None:
    query = """
        SELECT file, row, unit, entity, basis, review, millibits FROM linkage.result ORDER BY file, row, unit
    """
    assert lines(linked.spark, query) == lines(linked.duck, query)
    grounds = {basis for (basis,) in lines(linked.spark, "SELECT DISTINCT basis FROM linkage.result")}
    assert grounds >= {"own", "code_exact", "code_repair", "name_evidence", "scored", "decided", "covered_unit"}


def test_scores_are_equal_to_a_millionth(linked: Linked) -> None:
    query = "SELECT score FROM linkage.result ORDER BY file, row, unit"
    duck = [score for (score,) in lines(linked.duck, query)]
    assert [score for (score,) in lines(linked.spark, query)] == pytest.approx(duck, abs=1e-6)


def test_pairs_for_review_come_with_the_same_evidence(linked: Linked) -> None:
    query = """
        SELECT file, row, other_file, other_row, place, millibits, contributions FROM linkage.review_pair
        ORDER BY ALL
    """
    pairs = lines(linked.spark, query)
    assert pairs == lines(linked.duck, query)
    assert pairs


def test_the_result_files_are_equal_byte_for_byte(linked: Linked) -> None:
    duck = {path.name: path.read_bytes() for path in linked.duck_files.iterdir()}
    spark = {path.name: path.read_bytes() for path in linked.spark_files.iterdir()}
    assert "links.csv" in duck
    assert spark == duck


@pytest.fixture
def engine(session: SparkSession, tmp_path: Path) -> SparkEngine:
    return SparkEngine(session, tmp_path)


def test_what_is_inserted_takes_the_type_of_its_column(engine: SparkEngine) -> None:
    engine.execute("CREATE TABLE linkage.t AS SELECT CAST(1 AS BIGINT) AS rid, CAST(0 AS DOUBLE) AS score, '' AS basis")
    engine.execute("INSERT INTO linkage.t SELECT 2, 0.98, NULL")
    rows = engine.execute("SELECT rid, score, basis FROM linkage.t ORDER BY rid").fetchall()
    assert rows == [(1, 0.0, ""), (2, 0.98, None)]


def test_a_view_shows_its_table_as_it_now_is(engine: SparkEngine) -> None:
    engine.execute("CREATE OR REPLACE TABLE linkage.t AS SELECT 1 AS rid WHERE false")
    engine.execute("CREATE OR REPLACE VIEW linkage.v AS SELECT rid * 2 AS twice FROM linkage.t")
    assert engine.execute("SELECT * FROM linkage.v").fetchall() == []
    engine.execute("INSERT INTO linkage.t SELECT 4")
    assert engine.execute("SELECT * FROM linkage.v").fetchall() == [(8,)]


def test_a_table_may_be_made_anew_of_itself(engine: SparkEngine) -> None:
    engine.execute("CREATE OR REPLACE TABLE linkage.t AS SELECT 1 AS rid")
    engine.execute("INSERT INTO linkage.t SELECT max(rid) + 1 FROM linkage.t")
    engine.execute("CREATE OR REPLACE TABLE linkage.t AS SELECT rid + 1 AS rid FROM linkage.t")
    assert engine.execute("SELECT rid FROM linkage.t ORDER BY rid").fetchall() == [(2,), (3,)]


def test_both_functions_answer_as_in_duckdb(engine: SparkEngine) -> None:
    asked = (
        "SELECT jw_edits('安澜一厂', '安澜二厂'), jw_edits('安澜', '东湾机械'), jw_likeness('安澜机', '安澜机械') > 80"
    )
    with duckdb.connect() as duck:
        linkage.begin(duck)
        assert engine.execute(asked).fetchall() == duck.execute(asked).fetchall()
