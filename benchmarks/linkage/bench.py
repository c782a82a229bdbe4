"""The referee: runs the parts asked for, prints their tables and tells what was reached.

Exit code 0 if everything measured reaches what it should, 1 if not or if a rival came out so badly that
it cannot have been set up well.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.linkage import accuracy, febrl, malformed, size
from benchmarks.linkage.accuracy import Plan
from benchmarks.linkage.contest import ContestantFailed
from benchmarks.linkage.reach import Check, untested
from benchmarks.linkage.table import accuracy_table, reach_table, size_table
from jingwei.cli.terminal import Exit, err, out

PARTS = ("accuracy", "size", "malformed", "febrl", "delta", "online")
# Splink's cut-off where the sweep was not run in the same go.
_USUAL_CUT = 0.01
_TABLE_WIDTH = 150
# Measured by modules that offer measure(work, *, rows) -> list[Check]; what is reached if they are there.
_FURTHER = {
    "delta": (("1% 增量（百万行，含读取与启动）", "≤ 8 秒"),),
    "online": (("在线登记查重 p99", "≤ 10 毫秒"), ("在线首选正确率", "≥ 0.98"), ("在线新户判无", "≥ 0.99")),
}


def measure_all(arguments: list[str]) -> int:
    """Measure, print the tables and return the exit code."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="jw-bench-linkage-") as work:
        try:
            return _run(options, Path(work))
        except ContestantFailed as failure:
            err.print(f"有一方未能跑完：{failure}", markup=False)
            return Exit.FAILED


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jw bench linkage")
    parser.add_argument("--rows", type=int, default=100_000, help="市场监管名单的行数")
    parser.add_argument("--seeds", default="1,2,3", help="随机种子，逗号分隔")
    parser.add_argument("--real", type=Path, action="append", default=[], help="真实市场监管名单（可重复）")
    parser.add_argument("--quick", action="store_true", help="小规模试跑")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"只跑其中几项：{','.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="另把各项数字写入此文件")
    options = parser.parse_args(arguments)
    options.parts = options.parts.split(",")
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"没有这些部分：{'、'.join(sorted(unknown))}")
    options.seeds = tuple(int(text) for text in options.seeds.split(","))
    options.sizes = size.SIZES
    if options.quick:
        options.rows, options.seeds, options.sizes = 3_000, options.seeds[:1], size.QUICK_SIZES
    return options


def _run(options: argparse.Namespace, work: Path) -> int:
    checks: list[Check] = []
    faults: list[str] = []
    figures: dict[str, Any] = {}
    cut = _USUAL_CUT
    screen = Console(width=max(out.width, _TABLE_WIDTH))
    if "accuracy" in options.parts:
        plan = Plan(options.rows, options.seeds, tuple(options.real), work, _tell)
        outcomes, cuts = accuracy.measure(plan)
        cut = cuts[accuracy.SPLINK_BEST]
        screen.print(accuracy_table(outcomes))
        checks += accuracy.checks(outcomes)
        faults = accuracy.faults(outcomes)
        figures |= {"accuracy": [asdict(item) for item in outcomes], "cuts": cuts}
    if "size" in options.parts:
        sized = size.measure(options.sizes, work, cut=cut, tell=_tell)
        screen.print(size_table(sized))
        checks += size.checks(sized)
        figures["size"] = [asdict(item) for item in sized]
    if "malformed" in options.parts:
        _tell("坏代码")
        checks += malformed.measure(work)
    if "febrl" in options.parts:
        _tell("FEBRL4")
        checks += febrl.measure()
    for part in ("delta", "online"):
        if part in options.parts:
            checks += _further(part, work, max(options.sizes))
    screen.print(reach_table(checks))
    if options.json:
        figures["checks"] = [asdict(item) for item in checks]
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    if options.quick:
        out.print("这是小规模试跑，数字不作判定。")
        return Exit.OK
    return _verdict(checks, faults)


def _further(part: str, work: Path, rows: int) -> list[Check]:
    """What a module of its own measures; a line each saying so where it is not there."""
    name = f"benchmarks.linkage.{part}"
    if find_spec(name) is None:
        return [untested(what, goal) for what, goal in _FURTHER[part]]
    _tell(part)
    found: list[Check] = import_module(name).measure(work, rows=rows)
    return found


def _verdict(checks: list[Check], faults: list[str]) -> int:
    for fault in faults:
        out.print(f"[red]本次测量无效[/red]：{fault}")
    missed = [check for check in checks if check.met is False]
    return Exit.FAILED if missed or faults else Exit.OK


def _tell(text: str) -> None:
    err.print(text, markup=False)
