"""What is missing, wrong or slow on this machine."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jingwei.core import journal
from jingwei.core.postgres import find_binaries

FREE_BYTES_WANTED = 2 * 2**30
MEMORY_BYTES_WANTED = 2 * 2**30
FSYNC_MILLISECONDS_SLOW = 50


@dataclass(frozen=True)
class Finding:
    """One thing looked at: state is ok, warn or fail; advice says what to do about it."""

    state: str
    detail: str
    advice: str = ""
    name: str = ""


def binaries() -> Finding:
    return Finding("ok", str(find_binaries()) if settings.SERVER.embedded else "外部服务")


def chromium() -> Finding:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return Finding("ok", found)
    return Finding("warn", "没有 Chromium", "浏览器测试会跳过；root 可用 apt-get install chromium 安装")


def disk() -> Finding:
    free = shutil.disk_usage(settings.INSTANCE.var).free
    state = "ok" if free > FREE_BYTES_WANTED else "fail"
    return Finding(state, f"剩余 {free / 2**30:.1f} GB", "" if state == "ok" else "请清理磁盘，至少留出 2 GB")


def memory() -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    state = "ok" if total > MEMORY_BYTES_WANTED else "warn"
    return Finding(state, f"{total / 2**30:.1f} GB", "" if state == "ok" else "大名单对碰建议 4 GB 以上")


def fsync() -> Finding:
    target = Path(settings.INSTANCE.work) / "fsync-probe"
    started = time.perf_counter()
    with target.open("wb") as handle:
        for _ in range(5):
            handle.write(b"x" * 8192)
            handle.flush()
            os.fsync(handle.fileno())
    target.unlink()
    milliseconds = (time.perf_counter() - started) / 5 * 1000
    slow = milliseconds > FSYNC_MILLISECONDS_SLOW
    return Finding("warn" if slow else "ok", f"每次 {milliseconds:.1f} 毫秒", "磁盘较慢，导入会变慢" if slow else "")


def secrets_file() -> Finding:
    mode = settings.INSTANCE.secrets_file.stat().st_mode & 0o777
    state = "ok" if mode == 0o600 else "fail"
    return Finding(state, f"权限 {mode:o}", "" if state == "ok" else f"chmod 600 {settings.INSTANCE.secrets_file}")


def is_asleep() -> bool:
    """Whether the embedded server is not running, which is no fault."""
    embedded = settings.SERVER.embedded
    return bool(embedded and not embedded.is_running())


def database() -> Finding:
    if is_asleep():
        return Finding("warn", "未运行", "运行 ./jw serve 或 ./jw demo 会自动启动")
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        return Finding("ok", cursor.fetchone()[0].split(" on ")[0])


def migrations() -> Finding:
    if is_asleep():
        return UNREAD
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("warn", f"{len(waiting)} 项未更新", "运行 ./jw serve 会自动更新")
    return Finding("ok", "最新")


def journal_chain() -> Finding:
    if is_asleep():
        return UNREAD
    check = journal.verify()
    if check.broken_at is not None:
        return Finding("fail", f"第 {check.broken_at} 条起断裂", "日志可能被改动，请保留现场并联系审计员")
    return Finding("ok", f"{check.rows} 条完整")


def deployment() -> Finding:
    try:
        call_command("check", deploy=True, fail_level="ERROR", verbosity=0)
    except Exception as error:
        # The first line only counts; what is wrong stands below it.
        return Finding("fail", " ".join(str(error).split()[:60]))
    return Finding("ok", "通过")


UNREAD = Finding("warn", "数据库未运行，未检查")
CHECKS: dict[str, Callable[[], Finding]] = {
    "数据库程序": binaries,
    "磁盘空间": disk,
    "内存": memory,
    "落盘速度": fsync,
    "密钥文件": secrets_file,
    "数据库": database,
    "数据库结构": migrations,
    "日志链条": journal_chain,
    "部署检查": deployment,
    "浏览器（仅测试用）": chromium,
}


def examine() -> list[Finding]:
    """Run every check; a check that raises is itself a finding."""
    return [replace(guarded(check), name=name) for name, check in CHECKS.items()]


def guarded(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        return Finding("fail", f"无法检查：{str(error).splitlines()[0] if str(error) else repr(error)}")


def as_json(findings: list[Finding]) -> list[dict[str, str]]:
    return [asdict(finding) for finding in findings]
