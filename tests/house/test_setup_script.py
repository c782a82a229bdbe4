"""The set-up script ``jw``: it does each step once, stops with a Chinese sentence, and goes on where it stopped."""

import ast
import os
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from jingwei.core.instance import PROJECT_ROOT

SCRIPT = PROJECT_ROOT / "jw"
Steps = list[str]


@pytest.fixture
def jw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, pointed at an empty checkout."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("jw_script", str(SCRIPT))
    module = module_from_spec(spec_from_loader("jw_script", loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    for name in ("bootstrap", "runtime", "dev", "node", "spark"):
        (tmp_path / "locks").mkdir(exist_ok=True)
        (tmp_path / "locks" / f"{name}.txt").write_text(f"{name} 1")
    (tmp_path / "jingwei" / "config").mkdir(parents=True)
    (tmp_path / "jingwei" / "config" / "browser_files.py").write_text("")
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMPS", tmp_path / ".venv" / "jingwei-stamps")
    return module


@pytest.fixture
def steps(jw: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """What would have been run, by its Chinese name; nothing is."""
    done: Steps = []

    def pretend(command: list[str], what: str) -> None:
        done.append(what)
        if what == "建立虚拟环境":
            jw.PYTHON.parent.mkdir(parents=True)
            jw.PYTHON.touch()
        if what == "整理浏览器文件":
            (jw.ROOT / "jingwei" / "static" / "vendor").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(jw, "run", pretend)
    monkeypatch.setattr(jw, "has_pip", jw.PYTHON.exists)
    monkeypatch.setattr(jw, "java_version", lambda: 0)
    monkeypatch.setattr(jw.shutil, "which", lambda name: f"/usr/bin/{name}")
    return done


def renamed(module: ModuleType, name: str, old: Callable[..., None], failing: str) -> Callable[..., None]:
    def run(command: list[str], what: str) -> None:
        if what == failing:
            module.fail(f"{what}失败", 4)
        old(command, what)

    return run


FIRST = ["建立虚拟环境", "安装 uv", "安装依赖（runtime，按哈希核对）", "取得浏览器文件", "整理浏览器文件"]


def test_a_first_start_does_every_step_in_order_and_a_second_one_nothing(jw: ModuleType, steps: Steps) -> None:
    jw.prepare("demo")
    assert steps == FIRST
    steps.clear()
    jw.prepare("demo")
    assert steps == []


@pytest.mark.parametrize("failing", FIRST)
def test_after_a_failure_the_next_start_goes_on_where_the_last_one_stopped(
    jw: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(jw, "run", renamed(jw, "run", jw.run, failing))
        with pytest.raises(SystemExit):
            jw.prepare("demo")
    before = FIRST.index(failing)
    assert steps == FIRST[:before]
    steps.clear()
    jw.prepare("demo")
    # The browser files are one step with two parts.
    assert steps == FIRST[min(before, 3) :]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("locks/bootstrap.txt", ["安装 uv"]),
        ("locks/runtime.txt", ["安装依赖（runtime，按哈希核对）"]),
        ("package-lock.json", ["取得浏览器文件", "整理浏览器文件"]),
        ("jingwei/config/browser_files.py", ["取得浏览器文件", "整理浏览器文件"]),
        ("locks/dev.txt", []),
    ],
)
def test_a_changed_lock_file_repeats_its_own_step_only(
    jw: ModuleType, steps: Steps, changed: str, again: list[str]
) -> None:
    jw.prepare("demo")
    steps.clear()
    (jw.ROOT / changed).write_text("other")
    jw.prepare("demo")
    assert steps == again


@pytest.mark.parametrize("verb", ["test", "bench"])
def test_tools_for_tests_come_only_with_the_verbs_that_need_them(jw: ModuleType, steps: Steps, verb: str) -> None:
    jw.prepare("demo")
    steps.clear()
    jw.prepare(verb)
    assert steps == ["安装依赖（dev，按哈希核对）"]
    steps.clear()
    jw.prepare("demo")
    assert steps == [], "they hold everything that the product needs"


SPARK = "安装依赖（spark，按哈希核对）"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("link", "lists", "--engine", "spark"), True),
        (("link", "lists", "--engine=spark"), True),
        (("test",), True),
        (("link", "lists", "--engine", "duckdb"), False),
        (("link", "spark"), False),
        (("test", "fast"), False),
        (("demo",), False),
    ],
)
def test_spark_comes_once_with_what_runs_on_it(
    jw: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], wanted: bool
) -> None:
    monkeypatch.setattr(jw, "java_version", lambda: 17)
    jw.prepare(*arguments)
    assert (SPARK in steps) is wanted
    steps.clear()
    jw.prepare(*arguments)
    assert steps == []


@pytest.mark.parametrize(("version", "told"), [(0, "没有找到 Java"), (11, "Java 11")])
def test_a_run_on_spark_without_its_java_ends_with_the_way_out(
    jw: ModuleType,
    steps: Steps,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: int,
    told: str,
) -> None:
    monkeypatch.setattr(jw, "java_version", lambda: version)
    with pytest.raises(SystemExit) as ended:
        jw.prepare("link", "lists", "--engine", "spark")
    shown = capsys.readouterr().err
    assert ended.value.code == 2
    assert told in shown
    assert "JAVA_HOME" in shown
    assert SPARK not in steps
    jw.prepare("test")
    assert SPARK not in steps, "tests that need it are left out"


def test_the_java_at_java_home_is_asked_for_its_version(
    jw: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert jw.java_version() == 0
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"21.0.8\" 2025-07-15' >&2\n")
    java.chmod(0o755)
    assert jw.java_version() == 21


def test_lost_browser_files_are_made_again(jw: ModuleType, steps: Steps) -> None:
    jw.prepare("demo")
    steps.clear()
    (jw.ROOT / "jingwei" / "static" / "vendor").rmdir()
    jw.prepare("demo")
    assert steps == FIRST[3:]


@pytest.mark.parametrize("missing", ["npm", "node"])
def test_a_machine_without_node_gets_it_from_the_lock_file(
    jw: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setattr(jw.shutil, "which", lambda name: None if name == missing else f"/usr/bin/{name}")
    assert jw.npm_command() == [str(jw.VENV / "bin" / "npm")]
    assert steps == ["安装依赖（node，按哈希核对）"]


def test_an_environment_without_pip_is_made_anew(jw: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    jw.PYTHON.parent.mkdir(parents=True)
    jw.PYTHON.symlink_to(sys.executable)
    commands: list[list[str]] = []
    monkeypatch.setattr(jw, "has_pip", lambda: False)
    monkeypatch.setattr(jw, "run", lambda command, what: commands.append(command))
    jw.make_environment()
    assert commands[0] == [sys.executable, "-m", "venv", "--clear", str(jw.VENV)]


def test_pip_is_missed_where_there_is_none(jw: ModuleType) -> None:
    assert not jw.has_pip()
    jw.PYTHON.parent.mkdir(parents=True)
    jw.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    jw.PYTHON.chmod(0o755)
    assert not jw.has_pip()
    jw.PYTHON.write_text('#!/bin/sh\n[ "$*" = "-m pip --version" ]\n')
    assert jw.has_pip()


def test_the_digest_depends_on_every_byte_on_the_order_and_on_the_python(
    jw: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    second.write_text("2")
    seen = {jw.digest(first), jw.digest(second), jw.digest(first, second), jw.digest(second, first)}
    monkeypatch.setattr(jw, "sys", SimpleNamespace(version_info=(3, 12, 0)))
    seen.add(jw.digest(first))
    assert len(seen) == 5


def test_a_stamp_is_current_for_its_own_name_and_value(jw: ModuleType) -> None:
    assert not jw.is_current("runtime", "1")
    jw.mark("runtime", "1")
    assert jw.is_current("runtime", "1")
    assert not jw.is_current("runtime", "2")
    assert not jw.is_current("dev", "1")


def test_a_step_that_fails_ends_with_4_its_last_output_and_what_to_do(
    jw: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import sys; print('x' * 9000); print('the reason', file=sys.stderr); sys.exit(7)"
    with pytest.raises(SystemExit) as ended:
        jw.run([sys.executable, "-c", code], "安装 uv")
    shown = capsys.readouterr().err
    assert ended.value.code == 4
    assert "the reason" in shown
    assert "安装 uv失败（退出码 7）。请检查能否访问软件源，然后重新运行。" in shown
    assert len(shown) < 4000


def test_a_step_that_succeeds_says_its_name_and_time_and_hides_its_output(
    jw: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    jw.run([sys.executable, "-c", "print('much text')"], "安装 uv")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split("：")[0] for line in shown.err.splitlines()] == ["· 安装 uv …", "· 安装 uv"]


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14)])
def test_a_python_that_does_not_fit_is_told_so_before_anything_is_made(
    jw: ModuleType,
    steps: Steps,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: tuple[int, int],
) -> None:
    monkeypatch.setattr(jw, "sys", SimpleNamespace(version_info=(*version, 1, "final", 0), stderr=sys.stderr))
    with pytest.raises(SystemExit) as ended:
        jw.prepare("demo")
    assert (ended.value.code, steps) == (2, [])
    assert f"需要 Python 3.11 至 3.13，这里是 {version[0]}.{version[1]}" in capsys.readouterr().err


def test_the_versions_are_those_of_the_project() -> None:
    assert 'requires-python = ">=3.11,<3.14"' in (PROJECT_ROOT / "pyproject.toml").read_text()


def test_an_old_python_can_read_the_script_and_needs_nothing_but_its_library() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 6))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= sys.stdlib_module_names


def test_the_command_is_handed_over_with_all_its_words(
    jw: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[object] = []
    environment = {"PATH": "/usr/bin", "PYTHONPATH": "/elsewhere"}
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(os, "execv", lambda *given: handed.extend(given))
    monkeypatch.setattr(sys, "argv", ["./jw", "link", "名单 目录", "--out", "x"])
    jw.main()
    assert handed == [jw.PYTHON, [str(jw.PYTHON), "-m", "jingwei", "link", "名单 目录", "--out", "x"]]
    assert environment["PATH"].split(os.pathsep) == [str(jw.VENV / "bin"), "/usr/bin"]
    assert "PYTHONPATH" not in environment


def test_certificates_that_somebody_named_are_kept(jw: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"SSL_CERT_FILE": "/own.pem"}
    monkeypatch.setattr(os, "environ", environment)
    jw.trust_system_certificates()
    assert environment["SSL_CERT_FILE"] == "/own.pem"
