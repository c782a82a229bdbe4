"""`link`: put the rows of the departments' lists in a folder together, without a database."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from jingwei.cli.link_engine import EngineFailed, link_by
from jingwei.cli.link_files import FileReport, Outcome, begin_reading, read_files
from jingwei.cli.link_outputs import publish, write_results
from jingwei.cli.link_state import StateFileError, known_version, new_state, new_version
from jingwei.cli.terminal import Exit, err
from jingwei.cli.terminal import out as screen
from jingwei.domain import linkage

SOME_REFUSED = 4
_ENGINE_MEMORY = "2GB"


@dataclass
class Clock:
    """Seconds per stage of one run, and the progress line that shows the stage."""

    show: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str | None = None
    _since: float = 0.0

    def begin(self, stage: str) -> None:
        """End the current stage and begin another; a stage may come several times."""
        self.end()
        self.show(stage)
        self._stage, self._since = stage, time.perf_counter()

    def end(self) -> None:
        """End the current stage, if one is under way."""
        if self._stage is not None:
            spent = time.perf_counter() - self._since
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + spent, 3)
        self._stage = None


def link_command(
    directory: Path,
    *,
    out: Path,
    threads: int = 2,
    as_json: bool = False,
    state: Path | None = None,
    model: Path | None = None,
    master: str | None = None,
) -> int:
    """Link the lists in `directory`, write the results to `out` and return the exit code.

    `state` is a file to keep what a later delta needs; `model` the state file of an earlier run whose
    version (weights, counts, learned places) this run goes by. `master` is the Spark cluster that does
    the work, None for the engine inside this program, which alone knows states and versions.

    0 done; 1 Spark failed; 2 a folder that cannot be used; 3 no readable list; 4 a file was refused, the others are
    done; 130 interrupted. Nothing is written but by a run that ends with 0 or 4.
    """
    if not directory.is_dir():
        err.print(f"[red]没有这个文件夹：{escape(str(directory))}[/red]")
        return Exit.USAGE
    try:
        summary = _run(directory, out, threads, state=state, model=model, master=master)
    except (StateFileError, EngineFailed) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        return Exit.FAILED if isinstance(error, EngineFailed) else Exit.USAGE
    except (KeyboardInterrupt, duckdb.InterruptException, RuntimeError) as error:
        # The engine reports a Ctrl-C during a query as a plain RuntimeError.
        if isinstance(error, RuntimeError) and str(error) != "Query interrupted":
            raise
        err.print("[yellow]已中断，没有写入任何结果。[/yellow]")
        return Exit.INTERRUPTED
    except OSError as error:
        err.print(f"[red]无法写入结果文件夹 {escape(str(out))}：{escape(error.strerror or str(error))}[/red]")
        return Exit.USAGE
    if summary is None:
        err.print(f"[red]{escape(str(directory))} 里没有可读的名单。[/red]文件名应以市场监管、税务、社保等开头。")
        return Exit.NOTHING_TO_DO
    if as_json:
        sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    else:
        _print_summary(summary, out)
    return SOME_REFUSED if summary["refused"] else Exit.OK


def _run(
    directory: Path, out_folder: Path, threads: int, *, state: Path | None, model: Path | None, master: str | None
) -> dict[str, Any] | None:
    """One run; None if no file could be read. Results appear in the folder only when all are written."""
    out_folder.mkdir(parents=True, exist_ok=True)
    bar = (BarColumn(bar_width=28), TaskProgressColumn(), TimeElapsedColumn())
    columns = (SpinnerColumn(), TextColumn("{task.description}"), *bar)
    with (
        tempfile.TemporaryDirectory(prefix=".link-", dir=out_folder) as staging_name,
        Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress,
    ):
        staging = Path(staging_name)
        task = progress.add_task("开始", total=None)
        clock = Clock(lambda stage: progress.update(task, description=stage))
        with open_engine(staging, threads) as engine, new_state(engine, state) as keep:
            begin_reading(engine)
            version = known_version(engine, model) if model else new_version() if state else None
            reports = read_files(engine, directory, staging, clock.begin, progress)
            tell(reports)
            if not any(report.outcome is Outcome.READ for report in reports):
                return None
            counts = link_by(engine, staging, master=master, version=version, stage=clock.begin)
            if version is not None and state is not None:
                clock.begin("保存状态")
                keep(version)
            clock.begin("写出结果")
            write_results(engine, staging)
        clock.end()
        summary = _summary(reports, counts, clock.seconds)
        (staging / "summary.json").write_text(
            json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        publish(staging, out_folder)
    return summary


def open_engine(staging: Path, threads: int) -> duckdb.DuckDBPyConnection:
    """An in-memory engine that spills into the staging folder, so that nothing stays behind."""
    engine = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": _ENGINE_MEMORY,
            "temp_directory": str(staging / "spill"),
            "autoinstall_known_extensions": False,
        }
    )
    engine.execute("SET enable_progress_bar = false")
    return engine


def tell(reports: list[FileReport]) -> None:
    """Say which files were left out or refused, and the way out."""
    for report in reports:
        if report.outcome is Outcome.SKIPPED:
            err.print(f"[yellow]跳过[/yellow] {escape(report.file)}：{escape(report.message)}")
        elif report.outcome is Outcome.REFUSED:
            err.print(f"[red]拒绝[/red] {escape(report.file)}：{escape(report.message)}")


def _summary(reports: list[FileReport], counts: linkage.LinkCounts, seconds: Mapping[str, float]) -> dict[str, Any]:
    return {
        **read_figures(reports),
        "entities": counts.entities,
        "review": counts.review,
        "links": {linkage.REASONS[basis].zh: rows for basis, rows in counts.links.items()},
        **run_figures(reports, seconds),
    }


def read_figures(reports: list[FileReport]) -> dict[str, Any]:
    """The part of a summary about the rows that were read."""
    read = [report for report in reports if report.outcome is Outcome.READ]
    return {
        "rows": sum(report.rows for report in read),
        "rejected": sum(report.rejected for report in read),
        "flagged": sum(report.flagged for report in read),
    }


def run_figures(reports: list[FileReport], seconds: Mapping[str, float]) -> dict[str, Any]:
    """The part of a summary about the files, time and memory."""
    read = [report for report in reports if report.outcome is Outcome.READ]
    return {
        "files": [report.as_json() for report in read],
        "skipped": [report.as_json() for report in reports if report.outcome is Outcome.SKIPPED],
        "refused": [report.as_json() for report in reports if report.outcome is Outcome.REFUSED],
        "seconds": {**seconds, "合计": round(sum(seconds.values()), 3)},
        "peak_memory_mb": _peak_memory_mb(),
    }


def _peak_memory_mb() -> int:
    """The larger of this process and its parser processes; they do not peak together."""
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(peaks) // 1024


def _print_summary(summary: Mapping[str, Any], folder: Path) -> None:
    screen.print(
        f"共 {summary['rows']:,} 行，归并为 [bold]{summary['entities']:,}[/bold] 户；"
        f"未采用 {summary['rejected']:,} 行，待核 {summary['review']:,} 行。"
    )
    table = Table("依据", "行数")
    table.columns[1].justify = "right"
    for basis, rows in sorted(summary["links"].items(), key=lambda item: -item[1]):
        table.add_row(basis, f"{rows:,}")
    screen.print(table)
    screen.print(
        f"用时 {summary['seconds']['合计']:.1f} 秒，内存峰值 {summary['peak_memory_mb']:,} MB。"
        f"结果在 {escape(str(folder))}"
    )
