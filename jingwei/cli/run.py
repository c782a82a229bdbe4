"""The command ``run``: a folder of real lists in, roster, tables and bulletin out."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from jingwei.cli.importing import lists_in
from jingwei.cli.installation import bring_up
from jingwei.cli.job_figures import print_report, print_stages
from jingwei.cli.job_report import JobReport, Stages
from jingwei.cli.main_job import run_job
from jingwei.cli.office import prepare_office
from jingwei.cli.outputs import write_outputs
from jingwei.cli.persons import approver_named
from jingwei.cli.terminal import Exit, emit, err, progress_bar
from jingwei.core.permissions import NotPermitted, local_operator
from jingwei.core.refusal import Refused

WAITING = "对碰结果待批准，名册、指标与通报尚未更新：加 --approve-as 姓名 重新运行，或由经办人在“对碰”页面批准。"


@dataclass(frozen=True)
class RunOptions:
    """What the command line asks for."""

    directory: Path
    out: Path | None
    city: str
    divisions: Path | None
    as_of: str
    approve_as: str
    reason: str
    as_json: bool


def run_command(options: RunOptions) -> int:
    """Bring the installation up, run the job, write the files, print or emit the report."""
    on = timezone.now()
    try:
        day = date.fromisoformat(options.as_of) if options.as_of else timezone.localdate(on)
    except ValueError:
        err.print(f"日期“{options.as_of}”不对，请写成 2026-10-31 的样子。")
        return Exit.USAGE
    if not lists_in(options.directory):
        err.print(f"{options.directory} 里没有可读的名单（csv 或 xlsx）。", markup=False)
        return Exit.NOTHING_TO_DO
    bring_up()
    try:
        report = run(options, day=day, on=on)
    except (Refused, NotPermitted) as error:
        err.print(str(error), markup=False)
        return Exit.USAGE
    if options.as_json:
        emit(report.to_json())
    else:
        print_report(report)
        print_stages(report)
    return Exit.FAILED if report.failed else Exit.OK


def run(options: RunOptions, *, day: date, on: datetime) -> JobReport:
    """Everything between the command line and what it prints. Raises ``Refused`` and ``NotPermitted``."""
    operator, founding = local_operator(), JobReport()
    with progress_bar() as progress, Stages(founding, progress).stage("区划与机构"):
        prepare_office(options.city, divisions=options.divisions, by=operator, on=on)
    approver = approver_named(options.approve_as, by=operator, on=on) if options.approve_as else None
    report = run_job(options.directory, day=day, on=on, approver=approver, reason=options.reason)
    report.stages[:0] = founding.stages
    if approver is None:
        report.remarks.append(WAITING)
    if options.out is not None:
        with progress_bar() as progress:
            write_outputs(report, options.out, by=approver or operator, on=on, stages=Stages(report, progress))
    return report
