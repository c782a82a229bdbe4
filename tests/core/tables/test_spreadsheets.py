"""Spreadsheets: the right sheet, plain texts, and remarks on what was not taken."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from jingwei.core.tables.workbook import cell_text
from tests.core.tables.files import HEADER, ROWS, TABLE, cells_of, notes_of, read, save_xlsx, with_part


def test_the_cells_of_a_sheet_are_read(tmp_path: Path) -> None:
    table = read(save_xlsx(tmp_path / "市场监管.xlsx", TABLE))
    assert table.sheet == "Sheet"
    assert table.encoding is None
    assert cells_of(table) == dict(enumerate(ROWS, start=1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (9.13600001234568e17, "913600001234568000"),
        (1e-7, "0.0000001"),
        (-3.0, "-3"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime.date(2019, 1, 2), "2019-01-02"),
        (datetime.datetime.fromisoformat("2019-01-02"), "2019-01-02"),
        (datetime.datetime.fromisoformat("2019-01-02T03:04:05"), "2019-01-02 03:04:05"),
        (datetime.time(3, 4), "03:04:00"),
        (datetime.timedelta(hours=30), "1 day, 6:00:00"),
        ("0012", "0012"),
        ("安澜\x00甲厂", "安澜甲厂"),
    ],
)
def test_a_value_becomes_plain_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_numbers_and_dates_of_a_sheet_are_plain_text(tmp_path: Path) -> None:
    row = ["安澜甲厂", 919901010000123456, 12.0, datetime.date(2019, 1, 2)]
    table = read(save_xlsx(tmp_path / "市场监管.xlsx", [HEADER, row]))
    assert cells_of(table) == {1: ["安澜甲厂", "919901010000123000", "12", "2019-01-02"]}


def test_blank_rows_and_columns_before_the_table_are_counted(tmp_path: Path) -> None:
    rows = [[], [None, "安澜市企业名单"], [None, *HEADER], [None, *ROWS[0]], [], [None, *ROWS[1]]]
    table = read(save_xlsx(tmp_path / "市场监管.xlsx", rows))
    assert table.header_row == 3
    assert cells_of(table) == {1: ["", *ROWS[0]], 3: ["", *ROWS[1]]}


def test_the_sheet_with_the_best_header_is_taken_and_the_others_named(tmp_path: Path) -> None:
    def add_sheets(book: openpyxl.Workbook) -> None:
        second = book.create_sheet("名单")
        for row in TABLE:
            second.append(row)
        book.create_sheet("空表")
        hidden = book.create_sheet("旧名单")
        hidden.append(HEADER[:2])
        hidden.sheet_state = "hidden"

    table = read(save_xlsx(tmp_path / "市场监管.xlsx", [["填报说明"], ["名称"]], add_sheets))
    assert table.sheet == "名单"
    assert table.row_count == 3
    note = next(note for note in table.notes if "未读取" in note)
    assert "Sheet" in note
    assert "旧名单（隐藏）" in note
    assert "空表" not in note


def test_a_formula_without_saved_result_is_empty_and_remarked(tmp_path: Path) -> None:
    rows = [HEADER, [*ROWS[0][:3], "=TODAY()"], ROWS[1]]
    table = read(save_xlsx(tmp_path / "市场监管.xlsx", rows))
    assert cells_of(table)[1] == [*ROWS[0][:3], ""]
    assert any("1 个公式没有保存结果" in note for note in table.notes)


def test_error_cells_are_empty_and_remarked(tmp_path: Path) -> None:
    table = read(save_xlsx(tmp_path / "市场监管.xlsx", [HEADER, [*ROWS[0][:3], "#N/A"]]))
    assert cells_of(table)[1] == [*ROWS[0][:3], ""]
    assert any("1 个单元格是错误值" in note for note in table.notes)


def test_merged_cells_among_the_rows_are_remarked(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE, lambda book: book.active.merge_cells("C2:C3"))
    assert any("1 处合并单元格" in note for note in read(path).notes)


def test_totals_and_footers_are_marked_in_sheets_too(tmp_path: Path) -> None:
    rows = [*TABLE, [None, "合计", 3], ["填表人：某某"]]
    assert notes_of(read(save_xlsx(tmp_path / "市场监管.xlsx", rows))) == {4: "total", 5: "footer"}


def test_external_links_and_macros_are_left_alone_and_remarked(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE)
    with_part(path, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    with_part(path, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    notes = read(path).notes
    assert any("其他工作簿" in note for note in notes)
    assert any("宏" in note for note in notes)
