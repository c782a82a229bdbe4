"""The embedded server starts once, survives its own death with every committed row, and stops."""

import ctypes
import os
import sys
from collections.abc import Iterator

import pytest

from jingwei.core.database import Server
from tests.core.own_server import embedded_of, kill, own_server, postmaster

pytestmark = pytest.mark.slow
PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture
def server() -> Iterator[Server]:
    with own_server() as server:
        assert embedded_of(server).ensure_running()
        with server.connect("postgres") as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (1)")
        yield server


@pytest.fixture
def without_init() -> Iterator[None]:
    """As in a container without an init process: nobody collects the dead."""
    prctl = ctypes.CDLL(None).prctl
    assert prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    yield
    assert prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0


def kept(server: Server) -> list[tuple[int]]:
    with server.connect("postgres") as connection:
        return connection.execute("SELECT number FROM kept ORDER BY number").fetchall()


def test_a_running_server_is_left_alone(server: Server) -> None:
    before = postmaster(server)
    assert not embedded_of(server).ensure_running()
    assert postmaster(server) == before


def test_a_killed_server_comes_back_with_committed_rows_and_without_others(server: Server) -> None:
    with server.connect("postgres") as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
    unfinished = server.connect("postgres")
    unfinished.execute("BEGIN")
    unfinished.execute("INSERT INTO kept VALUES (3)")
    before = kill(server)
    assert embedded_of(server).ensure_running()
    assert postmaster(server) != before
    assert kept(server) == [(1,), (2,)]
    unfinished.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to whom one likes")
def test_a_killed_server_comes_back_although_nobody_collects_the_dead_process(
    without_init: None, server: Server
) -> None:
    dead = kill(server)
    os.waitid(os.P_PID, dead, os.WEXITED | os.WNOWAIT)
    assert not embedded_of(server).is_running()
    assert embedded_of(server).ensure_running()
    assert kept(server) == [(1,)]
    living = postmaster(server)
    embedded_of(server).stop()
    assert [os.waitpid(number, 0)[0] for number in (dead, living)] == [dead, living]


def test_a_stopped_server_is_stopped_and_starts_again(server: Server) -> None:
    embedded_of(server).stop()
    assert not embedded_of(server).is_running()
    embedded_of(server).stop()
    assert embedded_of(server).ensure_running()
    assert kept(server) == [(1,)]
