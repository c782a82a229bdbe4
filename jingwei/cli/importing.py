"""The first stage of the main job: every list of a folder is received, read and stored."""

from datetime import date, datetime
from pathlib import Path

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.bodies.models import Body
from jingwei.cli.job_report import FileResult, Stages
from jingwei.core.permissions import Actor
from jingwei.domain.lists import LISTS
from jingwei.places.models import Place
from jingwei.rosters import services as rosters
from jingwei.rosters.errors import IntakeRefused
from jingwei.rosters.models import Batch

LIST_SUFFIXES = {".csv", ".xlsx", ".txt"}


def import_lists(directory: Path, *, day: date, by: Actor, on: datetime, stages: Stages) -> None:
    """Store every list of the folder; one that cannot be read is reported and the others go on."""
    files = lists_in(directory)
    for path in files:
        with stages.stage(f"导入 {path.name}"):
            stages.report.files.append(import_file(path, day=day, by=by, on=on))
    with acting(by):
        stages.report.missing = missing_lists()


def lists_in(directory: Path) -> list[Path]:
    """The files that may be lists, by name; what spreadsheet programs leave beside an open file is none."""
    return sorted(
        path for path in directory.iterdir() if path.suffix.lower() in LIST_SUFFIXES and not path.name.startswith("~$")
    )


def missing_lists() -> list[str]:
    """Chinese names of the lists that no department has delivered so far."""
    stored = set(Batch.objects.filter(state=Batch.State.COMMITTED).values_list("list_kind", flat=True).distinct())
    return [definition.zh for kind, definition in LISTS.items() if kind not in stored]


def import_file(path: Path, *, day: date, by: Actor, on: datetime) -> FileResult:
    """Receive, read and commit one file, each in its own transaction, so that a retry goes on."""
    try:
        with acting(by):
            place, body = home_of(by)
            batch = rosters.receive_file(
                source=path, name=path.name, list_kind=None, as_of=day, place=place, body=body, by=by, on=on
            )
        with acting(by):
            batch = rosters.read(batch=batch, by=by)
        if batch.state == batch.State.FAILED:
            said = f"{batch.error['message']} {batch.error.get('hint', '')}"
            return FileResult(path.name, "", "failed", message=said)
        with acting(by):
            batch = rosters.commit(batch=batch, by=by, on=on)
    except IntakeRefused as error:
        return FileResult(path.name, "", "failed", message=f"{error.message_zh}；{error.hint_zh}")
    return FileResult(
        path.name, batch.get_list_kind_display(), str(batch.state), rows=batch.counts.get("rows", 0),
        stored=batch.accepted_count, rejected=batch.rejected_count,
    )  # fmt: skip


def home_of(by: Actor) -> tuple[Place | None, Body | None]:
    """The city, and the office on whose behalf the lists come in."""
    city = Place.objects.filter(kind=Place.Kind.CITY).first()
    user = User.objects.filter(pk=by.user_id).select_related("body").first() if by.user_id else None
    offices = Body.objects.filter(kind=Body.Kind.SOCIAL_WORK_DEPARTMENT, place=city)
    return city, (user.body if user and user.body else offices.first())
