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


class Parsing:
    """A file being read by a child process with bounded memory, processor time and output.

    Several may be under way at once; `result` has to be asked of each.
    """

    def __init__(self, path: Path, out: Path, *, kind: ListKind | None = None, limits: TableLimits = DEFAULT) -> None:
        """Start reading `path` into the parquet file `out`, as `parse` does. Raises TableError T-CRASH."""
        self._file_name, self._out, self._limits = path.name, out.resolve(), limits
        request = {"path": str(path.resolve()), "out": str(self._out), "kind": kind, "limits": asdict(limits)}
        self._request = json.dumps(request).encode()
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", _WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT,
                cwd="/",
            )
        except OSError as error:
            raise refusal(TableErrorCode.CRASH, place(path.name), detail=str(error.errno)) from error

    def result(self) -> ParsedTable:
        """Wait for the child and give what it read.

        Raises TableError; a child that was killed, died or took too long becomes T-MEMORY, T-TIME or
        T-CRASH.
        """
        try:
            answer, complaints = self._child.communicate(self._request, timeout=self._limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            self._end()
            raise refusal(TableErrorCode.TIME, place(self._file_name)) from error
        except BaseException:
            self._end()
            raise
        if self._child.returncode != 0:
            _discard(self._out)
            raise _death(self._child.returncode, complaints, self._file_name)
        return _table(answer, self._file_name)

    def stop(self) -> None:
        """Kill the child, from any thread; whoever waits for its result gets a TableError."""
        if self._child.poll() is None:
            self._child.kill()

    def _end(self) -> None:
        self.stop()
        self._child.communicate()
        _discard(self._out)


def parse_in_subprocess(
    path: Path, out: Path, *, kind: ListKind | None = None, limits: TableLimits = DEFAULT
) -> ParsedTable:
    """As `parse`, in a child process with bounded memory, processor time, output and waiting time.

    Raises TableError; a child that was killed or died becomes T-MEMORY, T-TIME or T-CRASH.
    """
    return Parsing(path, out, kind=kind, limits=limits).result()


def _table(answer: bytes, file_name: str) -> ParsedTable:
    try:
        plain: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        raise refusal(TableErrorCode.CRASH, place(file_name), detail="没有结果") from error
    if "error" in plain:
        raise TableError(*plain["error"])
    return ParsedTable.from_json(plain["table"])


def _death(status: int, complaints: bytes, file_name: str) -> TableError:
    where = place(file_name)
    if status in _OUT_OF_TIME:
        return refusal(TableErrorCode.TIME, where)
    if status in _OUT_OF_MEMORY or b"MemoryError" in complaints:
        return refusal(TableErrorCode.MEMORY, where)
    return refusal(TableErrorCode.CRASH, where, detail=f"返回值 {status}")


def _discard(out: Path) -> None:
    with suppress(OSError):
        out.with_name(out.name + ".part").unlink(missing_ok=True)
