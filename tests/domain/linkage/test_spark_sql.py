"""The linkage's statements in Spark's dialect: where two engines read the same words differently."""

import pytest

pytest.importorskip("sqlglot", reason="没有安装 sqlglot（./jw test 会安装）：Spark 语句翻译没有测试")

from jingwei.domain.linkage.spark_sql import Kind, UnknownStatement, translate


def query(statement: str) -> str:
    return translate(statement).query


def test_a_statement_is_known_by_what_it_does_and_to_which_table() -> None:
    made = translate("CREATE OR REPLACE TABLE linkage.pair AS SELECT rid FROM linkage.lhs")
    assert made == (Kind.TABLE, "pair", "SELECT `rid` FROM `linkage_lhs`")
    assert translate("CREATE TABLE linkage.pair AS SELECT 1 AS rid")[:2] == (Kind.TABLE, "pair")
    assert translate("CREATE OR REPLACE VIEW linkage.rhs AS SELECT 1 AS rid")[:2] == (Kind.VIEW, "rhs")
    assert translate("INSERT INTO linkage.link SELECT 1, NULL")[:2] == (Kind.INSERT, "link")
    assert translate("SELECT 1 FROM linkage.link LIMIT 1")[:2] == (Kind.QUERY, "")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE linkage.link",
        "DELETE FROM linkage.link",
        "CREATE TABLE linkage.link (rid BIGINT)",
        "UPDATE linkage.link SET rid = 1",
    ],
)
def test_a_statement_of_another_kind_is_refused(statement: str) -> None:
    with pytest.raises(UnknownStatement):
        translate(statement)


def test_what_is_missing_comes_last_in_every_order() -> None:
    assert "`site` NULLS LAST" in query("SELECT row_number() OVER (ORDER BY site) FROM linkage.open")
    # Spark's own order of a descending column is the same.
    assert "`site` DESC)" in query("SELECT row_number() OVER (ORDER BY site DESC) FROM linkage.open")


def test_a_relation_is_made_unordered_but_the_first_lines_keep_their_order() -> None:
    assert "ORDER BY" not in query("CREATE TABLE linkage.keyed AS SELECT rid FROM linkage.made ORDER BY rid")
    assert "ORDER BY" in query("CREATE TABLE linkage.keyed AS SELECT rid FROM linkage.made ORDER BY rid LIMIT 3")


def test_the_length_of_a_list_is_told_from_that_of_a_text() -> None:
    assert query("SELECT len(repairs), length(core) FROM linkage.open") == (
        "SELECT SIZE(`repairs`), LENGTH(`core`) FROM `linkage_open`"
    )


def test_a_quotient_is_no_decimal() -> None:
    assert query("SELECT millibits / 1000.0 FROM linkage.ranked") == (
        "SELECT CAST(`millibits` AS DOUBLE) / 1000.0 FROM `linkage_ranked`"
    )


def test_words_that_spark_reserves_are_names_here() -> None:
    assert query("SELECT r.row, r.start FROM linkage.records r") == (
        "SELECT `r`.`row`, `r`.`start` FROM `linkage_records` AS `r`"
    )
