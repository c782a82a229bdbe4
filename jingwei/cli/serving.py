"""Serve the staff pages: web process and job worker, watched; the database is restarted if it dies."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from types import FrameType

from django.conf import settings

from jingwei.cli.terminal import err
from jingwei.core.postgres import PostgresError

WATCH_SECONDS = 2.0
LONGEST_PAUSE = 60.0
NAMES = {"web": "网页服务", "worker": "后台任务"}


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def web_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "jingwei.config.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", str(min(4, (os.cpu_count() or 1) + 1)), "--timeout", "120", "--graceful-timeout", "10",
        "--log-level", "warning", "--worker-tmp-dir", str(settings.INSTANCE.work), "--max-requests", "5000",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "django", "procrastinate", "worker"]


@dataclass
class Life:
    """One child: when it was started last, how often it died soon after, when it may start again once dead."""

    started: float
    deaths: int = 0
    due: float | None = None


class Watch:
    """Keep the processes alive until a signal asks to stop; every child is ended by its own id.

    A child that dies again and again is started at growing intervals, and said to be down once.
    ``clock`` gives seconds that never run backwards.
    """

    def __init__(self, commands: dict[str, list[str]], *, clock: Callable[[], float] = monotonic) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = threading.Event()
        self._clock = clock
        self._lives: dict[str, Life] = {}
        self._is_database_down = False

    def run(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._ask_to_stop)
        try:
            while not self.stopping.is_set():
                self._heal()
                self.stopping.wait(WATCH_SECONDS)
        finally:
            self._end_children()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _heal(self) -> None:
        if not self._heal_database():
            return
        for name in self.commands:
            child = self.children.get(name)
            if child is None:
                self._start(name)
            elif child.poll() is not None:
                self._heal_child(name, child)

    def _heal_database(self) -> bool:
        """Whether the database runs; one that cannot be started is said once and tried again in the next round."""
        embedded = settings.SERVER.embedded
        if not embedded:
            return True
        try:
            restarted = embedded.ensure_running()
        except PostgresError as error:
            if not self._is_database_down:
                err.print(f"数据库停了，暂时启动不了，将不断重试：{error}", markup=False)
            self._is_database_down = True
            return False
        if restarted and self.children:
            err.print("数据库已自动重新启动。")
        self._is_database_down = False
        return True

    def _heal_child(self, name: str, child: subprocess.Popen[bytes]) -> None:
        life, now = self._lives[name], self._clock()
        if life.due is None:
            if now - life.started >= LONGEST_PAUSE:
                life.deaths = 0
            life.deaths += 1
            life.due = now + min(WATCH_SECONDS * (2 ** min(life.deaths - 1, 10) - 1), LONGEST_PAUSE)
            if life.deaths == 1:
                told = f"{NAMES.get(name, name)}退出了（退出码 {child.returncode}），将重新启动；反复退出时间隔逐次加长"
                err.print(f"{told}，最长 {LONGEST_PAUSE:.0f} 秒。", markup=False)
        if now >= life.due:
            self._start(name)

    def _start(self, name: str) -> None:
        # Own session: Ctrl-C reaches this process alone, which then ends its children in order.
        self.children[name] = subprocess.Popen(self.commands[name], start_new_session=True)
        life = self._lives.setdefault(name, Life(0.0))
        life.started, life.due = self._clock(), None

    def _end_children(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def serve(port: int) -> None:
    """Serve on 127.0.0.1 until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.config.settings")
    Watch({"web": web_command(port), "worker": worker_command()}).run()
