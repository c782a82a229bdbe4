"""Under random damage every non-blank row below the header is there once, or the file is refused."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.core.tables import ParsedTable, TableError
from tests.core.tables.files import (
    HEADER,
    TABLE,
    cells_of,
    delimited,
    read,
    rows_of,
    save,
    save_xlsx,
)

ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
MANY = [[f"安澜市第{number}厂", str(number), f"柳堤路{number}号，东门", "2019-01-02"] for number in range(1, 30)]
QUOTED = [[row[0], row[1], f'{row[2]},\n“{row[1]}"号', row[3]] for row in MANY]
# What separates cells and rows, and blanks around them: everything else must come out again.
NOT_CONTENT = re.compile(r"[\s,;\t\"\x00\ufeff]+")

moderate = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage")


Damage = Callable[[bytes], bytes]


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """A few bytes changed, removed, doubled or put in, or the end cut off."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["flip", "set", "remove", "double", "insert", "cut"]),
                st.floats(0, 1, exclude_max=True),
                st.sampled_from(b'\x00"\n\r,;\t\xff\x81 \xe5A'),
            ),
            min_size=1,
            max_size=4,
        )
    )

    def damage(content: bytes) -> bytes:
        for kind, share, byte in steps:
            at = int(len(content) * share)
            before, here, after = content[:at], content[at : at + 1], content[at + 1 :]
            content = {
                "flip": before + bytes(255 - each for each in here) + after,
                "set": before + bytes([byte]) + after,
                "remove": before + after,
                "double": content[: at + 40] + content[at:],
                "insert": before + bytes([byte]) + here + after,
                "cut": before,
            }[kind]
        return content

    return damage


def attempt(path: Path) -> ParsedTable | None:
    try:
        return read(path)
    except TableError as error:
        return None if path.name in error.place_zh else pytest.fail(f"no place: {error}")


def check_numbers(table: ParsedTable) -> None:
    numbers = [row["row"] for row in rows_of(table)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == table.row_count
    assert not numbers or numbers[-1] <= table.row_count + table.blank_rows


def contents(table: ParsedTable) -> str:
    """All cells of all rows in their order, without what separates them."""
    texts: list[str] = []
    for row in rows_of(table):
        texts += [row[f"c{index}"] for index in range(len(table.header))]
        texts += json.loads(row["extra"]) if row["extra"] else []
    return NOT_CONTENT.sub("", "".join(texts))


def lines_of(table: ParsedTable, content: bytes) -> list[str]:
    """The lines of the file, read independently of the parser."""
    text = content.decode(table.encoding or "utf-8", "replace").replace("\x00", "")
    return re.split("\r\n|\r|\n", text)


@moderate
@given(st.sampled_from(ENCODINGS), st.sampled_from([MANY, QUOTED]), damages())
def test_damaged_bytes_lose_and_double_no_character(
    folder: Path, encoding: str, rows: list[list[str]], damage: Damage
) -> None:
    content = damage(delimited([HEADER, *rows]).encode(encoding))
    table = attempt(save(folder, "市场监管.csv", content))
    if table is None:
        return
    check_numbers(table)
    lines = lines_of(table, content)
    above = lines[: table.header_row]
    if any('"' in line for line in above):
        return
    assert contents(table) == NOT_CONTENT.sub("", "".join(lines[table.header_row :]))


@moderate
@given(st.sampled_from(ENCODINGS), damages())
def test_each_damaged_line_without_quotes_is_one_row_under_its_number(
    folder: Path, encoding: str, damage: Damage
) -> None:
    content = damage(delimited([HEADER, *MANY]).encode(encoding))
    table = attempt(save(folder, "市场监管.csv", content))
    if table is None:
        return
    lines = lines_of(table, content)
    if any('"' in line for line in lines):
        return
    below = dict(enumerate(lines[table.header_row :], start=1))
    assert list(cells_of(table)) == [number for number, line in below.items() if re.sub(r"[\s,]", "", line)]


@moderate
@given(
    st.sampled_from(ENCODINGS),
    st.sampled_from([",", "\t", ";"]),
    st.permutations(range(4)),
    st.sets(st.integers(1, len(QUOTED)), max_size=20),
    st.sampled_from([MANY, QUOTED]),
    st.booleans(),
)
def test_blank_rows_and_swapped_columns_change_nothing_else(
    folder: Path, encoding: str, delimiter: str, order: list[int], blanked: set[int], rows: Any, title: bool
) -> None:
    expected = {
        number: [row[column] for column in order] for number, row in enumerate(rows, start=1) if number not in blanked
    }
    body = [expected.get(number, [""] * 4) for number in range(1, len(rows) + 1)]
    titles = [["安澜市名单"]] if title else []
    text = delimited([*titles, [HEADER[column] for column in order], *body], delimiter)
    table = read(save(folder, "市场监管.csv", text, encoding))
    assert cells_of(table) == expected
    assert {table.header[column]: field for column, field in table.mapping.items()} == {
        "企业名称": "name",
        "统一社会信用代码": "uscc",
        "住所": "address",
        "成立日期": "founded_on",
    }


@moderate
@given(damages())
def test_a_damaged_workbook_is_read_whole_or_refused(folder: Path, damage: Damage) -> None:
    original = folder / "原件.xlsx"
    if not original.exists():
        save_xlsx(original, TABLE)
    table = attempt(save(folder, "市场监管.xlsx", damage(original.read_bytes())))
    if table is not None:
        assert cells_of(table) == dict(enumerate(TABLE[1:], start=1))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.sampled_from(["市场监管.csv", "市场监管.xlsx"]), st.booleans())
def test_any_bytes_are_answered(folder: Path, content: bytes, name: str, with_header: bool) -> None:
    start = ",".join(HEADER).encode() + b"\n" if with_header else b""
    table = attempt(save(folder, name, start + content))
    if table is not None:
        check_numbers(table)
