"""The state file of a linkage: a database file that only its owner may read."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from jingwei.domain.linkage import state
from jingwei.domain.linkage.model import standard
from jingwei.domain.linkage.version import Version, take_version

KEPT = "kept"
_OTHER = "known"
_KEEP_FAULTS = f"CREATE TABLE {KEPT}.faults AS SELECT * FROM faults"


class StateFileError(Exception):
    """A state file that is not there or is none; the text is Chinese and says what to do."""


def new_version() -> Version:
    """A version that begins with this run, with a salt of its own."""
    return Version(standard(), secrets.token_hex(16))


def known_version(engine: duckdb.DuckDBPyConnection, path: Path) -> Version:
    """The version of an earlier run's state file, its tables copied into the engine."""
    with attached(engine, path, name=_OTHER, read_only=True):
        return take_version(engine, kept=_OTHER)


@contextmanager
def new_state(engine: duckdb.DuckDBPyConnection, path: Path | None) -> Iterator[Callable[[Version], None]]:
    """A function that keeps the state of the run; the file appears, or replaces an older one, when all
    went well.
    """
    if path is None:
        yield lambda version: None
        return
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    written = []

    def keep(version: Version) -> None:
        with _attached(engine, part, name=KEPT, read_only=False):
            part.chmod(0o600)
            state.keep(engine, version, kept=KEPT)
            engine.execute(_KEEP_FAULTS)
        written.append(part)

    try:
        yield keep
        if written:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def attached(engine: duckdb.DuckDBPyConnection, path: Path, *, name: str = KEPT, read_only: bool) -> Iterator[None]:
    """Attach a state file; raises StateFileError if it is none."""
    if not path.is_file():
        raise StateFileError(f"没有状态文件 {path}。请先做一次全量对碰并用 --state 保存。")
    try:
        with _attached(engine, path, name=name, read_only=read_only):
            yield
    except (duckdb.IOException, duckdb.CatalogException) as error:
        raise StateFileError(f"{path} 不是可用的状态文件，或正被另一次对碰使用。请重做一次全量对碰。") from error


@contextmanager
def _attached(engine: duckdb.DuckDBPyConnection, path: Path, *, name: str, read_only: bool) -> Iterator[None]:
    quoted = str(path).replace("'", "''")
    engine.execute(f"ATTACH '{quoted}' AS {name}{' (READ_ONLY)' if read_only else ''}")
    try:
        yield
    finally:
        engine.execute(f"DETACH {name}")
