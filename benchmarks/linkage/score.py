"""How right a result is, against the truth that the generator laid beside its lists."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from jingwei.domain.intake import is_placeholder
from jingwei.domain.linkage import REASONS, PairScores, pair_scores


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of rows, all of them and the hard ones: those whose codes as written differ.

    `waiting` counts links that a person has to decide first; they do not act and are no pairs here.
    """

    every: PairScores
    hard: PairScores
    waiting: int = 0


# Rows that are no unit (totals, repeated headers) stand alone in truth.
_ROWS = """
SELECT t.entity, t.code, g.grp FROM '{truth}' t
LEFT JOIN ({groups}) g ON g.file = t.file AND g.row = t.row
ORDER BY t.file, t.row
"""
# A link that waits does not act; a row that stands alone with a doubt about it keeps its own entity.
_LINKS = """
SELECT file, row, CASE WHEN grp <> '' AND NOT waiting THEN grp END AS grp, waiting FROM (
  SELECT column0 AS file, column1::BIGINT AS row, column2 AS grp,
    column5 = '是' AND list_contains({linking}, column3) AS waiting
  FROM read_csv('{links}', header = false, skip = 1, all_varchar = true)
)
"""
_GROUPS = "SELECT file, row, grp FROM '{groups}'"
_LINKING = [reason.zh for reason in REASONS.values() if reason.links]


def score_links(links: Path, truth: Path) -> Score:
    """Score the links.csv of `jw link`; a row whose link waits (待核) stands alone until someone decides."""
    rows = _LINKS.format(links=links, linking=_LINKING)
    with duckdb.connect() as engine:
        ((waiting,),) = engine.execute(f"SELECT count(*) FROM ({rows}) WHERE waiting").fetchall()
    return _score(rows, truth, waiting)


def score_groups(groups: Path, truth: Path) -> Score:
    """Score a parquet file of file, row, grp; rows that are missing or have no grp stand alone."""
    return _score(_GROUPS.format(groups=groups), truth, 0)


def _score(groups: str, truth: Path, waiting: int) -> Score:
    with duckdb.connect() as engine:
        table = engine.sql(_ROWS.format(truth=truth, groups=groups)).to_arrow_table()
    entity, code, group = (column.to_pylist() for column in table.columns)
    written = _written(code)
    return Score(pair_scores(group, entity), pair_scores(group, entity, easy=written), waiting)


def _written(codes: list[str | None]) -> list[str | None]:
    """The codes as they stand there; what only fills the cell is no code."""
    known: dict[str | None, str | None] = {None: None}
    for code in codes:
        if code not in known:
            known[code] = None if code is None or is_placeholder_code(code) else code
    return [known[code] for code in codes]


def is_placeholder_code(code: str) -> bool:
    """Whether no one would take the text for a code: 无, /, 0, all zeros."""
    return not code.strip() or is_placeholder(code) or set(code.strip()) == {"0"}
