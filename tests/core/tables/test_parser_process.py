"""The parser process: same answers as in this process, bounded, and its death is an ordinary refusal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jingwei.core.tables import Parsing, TableError, TableLimits, child, parse_in_subprocess
from jingwei.domain.lists import ListKind
from tests.core.tables.files import TABLE, delimited, read, save, save_xlsx


def refused_by_child(path: Path, **limits: int) -> TableError:
    before = set(path.parent.iterdir())
    with pytest.raises(TableError) as caught:
        parse_in_subprocess(path, path.with_name("rows.parquet"), limits=TableLimits(**limits))
    assert set(path.parent.iterdir()) == before
    return caught.value


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_answer_is_the_same_as_in_this_process(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"市场监管.{form}"
    if form == "csv":
        save(tmp_path, path.name, delimited([["id", *TABLE[0], "登记机关单位"], *(["1", *row] for row in TABLE[1:])]))
    else:
        save_xlsx(path, TABLE)
    out = path.with_name(path.name + ".parquet")
    assert parse_in_subprocess(path, out, kind=ListKind.MARKET) == read(path, kind=ListKind.MARKET)


def test_a_refusal_arrives_with_its_sentences(tmp_path: Path) -> None:
    path = save(tmp_path, "市场监管.csv", b"%PDF-1.7")
    error = refused_by_child(path)
    with pytest.raises(TableError) as caught:
        read(path)
    assert error.args == caught.value.args


def test_too_little_memory_is_a_refusal(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "市场监管.xlsx", [TABLE[0], *([["安澜甲厂" * 50, "", "", ""]] * 2000)])
    assert refused_by_child(path, memory_bytes=1 << 20).code == "T-MEMORY"


def test_a_full_disk_is_a_refusal(tmp_path: Path) -> None:
    path = save(tmp_path, "市场监管.csv", delimited(TABLE))
    assert refused_by_child(path, max_output_bytes=64).code == "T-DISK"


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> Path:
    """A worker that does something else than parse."""
    (folder / "stand_in.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(child, "_WORKER", "stand_in")
    monkeypatch.setitem(child._ENVIRONMENT, "PYTHONPATH", str(folder))
    return save(folder, "市场监管.csv", delimited(TABLE))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "T-MEMORY"),
        ("import os; os.abort()", "T-MEMORY"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "T-TIME"),
        ("raise SystemExit(3)", "T-CRASH"),
        ("print('no answer')", "T-CRASH"),
    ],
)
def test_the_death_of_the_parser_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, code: str
) -> None:
    path = stand_in(monkeypatch, tmp_path, source)
    with pytest.raises(TableError) as caught:
        parse_in_subprocess(path, tmp_path / "rows.parquet")
    assert caught.value.code == code
    assert not list(tmp_path.glob("rows.parquet*"))


def test_a_parser_that_never_answers_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stand_in(monkeypatch, tmp_path, "import threading; threading.Event().wait()")
    with pytest.raises(TableError) as caught:
        parse_in_subprocess(path, tmp_path / "rows.parquet", limits=TableLimits(wall_seconds=1))
    assert caught.value.code == "T-TIME"


def test_a_parser_that_is_stopped_ends_as_a_refusal_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stand_in(monkeypatch, tmp_path, "import threading; threading.Event().wait()")
    parsing = Parsing(path, tmp_path / "rows.parquet")
    parsing.stop()
    with pytest.raises(TableError):
        parsing.result()
    assert not list(tmp_path.glob("rows.parquet*"))


def test_the_parser_sees_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    source = "import os, pathlib; pathlib.Path(__file__).with_name('seen').write_text(' '.join(os.environ))"
    path = stand_in(monkeypatch, tmp_path, source)
    with pytest.raises(TableError):
        parse_in_subprocess(path, tmp_path / "rows.parquet")
    seen = (tmp_path / "seen").read_text(encoding="utf-8").split()
    assert "PYTHONPATH" in seen
    assert "DATABASE_URL" not in seen
    assert "HOME" not in seen or "HOME" not in os.environ


def test_the_parser_knows_neither_django_nor_the_database() -> None:
    source = (
        "import sys, jingwei.core.tables.worker;"
        "sys.exit(any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", source], env=child._ENVIRONMENT, check=False)
    assert done.returncode == 0
