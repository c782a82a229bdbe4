"""Writes the results of a linkage as CSV files: plain UTF-8 for what programs read on, with a
byte-order mark for what people open in a spreadsheet.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from jingwei.domain.linkage import REASONS, Basis

_FETCH = 50_000
# A cell that begins like this would run as a formula in a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Output(NamedTuple):
    """One file: its name and encoding, its Chinese header, the query for its lines, the column with
    a ground (shown by its Chinese name) and those that come from outside (made harmless).
    """

    name: str
    encoding: str
    header: tuple[str, ...]
    query: str
    basis: int | None
    outside: tuple[int, ...]


_OUTPUTS = (
    _Output(
        "links.csv",
        "utf-8",
        ("数据源", "行号", "实体编号", "依据", "得分", "待核"),
        """
        SELECT file, row, coalesce(entity, ''), basis, printf('%.3f', score),
          CASE WHEN review THEN '是' ELSE '否' END
        FROM linkage.result WHERE unit = 0
        UNION ALL
        SELECT DISTINCT file, row, '', 'rejected', '0.000', '否' FROM faults WHERE rejected
        ORDER BY 1, 2
        """,
        3,
        (),
    ),
    _Output(
        "party_units.csv",
        "utf-8",
        ("数据源", "行号", "序号", "覆盖单位", "实体编号", "依据", "得分", "待核"),
        """
        SELECT r.file, r.row, r.unit, coalesce(s.name, s.code_text, ''), coalesce(r.entity, ''), r.basis,
          printf('%.3f', r.score), CASE WHEN r.review THEN '是' ELSE '否' END
        FROM linkage.result r JOIN linkage.records s USING (rid)
        WHERE r.unit > 0 ORDER BY r.file, r.row, r.unit
        """,
        5,
        (3,),
    ),
    _Output(
        "review.csv",
        "utf-8-sig",
        (
            *("数据源", "行号", "名称", "代码", "实体编号"),
            *("对方数据源", "对方行号", "对方名称", "对方代码", "对方实体编号"),
            *("依据", "得分"),
        ),
        """
        SELECT file, row, coalesce(name, ''), coalesce(code, ''), coalesce(entity, ''),
          other_file, other_row, coalesce(other_name, ''), coalesce(other_code, ''),
          coalesce(other_entity, ''), basis, printf('%.3f', score)
        FROM linkage.review_pair ORDER BY score DESC, rid, other_rid
        """,
        10,
        (2, 3, 7, 8),
    ),
    _Output(
        "rejects.csv",
        "utf-8-sig",
        ("数据源", "行号", "字段", "原值", "错误码", "原因", "建议"),
        """
        SELECT file, row, field, value, code, reason, repair FROM faults
        WHERE rejected ORDER BY file, row, code, field
        """,
        None,
        (3,),
    ),
    _Output(
        "flags.csv",
        "utf-8-sig",
        ("数据源", "行号", "字段", "原值", "错误码", "原因", "建议"),
        """
        SELECT file, row, field, value, code, reason, repair FROM faults
        WHERE NOT rejected ORDER BY file, row, code, field
        """,
        None,
        (3,),
    ),
)


def write_results(engine: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write all result files but the summary into a folder, from `linkage.*` and `faults`."""
    for output in _OUTPUTS:
        with (folder / output.name).open("w", encoding=output.encoding, newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(output.header)
            writer.writerows(_lines(engine, output))


def publish(folder: Path, out: Path) -> None:
    """Move the finished files to their place, each in one step; the summary comes last."""
    for name in (*(output.name for output in _OUTPUTS), "summary.json"):
        (folder / name).replace(out / name)


def _lines(engine: duckdb.DuckDBPyConnection, output: _Output) -> Iterator[Sequence[object]]:
    cursor = engine.execute(output.query)
    while lines := cursor.fetchmany(_FETCH):
        for line in lines:
            yield _shown(list(line), output)


def _shown(cells: list[object], output: _Output) -> list[object]:
    if output.basis is not None:
        cells[output.basis] = REASONS[Basis(str(cells[output.basis]))].zh
    for index in output.outside:
        cells[index] = _harmless(str(cells[index]))
    return cells


def _harmless(text: str) -> str:
    """Text that a spreadsheet shows and does not run; the intake drops the apostrophe again."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
