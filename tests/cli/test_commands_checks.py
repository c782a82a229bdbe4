"""The checks of `test`: what is too long is found, and every step runs and tells what it found."""

import sys
from pathlib import Path

import pytest

from jingwei.cli import checks
from jingwei.cli.checks import Step, oversized, pytest_command, run_checks, run_step
from jingwei.cli.terminal import Exit


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("jingwei", "tests"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(checks, "PROJECT_ROOT", tmp_path)
    return tmp_path


def plant(project: Path, name: str, lines: int) -> None:
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("x\n" * lines)


@pytest.mark.parametrize(
    ("name", "budget"),
    [("jingwei/app/long.py", 400), ("tests/test_long.py", 400), ("jingwei/templates/long.html", 150)],
)
def test_a_file_one_line_too_long_is_found_and_one_at_the_limit_is_not(project: Path, name: str, budget: int) -> None:
    plant(project, name, budget)
    assert oversized() == []
    plant(project, name, budget + 1)
    assert oversized() == [f"{name}：{budget + 1} 行，上限 {budget}"]


@pytest.mark.parametrize(
    "name", ["jingwei/app/migrations/0001_initial.py", "jingwei/static/vendor/long.html", "docs/long.py"]
)
def test_made_and_foreign_files_may_be_long(project: Path, name: str) -> None:
    plant(project, name, 1000)
    assert oversized() == []


def test_the_house_itself_keeps_the_limits() -> None:
    assert oversized() == []


def test_a_step_that_fails_shows_what_it_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    command = (sys.executable, "-c", "import sys; print('[red]line 3'); sys.exit(1)")
    assert not run_step(Step("甲", command))
    shown = capsys.readouterr().out
    assert "✗ 甲" in shown
    assert "[red]line 3" in shown


def test_a_step_that_succeeds_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_step(Step("甲", (sys.executable, "-c", "print('much text')")))
    assert capsys.readouterr().out.strip().count("\n") == 0


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("failing", ["甲", "乙", "pytest", "migrations", "none"])
def test_every_step_runs_even_after_a_failure_and_one_failure_is_enough(
    project: Path, monkeypatch: pytest.MonkeyPatch, fast: bool, failing: str
) -> None:
    ran: list[str] = []

    def step(title: str) -> bool:
        ran.append(title)
        return title != failing

    monkeypatch.setattr(checks, "start_database", lambda: False)
    monkeypatch.setattr(checks, "static_steps", lambda: [Step("甲", ()), Step("乙", ())])
    monkeypatch.setattr(checks, "run_step", lambda wanted: step(wanted.title))
    monkeypatch.setattr(checks, "migrations_complete", lambda: step("migrations"))
    monkeypatch.setattr(checks, "run_tests", lambda fast: step("pytest"))
    monkeypatch.setenv("PYTHONPATH", "")
    code = run_checks(fast=fast)
    assert ran == (["pytest"] if fast else ["甲", "乙", "migrations", "pytest"])
    assert code == (Exit.FAILED if failing in ran else Exit.OK)


def test_a_long_file_alone_fails_the_checks(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(project, "jingwei/long.py", 500)
    monkeypatch.setattr(checks, "start_database", lambda: False)
    monkeypatch.setattr(checks, "run_tests", lambda fast: True)
    monkeypatch.setenv("PYTHONPATH", "")
    assert run_checks(fast=True) == Exit.FAILED


def test_without_a_browser_only_its_tests_are_left_out() -> None:
    assert pytest_command(fast=False, browser=False)[-4:-2] == ["-m", "not browser"]
    assert "-m" not in pytest_command(fast=False, browser=True)[3:]
    assert pytest_command(fast=True, browser=False)[-2:] == ["-m", "not browser and not slow"]


def test_a_machine_without_browser_is_told_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    monkeypatch.setattr(checks.os, "geteuid", lambda: 1000)
    assert not checks.provide_browser()
    assert "跳过全部浏览器测试" in capsys.readouterr().err
