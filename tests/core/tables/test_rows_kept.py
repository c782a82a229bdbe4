"""Every non-blank row below the header is there once, under its number, with its cells as delivered."""

import json
from pathlib import Path

import pytest

from jingwei.domain.lists import RowNote
from tests.core.tables.files import (
    HEADER,
    ROWS,
    TABLE,
    cells_of,
    delimited,
    notes_of,
    read,
    refused,
    rows_of,
    save,
)

HEAD = ",".join(HEADER) + "\n"


def test_blank_rows_are_counted_but_not_kept(tmp_path: Path) -> None:
    body = HEAD + "\n" + ",".join(ROWS[0]) + "\n , ,\u3000,\n,,,\n" + ",".join(ROWS[1]) + "\n\n"
    table = read(save(tmp_path, "市场监管.csv", body))
    assert cells_of(table) == {2: ROWS[0], 5: ROWS[1]}
    assert (table.row_count, table.blank_rows) == (2, 4)


@pytest.mark.parametrize("total", ["合计", " 合 计 ", "总计：3", "小计", "共 3 户", "本页小计"])
def test_a_total_row_is_marked(tmp_path: Path, total: str) -> None:
    body = delimited([*TABLE, [total, "", "", ""], ["", "", total, ""]])
    assert notes_of(read(save(tmp_path, "市场监管.csv", body))) == {4: RowNote.TOTAL, 5: RowNote.TOTAL}


def test_a_firm_with_a_code_is_no_total_row(tmp_path: Path) -> None:
    body = delimited([HEADER, ["总计", *ROWS[0][1:]]])
    assert notes_of(read(save(tmp_path, "市场监管.csv", body))) == {}


def test_a_repeated_header_and_title_are_marked(tmp_path: Path) -> None:
    title = ["安澜市企业名单", "", "", ""]
    body = delimited([title, HEADER, ROWS[0], title, HEADER, ROWS[1]])
    marked = notes_of(read(save(tmp_path, "市场监管.csv", body)))
    assert marked == {2: RowNote.REPEATED_HEADER, 3: RowNote.REPEATED_HEADER}


def test_a_footer_is_marked(tmp_path: Path) -> None:
    body = delimited([*TABLE, ["填表人：某某", "", "审核人：某某", ""]])
    assert notes_of(read(save(tmp_path, "市场监管.csv", body))) == {4: RowNote.FOOTER}


def test_cells_beyond_the_header_are_kept_aside(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([HEADER, [*ROWS[0], "多", "余"], [*ROWS[1], ""]])))
    assert cells_of(table) == {1: ROWS[0], 2: ROWS[1]}
    assert notes_of(table) == {1: RowNote.TOO_MANY_CELLS}
    assert json.loads(rows_of(table)[0]["extra"]) == ["多", "余"]


def test_missing_cells_are_empty(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([HEADER, ROWS[0][:2], ROWS[1]])))
    assert cells_of(table) == {1: [*ROWS[0][:2], "", ""], 2: ROWS[1]}
    assert notes_of(table) == {1: RowNote.TOO_FEW_CELLS}


def test_a_row_of_blanks_with_a_cell_beyond_the_header_is_kept(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited([HEADER, ["", "", "", "", "孤"], ROWS[0]])))
    assert list(cells_of(table)) == [1, 2]


def test_a_quoted_cell_may_run_over_lines(tmp_path: Path) -> None:
    long = ["安澜市\n望江,机电\n“厂”", *ROWS[0][1:]]
    table = read(save(tmp_path, "市场监管.csv", delimited([HEADER, long, ROWS[1]])))
    assert cells_of(table) == {1: long, 2: ROWS[1]}


def test_quotes_inside_a_cell_stay(tmp_path: Path) -> None:
    body = HEAD + '"安澜""望江""厂",x,a"b,\n'
    assert cells_of(read(save(tmp_path, "市场监管.csv", body))) == {1: ['安澜"望江"厂', "x", 'a"b', ""]}


def test_a_stray_quote_swallows_no_other_row(tmp_path: Path) -> None:
    body = HEAD + '"' + ",".join(ROWS[0]) + "\n" + ",".join(ROWS[1]) + "\n"
    table = read(save(tmp_path, "市场监管.csv", body))
    assert cells_of(table) == {1: ['"' + ROWS[0][0], *ROWS[0][1:]], 2: ROWS[1]}
    assert notes_of(table) == {1: RowNote.STRAY_QUOTE}


def test_two_stray_quotes_do_not_join_the_rows_between_them(tmp_path: Path) -> None:
    first, second = ['"安澜甲厂', *ROWS[0][1:]], ['安澜"乙厂', *ROWS[1][1:]]
    body = HEAD + ",".join(first) + "\n" + ",".join(second) + "\n"
    table = read(save(tmp_path, "市场监管.csv", body))
    assert cells_of(table) == {1: first, 2: second}
    assert notes_of(table) == {1: RowNote.STRAY_QUOTE, 2: RowNote.STRAY_QUOTE}


def test_a_quote_that_stays_open_refuses_the_file_with_its_row(tmp_path: Path) -> None:
    body = HEAD + ",".join(ROWS[0]) + '\n"安澜市,北街\n' + ",".join(ROWS[1]) + "\n"
    error = refused(save(tmp_path, "市场监管.csv", body))
    assert error.code == "T-QUOTES"
    assert "第 3 行" in error.place_zh


def test_scientific_notation_is_kept_as_delivered(tmp_path: Path) -> None:
    body = delimited([HEADER, ["安澜甲厂", "9.1990101E+17", "", "43467"]])
    assert cells_of(read(save(tmp_path, "市场监管.csv", body))) == {1: ["安澜甲厂", "9.1990101E+17", "", "43467"]}


def test_many_rows_are_numbered_through(tmp_path: Path) -> None:
    rows = [[f"安澜第{number}厂", "", "", ""] for number in range(45_000)]
    rows[30_000].pop()
    table = read(save(tmp_path, "市场监管.csv", delimited([HEADER, *rows])))
    kept = rows_of(table)
    assert [row["row"] for row in kept] == list(range(1, 45_001))
    assert kept[-1]["c0"] == "安澜第44999厂"


def test_an_earlier_result_stays_when_a_file_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "市场监管.csv", delimited(TABLE))
    table = read(path)
    save(tmp_path, "市场监管.csv", "")
    assert refused(path).code == "T-EMPTY"
    assert len(rows_of(table)) == 3
