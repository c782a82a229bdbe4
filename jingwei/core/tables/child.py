"""Run the parser in a process of its own, so that no file can harm the one that asks."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jingwei
from jingwei.core.tables.errors import TableError, TableErrorCode, place, refusal
from jingwei.core.tables.model import DEFAULT, ParsedTable, TableLimits
from jingwei.domain.lists import ListKind

_WORKER = "jingwei.core.tables.worker"
_SOURCES = Path(jingwei.__file__).resolve().parent.parent
# Nothing of the caller's environment, which holds secrets, reaches the child. Few threads and
# arenas, because each of them reserves address space that counts against the limit.
_ENVIRONMENT = {
    "PYTHONPATH": str(_SOURCES),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_OUT_OF_TIME = (-signal.SIGXCPU,)
_OUT_OF_MEMORY = (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS)


def parse_in_subprocess(
    path: Path, out: Path, *, kind: ListKind | None = None, limits: TableLimits = DEFAULT
) -> ParsedTable:
    """As `parse`, in a child process with bounded memory, processor time, output and waiting time.

    Raises TableError; a child that was killed or died becomes T-MEMORY, T-TIME or T-CRASH.
    """
    path, out = path.resolve(), out.resolve()
    request = {"path": str(path), "out": str(out), "kind": kind, "limits": asdict(limits)}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-s", "-m", _WORKER],
            input=json.dumps(request).encode(),
            capture_output=True,
            env=_ENVIRONMENT,
            cwd="/",
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        _discard(out)
        raise refusal(TableErrorCode.TIME, place(path.name)) from error
    except OSError as error:
        raise refusal(TableErrorCode.CRASH, place(path.name), detail=str(error.errno)) from error
    if done.returncode != 0:
        _discard(out)
        raise _death(done, path.name)
    return _table(done.stdout, path.name)


def _table(answer: bytes, file_name: str) -> ParsedTable:
    try:
        plain: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise refusal(TableErrorCode.CRASH, place(file_name), detail="没有结果") from error
    if "error" in plain:
        raise TableError(*plain["error"])
    return ParsedTable.from_json(plain["table"])


def _death(done: "subprocess.CompletedProcess[bytes]", file_name: str) -> TableError:
    where = place(file_name)
    if done.returncode in _OUT_OF_TIME:
        return refusal(TableErrorCode.TIME, where)
    if done.returncode in _OUT_OF_MEMORY or b"MemoryError" in done.stderr:
        return refusal(TableErrorCode.MEMORY, where)
    return refusal(TableErrorCode.CRASH, where, detail=f"返回值 {done.returncode}")


def _discard(out: Path) -> None:
    with suppress(OSError):
        out.with_name(out.name + ".part").unlink(missing_ok=True)
