"""The encoding is found out; text that only comes out as garbage is refused."""

import codecs
from pathlib import Path

import pytest

from tests.core.tables.files import ROWS, TABLE, cells_of, delimited, read, refused, save

BODY = delimited(TABLE)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (BODY.encode(), "utf-8"),
        (BODY.encode("utf-8-sig"), "utf-8-sig"),
        (BODY.encode("gb18030"), "gb18030"),
        (BODY.encode("gbk"), "gb18030"),
        (codecs.BOM_UTF16_LE + BODY.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + BODY.encode("utf-16-be"), "utf-16"),
        (BODY.encode("utf-16-le"), "utf-16-le"),
        (BODY.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_every_usual_encoding_is_read(tmp_path: Path, content: bytes, encoding: str) -> None:
    table = read(save(tmp_path, "市场监管.csv", content))
    assert table.encoding == encoding
    assert cells_of(table) == dict(enumerate(ROWS, start=1))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_usual_delimiter_is_read(tmp_path: Path, delimiter: str) -> None:
    table = read(save(tmp_path, "市场监管.csv", delimited(TABLE, delimiter)))
    assert cells_of(table) == dict(enumerate(ROWS, start=1))


def test_big5_is_refused_by_name(tmp_path: Path) -> None:
    body = "企業名稱,統一社會信用代碼,住所\n安瀾市望江機電有限公司,91990101MA00123400,安瀾市柳堤路\n"
    error = refused(save(tmp_path, "市场监管.csv", body, "big5"))
    assert error.code == "T-ENCODING"
    assert "Big5" in error.message_zh
    assert "另存" in error.hint_zh


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    # Bytes that are valid GB 18030 throughout and mean nothing in it.
    body = "фирма,код\nзавод,123\n".encode("koi8-r") * 20
    assert refused(save(tmp_path, "市场监管.csv", body)).code == "T-ENCODING"


def test_one_lost_byte_costs_one_cell_and_is_remarked(tmp_path: Path) -> None:
    body = delimited([*TABLE, *ROWS * 5]).encode("gb18030")
    cut = body.index("机电".encode("gb18030"))
    table = read(save(tmp_path, "市场监管.csv", body[:cut] + body[cut + 1 :]))
    assert table.row_count == 18
    assert cells_of(table)[2] == ROWS[1]
    assert any("无法辨认" in note and "第 2 行" in note for note in table.notes)


def test_a_file_that_changes_its_encoding_is_refused_with_the_row(tmp_path: Path) -> None:
    body = delimited(TABLE).encode() + delimited(ROWS * 20).encode("gb18030")
    error = refused(save(tmp_path, "市场监管.csv", body))
    assert error.code == "T-ENCODING"
    assert "第 5 行" in error.place_zh


def test_zero_characters_are_taken_out_and_remarked(tmp_path: Path) -> None:
    table = read(save(tmp_path, "市场监管.csv", BODY.replace("安澜市望", "安澜\x00市望")))
    assert cells_of(table)[1] == ROWS[0]
    assert any("NUL" in note for note in table.notes)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_line_end_is_one_row(tmp_path: Path, end: str) -> None:
    table = read(save(tmp_path, "市场监管.csv", BODY.replace("\n", end)))
    assert cells_of(table) == dict(enumerate(ROWS, start=1))
