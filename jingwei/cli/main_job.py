"""The main job: a folder of department lists becomes batches, proposals and, once approved, the base roster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic

from django.db import connections
from django.db.models import Count
from django.utils import timezone
from rich.progress import Progress, TaskID

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import Entity
from jingwei.bodies.models import Body
from jingwei.cli.installation import bring_up
from jingwei.cli.terminal import Exit, emit, err, out, progress_bar
from jingwei.core.permissions import Actor, local_operator
from jingwei.domain.glossary import term
from jingwei.linkage import services as linkage
from jingwei.places.models import Place
from jingwei.rosters import services as rosters
from jingwei.rosters.errors import IntakeRefused

LIST_SUFFIXES = {".csv", ".xlsx", ".txt"}


@dataclass
class FileResult:
    """What became of one file."""

    file: str
    list_kind: str
    state: str
    rows: int = 0
    stored: int = 0
    rejected: int = 0
    message: str = ""


@dataclass
class JobReport:
    """Figures of one run of the main job."""

    files: list[FileResult] = field(default_factory=list)
    links: dict[str, dict[str, int]] = field(default_factory=dict)
    review: int = 0
    approved_by: str = ""
    entities: int = 0
    roster: dict[str, int] = field(default_factory=dict)
    legal_form: dict[str, int] = field(default_factory=dict)
    ownership: dict[str, int] = field(default_factory=dict)
    state: dict[str, int] = field(default_factory=dict)
    screening: dict[str, int] = field(default_factory=dict)
    placement: dict[str, int] = field(default_factory=dict)
    counts_in_base: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def run_directory(directory: Path, *, as_of: str, approve_as: str, as_json: bool) -> int:
    """The command ``run``: bring the installation up, run the job, print or emit the report."""
    try:
        day = date.fromisoformat(as_of) if as_of else timezone.localdate()
    except ValueError:
        err.print(f"日期“{as_of}”不对，请写成 2026-10-31 的样子。")
        return Exit.USAGE
    bring_up()
    approver = None
    if approve_as:
        approver = named_actor(approve_as, day)
        if approver is None:
            err.print(f"没有登录名为“{approve_as}”的用户，或该用户已停用。")
            return Exit.USAGE
    report = run_job(directory, day=day, approver=approver)
    if not report.files:
        err.print(f"{directory} 里没有可读的名单（csv 或 xlsx）。")
        return Exit.NOTHING_TO_DO
    emit(asdict(report)) if as_json else print_report(report)
    return Exit.FAILED if any(item.state == "failed" for item in report.files) else Exit.OK


def named_actor(username: str, day: date) -> Actor | None:
    user = User.objects.filter(username=username, is_active=True).first()
    return actor_for(user, on=day) if user else None


def run_job(directory: Path, *, day: date, approver: Actor | None) -> JobReport:
    """Import every list of the folder, match, and let it take effect if somebody approves."""
    report = JobReport()
    files = sorted(path for path in directory.iterdir() if path.suffix.lower() in LIST_SUFFIXES)
    importer = approver or local_operator()
    with progress_bar() as progress:
        task = progress.add_task("导入名单", total=len(files))
        for path in files:
            with timed(report, f"导入 {path.name}"):
                progress.update(task, description=f"导入 {path.name}")
                report.files.append(import_file(path, day=day, by=importer))
            progress.advance(task)
        if any(item.state == "committed" for item in report.files):
            match_and_build(report, progress, day=day, importer=importer, approver=approver)
    if report.approved_by:
        count_roster(report, importer)
    return report


@contextmanager
def timed(report: JobReport, stage: str) -> Iterator[None]:
    started = monotonic()
    yield
    report.seconds[stage] = round(report.seconds.get(stage, 0) + monotonic() - started, 2)


def import_file(path: Path, *, day: date, by: Actor) -> FileResult:
    """Receive, read and commit one file, each in its own transaction, so that a retry goes on."""
    try:
        with acting(by):
            place, body = home_of(by)
            batch = rosters.receive_file(
                source=path, name=path.name, list_kind=None, as_of=day, place=place, body=body, by=by, on=timezone.now()
            )
        with acting(by):
            batch = rosters.read(batch=batch, by=by)
        if batch.state == batch.State.FAILED:
            return FileResult(
                path.name, "", "failed", message=f"{batch.error['message']} {batch.error.get('hint', '')}"
            )
        with acting(by):
            batch = rosters.commit(batch=batch, by=by, on=timezone.now())
    except IntakeRefused as error:
        return FileResult(path.name, "", "failed", message=f"{error.message_zh}；{error.hint_zh}")
    counts = batch.counts
    return FileResult(
        path.name, batch.get_list_kind_display(), str(batch.state), rows=counts.get("rows", 0),
        stored=counts.get("rows", 0) - counts.get("rejected", 0), rejected=counts.get("rejected", 0),
    )  # fmt: skip


def home_of(by: Actor) -> tuple[Place | None, Body | None]:
    """The city, and the office on whose behalf the lists come in."""
    city = Place.objects.filter(kind=Place.Kind.CITY).first()
    user = User.objects.filter(pk=by.user_id).select_related("body").first() if by.user_id else None
    offices = Body.objects.filter(kind=Body.Kind.SOCIAL_WORK_DEPARTMENT, place=city)
    return city, (user.body if user and user.body else offices.first())


def match_and_build(
    report: JobReport, progress: Progress, *, day: date, importer: Actor, approver: Actor | None
) -> None:
    with acting(importer):
        place, body = home_of(importer)
    stages = progress.add_task("大数据对碰", total=None)
    with timed(report, "大数据对碰"), acting(importer):
        run = linkage.propose(
            as_of=day, by=importer, on=timezone.now(), place_id=place.pk if place else None,
            body_id=body.pk if body else None, stage=lambda text: progress.update(stages, description=f"大数据对碰：{text}"),
        )  # fmt: skip
    progress.update(stages, total=1, completed=1)
    report.links = run.counts
    report.review = sum(item["review"] for item in run.counts.values())
    if approver is None:
        return
    building = progress.add_task("生成基础名册", total=None)
    with timed(report, "生成基础名册"), acting(approver):
        run = linkage.approve(run=run, by=approver, on=timezone.now())
        result = roster.build(run=run, by=approver, on=timezone.now(), progress=shown(progress, building))
    progress.update(building, total=result.computed, completed=result.computed)
    report.approved_by = run.approved_by
    analyze()


def shown(progress: Progress, task: TaskID) -> Callable[[int], None]:
    return lambda done: progress.update(task, completed=done)


def analyze() -> None:
    """Fresh statistics after a large import: the first pages would otherwise be planned blindly."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections["owner"].close()


def count_roster(report: JobReport, by: Actor) -> None:
    """Figures of the roster as it stands now."""
    with acting(by):
        entities = Entity.objects.all()
        for name in ("roster", "legal_form", "ownership", "state", "screening"):
            rows = entities.values_list(name).annotate(entities=Count("pk")).order_by("-entities")
            setattr(report, name, dict(rows))
        levels = entities.values_list("placement__method").annotate(entities=Count("pk")).order_by("-entities")
        report.placement = {method or "none": number for method, number in levels}
        report.entities = entities.count()
        report.counts_in_base = entities.filter(counts_in_base=True).count()


def print_report(report: JobReport) -> None:
    for item in report.files:
        text = f"{item.rows} 行，入库 {item.stored}，退回 {item.rejected}" if item.state != "failed" else item.message
        out.print(
            f" {'✗' if item.state == 'failed' else '✓'} {item.file}（{item.list_kind or '未识别'}）：{text}",
            highlight=False,
        )
    if report.links:
        out.print(
            f" 对碰：{sum(item['rows'] for item in report.links.values())} 行，待核 {report.review} 行", highlight=False
        )
    if not report.approved_by:
        out.print(" 对碰结果待具名经办人批准（--approve-as 登录名，或在页面上批准）。")
        return
    out.print(
        f" 基础名册：{report.entities} 户，计入底数 {report.counts_in_base} 户（批准人 {report.approved_by}）",
        highlight=False,
    )

    for title, group, values in (
        ("名册", "roster", report.roster), ("法律形式", "legal_form", report.legal_form),
        ("所有制", "ownership", report.ownership), ("登记状态", "registration_state", report.state),
        ("三有初筛", "screening", report.screening), ("落点方法", "placement_method", report.placement),
    ):  # fmt: skip
        parts = "，".join(f"{term(f'{group}.{value}').zh} {number}" for value, number in values.items())
        out.print(f"   {title}：{parts}", highlight=False, soft_wrap=True)


def rebuild_roster(*, check: bool) -> int:
    """The command ``rebuild``."""
    bring_up()
    by = local_operator()
    with progress_bar() as progress, acting(by):
        task = progress.add_task("核对名册" if check else "重算名册", total=None)
        if check:
            found = roster.differences(on=timezone.now())
            for pk, columns in found[:20]:
                out.print(f" 主体 {pk}：{'、'.join(columns)}", highlight=False, soft_wrap=True)
            out.print(
                f" {'至少 ' if len(found) >= 100 else ''}{len(found)} 处不一致" if found else " 与事实一致",
                highlight=False,
            )
            return Exit.FAILED if found else Exit.OK
        computed = roster.rebuild(by=by, on=timezone.now(), progress=shown(progress, task))
    out.print(f" 已重算 {computed} 户", highlight=False, soft_wrap=True)
    return Exit.OK
