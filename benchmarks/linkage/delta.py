"""A hundredth of the rows of a city changed, new or withdrawn: how long the delta takes, process start
included, and whether its links are those of a full run under the same version.

    python -m benchmarks.linkage.delta WORK --rows 30000
"""

import argparse
import csv
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.linkage import contest
from benchmarks.linkage.reach import Check, at_most

_PROFILE, _SEED = "desk", 7
_SHARE: Final = 0.01
# Of the rows that differ: new ones and withdrawn ones, the others are changed.
_NEW, _GONE = 0.2, 0.1
_CODE, _CODE_LOST = 0.15, 0.5
_MOST_SECONDS = 8
_CODES: Final = frozenset({"统一社会信用代码", "纳税人识别号"})
_NAMES: Final = frozenset({"企业名称", "纳税人名称", "单位名称"})

_DIFFERENCES = """
SELECT count(*) FROM (
  (SELECT * FROM one.{table} EXCEPT ALL SELECT * FROM other.{table})
  UNION ALL (SELECT * FROM other.{table} EXCEPT ALL SELECT * FROM one.{table})
)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Wall seconds of the delta and of the full run, rows in the delta, and lines of links, doubts and
    candidates in which the two differ.
    """

    seconds: float
    full_seconds: float
    rows: int
    differences: int


def measure(work: Path, *, rows: int) -> list[Check]:
    """One delta to a city with `rows` market rows, against what has to be reached."""
    folder = work / "delta"
    found = run(folder, rows)
    shutil.rmtree(folder)
    size = f"{rows:,} 市场行"
    return [
        at_most(f"1% 增量（{size}，{found.rows:,} 行变动，含读取与启动）", found.seconds, _MOST_SECONDS, " 秒"),
        at_most("增量与同版本全量的结果差异（行）", found.differences, 0, digits=0),
    ]


def run(folder: Path, rows: int) -> Outcome:
    """Make a city and its delta, link it all ways and compare."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    contest.generate(folder / "city", profile=_PROFILE, rows=rows, seed=_SEED, plain=True, log=log)
    chance = random.Random(_SEED)
    changed = sum(_split(path, folder, chance) for path in sorted((folder / "city").glob("*.csv")))
    shutil.rmtree(folder / "city")
    state, fresh = folder / "state", folder / "fresh"
    _link(folder / "base", "--state", str(state), log=log)
    shutil.copyfile(state, folder / "before")
    delta = _link(folder / "delta", "--state", str(state), "--delta", log=log)
    full = _link(folder / "final", "--model", str(folder / "before"), "--state", str(fresh), log=log)
    return Outcome(delta.seconds, full.seconds, changed, _differences(state, fresh))


def _link(folder: Path, *options: str, log: Path) -> contest.Effort:
    out = folder.with_name(f"{folder.name}-out")
    return contest.run(["-m", "jingwei", "link", str(folder), "--out", str(out), *options], log=log)


def _split(path: Path, folder: Path, chance: random.Random) -> int:
    """Write the list as it was, what has changed, and the list as it is; the number of rows that differ.

    Withdrawn rows leave a blank line behind, so that the others keep their numbers.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    differing = round(len(rows) * _SHARE)
    new = round(differing * _NEW)
    standing = len(rows) - new
    touched = chance.sample(range(standing), differing - new)
    gone = set(touched[: round(differing * _GONE)])
    final, lines = list(rows), []
    for at in sorted(touched):
        if at in gone:
            final[at] = [""] * len(header)
            lines.append([*rows[at], str(at + 1), "撤回"])
        else:
            final[at] = _changed(header, rows[at], rows[chance.randrange(standing)], chance)
            lines.append([*final[at], str(at + 1), ""])
    lines += [[*row, "", ""] for row in rows[standing:]]
    _write(folder / "base" / path.name, header, rows[:standing])
    _write(folder / "delta" / path.name, [*header, "原行号", "变动"], lines)
    _write(folder / "final" / path.name, header, final)
    return differing


def _changed(header: Sequence[str], row: Sequence[str], other: Sequence[str], chance: random.Random) -> list[str]:
    """The row with one thing different: a code lost or another's, a name misspelt, else another's value."""
    cells = list(row)
    column = chance.randrange(len(header))
    if chance.random() < _CODE:
        column = next(at for at, title in enumerate(header) if title in _CODES)
        cells[column] = "" if chance.random() < _CODE_LOST else other[column]
    elif header[column] in _NAMES and len(cells[column]) > 1:
        at = chance.randrange(len(cells[column]))
        cells[column] = cells[column][:at] + cells[column][at + 1 :]
    else:
        cells[column] = other[column]
    return cells


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def _differences(one: Path, other: Path) -> int:
    with duckdb.connect() as engine:
        engine.execute(f"ATTACH '{one}' AS one (READ_ONLY); ATTACH '{other}' AS other (READ_ONLY)")
        return sum(
            rows
            for table in ("link", "doubt", "candidate")
            for ((rows,),) in [engine.execute(_DIFFERENCES.format(table=table)).fetchall()]
        )


def main() -> None:
    """Read the arguments, run, and say what came out."""
    parser = argparse.ArgumentParser(description="A delta against a full run.")
    parser.add_argument("work", type=Path)
    parser.add_argument("--rows", type=int, default=30_000)
    given = parser.parse_args()
    print(run(given.work, given.rows))


if __name__ == "__main__":
    main()
