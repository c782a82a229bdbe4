"""Publish a month: its snapshot, the papers made from it, and their files."""

from datetime import date, datetime
from pathlib import Path

from jingwei.accounts.scope import acting
from jingwei.bulletins import services as bulletins
from jingwei.bulletins.models import Paper
from jingwei.cli.job_report import Stages
from jingwei.core.permissions import Actor
from jingwei.core.refusal import Refused
from jingwei.domain.papers.content import Edition
from jingwei.indicators import services as indicators
from jingwei.indicators.models import Snapshot
from jingwei.indicators.selectors import latest_snapshot
from jingwei.places.models import Place
from jingwei.places.selectors import root

FILE_NAMES = {Paper.Kind.BULLETIN: "bulletin", Paper.Kind.MONTHLY: "monthly", Paper.Kind.SHOULD_HAVE: "should_have"}


def publish(*, day: date, by: Actor, on: datetime, reason: str, changed: bool, stages: Stages) -> None:
    """Take the snapshot of the day's month and make its papers.

    A published month stays as it is while the roster is the same; when lists changed it, or somebody gives a
    reason, the month is published anew with a reason. What the snapshot refuses is told in the report.
    """
    with acting(by):
        snapshot = latest_snapshot(month=day.replace(day=1))
    if snapshot is None or changed or reason:
        why = "" if snapshot is None else reason or f"名单更新后重新生成（数据截至 {day.isoformat()}）"
        try:
            with stages.stage("指标与快照"), acting(by):
                snapshot = indicators.take_snapshot(month=day.replace(day=1), as_of=day, by=by, on=on, reason=why)
        except Refused as error:
            stages.report.remarks.append(str(error))
    if snapshot is not None:
        make_papers(snapshot, by=by, on=on, stages=stages)


def make_papers(snapshot: Snapshot, *, by: Actor, on: datetime, stages: Stages) -> None:
    """The city's bulletin, monthly table and list of units from a snapshot, as far as they are not made yet."""
    stages.report.snapshot = snapshot.number
    for kind in FILE_NAMES:
        with stages.stage(str(kind.label)), acting(by):
            paper = paper_of(kind, snapshot, by=by, on=on)
        if kind == Paper.Kind.BULLETIN and paper.compared:
            stages.report.compared = paper.compared.number


def paper_of(kind: Paper.Kind, snapshot: Snapshot, *, by: Actor, on: datetime) -> Paper:
    """The city's own paper of this kind from the snapshot, made if there is none yet."""
    city = the_city()
    held = Paper.objects.filter(kind=kind, snapshot=snapshot, place=city, content__edition=Edition.INTERNAL.value)
    made = held.select_related("compared").first()
    return made or bulletins.make(kind=kind, snapshot=snapshot, place=city, by=by, on=on)


def the_city() -> Place:
    city = root()
    if city is None:
        raise Refused("这里还没有区划，请先导入区划表。")
    return city


def write_papers(number: str, folder: Path, *, by: Actor) -> dict[str, str]:
    """Write the files of a snapshot's papers under fixed names; returns what each is and where it lies."""
    written: dict[str, str] = {}
    with acting(by):
        papers = Paper.objects.filter(snapshot__number=number, kind__in=FILE_NAMES, place=the_city())
        for paper in papers.filter(content__edition=Edition.INTERNAL.value).order_by("pk"):
            for path in bulletins.write_files(paper=paper, folder=folder):
                target = path.replace(folder / f"{FILE_NAMES[Paper.Kind(paper.kind)]}{path.suffix}")
                written[f"{paper.get_kind_display()}（{path.suffix.removeprefix('.')}）"] = str(target)
    return written
