"""`doctor`: one finding for each thing looked at, whatever is broken."""

import json
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from jingwei.cli import doctor
from jingwei.cli.app import app
from jingwei.cli.doctor import CHECKS, Finding, examine
from jingwei.core.instance import Instance
from jingwei.core.journal import ChainCheck

Usage = namedtuple("Usage", "total used free")


def found(name: str) -> Finding:
    return next(finding for finding in examine() if finding.name == name)


@pytest.mark.django_db
def test_each_check_gives_one_finding_in_the_three_known_states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2**40, 0, 2**40))
    findings = examine()
    assert [finding.name for finding in findings] == list(CHECKS)
    assert {finding.state for finding in findings} <= {"ok", "warn", "fail"}
    assert all(finding.detail for finding in findings)
    assert not [finding for finding in findings if finding.state == "fail"]


@pytest.mark.django_db
def test_whatever_is_not_well_comes_with_advice_or_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1, 1, 2**20))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert (found("磁盘空间").state, "清理" in found("磁盘空间").advice) == ("fail", True)
    assert (found("浏览器（仅测试用）").state, "apt-get" in found("浏览器（仅测试用）").advice) == ("warn", True)


def checks_of(monkeypatch: pytest.MonkeyPatch, **checks: Any) -> None:
    monkeypatch.setattr(doctor, "CHECKS", checks)


def test_a_check_that_raises_is_itself_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Finding:
        raise OSError("no such device\nand more")

    checks_of(monkeypatch, 甲=broken, 乙=lambda: Finding("ok", "好"))
    assert examine() == [Finding("fail", "无法检查：no such device", "", "甲"), Finding("ok", "好", "", "乙")]


def test_a_readable_secrets_file_is_a_failure_with_the_cure(tmp_path: Path, settings: Any) -> None:
    settings.INSTANCE = Instance(tmp_path / "var")
    settings.INSTANCE.secrets()
    assert doctor.secrets_file().state == "ok"
    settings.INSTANCE.secrets_file.chmod(0o644)
    finding = doctor.secrets_file()
    assert (finding.state, finding.advice) == ("fail", f"chmod 600 {settings.INSTANCE.secrets_file}")


def test_a_broken_journal_chain_is_a_failure_that_names_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.journal, "verify", lambda: ChainCheck(rows=6, broken_at=7))
    monkeypatch.setattr(doctor, "is_asleep", lambda: False)
    finding = doctor.journal_chain()
    assert (finding.state, finding.detail) == ("fail", "第 7 条起断裂")


def test_a_server_that_is_not_running_is_no_failure(settings: Any) -> None:
    settings.SERVER = replace(settings.SERVER, embedded=SimpleNamespace(is_running=lambda: False))
    findings = [doctor.database(), doctor.migrations(), doctor.journal_chain()]
    assert {finding.state for finding in findings} == {"warn"}
    assert "自动启动" in findings[0].advice


def test_json_is_one_document_of_flat_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    checks_of(monkeypatch, 甲=lambda: Finding("ok", "好"), 乙=lambda: Finding("warn", "慢", "换一块磁盘"))
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [
        {"name": "甲", "state": "ok", "detail": "好", "advice": ""},
        {"name": "乙", "state": "warn", "detail": "慢", "advice": "换一块磁盘"},
    ]


def test_a_failure_ends_the_command_with_1_and_is_shown_with_its_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    checks_of(monkeypatch, 甲=lambda: Finding("fail", "坏", "请修"))
    result = CliRunner().invoke(app, ["doctor"])
    assert (result.exit_code, result.stdout.strip()) == (1, "✗ 甲：坏；请修")
