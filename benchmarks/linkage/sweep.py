"""Splink's best cut-off on the tuning seed, and its figures at given ones.

    python -m benchmarks.linkage.sweep FOLDER_OF_PAIRS TRUTH [--only best:0.01 components:0.9]

prints JSON: a line for every way to make groups and every cut-off, with its figures.
"""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from benchmarks.linkage.clusters import MODES, resolve
from benchmarks.linkage.score import Judge

CUTS: Final = (0.9, 0.7, 0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5)


def sweep(folder: Path, truth: Path, ways: list[tuple[str, float]]) -> list[dict[str, Any]]:
    """Judge every way on the pairs in the folder: mode, cut and the figures of `Score.figures`."""
    found, judge = [], Judge(truth)
    for mode, cut in ways:
        resolve(folder, folder / "tried.parquet", cut=cut, mode=mode)
        found.append({"mode": mode, "cut": cut, **judge.groups(folder / "tried.parquet").figures()})
    return found


def best(tried: list[dict[str, Any]], mode: str) -> float:
    """The cut-off of a mode with the highest F1; of equals the highest cut-off."""
    return float(
        max((item for item in tried if item["mode"] == mode), key=lambda item: (item["f1"], item["cut"]))["cut"]
    )


def main() -> None:
    """Print the sweep as JSON."""
    parser = argparse.ArgumentParser(description="Judge cut-offs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--only", nargs="*", default=[f"{mode}:{cut}" for mode in MODES for cut in CUTS])
    options = parser.parse_args()
    ways = [(mode, float(cut)) for mode, _, cut in (text.partition(":") for text in options.only)]
    print(json.dumps(sweep(options.folder, options.truth, ways)))


if __name__ == "__main__":
    main()
