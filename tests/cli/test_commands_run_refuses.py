"""`run`, `demo` and `otp` refuse what they cannot do, before they change anything."""

from pathlib import Path
from typing import Any

import pytest

from jingwei.cli import demo
from jingwei.cli import run as running
from jingwei.cli.run import RunOptions, run_command
from jingwei.cli.terminal import Exit
from jingwei.rosters.models import Batch
from tests.city import SmallCity


@pytest.fixture
def no_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the test is up already."""
    monkeypatch.setattr(running, "bring_up", lambda: False)


def forbid(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError(f"{name} may not be reached")

    monkeypatch.setattr(module, name, reached)


def run(folder: Path, *, as_of: str = "", approve_as: str = "", city: str = "") -> int:
    return run_command(
        RunOptions(
            directory=folder, out=None, city=city, divisions=None, as_of=as_of, approve_as=approve_as, reason="",
            as_json=False,
        )
    )  # fmt: skip


def put_list(folder: Path) -> None:
    (folder / "民政.csv").write_text("社会组织名称,统一社会信用代码\n东湾区书法协会,\n")


@pytest.mark.parametrize("day", ["2026-13-01", "2026/10/31", "31.10.2026", "yesterday", "2026-02-30"])
def test_a_date_that_is_none_is_refused_before_anything_is_set_up(
    day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forbid(monkeypatch, running, "bring_up")
    assert run(tmp_path, as_of=day) == Exit.USAGE
    assert f"日期“{day}”不对，请写成 2026-10-31 的样子" in capsys.readouterr().err


@pytest.mark.usefixtures("no_set_up")
def test_an_approver_nobody_knows_is_refused_and_nothing_is_imported(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_list(tmp_path)
    assert run(tmp_path, approve_as="nobody") == Exit.USAGE
    assert "没有登录名为“nobody”的用户" in capsys.readouterr().err
    assert not Batch.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_set_up")
def test_lists_without_a_city_are_refused_with_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_list(tmp_path)
    assert run(tmp_path) == Exit.USAGE
    assert "--city" in capsys.readouterr().err
    assert not Batch.objects.exists()


@pytest.mark.usefixtures("no_set_up")
def test_lists_of_another_city_are_refused(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_list(tmp_path)
    assert run(tmp_path, city="霁川") == Exit.USAGE
    assert "这里是安澜市的数据" in capsys.readouterr().err
    assert not Batch.objects.exists()


def test_a_folder_without_lists_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forbid(monkeypatch, running, "bring_up")
    (tmp_path / "说明.docx").write_bytes(b"PK")
    (tmp_path / "~$民政.xlsx").write_bytes(b"PK")
    assert run(tmp_path) == Exit.NOTHING_TO_DO
    assert "没有可读的名单" in capsys.readouterr().err


def test_a_demo_of_unknown_size_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    forbid(monkeypatch, demo, "bring_up")
    code = demo.run_demo(once=True, scale="huge", months=0, seed=1, port=1, as_json=False)
    assert code == Exit.USAGE
    assert "没有“huge”这个规模" in capsys.readouterr().err


def test_codes_are_told_in_the_demo_only(
    settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = False
    forbid(monkeypatch, demo, "start_database")
    assert demo.print_otp("clerk", as_json=False) == Exit.USAGE
    assert "这里不是演示环境" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_code_of_an_account_nobody_knows_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = True
    monkeypatch.setattr(demo, "start_database", lambda: False)
    assert demo.print_otp("nobody", as_json=False) == Exit.USAGE
    assert "没有登录名为“nobody”的演示账号" in capsys.readouterr().err
