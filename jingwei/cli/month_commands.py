"""The commands ``snapshot`` and ``bulletin``: publish a month by hand, make the paper of a quarter."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster.services import latest_day
from jingwei.bulletins import services as bulletins
from jingwei.bulletins.models import Paper
from jingwei.cli.installation import bring_up
from jingwei.cli.job_figures import say
from jingwei.cli.persons import somebody
from jingwei.cli.publishing import paper_of
from jingwei.cli.terminal import Exit, emit, err
from jingwei.core.permissions import Actor, NotPermitted
from jingwei.core.refusal import Refused
from jingwei.indicators import services as indicators
from jingwei.indicators.selectors import latest_snapshot


def snapshot_command(*, month: str, name: str, reason: str, as_json: bool) -> int:
    """The command ``snapshot``."""
    on = timezone.now()
    first = first_of(month)
    if first is None:
        err.print(f"月份“{month}”不对，请写成 2026-10 的样子。", markup=False)
        return Exit.USAGE
    bring_up()
    try:
        by = somebody(name, on)
        with acting(by):
            taken = indicators.take_snapshot(month=first, as_of=data_day(first, on), by=by, on=on, reason=reason)
    except (Refused, NotPermitted) as error:
        err.print(str(error), markup=False)
        return Exit.FAILED
    if as_json:
        emit({"number": taken.number, "month": month, "as_of": taken.as_of, "revision": taken.revision})
    else:
        say(f" 快照 {taken.number}：{month}，数据截至 {taken.as_of}，主体 {taken.entities} 户，第 {taken.revision} 次")
    return Exit.OK


def bulletin_command(*, quarter: str, out: Path, name: str, as_json: bool) -> int:
    """The command ``bulletin``: the paper of the quarter's last published month."""
    on = timezone.now()
    months = months_of_quarter(quarter)
    if not months:
        err.print(f"季度“{quarter}”不对，请写成 2026Q3 的样子。", markup=False)
        return Exit.USAGE
    bring_up()
    try:
        by = somebody(name, on)
        with acting(by):
            paper = quarter_paper(months, by=by, on=on)
            out.mkdir(parents=True, exist_ok=True)
            files = bulletins.write_files(paper=paper, folder=out)
    except (Refused, NotPermitted) as error:
        err.print(str(error), markup=False)
        return Exit.FAILED
    if as_json:
        emit({"title": paper.title, "snapshot": paper.snapshot.number, "files": [str(path) for path in files]})
    else:
        say(f" {paper.title}（快照 {paper.snapshot.number}）")
        for path in files:
            say(f"   {path}")
    return Exit.OK


def quarter_paper(months: Sequence[date], *, by: Actor, on: datetime) -> Paper:
    """The city's bulletin of a quarter. Raises ``Refused`` when no month of it is published."""
    taken = [found for month in months if (found := latest_snapshot(month=month))]
    if not taken:
        raise Refused("这个季度还没有快照，请先运行 ./jw snapshot --month。")
    return paper_of(Paper.Kind.BULLETIN, taken[-1], by=by, on=on)


def first_of(month: str) -> date | None:
    """The first day of a month written as 2026-10."""
    with suppress(ValueError):
        return date.fromisoformat(f"{month}-01")
    return None


def months_of_quarter(quarter: str) -> list[date]:
    """First days of the months of a quarter written as 2026Q3; empty for anything else."""
    found = re.fullmatch(r"(20\d\d)Q([1-4])", quarter.upper())
    if found is None:
        return []
    year, number = int(found[1]), int(found[2])
    return [date(year, number * 3 - 2 + step, 1) for step in range(3)]


def data_day(month: date, on: datetime) -> date:
    """The day up to which a snapshot of the month speaks: of the newest list, or, where the last one came before
    the month, the end of the month or today. Raises ``Refused`` for a month that newer lists have left behind.
    """
    day = latest_day(on)
    if day.replace(day=1) > month:
        raise Refused(f"名册数据已到 {day}，不能再为 {month:%Y-%m} 生成快照；已有的快照不变。")
    if day >= month:
        return day
    month_end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(month_end, timezone.localdate(on))
