"""Bring a small city through its months, as the command does."""

from collections.abc import Collection
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path

from jingwei.cli.job_report import JobReport, Stages
from jingwei.cli.main_job import take_in
from jingwei.cli.terminal import progress_bar
from jingwei.core.permissions import Actor
from jingwei.demo.city import generate
from jingwei.demo.city.calendar import Month
from jingwei.demo.city.deliveries import quarterly
from jingwei.demo.replay import replay


def generate_months(out: Path, months: list[Month], *, registered: int) -> Path:
    deliveries = quarterly(months[0], months[-1])
    generate(out, registered=registered, month=str(months[0]), months=len(months), deliveries=deliveries)
    return out


def bring(folder: Path, months: list[Month], *, done: Collection[str] = (), until: int = 99) -> list[str]:
    """Replay up to a number of months, then stop as an interrupted command would; returns those completed."""
    completed: list[str] = []
    for month in replay(folder, months=months, done=done, deliver=deliver, stage=nullcontext):
        completed.append(month)
        if len(completed) == until:
            break
    return completed


def deliver(lists: Path, day: date, on: datetime, clerk: Actor) -> None:
    with progress_bar() as progress:
        take_in(lists, day=day, on=on, approver=clerk, stages=Stages(JobReport(), progress))
