"""Time and memory at city size, and how time grows with the rows. Lists are plain UTF-8 CSV here, so
that the floor can read them with DuckDB alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Final

import pyarrow.parquet as pq

from benchmarks.linkage import contest
from benchmarks.linkage.contest import Effort
from benchmarks.linkage.reach import Check, at_least, at_most

SIZES: Final = (10_000, 100_000, 1_000_000)
QUICK_SIZES: Final = (1_000, 4_000, 16_000)
_PROFILE, _SEED = "desk", 7
# Below this many rows a run is short enough to be repeated; the fastest counts.
_REPEATED_BELOW, _REPEATS = 50_000, 3


@dataclass(frozen=True, slots=True)
class Sized:
    """Efforts at one size; `rows` are those of all lists, `splink` is None where it did not run."""

    market_rows: int
    rows: int
    jingwei: Effort
    floor: Effort
    splink: Effort | None
    splink_f1: float | None = None
    jingwei_f1: float | None = None


def measure(sizes: Sequence[int], work: Path, *, cut: float, tell: Callable[[str], None]) -> list[Sized]:
    """All sizes in ascending order; Splink runs at the largest, with the cut-off tuned before."""
    found = []
    for size in sizes:
        tell(f"规模 {size:,}")
        folder, log = work / "lists", work / "log"
        contest.generate(folder, profile=_PROFILE, rows=size, seed=_SEED, plain=True, log=log)
        found.append(_sized(size, folder, work, cut if size == max(sizes) else None))
        rmtree(folder)
    return found


def _sized(size: int, folder: Path, work: Path, cut: float | None) -> Sized:
    log, truth = work / "log", folder / "truth" / "truth.parquet"
    repeats = _REPEATS if size < _REPEATED_BELOW else 1
    jingwei = min((contest.jingwei(folder, work / "jingwei", log=log) for _ in range(repeats)), key=_seconds)
    floor = min((contest.rival("floor", folder, work / "floor", log=log) for _ in range(_REPEATS)), key=_seconds)
    rows = pq.read_metadata(truth).num_rows
    if cut is None:
        return Sized(size, rows, jingwei, floor, None)
    options = ("--cut", str(cut), "--lowest", str(cut), "--mode", "best")
    splink = contest.rival("splink", folder, work / "splink", *options, log=log)
    scores = [
        contest.ask(["-m", "benchmarks.linkage.score", str(result), str(truth)], log=log)["f1"]
        for result in (work / "splink" / "groups.parquet", work / "jingwei" / "links.csv")
    ]
    return Sized(size, rows, jingwei, floor, splink, *scores)


def _seconds(effort: Effort) -> float:
    return effort.seconds


def growth(found: Sequence[Sized]) -> float:
    """Marginal seconds per row of the last step as a multiple of those of the step before."""
    small, middle, large = found[-3:]
    return _marginal(middle, large) / _marginal(small, middle)


def _marginal(smaller: Sized, larger: Sized) -> float:
    """Seconds per further row."""
    return (larger.jingwei.seconds - smaller.jingwei.seconds) / (larger.rows - smaller.rows)


def checks(found: Sequence[Sized]) -> list[Check]:
    """The reach of time, memory and growth, at the largest size."""
    last = found[-1]
    assert last.splink is not None
    size = f"{last.market_rows:,} 市场行"
    return [
        at_least(f"{size}：比 Splink 快（倍）", last.splink.seconds / last.jingwei.seconds, 4, digits=2),
        at_most(f"{size}：为下限的倍数", last.jingwei.seconds / last.floor.seconds, 25),
        at_most(f"{size}：内存峰值", last.jingwei.peak_mb / 1024, 4, " GB"),
        at_most("每行边际用时之比（后一段 / 前一段）", growth(found), 1.2),
    ]
