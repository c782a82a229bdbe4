"""The secrets an installation made for itself: private, stable, and never lost when a new one is needed."""

import json
import stat
from pathlib import Path

import pytest

from jingwei.core.instance import PROJECT_ROOT, SECRET_NAMES, Instance, current_instance


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "var")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_stay(instance: Instance) -> None:
    made = instance.secrets()
    assert set(made) == set(SECRET_NAMES)
    assert Instance(instance.var).secrets() == made


def test_secrets_are_long_and_all_different(instance: Instance, tmp_path: Path) -> None:
    held = [*instance.secrets().values(), *Instance(tmp_path / "other").secrets().values()]
    assert len(set(held)) == len(held) == 2 * len(SECRET_NAMES)
    assert min(map(len, held)) >= 32


def test_nobody_else_reads_the_file_or_the_folders(instance: Instance) -> None:
    instance.secrets()
    assert mode(instance.secrets_file) == 0o600
    assert {mode(folder) for folder in (instance.var, instance.files, instance.work)} == {0o700}


def test_reading_writes_nothing(instance: Instance) -> None:
    instance.secrets()
    before = instance.secrets_file.stat().st_mtime_ns, instance.secrets_file.stat().st_ino
    instance.secrets()
    assert (instance.secrets_file.stat().st_mtime_ns, instance.secrets_file.stat().st_ino) == before


def test_a_new_kind_of_secret_is_added_and_the_others_are_kept(instance: Instance) -> None:
    held = instance.secrets()
    del held["fields"]
    instance.secrets_file.write_text(json.dumps(held))
    assert {name: value for name, value in instance.secrets().items() if name != "fields"} == held
    assert instance.secrets()["fields"]
    assert mode(instance.secrets_file) == 0o600


def test_no_draft_is_left_beside_the_file(instance: Instance) -> None:
    instance.secrets()
    assert sorted(path.name for path in instance.var.iterdir()) == ["files", "secrets.json", "work"]


def test_installations_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    first, second = Instance(tmp_path / "a"), Instance(tmp_path / "b")
    assert first.key == Instance(tmp_path / "a").key != second.key
    assert len(first.key) == 8


def test_a_variable_moves_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JW_VAR", str(tmp_path / "elsewhere"))
    assert current_instance().var == tmp_path / "elsewhere"
    monkeypatch.delenv("JW_VAR")
    assert current_instance().var == PROJECT_ROOT / "var"
