from pathlib import Path

import pytest

from jingwei.core.reference_tables import ReferenceTable, TableRefused, read_reference_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_the_encodings_offices_use(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "区划.csv"
    file.write_bytes("代码,名称\r\n990100,安澜市\r\n".encode(encoding))
    assert read_reference_table(file) == [{"代码": "990100", "名称": "安澜市"}]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00a", b"a,b\n\x00,1", b""])
def test_a_file_that_is_no_such_table_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "怪.csv"
    file.write_bytes(content)
    with pytest.raises(TableRefused, match=r"怪\.csv"):
        read_reference_table(file)


def test_an_unclosed_quote_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "引号.csv"
    file.write_text('代码,名称\n1,"安澜\n', encoding="utf-8")
    with pytest.raises(TableRefused, match="行读不出"):
        read_reference_table(file)


def test_cells_beyond_the_header_and_missing_ones_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "长短.csv"
    file.write_text("代码,名称\n1\n2,乙,多余\n", encoding="utf-8")
    assert read_reference_table(file) == [{"代码": "1", "名称": ""}, {"代码": "2", "名称": "乙"}]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TableRefused, match="缺少列：名称"):
        ReferenceTable([{"代码": "1"}], required=["代码", "名称"])


def test_every_problem_is_named_with_row_field_and_value() -> None:
    table = ReferenceTable(
        [{"名称": "", "起": "x", "类": "丙", "日": "10-31"}, {"名称": ""}, {"名称": "长长长", "起": "-1"}],
        required=["名称"],
    )
    for line in table:
        line.text("名称", longest=2)
        line.number_in("起")
        line.choice("类", {"甲": 1, "": 0})
        line.day("日")
    with pytest.raises(TableRefused) as refused:
        table.refuse_if_any()
    assert [(problem.row, problem.field) for problem in refused.value.problems] == [
        (1, "名称"), (1, "起"), (1, "类"), (1, "日"), (3, "名称"), (3, "起"),
    ]  # fmt: skip
    assert "第 1 行 起 “x”：应为整数" in str(refused.value)
    assert "另有 1 处" in str(refused.value)


def test_blank_rows_keep_their_number_but_are_not_read() -> None:
    table = ReferenceTable([{"名称": " "}, {"名称": "甲"}], required=["名称"])
    assert [line.number for line in table] == [2]
