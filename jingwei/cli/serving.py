"""Serve the staff pages: web process and job worker, watched; the database is restarted if it dies."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from types import FrameType

from django.conf import settings

from jingwei.cli.terminal import err

WATCH_SECONDS = 2.0


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


class Watch:
    """Keep the processes alive until a signal asks to stop; every child is ended by its own id."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = threading.Event()

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
        embedded = settings.SERVER.embedded
        if embedded and embedded.ensure_running() and self.children:
            err.print("数据库已自动重新启动。")
        for name, command in self.commands.items():
            child = self.children.get(name)
            if child is None or child.poll() is not None:
                # Own session: Ctrl-C reaches this process alone, which then ends its children in order.
                self.children[name] = subprocess.Popen(command, start_new_session=True)

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
