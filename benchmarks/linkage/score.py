"""How right a result is, against the truth that the generator laid beside its lists.

    python -m benchmarks.linkage.score links.csv|groups.parquet truth.parquet [--effective]

prints the figures as JSON.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from jingwei.domain.linkage import REASONS, PairScores
from jingwei.domain.uscc import is_placeholder


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of rows, all of them and the hard ones: those whose codes as written differ.

    `waiting` counts links that a person has to decide before they act.
    """

    every: PairScores
    hard: PairScores
    waiting: int = 0

    def figures(self) -> dict[str, float]:
        """The figures that are reported."""
        every, hard = self.every, self.hard
        shares = {"f1": every.f1, "hard_f1": hard.f1, "precision": every.precision, "recall": every.recall}
        return {**shares, "waiting": self.waiting}


# A row that stands alone with a doubt about it keeps its own entity.
_LINKS = """
SELECT file, row, CASE WHEN grp <> '' AND ({proposed} OR NOT waiting) THEN grp END AS grp, waiting FROM (
  SELECT column0 AS file, column1::BIGINT AS row, column2 AS grp,
    column5 = '是' AND list_contains({linking}, column3) AS waiting
  FROM read_csv('{links}', header = false, skip = 1, all_varchar = true)
)
"""
_GROUPS = "SELECT file, row, grp, false AS waiting FROM '{groups}'"
_LINKING = [reason.zh for reason in REASONS.values() if reason.links]

# `mark` is the code as it stands there; what only fills the cell is no code.
_TRUTH = """
CREATE TABLE truth AS
SELECT t.file, t.row, t.entity, CASE WHEN t.code NOT IN (SELECT code FROM fillers) THEN t.code END AS mark
FROM '{truth}' t
"""
# Rows that are no unit (totals, repeated headers) have no entity and stand alone in truth.
_JUDGED = """
CREATE OR REPLACE TABLE judged AS
SELECT t.entity, t.mark, g.grp, coalesce(g.waiting, false) AS waiting
FROM truth t LEFT JOIN ({groups}) g ON g.file = t.file AND g.row = t.row
"""
_PAIRS = """
SELECT coalesce(sum(times * (times - 1) // 2), 0)::BIGINT
FROM (SELECT count(*) AS times FROM judged WHERE {known} GROUP BY {columns})
"""


class Judge:
    """One truth, against which any number of results can be scored."""

    def __init__(self, truth: Path) -> None:
        self._engine = duckdb.connect()
        codes = self._engine.execute(f"SELECT DISTINCT code FROM '{truth}'").fetchall()
        fillers = pa.table(
            {"code": pa.array([code for (code,) in codes if code is None or is_placeholder(code)], pa.string())}
        )
        self._engine.register("fillers", fillers.drop_null())
        self._engine.execute(_TRUTH.format(truth=truth))

    def links(self, links: Path, *, effective: bool = False) -> Score:
        """Score the links.csv of `jw link`: all that it puts together, or with `effective` only what acts
        without a person's decision; a row whose link waits (待核) then stands alone.
        """
        return self._score(_LINKS.format(links=links, linking=_LINKING, proposed=not effective))

    def groups(self, groups: Path) -> Score:
        """Score a parquet file of file, row, grp; rows that are missing or have no grp stand alone."""
        return self._score(_GROUPS.format(groups=groups))

    def _score(self, groups: str) -> Score:
        self._engine.execute(_JUDGED.format(groups=groups))
        ((waiting,),) = self._engine.execute("SELECT count(*) FILTER (waiting) FROM judged").fetchall()
        joined, true, right = (self._pairs(columns) for columns in _GROUPINGS)
        easy_joined, easy_true, easy_right = (self._pairs((*columns, "mark")) for columns in _GROUPINGS)
        every = PairScores(right, joined - right, true - right)
        hard_right = right - easy_right
        hard = PairScores(hard_right, joined - easy_joined - hard_right, true - easy_true - hard_right)
        return Score(every, hard, waiting)

    def _pairs(self, columns: tuple[str, ...]) -> int:
        """Pairs of rows that agree in all the columns, each of which they must have."""
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        ((pairs,),) = self._engine.execute(_PAIRS.format(known=known, columns=", ".join(columns))).fetchall()
        return int(pairs)


_GROUPINGS: Final[tuple[tuple[str, ...], ...]] = (("grp",), ("entity",), ("grp", "entity"))


def main() -> None:
    """Print the figures of one result."""
    parser = argparse.ArgumentParser(description="Score a result.")
    parser.add_argument("result", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--effective", action="store_true")
    given = parser.parse_args()
    judge = Judge(given.truth)
    if given.result.suffix == ".parquet":
        score = judge.groups(given.result)
    else:
        score = judge.links(given.result, effective=given.effective)
    print(json.dumps(score.figures()))


if __name__ == "__main__":
    main()
