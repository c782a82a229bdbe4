"""The header is found below titles, in one row or two, whatever the order of the columns."""

from pathlib import Path

import pytest

from jingwei.domain.lists import LISTS, ListKind
from tests.core.tables.files import HEADER, ROWS, TABLE, cells_of, delimited, read, refused, save, save_xlsx


def test_a_title_above_the_header_is_remarked(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([["安澜市企业名单", "", "", ""], [], *TABLE])))
    assert table.header_row == 3
    assert table.title_rows == ("安澜市企业名单",)
    assert cells_of(table) == dict(enumerate(ROWS, start=1))
    assert any("安澜市企业名单" in note for note in table.notes)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_header_in_two_rows_is_joined(tmp_path: Path, form: str) -> None:
    rows = [
        ["单位名称", "统一社会信用代码", "党员人数", ""],
        ["", "", "正式党员数", "预备党员数"],
        ["安澜市望江机电有限公司", "91990101MA00123400", "3", "1"],
    ]
    path = tmp_path / f"党员数.{form}"
    if form == "csv":
        save(tmp_path, path.name, delimited(rows))
    else:
        save_xlsx(path, rows, lambda book: book.active.merge_cells("C1:D1"))
    table = read(path)
    assert table.header_row == 2
    assert table.mapping == {0: "name", 1: "uscc", 2: "full_members", 3: "probationary_members"}
    assert cells_of(table) == {1: rows[2]}


def test_swapped_and_missing_columns_find_their_fields(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([["住所", "统一社会信用代码"], ["北街9号", "无"]])))
    assert table.mapping == {0: "address", 1: "uscc"}


def test_an_id_column_is_no_field_and_is_named(tmp_path: Path) -> None:
    rows = [["id", *HEADER], ["7", *ROWS[0]]]
    table = read(save(tmp_path, "市场监管.csv", delimited(rows)))
    assert 0 not in table.mapping
    assert table.ignored == (0,)
    assert any("第 1 列“id”" in note for note in table.notes)


def test_a_resembling_header_is_suggested_and_not_mapped(tmp_path: Path) -> None:
    rows = [[*HEADER, "登记机关单位"], [*ROWS[0], "安澜市望江区局"]]
    table = read(save(tmp_path, "市场监管.csv", delimited(rows)))
    assert 4 not in table.mapping
    assert [(each.column, each.field) for each in table.suggestions] == [(4, "registrar")]
    assert 0.5 < table.suggestions[0].confidence < 1


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_list_is_told_by_its_headers_alone(tmp_path: Path, kind: ListKind) -> None:
    names = [field.zh for field in LISTS[kind].fields]
    table = read(save(tmp_path, "名单.csv", delimited([names, ["安澜"] * len(names)])))
    assert table.kind is kind
    assert list(table.mapping.values()) == [field.name for field in LISTS[kind].fields]


def test_a_list_that_cannot_be_told_is_still_read(tmp_path: Path) -> None:
    table = read(save(tmp_path, "名单.csv", delimited([["单位名称", "统一社会信用代码"], ["安澜甲厂", "无"]])))
    assert table.kind is None
    assert table.mapping == {0: "name", 1: "uscc"}
    assert any("请选择" in note for note in table.notes)


def test_headers_win_over_a_file_name_whose_keys_are_missing(tmp_path: Path) -> None:
    table = read(save(tmp_path, "党组织覆盖企业.csv", delimited(TABLE)))
    assert table.kind is ListKind.MARKET
    assert any("市场监管" in note for note in table.notes)


def test_a_file_that_looks_like_another_list_is_remarked(tmp_path: Path) -> None:
    table = read(save(tmp_path, "税务.csv", delimited(TABLE)))
    assert table.kind is ListKind.TAX
    assert any("更像“市场监管”" in note for note in table.notes)


def test_the_sender_has_the_last_word_on_the_list(tmp_path: Path) -> None:
    assert read(save(tmp_path, "税务.csv", delimited(TABLE)), kind=ListKind.MARKET).kind is ListKind.MARKET


def test_a_file_without_name_and_code_is_refused_with_what_resembles_them(tmp_path: Path) -> None:
    rows = [["企业名城", "住所", "成立日期"], ["安澜甲厂", "北街9号", "2019-01-02"]]
    error = refused(save(tmp_path, "市场监管.csv", delimited(rows)))
    assert error.code == "T-NO-KEY"
    assert "“企业名城”" in error.message_zh
    assert "企业名称" in error.hint_zh
    assert "第 1 行" in error.place_zh


def test_a_file_without_header_is_refused(tmp_path: Path) -> None:
    error = refused(save(tmp_path, "市场监管.csv", delimited(ROWS)))
    assert error.code == "T-NO-HEADER"
    assert "统一社会信用代码" in error.hint_zh
    assert refused(save_xlsx(tmp_path / "市场监管.xlsx", ROWS)).code == "T-NO-HEADER"


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    assert refused(save(tmp_path, "市场监管.csv", delimited([HEADER]))).code == "T-NO-ROWS"
    assert refused(save(tmp_path, "市场监管2.csv", delimited([HEADER, ["", "", "", ""]]))).code == "T-NO-ROWS"


def test_names_in_the_code_column_and_codes_in_the_name_column_are_remarked(tmp_path: Path) -> None:
    rows = [HEADER, *([row[1], row[0], *row[2:]] for row in ROWS * 3)]
    assert any("颠倒" in note for note in read(save(tmp_path, "市场监管.csv", delimited(rows))).notes)


TWICE = ["企业名称", "单位名称", "统一社会信用代码"]


def test_of_two_columns_of_one_meaning_the_usual_header_is_taken(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([TWICE, ["安澜甲厂", "安澜乙厂", "无"]])))
    assert table.mapping == {0: "name", 2: "uscc"}
    assert any("第 1 列“企业名称”、第 2 列“单位名称”都表示“企业名称”" in note for note in table.notes)


def test_of_two_columns_of_one_meaning_the_only_filled_one_is_taken(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([TWICE, ["", "安澜乙厂", "无"]])))
    assert table.mapping == {1: "name", 2: "uscc"}


def test_of_two_equal_columns_the_first_is_taken(tmp_path: Path) -> None:
    rows = [["企业名称", "企业名称", "统一社会信用代码"], ["安澜甲厂", "安澜甲厂", "无"]]
    table = read(save(tmp_path, "市场监管.csv", delimited(rows)))
    assert table.mapping == {0: "name", 2: "uscc"}


def test_two_columns_that_contradict_each_other_are_left_to_the_clerk(tmp_path: Path) -> None:
    rows = [["企业名称", "企业名称", "统一社会信用代码"], ["安澜甲厂", "安澜乙厂", "无"]]
    table = read(save(tmp_path, "市场监管.csv", delimited(rows)))
    assert table.mapping == {2: "uscc"}
    assert [(each.field, each.columns, each.chosen) for each in table.conflicts] == [("name", (0, 1), None)]
    assert any("请选定一列" in note for note in table.notes)


def test_contradicting_columns_without_another_key_refuse_the_file(tmp_path: Path) -> None:
    rows = [["企业名称", "企业名称"], ["安澜甲厂", "安澜乙厂"]]
    error = refused(save(tmp_path, "市场监管.csv", delimited(rows)))
    assert error.code == "T-SAME-COLUMNS"
    assert "第 1 列“企业名称”、第 2 列“企业名称”" in error.message_zh
