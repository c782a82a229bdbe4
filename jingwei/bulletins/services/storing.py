"""Files of papers: kept in the store of files, replaced with a new making, handed out under readable names."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jingwei.bulletins.models import Paper, PaperFile
from jingwei.bulletins.selectors import SUMS
from jingwei.core import journal
from jingwei.core.models import StoredFile
from jingwei.core.permissions import Actor, Permission, require
from jingwei.rosters import files

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST = 80


def store_files(paper: Paper, contents: Mapping[PaperFile.Format, bytes], *, by: Actor, on: datetime) -> None:
    """Keep the files of a paper in place of those it had."""
    replaced = list(StoredFile.objects.filter(pk__in=paper.files.values("file_id")))
    paper.files.all().delete()
    for form, content in contents.items():
        PaperFile.objects.create(paper=paper, format=form, file=keep(content, file_name(paper, form), by=by, on=on))
    for stored in replaced:
        stored.delete()
    transaction.on_commit(lambda: _forget({stored.sha256 for stored in replaced}))


def keep(content: bytes, name: str, *, by: Actor, on: datetime) -> StoredFile:
    """Keep one file under its hash."""
    kept = files.keep([content])
    return StoredFile.objects.create(sha256=kept.sha256, name=name, size=kept.size, received_at=on, received_by=by.name)


def write_files(*, paper: Paper, folder: Path) -> list[Path]:
    """Copy the files of a paper into a folder under readable names; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for held in paper.files.select_related("file").order_by("format"):
        path = folder / file_name(paper, held.format)
        path.write_bytes(files.path_of(held.file.sha256).read_bytes())
        written.append(path)
    return written


@transaction.atomic
def record_download(*, paper: Paper, form: str, by: Actor, on: datetime) -> None:
    """A paper that names single units leaves the house only with the permission to export, and is journalled."""
    if paper.kind in SUMS:
        return
    require(by, Permission.ROSTER_EXPORT)
    journal.record(
        verb="paper.download", subject_type="paper", subject_id=paper.pk, by=by, on=on,
        detail={"kind": paper.kind, "form": form}, place_id=paper.place_id,
    )  # fmt: skip


def file_name(paper: Paper, form: str) -> str:
    """A name that every file system takes: the title, the snapshot's number, the edition where it is public."""
    public = "（公开版）" if paper.content.get("edition") == "public" else ""
    title = _UNFIT.sub("", paper.title)[:_LONGEST]
    return f"{title}{public}-{paper.snapshot.number}.{form}"


def _forget(hashes: set[str]) -> None:
    """Take files out of the store that no row names any more."""
    for sha256 in hashes - set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)):
        files.remove(sha256)
