"""A PostgreSQL server of a test's own, in a temporary installation, gone without a trace afterwards."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jingwei.core.database import DATABASE, Server
from jingwei.core.instance import Instance
from jingwei.core.postgres import EmbeddedPostgres


@contextmanager
def own_server() -> Iterator[Server]:
    """The address of an embedded server that nobody has started yet."""
    folder = Path(tempfile.mkdtemp(prefix="jw"))  # short: pytest's own folders are too deep for a socket
    instance = Instance(folder / "var")
    embedded = EmbeddedPostgres(instance)
    secret = instance.secrets()["superuser"]
    try:
        yield Server(str(embedded.socket_dir), "", DATABASE, "jw_superuser", secret, embedded)
    finally:
        embedded.stop()
        for path in (embedded.home, embedded.socket_dir, folder):
            shutil.rmtree(path, ignore_errors=True)


def embedded_of(server: Server) -> EmbeddedPostgres:
    assert server.embedded is not None
    return server.embedded


def postmaster(server: Server) -> int:
    """Process id of the running server."""
    return int((embedded_of(server).data / "postmaster.pid").read_text().split("\n", 1)[0])


def kill(server: Server) -> int:
    """Let the server die as by a power cut; returns the id it had."""
    number = postmaster(server)
    os.kill(number, signal.SIGKILL)
    return number
