"""Files as they were received, kept under their sha256 and never written twice."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from jingwei.rosters.errors import IntakeRefused

_CHUNK = 1 << 20
_LONGEST_STEM = 200  # bytes


@dataclass(frozen=True)
class KeptFile:
    """A file in the store: sha256 in hex, size in bytes."""

    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Where the store keeps, or would keep, the file of this hash."""
    return Path(settings.INSTANCE.files) / sha256[:2] / sha256


def keep(pieces: Iterable[bytes]) -> KeptFile:
    """Write the pieces into the store; an identical file is kept once.

    Raises IntakeRefused for an empty or too large file; then nothing is left behind.
    """
    folder = Path(settings.INSTANCE.files)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, draft_name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    draft = Path(draft_name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            for piece in pieces:
                size += len(piece)
                _refuse_large(size)
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise IntakeRefused("文件是空的", "请重新从原系统导出后再上传")
        target = path_of(digest.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return KeptFile(digest.hexdigest(), size)


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file on disk in pieces, as ``keep`` takes them."""
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            yield piece


def remove(sha256: str) -> None:
    """Take a file out of the store."""
    path_of(sha256).unlink(missing_ok=True)


def rows_path(batch_id: int) -> Path:
    """The parsed rows of a batch that is not settled yet; it can be made again from the file."""
    folder = Path(settings.INSTANCE.work) / "batches"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{batch_id}.parquet"


@contextmanager
def under_its_name(sha256: str, name: str) -> Iterator[Path]:
    """The kept file under the name it came with, for readers that tell lists by file names."""
    work = Path(settings.INSTANCE.work)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="read-") as folder:
        named = Path(folder) / _short(name)
        named.symlink_to(path_of(sha256).resolve())
        yield named


def _short(name: str) -> str:
    """The name without its end, where a folder would not take it whole; its beginning tells the list."""
    stem, dot, suffix = name.rpartition(".")
    cut = stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    return f"{cut}{dot}{suffix}" if dot and len(suffix) < 10 else name.encode()[:_LONGEST_STEM].decode(errors="ignore")


def _refuse_large(size: int) -> None:
    limit = settings.MAX_ROSTER_FILE_BYTES
    if size > limit:
        raise IntakeRefused(f"文件超过 {limit // 2**20} MB 的上限", "请按区县或街道拆成几个文件分别上传")
