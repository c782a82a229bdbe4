"""Writes the results of a linkage as CSV files: plain UTF-8 for what programs read on, with a
byte-order mark for what people open in a spreadsheet.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from jingwei.domain.linkage import REASONS

# How the queries show a ground by its Chinese name, and a text from outside so that a spreadsheet shows it
# and does not run it; the intake drops the apostrophe again.
_MACROS = (
    "CREATE OR REPLACE TEMP MACRO shown_basis(code) AS CASE code {names} ELSE '' END",
    "CREATE OR REPLACE TEMP MACRO shown_text(given) AS "
    "CASE WHEN regexp_matches(given, '^[=+@\\t\\r-]') THEN '''' || given ELSE given END",
)


class Output(NamedTuple):
    """One file: its name and encoding, its Chinese header, the query for its lines."""

    name: str
    encoding: str
    header: tuple[str, ...]
    query: str


OF_A_RUN = (
    Output(
        "links.csv",
        "utf-8",
        ("数据源", "行号", "实体编号", "依据", "得分", "待核"),
        """
        SELECT file, row, coalesce(entity, ''), shown_basis(basis), printf('%.3f', score),
          CASE WHEN review THEN '是' ELSE '否' END
        FROM linkage.result WHERE unit = 0
        UNION ALL
        SELECT DISTINCT file, row, '', shown_basis('rejected'), '0.000', '否' FROM faults WHERE rejected
        ORDER BY 1, 2
        """,
    ),
    Output(
        "party_units.csv",
        "utf-8",
        ("数据源", "行号", "序号", "覆盖单位", "实体编号", "依据", "得分", "待核"),
        """
        SELECT r.file, r.row, r.unit, shown_text(coalesce(s.name, s.code_text, '')), coalesce(r.entity, ''), shown_basis(r.basis),
          printf('%.3f', r.score), CASE WHEN r.review THEN '是' ELSE '否' END
        FROM linkage.result r JOIN linkage.records s USING (rid)
        WHERE r.unit > 0 ORDER BY r.file, r.row, r.unit
        """,
    ),
    Output(
        "review.csv",
        "utf-8-sig",
        (
            *("数据源", "行号", "名称", "代码", "实体编号"),
            *("对方数据源", "对方行号", "对方名称", "对方代码", "对方实体编号"),
            *("依据", "得分"),
        ),
        """
        SELECT file, row, shown_text(coalesce(name, '')), shown_text(coalesce(code, '')), coalesce(entity, ''),
          other_file, other_row, shown_text(coalesce(other_name, '')), shown_text(coalesce(other_code, '')),
          coalesce(other_entity, ''), shown_basis(basis), printf('%.3f', score)
        FROM linkage.review_pair ORDER BY score DESC, rid, other_rid
        """,
    ),
    Output(
        "rejects.csv",
        "utf-8-sig",
        ("数据源", "行号", "字段", "原值", "错误码", "原因", "建议"),
        """
        SELECT file, row, field, shown_text(value), code, reason, repair FROM faults
        WHERE rejected ORDER BY file, row, code, field
        """,
    ),
    Output(
        "flags.csv",
        "utf-8-sig",
        ("数据源", "行号", "字段", "原值", "错误码", "原因", "建议"),
        """
        SELECT file, row, field, shown_text(value), code, reason, repair FROM faults
        WHERE NOT rejected ORDER BY file, row, code, field
        """,
    ),
)


# What a delta has changed; the linkage is as a whole in the other files only if it was asked for.
OF_A_DELTA = (
    Output(
        "links_changed.csv",
        "utf-8",
        ("数据源", "行号", "原实体编号", "实体编号", "原依据", "依据", "待核"),
        """
        SELECT file, row, coalesce(entity_before, ''), coalesce(entity, ''), shown_basis(basis_before),
          shown_basis(basis), CASE WHEN review THEN '是' ELSE '否' END
        FROM linkage.changed WHERE unit = 0 ORDER BY 1, 2
        """,
    ),
    *(output for output in OF_A_RUN if output.name in ("rejects.csv", "flags.csv")),
)


def write_results(engine: duckdb.DuckDBPyConnection, folder: Path, outputs: Sequence[Output] = OF_A_RUN) -> None:
    """Write result files, all but the summary, into a folder, from `linkage.*` and `faults`."""
    names = " ".join(f"WHEN '{basis.value}' THEN '{reason.zh}'" for basis, reason in REASONS.items())
    for macro in _MACROS:
        engine.execute(macro.format(names=names))
    for output in outputs:
        _write(engine, folder, output)


def publish(folder: Path, out: Path, outputs: Sequence[Output] = OF_A_RUN) -> None:
    """Move the finished files to their place, each in one step; the summary comes last."""
    for name in (*(output.name for output in outputs), "summary.json"):
        (folder / name).replace(out / name)


def _write(engine: duckdb.DuckDBPyConnection, folder: Path, output: Output) -> None:
    lines = folder / f".{output.name}"
    engine.execute(f"COPY ({output.query}) TO $lines (FORMAT csv, HEADER false)", {"lines": str(lines)})
    with (folder / output.name).open("wb") as stream, lines.open("rb") as body:
        stream.write(f"{','.join(output.header)}\n".encode(output.encoding))
        shutil.copyfileobj(body, stream)
    lines.unlink()
