"""`link --engine spark` ends with a Chinese sentence and the way out where Spark cannot run."""

import gc
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jingwei.cli.app import app
from jingwei.cli.link import link_command


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "民政.csv").write_text("社会组织名称,统一社会信用代码\n东湾区书法协会,\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("option", [("--state", "a.state"), ("--delta",), ("--model", "a.state")])
def test_states_and_deltas_are_refused(lists: Path, tmp_path: Path, option: tuple[str, ...]) -> None:
    arguments = ["link", str(lists), "--out", str(tmp_path / "out"), "--engine", "spark", *option]
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_without_pyspark_the_set_up_is_named(
    lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.delitem(sys.modules, "jingwei.cli.link_spark", raising=False)
    assert link_command(lists, out=tmp_path / "out", master="local[2]") == 1
    told = "".join(capsys.readouterr().err.split())
    assert "没有安装pyspark" in told
    assert "./jwlink" in told
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_java_that_does_not_start_is_told_in_its_own_words(
    lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyspark", reason="没有安装 pyspark：Spark 启动失败的提示没有测试")
    java = tmp_path / "java" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\necho 'too old for this' >&2\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(java.parents[1]))
    assert link_command(lists, out=tmp_path / "out", master="local[2]") == 1
    # Of the program that did not start pyspark leaves a pipe open.
    gc.collect()
    told = "".join(capsys.readouterr().err.split())
    assert "Spark没有启动：tooold" in told
    assert "Java17" in told
    assert list((tmp_path / "out").iterdir()) == []
