"""The watch over the served processes: a dead one is started again, and all are ended with it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from jingwei.cli.serving import LONGEST_PAUSE, WATCH_SECONDS, Watch, port_is_free
from jingwei.core.postgres import PostgresError

LIVE = [sys.executable, "-c", "import signal; signal.pause()"]
DIE = [sys.executable, "-c", ""]
DIE_WITH_3 = [sys.executable, "-S", "-E", "-c", "raise SystemExit(3)"]


class Script:
    """Stands for the event that ends the watch: each round does one act, and after the last one it is set."""

    def __init__(self, *acts: Callable[[], None]) -> None:
        self.acts = list(acts)

    def is_set(self) -> bool:
        return not self.acts

    def wait(self, seconds: float) -> None:
        self.acts.pop(0)()

    def set(self) -> None:
        self.acts.clear()


@pytest.fixture(autouse=True)
def own_signals(settings: Any) -> Iterator[None]:
    """The watch takes over two signals; no database of its own is looked after here."""
    settings.SERVER = replace(settings.SERVER, embedded=None)
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


def watch(
    commands: dict[str, list[str]], *acts: Callable[[Watch], None], clock: Callable[[], float] | None = None
) -> Watch:
    """Run a watch through its acts, one after each look at the children."""
    made = Watch(commands, clock=clock) if clock else Watch(commands)
    made.stopping = Script(*((lambda act=act: act(made)) for act in acts))  # type: ignore[assignment, misc]
    made.run()
    return made


def end(child: subprocess.Popen[bytes], number: int) -> None:
    child.send_signal(number)
    child.wait(timeout=30)


def ids_of(made: Watch) -> dict[str, int]:
    return {name: child.pid for name, child in made.children.items()}


def test_a_killed_child_is_started_again_and_the_other_is_left_alone() -> None:
    seen: list[dict[str, int]] = []

    def note(made: Watch) -> None:
        seen.append(ids_of(made))

    def kill(made: Watch) -> None:
        note(made)
        end(made.children["web"], signal.SIGKILL)

    watch({"web": LIVE, "worker": LIVE}, kill, note, note)
    first, second, third = seen
    assert first["web"] != second["web"]
    assert first["worker"] == second["worker"]
    assert second == third, "a living child is not started twice"


def test_a_child_that_ends_by_itself_is_started_again() -> None:
    ids: list[int] = []

    def await_end(made: Watch) -> None:
        ids.append(made.children["web"].pid)
        made.children["web"].wait(timeout=30)

    watch({"web": DIE}, await_end, await_end)
    assert len(set(ids)) == 2


def test_a_child_that_keeps_dying_is_said_to_be_down_once_and_started_ever_less_often(
    capsys: pytest.CaptureFixture[str],
) -> None:
    time, ids = [0.0], []

    def two_seconds_later(made: Watch) -> None:
        made.children["web"].wait(timeout=30)
        ids.append(made.children["web"].pid)
        time[0] += 2.0

    watch({"web": DIE_WITH_3}, *[two_seconds_later] * 100, clock=lambda: time[0])
    told = capsys.readouterr().err
    assert told.count("网页服务退出了（退出码 3）") == 1
    starts = [at * 2 for at, (before, now) in enumerate(pairwise(ids), 1) if before != now]
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses[:4] == [2.0 * 2, 2.0 * 4, 2.0 * 8, 2.0 * 16]
    assert max(pauses) <= LONGEST_PAUSE + 2 * WATCH_SECONDS


def test_a_child_that_lived_long_is_said_to_be_down_again(capsys: pytest.CaptureFixture[str]) -> None:
    time = [0.0]

    def an_hour_later(made: Watch) -> None:
        made.children["web"].wait(timeout=30)
        time[0] += 3600.0

    watch({"web": DIE_WITH_3}, *[an_hour_later] * 4, clock=lambda: time[0])
    assert capsys.readouterr().err.count("退出码 3") == 3


def test_a_database_that_cannot_be_started_is_told_once_and_tried_again(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    class Embedded:
        answers = iter(
            (False, PostgresError("磁盘已满"), PostgresError("磁盘已满"), True, PostgresError("磁盘已满"), True)
        )

        def ensure_running(self) -> bool:
            answer = next(self.answers)
            if isinstance(answer, PostgresError):
                raise answer
            return answer

    settings.SERVER = replace(settings.SERVER, embedded=Embedded())
    made = watch({"web": LIVE}, *[lambda made: None] * 6)
    told = capsys.readouterr().err
    assert told.count("磁盘已满") == 2, "once for each time it went down"
    assert told.count("数据库已自动重新启动") == 2
    assert len(made.children) == 1


def test_all_children_are_gone_when_the_watch_ends() -> None:
    made = watch({"web": LIVE, "worker": LIVE}, lambda made: None)
    assert len(made.children) == 2
    assert {child.returncode for child in made.children.values()} == {-signal.SIGTERM}


def test_all_children_are_gone_when_the_watch_fails() -> None:
    def fail(made: Watch) -> None:
        raise RuntimeError

    made = Watch({"web": LIVE})
    made.stopping = Script(lambda: fail(made))  # type: ignore[assignment]
    with pytest.raises(RuntimeError):
        made.run()
    assert made.children["web"].returncode == -signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_watch_and_reaches_the_children_through_it(number: int) -> None:
    def ask(made: Watch) -> None:
        os.kill(os.getpid(), number)

    def never(made: Watch) -> None:
        raise AssertionError("the watch went on after the signal")

    made = watch({"web": LIVE}, ask, never)
    assert made.children["web"].returncode == -signal.SIGTERM


def test_children_have_a_session_of_their_own() -> None:
    sessions: list[int] = []
    watch({"web": LIVE}, lambda made: sessions.append(os.getsid(made.children["web"].pid)))
    assert sessions != [os.getsid(0)]


def test_the_database_is_looked_after_in_every_round(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    class Embedded:
        started = iter((True, False, True))

        def ensure_running(self) -> bool:
            return next(self.started)

    settings.SERVER = replace(settings.SERVER, embedded=Embedded())
    watch({"web": LIVE}, *[lambda made: None] * 3)
    assert capsys.readouterr().err.count("数据库已自动重新启动") == 1, "the first start is no restart"


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not port_is_free(port)
    assert port_is_free(port)
