"""What is written opens as text only, appears whole or not at all, and can be sent in again."""

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from jingwei.core.tables import TableError, write_csv, write_xlsx
from jingwei.domain.intake import check_row
from jingwei.domain.lists import ListKind
from tests.core.tables.files import HEADER, ROWS, cells_of, read

ACTIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "  =cmd|' /C calc'!A0", "\n=1"]


def csv_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("text", ACTIVE)
def test_a_cell_that_might_act_stays_text_in_csv(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "a.csv", ["名称"], [[text]])
    assert csv_cells(tmp_path / "a.csv")[1] == ["'" + text]


@pytest.mark.parametrize("text", [*ACTIVE, "https://example.invalid", "007", "9.14E+17", "{=1}"])
def test_every_cell_of_a_sheet_is_a_text(tmp_path: Path, text: str) -> None:
    write_xlsx(tmp_path / "a.xlsx", ["名称"], [[text]])
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"]
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.hyperlink is None


def test_harmless_cells_stay_as_they_are(tmp_path: Path) -> None:
    rows = [["安澜甲厂", "", 'a,b\n"c"'], ["1=1", None, "x-y"]]
    assert write_csv(tmp_path / "a.csv", ["一", "二", "三"], rows) == 2
    assert csv_cells(tmp_path / "a.csv")[1:] == [rows[0], ["1=1", "", "x-y"]]


def test_a_csv_opens_as_utf8_in_spreadsheets(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", HEADER, ROWS)
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_written_can_be_read_in_again(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"市场监管.{form}"
    count = (write_csv if form == "csv" else write_xlsx)(path, HEADER, ROWS)
    assert count == 3
    assert cells_of(read(path)) == dict(enumerate(ROWS, start=1))


def test_remarks_stand_above_the_header_and_are_read_as_titles(tmp_path: Path) -> None:
    path = tmp_path / "市场监管.xlsx"
    write_xlsx(path, HEADER, ROWS, sheet="退回", remarks=["共 3 行，请改正后重新上传"])
    table = read(path)
    assert (table.sheet, table.header_row) == ("退回", 2)
    assert table.title_rows == ("共 3 行，请改正后重新上传",)


def test_the_apostrophe_in_front_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "市场监管.csv"
    write_csv(path, HEADER, [["-安澜甲厂", "", "", ""]])
    (cells,) = cells_of(read(path)).values()
    assert check_row(ListKind.MARKET, {"name": cells[0]}).name == "-安澜甲厂"


def test_columns_are_as_wide_as_their_texts(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", ["一", "二"], [["安澜市望江机电", "长" * 100]])
    columns = openpyxl.load_workbook(tmp_path / "a.xlsx").active.column_dimensions
    assert 15 <= columns["A"].width <= 18
    assert 60 <= columns["B"].width <= 62


def test_a_cell_too_long_for_a_spreadsheet_is_not_dropped_in_silence(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        write_xlsx(tmp_path / "a.xlsx", ["名称"], [["长" * 32_768]])
    assert caught.value.code == "T-CELL"
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_spreadsheet_holds_are_not_dropped_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jingwei.core.tables.write._MOST_XLSX_ROWS", 3)
    assert write_xlsx(tmp_path / "a.xlsx", ["名称"], [["甲"], ["乙"]]) == 2
    with pytest.raises(TableError) as caught:
        write_xlsx(tmp_path / "b.xlsx", ["名称"], [["甲"], ["乙"], ["丙"]])
    assert caught.value.code == "T-ROWS"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_rows_that_fail_half_way_leave_no_file(tmp_path: Path, write: object) -> None:
    def failing() -> Iterator[list[str]]:
        yield ["甲"]
        raise RuntimeError("connection lost")

    with pytest.raises(RuntimeError):
        write(tmp_path / "a.out", ["名称"], failing())  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path, write: object) -> None:
    with pytest.raises(TableError) as caught:
        write(tmp_path / "没有" / "a.out", ["名称"], [["甲"]])  # type: ignore[operator]
    assert caught.value.code == "T-DISK"
