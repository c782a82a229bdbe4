"""Everything continuous integration runs, in order, with one line per step."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from jingwei.cli.installation import start_database, stop_database
from jingwei.cli.terminal import Exit, err, out
from jingwei.core.instance import PROJECT_ROOT

BIN = Path(sys.executable).parent
# libatomic1 is for the program that Playwright brings along.
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk", "libatomic1")
BUDGETS = {".py": 400, ".html": 150}


@dataclass(frozen=True)
class Step:
    """One check: a title and a command, or a function that returns complaints."""

    title: str
    command: tuple[str, ...]


def static_steps() -> list[Step]:
    python_files = ("jingwei", "tests", "benchmarks")
    return [
        Step("ruff", (str(BIN / "ruff"), "check", *python_files, "jw")),
        Step("ruff format", (str(BIN / "ruff"), "format", "--check", *python_files)),
        Step("import-linter", (str(BIN / "lint-imports"),)),
        Step("mypy", (str(BIN / "mypy"), "jingwei")),
        *template_steps(),
        Step("codespell", (str(BIN / "codespell"), "jingwei", "tests", "docs", "README.md", "CHANGELOG.md")),
        Step("deptry", (str(BIN / "deptry"), ".")),
    ]


def template_steps() -> list[Step]:
    """One step a folder: over many files djlint starts a pool, which needs a shared memory that chroots often lack."""
    templates = PROJECT_ROOT / "jingwei" / "templates"
    folders = sorted(path for path in templates.iterdir() if path.is_dir() and any(path.glob("*.html")))
    targets = {folder.name: [folder] for folder in folders} | {"base": sorted(templates.glob("*.html"))}
    command = (str(BIN / "djlint"), "--lint", "--quiet")
    return [Step(f"djlint {name}", (*command, *map(str, paths))) for name, paths in targets.items()]


def oversized() -> list[str]:
    """Files longer than the house's budget; sizes serve reading."""
    found = []
    for suffix, budget in BUDGETS.items():
        for path in sorted((PROJECT_ROOT / "jingwei").rglob(f"*{suffix}")) + sorted(
            (PROJECT_ROOT / "tests").rglob(f"*{suffix}")
        ):
            if "migrations" in path.parts or "vendor" in path.parts:
                continue
            lines = len(path.read_text().splitlines())
            if lines > budget:
                found.append(f"{path.relative_to(PROJECT_ROOT)}：{lines} 行，上限 {budget}")
    return found


def run_step(step: Step) -> bool:
    started = time.monotonic()
    result = subprocess.run(step.command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    if result.returncode == 0:
        out.print(f" ✓ {step.title}（{seconds:.0f} 秒）")
        return True
    out.print(f" ✗ {step.title}（{seconds:.0f} 秒）")
    out.print((result.stdout + result.stderr)[-6000:], markup=False, highlight=False)
    return False


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def browser_works() -> bool:
    """Whether Chromium is there and Playwright's own program runs on this machine."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return bool(find_chromium()) and subprocess.run(command, capture_output=True, check=False).returncode == 0


def provide_browser() -> bool:
    """Install the browser by apt as root; otherwise say what is missing. True when browser tests can run."""
    if browser_works():
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        out.print(f" · 安装 {'、'.join(BROWSER_PACKAGES)}（apt）…")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends", *BROWSER_PACKAGES]
        for command in (["apt-get", "update"], install):
            subprocess.run(command, capture_output=True, check=False, env=environment)
    if browser_works():
        return True
    err.print(
        "⚠⚠ 没有可用的 Chromium，跳过全部浏览器测试（页面旅程与无障碍检查没有运行）。"
        f"安装：apt-get install {' '.join(BROWSER_PACKAGES)} ⚠⚠"
    )
    return False


def pytest_command(*, fast: bool, browser: bool) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    if fast:
        return [*command, "-m", "not browser and not slow"]
    markers = [] if browser else ["-m", "not browser"]
    return [*command, *markers, "--cov", "--cov-report=term:skip-covered"]


def run_tests(*, fast: bool) -> bool:
    browser = False if fast else provide_browser()
    started = time.monotonic()
    result = subprocess.run(pytest_command(fast=fast, browser=browser), cwd=PROJECT_ROOT, check=False)
    out.print(f" {'✓' if result.returncode == 0 else '✗'} pytest（{time.monotonic() - started:.0f} 秒）")
    return result.returncode == 0


def migrations_complete() -> bool:
    command = (sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run")
    return run_step(Step("makemigrations --check", command))


def run_checks(*, fast: bool) -> int:
    """Run every step even after a failure, so that one run tells everything."""
    os.environ["PYTHONPATH"] = str(PROJECT_ROOT)
    started = start_database()
    results = [] if fast else [run_step(step) for step in static_steps()]
    for complaint in oversized():
        out.print(f" ✗ 文件过长：{complaint}")
        results.append(False)
    if not fast:
        results.append(migrations_complete())
    results.append(run_tests(fast=fast))
    if started:
        stop_database()
    return Exit.OK if all(results) else Exit.FAILED
