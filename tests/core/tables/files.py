"""Small invented files, and a reader of what the parser wrote."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from jingwei.core.tables import ParsedTable, TableError, parse

HEADER = ["企业名称", "统一社会信用代码", "住所", "成立日期"]
ROWS = [
    ["安澜市望江机电有限公司", "91990101MA00123400", "安澜市望江区柳堤路1号", "2019-01-02"],
    ["安澜市柳堤小吃店", "92990101MA00567811", "安澜市望江区柳堤路2号", "2020/3/4"],
    ["安澜市石桥农机合作社", "93990102MA00901222", "安澜市石桥县北街9号", "20210506"],
]
TABLE = [HEADER, *ROWS]


def delimited(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def save(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def save_xlsx(
    path: Path,
    rows: Sequence[Sequence[Any]],
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    if change is not None:
        change(workbook)
    workbook.save(path)
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The archive with one part replaced or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    return path


def read(path: Path, **options: Any) -> ParsedTable:
    return parse(path, path.with_name(path.name + ".parquet"), **options)


def rows_of(table: ParsedTable) -> list[dict[str, Any]]:
    return pq.read_table(table.rows_path).to_pylist()


def cells_of(table: ParsedTable) -> dict[int, list[str]]:
    """Row number -> cells."""
    width = len(table.header)
    return {row["row"]: [row[f"c{index}"] for index in range(width)] for row in rows_of(table)}


def notes_of(table: ParsedTable) -> dict[int, str]:
    return {row["row"]: row["note"] for row in rows_of(table) if row["note"]}


def refused(path: Path, **options: Any) -> TableError:
    """The refusal of a file; nothing may be left behind."""
    before = set(path.parent.iterdir())
    with pytest.raises(TableError) as caught:
        read(path, **options)
    assert set(path.parent.iterdir()) == before
    error = caught.value
    assert path.name in error.place_zh
    assert error.message_zh
    assert error.hint_zh
    return error
