"""A file that is no table, or a hostile one, is refused with the reason and the way out."""

import zipfile
from pathlib import Path

import pytest

from jingwei.core.tables import TableLimits
from tests.core.tables.files import (
    HEADER,
    ROWS,
    TABLE,
    delimited,
    refused,
    save,
    save_xlsx,
    with_part,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def stream(name: str) -> bytes:
    return name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"BM\x36\x00\x00\x00", "图片"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"{\\rtf1", "RTF"),
        (b"\r\n<HTML><table><tr><td>", "网页"),
        (b"\xef\xbb\xbf<table border=1>", "网页"),
        (b'<?xml version="1.0"?><Workbook>', "XML"),
        (OLE + stream("Workbook"), "xls"),
        (OLE + stream("WordDocument"), "doc"),
        (OLE, "Office"),
    ],
)
def test_another_kind_of_file_is_named_and_the_way_out_shown(tmp_path: Path, content: bytes, kind: str) -> None:
    error = refused(save(tmp_path, "市场监管.csv", content))
    assert error.code == "T-KIND"
    assert kind in error.message_zh
    assert "另存为 xlsx" in error.hint_zh


@pytest.mark.parametrize(
    ("part", "kind"),
    [("word/document.xml", "Word"), ("xl/workbook.bin", "xlsb"), ("OFD.xml", "OFD"), ("市场监管.csv", "zip")],
)
def test_another_archive_is_named(tmp_path: Path, part: str, kind: str) -> None:
    path = tmp_path / "市场监管.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "<x/>")
    error = refused(path)
    assert error.code == "T-KIND"
    assert kind in error.message_zh


def test_a_latin_header_is_not_taken_for_a_picture(tmp_path: Path) -> None:
    assert refused(save(tmp_path, "市场监管.csv", b"BMW,x\n1,2\n")).code == "T-NO-HEADER"


def test_a_spreadsheet_with_a_password_is_named(tmp_path: Path) -> None:
    error = refused(save(tmp_path, "市场监管.xlsx", OLE + stream("EncryptedPackage")))
    assert error.code == "T-ENCRYPTED"
    assert "密码" in error.hint_zh


def test_an_archive_with_a_password_is_named(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE)
    content = bytearray(path.read_bytes())
    central = content.rindex(b"PK\x01\x02")
    content[central + 8] |= 1
    path.write_bytes(content)
    assert refused(path).code == "T-ENCRYPTED"


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(save(tmp_path, "市场监管.csv", content)).code == "T-EMPTY"


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert refused(save_xlsx(tmp_path / "市场监管.xlsx", [])).code == "T-EMPTY"


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "没有.csv").code == "T-MISSING"
    assert refused(tmp_path).code == "T-MISSING"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    assert refused(save(tmp_path, "市场监管.csv", bytes(range(1, 32)) * 50)).code == "T-NOT-TEXT"


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE)
    path.write_bytes(path.read_bytes()[:-200])
    error = refused(path)
    assert error.code == "T-TRUNCATED"
    assert "重新" in error.hint_zh


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE)
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content = bytearray(path.read_bytes())
    content[start + 80] ^= 0xFF
    path.write_bytes(content)
    error = refused(path)
    assert error.code == "T-DAMAGED"
    assert "sheet1.xml" in error.message_zh


def test_a_sheet_that_is_no_xml_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE)
    assert refused(with_part(path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>")).code in {
        "T-DAMAGED",
        "T-EMPTY",
    }
    assert refused(with_part(path, "xl/worksheets/sheet1.xml", "<a/>".encode("utf-16"))).code == "T-DAMAGED"


def bomb(path: Path, rows: int) -> Path:
    """Many rows without a dimension tag: small on disk, large in memory."""
    row = b'<row><c t="inlineStr"><is><t>' + b"x" * 40 + b"</t></is></c></row>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(path, "xl/worksheets/sheet1.xml", sheet + row * rows + b"</sheetData></worksheet>")


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = bomb(save_xlsx(tmp_path / "市场监管.xlsx", TABLE), 250_000)
    assert path.stat().st_size < 140_000
    error = refused(path)
    assert error.code == "T-BOMB"
    assert "空白行列" in error.hint_zh


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = bomb(save_xlsx(tmp_path / "市场监管.xlsx", TABLE), 1000)
    assert refused(path, limits=TableLimits(max_unpacked_bytes=50_000)).code == "T-BOMB"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_document_type_with_entities_is_refused(tmp_path: Path, part: str) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", TABLE)
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    error = refused(with_part(path, part, evil))
    assert error.code == "T-UNSAFE"
    assert "外部实体" in error.message_zh


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil", "xl\\..\\..\\evil", "C:/evil"])
def test_names_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    path = with_part(save_xlsx(tmp_path / "市场监管.xlsx", TABLE), name, b"x")
    assert refused(path).code == "T-UNSAFE"


def test_a_stray_cell_far_away_is_refused_with_its_place(tmp_path: Path) -> None:
    def put_far(book: object) -> None:
        book.active["IA1000000"] = "x"  # type: ignore[attr-defined]

    error = refused(save_xlsx(tmp_path / "市场监管.xlsx", TABLE, put_far))
    assert error.code == "T-SPREAD"
    assert "第 1000000 行第 235 列" in error.message_zh


def test_a_file_with_too_many_bytes_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "市场监管.csv", delimited(TABLE))
    size = path.stat().st_size
    assert refused(path, limits=TableLimits(max_bytes=size - 1)).code == "T-TOO-LARGE"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_too_many_rows_or_columns_are_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"市场监管.{form}"
    if form == "csv":
        save(tmp_path, path.name, delimited(TABLE))
    else:
        save_xlsx(path, TABLE)
    assert refused(path, limits=TableLimits(max_rows=2)).code == "T-ROWS"
    error = refused(path, limits=TableLimits(max_columns=3))
    assert error.code == "T-COLUMNS"
    assert "4 列" in error.message_zh


def test_a_cell_beyond_the_limit_is_refused_with_row_and_column(tmp_path: Path) -> None:
    body = delimited([HEADER, ROWS[0], [ROWS[1][0], "", "长" * 40_000, ""]])
    error = refused(save(tmp_path, "市场监管.csv", body))
    assert error.code == "T-CELL"
    assert "第 3 行，第 3 列" in error.place_zh
    assert "40000 个字符" in error.message_zh


def test_a_line_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    header = ",".join(HEADER) + "\n"
    assert refused(save(tmp_path, "市场监管.csv", header + "x," * 5_000_000)).code == "T-LINE"
    assert refused(save(tmp_path, "市场监管2.csv", "安澜" * 5_000_000)).code == "T-LINE"
