"""`snapshot` and `bulletin`: what they refuse, before anything is published."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from jingwei.accounts.scope import acting
from jingwei.cli import month_commands
from jingwei.cli.month_commands import bulletin_command, data_day, months_of_quarter, snapshot_command
from jingwei.cli.terminal import Exit
from jingwei.core.permissions import local_operator
from jingwei.core.refusal import Refused
from tests.base_roster.entities import make_entity
from tests.city import NOW, SmallCity


@pytest.fixture
def no_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the test is up already."""
    monkeypatch.setattr(month_commands, "bring_up", lambda: False)


@pytest.mark.parametrize("month", ["2026", "2026-13", "10/2026", "2026年10月", ""])
def test_a_month_that_is_none_is_refused(month: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert snapshot_command(month=month, name="", reason="", as_json=False) == Exit.USAGE
    assert "请写成 2026-10 的样子" in capsys.readouterr().err


@pytest.mark.parametrize("quarter", ["2026", "2026Q5", "2026Q0", "Q3", "2026-Q3"])
def test_a_quarter_that_is_none_is_refused(quarter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bulletin_command(quarter=quarter, out=tmp_path, name="", as_json=False) == Exit.USAGE
    assert "请写成 2026Q3 的样子" in capsys.readouterr().err


def test_a_quarter_has_three_months() -> None:
    assert months_of_quarter("2026q3") == [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]


@pytest.mark.usefixtures("no_set_up")
def test_a_quarter_without_a_published_month_says_what_to_do(
    small_city: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bulletin_command(quarter="2026Q3", out=tmp_path, name="", as_json=False) == Exit.FAILED
    assert "还没有快照" in capsys.readouterr().err


@pytest.mark.usefixtures("no_set_up")
def test_a_snapshot_by_somebody_nobody_knows_is_refused(
    small_city: SmallCity, capsys: pytest.CaptureFixture[str]
) -> None:
    assert snapshot_command(month="2026-10", name="nobody", reason="", as_json=False) == Exit.FAILED
    assert "没有登录名为“nobody”的用户" in capsys.readouterr().err


def test_a_month_that_newer_lists_have_left_behind_is_not_published_anew(small_city: SmallCity) -> None:
    with acting(local_operator()):
        make_entity(small_city, "安澜衡川电子科技有限公司", as_of=date(2026, 10, 31))
        assert data_day(date(2026, 10, 1), NOW) == date(2026, 10, 31)
        assert data_day(date(2026, 11, 1), NOW + timedelta(days=5)) == date(2026, 11, 5)
        assert data_day(date(2026, 11, 1), NOW + timedelta(days=50)) == date(2026, 11, 30)
        with pytest.raises(Refused, match="名册数据已到 2026-10-31，不能再为 2026-09 生成快照"):
            data_day(date(2026, 9, 1), NOW)
