"""The main job: lists of a folder become the base roster, its verdicts, a published month and its papers."""

from datetime import date, datetime
from pathlib import Path

from django.db import connections
from django.db.models import Max

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.branches import services as branches
from jingwei.cli.importing import home_of, import_lists
from jingwei.cli.job_figures import count_city
from jingwei.cli.job_report import JobReport, Stages
from jingwei.cli.publishing import publish
from jingwei.cli.terminal import progress_bar
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, local_operator
from jingwei.coverage import services as coverage
from jingwei.coverage.following import READER
from jingwei.linkage import services as linkage
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import Batch


def run_job(directory: Path, *, day: date, on: datetime, approver: Actor | None, reason: str = "") -> JobReport:
    """Take the lists of a folder in and, if somebody approves, publish the month they describe.

    ``day`` is the date the lists speak of, ``on`` the moment of the work. Every stage is stored before the next
    begins, so that a run after an interruption goes on where the other one ended.
    """
    report = JobReport(day=day.isoformat())
    with progress_bar() as progress:
        stages = Stages(report, progress)
        changed = take_in(directory, day=day, on=on, approver=approver, stages=stages)
        if approver is not None and report.approved_by:
            count_city(report, by=approver)
            publish(day=day, by=approver, on=on, reason=reason, changed=changed, stages=stages)
    return report


def take_in(directory: Path, *, day: date, on: datetime, approver: Actor | None, stages: Stages) -> bool:
    """Import, match and, if somebody approves, let it take effect on roster and coverage.

    Returns whether the roster was built anew by this call.
    """
    importer = approver or local_operator()
    import_lists(directory, day=day, by=importer, on=on, stages=stages)
    if not any(item.state == "committed" for item in stages.report.files):
        return False
    run = match(day=day, by=importer, on=on, stages=stages)
    stages.report.links = run.counts
    stages.report.review = sum(item["review"] for item in run.counts.values())
    if approver is None:
        return False
    changed = take_effect(run, by=approver, on=on, stages=stages)
    cover(run, day=day, by=approver, on=on, stages=stages)
    return changed


def match(*, day: date, by: Actor, on: datetime, stages: Stages) -> LinkRun:
    """A matching of all that is stored; the last one serves while nothing was stored after it."""
    with acting(by):
        place, body = home_of(by)
        last = LinkRun.objects.first()
        stored_at = Batch.objects.aggregate(last=Max("committed_at"))["last"]
    if last is not None and last.created_at >= stored_at and last.version == linkage.VERSION:
        return last
    with stages.stage("大数据对碰") as bar, acting(by):
        return linkage.propose(
            as_of=day, by=by, on=on, place_id=place.pk if place else None, body_id=body.pk if body else None,
            stage=bar.say,
        )  # fmt: skip


def take_effect(run: LinkRun, *, by: Actor, on: datetime, stages: Stages) -> bool:
    """Approve the run and build the roster from it; returns whether there was anything to build."""
    with acting(by):
        run = linkage.approve(run=run, by=by, on=on)
    stages.report.approved_by = run.approved_by
    if run.took_effect_at is not None:
        return False
    with stages.stage("生成基础名册") as bar, acting(by):
        result = roster.build(run=run, by=by, on=on, progress=bar.count)
    if result.founded * 10 > result.computed:
        analyze()
    return True


def cover(run: LinkRun, *, day: date, by: Actor, on: datetime, stages: Stages) -> None:
    """Organizations, verdicts and proposed groups; each writes only what is new.

    What the journal told before is then taken into account, and the follower need not do it again.
    """
    seen = sealed_so_far()
    with stages.stage("党组织与覆盖单位"), acting(by):
        branches.take_lists(run=run, by=by, on=on)
    with stages.stage("两个覆盖判定") as bar, acting(by):
        coverage.compute(on=on, day=day, progress=bar.count)
        coverage.close_letters(day=day, by=by, on=on)
    with stages.stage("联合组建分组"), acting(by):
        coverage.group(day=day, on=on)
        journal.advance(reader=READER, seq=seen)


def sealed_so_far() -> int:
    """Number of the last journal row that is sealed, after sealing all that can be."""
    while journal.seal():
        pass
    return JournalEntry.objects.aggregate(last=Max("seq"))["last"] or 0


def analyze() -> None:
    """Fresh statistics after a large import: what follows would otherwise be planned blindly."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections["owner"].close()
