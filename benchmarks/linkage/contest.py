"""Runs every contestant in a process of its own and tells its wall time and peak memory.

The process that waits stays small: a child's peak counts what its parent held when it was started.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


class ContestantFailed(Exception):
    """A contestant ended with an error; the text is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run took: wall seconds, peak memory in MB of its largest process, and processor seconds,
    which a busy machine changes little.
    """

    seconds: float
    peak_mb: float
    cpu_seconds: float


def run(arguments: Sequence[str], *, log: Path) -> Effort:
    """Run `python ARGUMENTS` in the project's folder; raises ContestantFailed at any exit code but 0."""
    with log.open("wb") as told:
        began = time.perf_counter()
        child = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=told, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ContestantFailed(f"{' '.join(arguments)}\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
    return Effort(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def ask(arguments: Sequence[str], *, log: Path) -> Any:
    """Run as `run` does and read the last line it printed as JSON."""
    run(arguments, log=log)
    return json.loads(log.read_text(encoding="utf-8").strip().splitlines()[-1])


def jingwei(folder: Path, out: Path, *, log: Path) -> Effort:
    """The real command, from files to links.csv; it fails if it refuses a file."""
    return run(["-m", "jingwei", "link", str(folder), "--out", str(out)], log=log)


def rival(name: str, folder: Path, out: Path, *options: str, log: Path) -> Effort:
    """One of `rivals`."""
    return run(["-m", "benchmarks.linkage.rivals", name, str(folder), str(out), *options], log=log)


def generate(folder: Path, *, profile: str, rows: int, seed: int, plain: bool = False, log: Path) -> Effort:
    """Lists of an invented city; `plain` delivers all of them as UTF-8 CSV."""
    options = ["--plain"] if plain else []
    given = ["--profile", profile, "--rows", str(rows), "--seed", str(seed), *options]
    return run(["-m", "benchmarks.linkage.generator", str(folder), *given], log=log)


def generate_real(market: Path, folder: Path, *, profile: str, seed: int, log: Path) -> Effort:
    """Damaged lists beside a real market list."""
    given = ["--profile", profile, "--seed", str(seed)]
    return run(["-m", "benchmarks.linkage.real", str(market.resolve()), str(folder), *given], log=log)
