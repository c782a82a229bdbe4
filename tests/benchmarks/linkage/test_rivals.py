from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.linkage import accuracy
from benchmarks.linkage.accuracy import CODE, SPLINK_BEST, Outcome
from benchmarks.linkage.clusters import resolve
from benchmarks.linkage.malformed import malformed_codes
from benchmarks.linkage.rivals import main
from jingwei.domain import uscc

ROWS = [(1, 0, "m", 1), (2, 0, "m", 2), (3, 3, "t", 1), (4, 4, "s", 1)]
PAIRS = [(1, 2, 0.99, 9.0), (1, 3, 0.6, 1.0), (2, 3, 0.9, 4.0), (3, 4, 0.95, 5.0)]


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    """Two market rows, a tax row that fits the second better, an insurance row that fits the tax row."""
    for name, columns, lines in (
        ("rows", ("rid", "rank", "file", "row"), ROWS),
        ("pairs", ("left_rid", "right_rid", "probability", "weight"), PAIRS),
    ):
        made = dict(zip(columns, map(list, zip(*lines, strict=True)), strict=True))
        pq.write_table(pa.table(made), tmp_path / f"{name}.parquet")
    return tmp_path


def groups(folder: Path, mode: str, cut: float) -> set[frozenset[int]]:
    resolve(folder, folder / "out.parquet", cut=cut, mode=mode)
    found: dict[int, set[int]] = {}
    for at, line in enumerate(pq.read_table(folder / "out.parquet").to_pylist()):
        found.setdefault(line["grp"], set()).add(ROWS[at][0])
    return {frozenset(group) for group in found.values()}


def test_components_join_whatever_hangs_together(scored: Path) -> None:
    assert groups(scored, "components", 0.5) == {frozenset({1, 2, 3, 4})}


def test_a_record_joins_only_its_best_one(scored: Path) -> None:
    assert groups(scored, "register", 0.5) == {frozenset({1}), frozenset({2, 3, 4})}


def test_pairs_below_the_cut_are_left_out(scored: Path) -> None:
    assert groups(scored, "register", 0.93) == {frozenset({1}), frozenset({2}), frozenset({3, 4})}
    assert groups(scored, "best", 0.98) == {frozenset({1, 2}), frozenset({3}), frozenset({4})}


def write_lists(folder: Path) -> None:
    (folder / "市场监管.csv").write_text(
        "企业名称,统一社会信用代码\n甲公司,91990102MA0000001X\n乙公司,/\n", encoding="utf-8"
    )
    (folder / "税务.csv").write_text("纳税人名称,纳税人识别号\n丙公司,91990102MA0000001X\n乙公司,/\n", encoding="utf-8")


@pytest.mark.parametrize(("rival", "joined"), [("code", 1), ("code_or_name", 2)])
def test_a_plain_join_takes_no_placeholder_for_a_code(
    rival: str, joined: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lists").mkdir()
    write_lists(tmp_path / "lists")
    monkeypatch.setattr("sys.argv", ["rivals", "plain", str(tmp_path / "lists"), str(tmp_path / "out")])
    main()
    found = pq.read_table(tmp_path / "out" / f"{rival}.parquet")["grp"].to_pylist()
    assert len(found) - len(set(found)) == joined


def outcome(name: str, f1: float) -> Outcome:
    return Outcome(name, accuracy.TUNING, 1, {"f1": f1, "hard_f1": f1}, None)


def test_a_rival_that_was_set_up_badly_makes_the_run_invalid() -> None:
    usual = [outcome(CODE, 0.72), outcome(accuracy.SPLINK_USUAL, 0.95)]
    assert accuracy.faults([*usual, outcome(SPLINK_BEST, 0.987)]) == []
    assert len(accuracy.faults([*usual, outcome(SPLINK_BEST, 0.985)])) == 1


def test_no_malformed_code_is_a_code() -> None:
    codes = malformed_codes(3_000, Random(1))
    assert len(codes) == 3_000
    assert not [code for code in codes if uscc.check(code).valid]
