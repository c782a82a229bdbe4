"""Every command has a Chinese help text, and a wrong command line ends with code 2 and a Chinese sentence."""

import re
import socket
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from jingwei.cli import app as commands
from jingwei.cli.terminal import Exit
from jingwei.core.database import DatabaseRefused
from jingwei.core.postgres import PostgresError

VERBS = sorted(get_command(commands.app).commands)  # type: ignore[attr-defined]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of a command line, as the shell would see it."""
    monkeypatch.setattr(sys, "argv", ["jw", *arguments])
    with pytest.raises(SystemExit) as ended:
        commands.main()
    return int(ended.value.code or 0)


def test_all_commands_are_known() -> None:
    assert VERBS == [
        "bench", "bulletin", "demo", "doctor", "link", "otp", "rebuild", "run", "serve", "snapshot", "stop", "tables", "test",
        "token",
    ]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_chinese_down_to_each_option(verb: str) -> None:
    result = CliRunner().invoke(commands.app, [verb, "--help"])
    assert result.exit_code == 0
    described = get_command(commands.app).commands[verb]  # type: ignore[attr-defined]
    assert CHINESE.search(described.help)
    assert CHINESE.search(result.output)
    own = [parameter for parameter in described.params if parameter.name != "help"]
    assert [parameter.name for parameter in own if not CHINESE.search(parameter.help or "")] == []


ENGLISH = re.compile(
    r"usage|options|arguments|commands|required|default|show this|message|exit\b|missing|deprecated", re.IGNORECASE
)


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_the_librarys_own_words_on_a_help_page_are_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    assert run(monkeypatch, *filter(None, (verb, "--help"))) == Exit.OK
    page = capsys.readouterr().out
    assert page.startswith(f"用法：./jw {verb}".rstrip())
    assert "选项:" in page
    assert "显示这份说明" in page
    assert ENGLISH.findall(page) == []


def test_a_help_page_says_what_must_be_given_and_what_is_assumed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "demo", "--help")
    assert "[默认 demo]" in capsys.readouterr().out
    run(monkeypatch, "run", "--help")
    assert re.search(r"放部门名单的目录\s+\[必填\]", capsys.readouterr().out)


def test_the_overview_names_every_command() -> None:
    result = CliRunner().invoke(commands.app, ["--help"])
    assert result.exit_code == 0
    assert set(VERBS) <= set(result.output.split())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ((), "没有给出命令"),
        (("nonsense",), "没有这个命令"),
        (("stop", "now"), "多给了参数。用法见 ./jw stop --help"),
        (("run",), "放部门名单的目录）没有给出。用法见 ./jw run --help"),
        (("run", "/no/such/folder"), "放部门名单的目录）的值不对"),
        (("link", "somewhere"), "输出目录）没有给出"),
        (("link", "somewhere", "--out"), "选项 --out：没有给出它的值"),
        (("serve", "--port", "abc"), "--port"),
        (("demo", "--size", "large"), "选项 --size：没有这个选项。用法见 ./jw demo --help"),
        (("bench", "nonsense"), "没有“nonsense”这个基准"),
        (("bench", "../web"), "没有“../web”这个基准"),
        (("test", "some"), "没有“some”这个范围"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: tuple[str, ...], says: str
) -> None:
    assert run(monkeypatch, *line) == Exit.USAGE == 2
    shown = capsys.readouterr()
    assert says in shown.err.replace("\n", "")
    assert (shown.out, "Traceback" in shown.err) == ("", False)


def test_a_port_in_use_is_told_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def started() -> bool:
        raise AssertionError("nothing may be started")

    monkeypatch.setattr(commands, "bring_up", started)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(monkeypatch, "serve", "--port", str(port)) == Exit.USAGE
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


def test_an_interrupted_command_ends_with_130_and_says_that_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "stop_database", interrupt)
    assert run(monkeypatch, "stop") == Exit.INTERRUPTED == 130
    assert "已入库的数据不受影响" in capsys.readouterr().err


@pytest.mark.parametrize(
    "refusal", [PostgresError("找不到 [PostgreSQL] 程序。"), DatabaseRefused("数据库版本 [14] 过旧")]
)
def test_a_database_that_cannot_be_had_ends_with_4_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], refusal: Exception
) -> None:
    def refuse() -> None:
        raise refusal

    monkeypatch.setattr(commands, "stop_database", refuse)
    assert run(monkeypatch, "stop") == Exit.SETUP == 4
    assert str(refusal) in capsys.readouterr().err
