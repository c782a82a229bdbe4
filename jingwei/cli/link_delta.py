"""`link --delta`: link the rows that are new, changed or withdrawn since the run whose state was kept.

The files of the folder are named as in that run and hold only such rows. A column 原行号 has the number
that links.csv shows for the row, and is empty for a new one; a column 变动 says 撤回 where the row is gone.
New rows get the numbers behind the last one of their file.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import duckdb
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from jingwei.cli.link import SOME_REFUSED, Clock, open_engine, read_figures, run_figures, tell
from jingwei.cli.link_files import Outcome, begin_reading, read_files
from jingwei.cli.link_outputs import OF_A_DELTA, OF_A_RUN, publish, write_results
from jingwei.cli.link_state import KEPT, StateFileError, attached
from jingwei.cli.terminal import Exit, err
from jingwei.cli.terminal import out as screen
from jingwei.core.tables import ParsedTable
from jingwei.domain.linkage import delta, run
from jingwei.domain.linkage import state as state_of_links

_NUMBER: Final = "原行号"
_CHANGE: Final = "变动"
_GONE: Final = "撤回"

_MOVES = "CREATE TABLE moves (file VARCHAR, place BIGINT, number VARCHAR, gone BOOLEAN)"
_MOVES_OF_FILE = "INSERT INTO moves SELECT ?, row, {number}, {gone} FROM read_parquet(?)"
# What a row is called from now on. Numbers that say nothing are those of new rows.
_NAMED = """
CREATE TABLE named AS
WITH moved AS (
  SELECT file, place, try_cast(trim(number) AS BIGINT) AS number, gone FROM moves
), last AS (
  SELECT m.file, coalesce(max(o.row), 0) AS row FROM (SELECT DISTINCT file FROM moves) m
  LEFT JOIN (
    SELECT file, row FROM {kept}.records UNION ALL SELECT file, row FROM {kept}.faults
    UNION ALL SELECT file, number FROM moved WHERE number IS NOT NULL
  ) o ON o.file = m.file GROUP BY m.file
)
SELECT m.file, m.place, m.number IS NULL AS is_new, m.gone,
  coalesce(m.number, l.row + row_number() OVER (PARTITION BY m.file, m.number IS NULL ORDER BY m.place)) AS row
FROM moved m JOIN last l ON l.file = m.file
"""
_RENUMBERED = (
    """
CREATE OR REPLACE TABLE linkage.received AS
SELECT r.* REPLACE (n.row AS row) FROM linkage.received r
JOIN named n ON n.file = r.file AND n.place = r.row WHERE NOT n.gone
""",
    """
CREATE OR REPLACE TABLE faults AS
SELECT f.* REPLACE (n.row AS row) FROM faults f JOIN named n ON n.file = f.file AND n.place = f.row WHERE NOT n.gone
""",
    "INSERT INTO linkage.withdrawn SELECT DISTINCT file, row FROM named WHERE gone OR NOT is_new",
)
_TWICE = "SELECT file, row FROM named GROUP BY file, row HAVING count(*) > 1 ORDER BY file, row LIMIT 1"
_TAKE_IN_FAULTS = (
    f"DELETE FROM {KEPT}.faults f USING named n WHERE n.file = f.file AND n.row = f.row",
    f"INSERT INTO {KEPT}.faults SELECT * FROM faults",
)


def delta_command(
    directory: Path, *, out: Path, state: Path | None, threads: int = 2, full: bool = False, as_json: bool = False
) -> int:
    """Link a delta, write what it changed to `out`, update the state file and return the exit code.

    With `full` the results as a whole are written too. Exit codes as for `link_command`; the state is as it was
    unless the run ends with 0 or 4, and a run that was cut short may be repeated.
    """
    if not directory.is_dir() or state is None:
        said = f"没有这个文件夹：{directory}" if state else "增量对碰要用 --state 指明状态文件。"
        err.print(f"[red]{escape(said)}[/red]")
        return Exit.USAGE
    try:
        summary = _run(directory, out, state, threads, full)
    except (KeyboardInterrupt, duckdb.InterruptException):
        err.print("[yellow]已中断，状态文件没有变。[/yellow]")
        return Exit.INTERRUPTED
    except state_of_links.StateOutdated:
        err.print("[red]状态文件是另一版本的程序写的，不能增量对碰。[/red]请用 --state 重做一次全量对碰。")
        return Exit.USAGE
    except (StateFileError, OSError) as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        return Exit.USAGE
    if summary is None:
        err.print(f"[red]{escape(str(directory))} 里没有可读的名单。[/red]文件名应与上次对碰时相同。")
        return Exit.NOTHING_TO_DO
    if as_json:
        sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    else:
        _print_summary(summary, out)
    return SOME_REFUSED if summary["refused"] else Exit.OK


def _run(directory: Path, out_folder: Path, state_file: Path, threads: int, full: bool) -> dict[str, Any] | None:
    out_folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".link-", dir=out_folder) as staging_name,
        Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            console=err,
            transient=True,
            disable=not err.is_terminal,
        ) as progress,
    ):
        staging = Path(staging_name)
        task = progress.add_task("开始", total=None)
        clock = Clock(lambda stage: progress.update(task, description=stage))
        with open_engine(staging, threads) as engine, attached(engine, state_file, read_only=False):
            engine.execute("SET preserve_insertion_order = false")
            begin_reading(engine)
            engine.execute(_MOVES)
            reports = read_files(
                engine, directory, staging, clock.begin, progress, also=lambda file, table: _note(engine, file, table)
            )
            tell(reports)
            if not any(report.outcome is Outcome.READ for report in reports):
                return None
            version = delta.take_up(engine, kept=KEPT)
            _renumber(engine)
            counts = delta.relink(engine, version, stage=clock.begin, kept=KEPT)
            clock.begin("写出结果")
            write_results(engine, staging, OF_A_DELTA)
            summary = {**read_figures(reports), **_figures(counts)}
            _publish(staging, out_folder, summary | run_figures(reports, clock.seconds), OF_A_DELTA)
            clock.begin("更新状态")
            _take_in(engine)
            if full:
                clock.begin("写出全部结果")
                _write_all(engine, staging)
        clock.end()
        summary |= run_figures(reports, clock.seconds)
        _publish(staging, out_folder, summary, OF_A_RUN if full else ())
    return summary


def _note(engine: duckdb.DuckDBPyConnection, file: str, table: ParsedTable) -> None:
    """Remember what a file says about its rows."""
    columns = {title: f"c{index}" for index, title in enumerate(table.header)}
    number = columns.get(_NUMBER, "NULL")
    gone = f"coalesce(trim({columns[_CHANGE]}) = '{_GONE}', false)" if _CHANGE in columns else "false"
    engine.execute(_MOVES_OF_FILE.format(number=number, gone=gone), [file, str(table.rows_path)])


def _renumber(engine: duckdb.DuckDBPyConnection) -> None:
    """Give the received rows the numbers by which the state knows them; raises StateFileError if two
    rows claim to be the same.
    """
    engine.execute(_NAMED.format(kept=KEPT))
    for file, row in engine.execute(_TWICE).fetchall():
        raise StateFileError(f"{file} 里有两行的原行号都是 {row}，无法判断以哪一行为准。")
    for statement in _RENUMBERED:
        engine.execute(statement)


def _take_in(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("BEGIN")
    state_of_links.replace(engine, kept=KEPT)
    for statement in _TAKE_IN_FAULTS:
        engine.execute(statement)
    engine.execute("COMMIT")


def _write_all(engine: duckdb.DuckDBPyConnection, staging: Path) -> None:
    state_of_links.show(engine, kept=KEPT)
    run.show_results(engine)
    run.show_review_pairs(engine)
    engine.execute(f"CREATE OR REPLACE TABLE faults AS SELECT * FROM {KEPT}.faults")
    write_results(engine, staging, OF_A_RUN)


def _publish(staging: Path, out_folder: Path, summary: dict[str, Any], outputs: Any) -> None:
    (staging / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    publish(staging, out_folder, outputs)


def _figures(counts: delta.DeltaCounts) -> dict[str, Any]:
    return {
        "received": counts.received,
        "withdrawn": counts.withdrawn,
        "touched": counts.touched,
        "changed": counts.changed,
        "whole_lists": list(counts.whole_lists),
    }


def _print_summary(summary: dict[str, Any], folder: Path) -> None:
    whole = f"；变动过多、整份重做的名单：{'、'.join(summary['whole_lists'])}" if summary["whole_lists"] else ""
    screen.print(
        f"读入 {summary['rows']:,} 行，重新比对 {summary['touched']:,} 行，"
        f"[bold]{summary['changed']:,}[/bold] 行的归户有变化{whole}。",
    )
    screen.print(f"用时 {summary['seconds']['合计']:.1f} 秒。结果在 {escape(str(folder))}")
