from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.linkage import accuracy, bench, size
from benchmarks.linkage.accuracy import JINGWEI, SPLINK_BEST, SPLINK_COMPONENTS, SPLINK_TOLD, Outcome
from benchmarks.linkage.contest import ContestantFailed, Effort, run
from benchmarks.linkage.reach import Check
from benchmarks.linkage.size import Sized
from benchmarks.linkage.table import accuracy_table, reach_table, size_table


def outcome(name: str, profile: str, f1: float, hard: float, seed: int = 1) -> Outcome:
    return Outcome(
        name,
        profile,
        seed,
        {"f1": f1, "hard_f1": hard, "precision": 0.999, "recall": f1, "waiting": 3},
        Effort(10.0, 500.0, 9.0),
    )


def contest(profile: str, *, mine: tuple[float, float], splink: tuple[float, float]) -> list[Outcome]:
    others = [outcome(name, profile, *splink) for name in (SPLINK_BEST, SPLINK_COMPONENTS, SPLINK_TOLD)]
    return [outcome(JINGWEI, profile, *mine), *others]


def met(checks: Iterable[Check]) -> list[bool | None]:
    return [check.met for check in checks]


def test_a_reported_profile_has_to_beat_splink_by_two_points_on_hard_pairs() -> None:
    assert met(accuracy.checks(contest("export", mine=(0.99, 0.985), splink=(0.98, 0.96)))) == [True] * 5
    assert met(accuracy.checks(contest("export", mine=(0.99, 0.975), splink=(0.98, 0.96)))) == [True] * 4 + [False]


def test_the_tuning_profile_may_be_a_tenth_of_a_point_below_splink() -> None:
    assert met(accuracy.checks(contest("desk", mine=(0.9896, 0.97), splink=(0.99, 0.98)))) == [True]
    assert met(accuracy.checks(contest("desk", mine=(0.9884, 0.97), splink=(0.99, 0.98)))) == [False]


def sized(rows: int, seconds: float, splink: Effort | None = None) -> Sized:
    return Sized(rows, rows * 2, Effort(seconds, 2048.0, seconds), Effort(seconds / 20, 100.0, 1.0), splink)


def test_growth_compares_the_marginal_seconds_of_two_steps() -> None:
    steady = [sized(10, 1.0), sized(100, 10.0), sized(1000, 100.0, Effort(500.0, 900.0, 700.0))]
    assert size.growth(steady) == pytest.approx(1.0)
    assert met(size.checks(steady)) == [True] * 4
    slower = [*steady[:2], sized(1000, 190.0, Effort(500.0, 900.0, 700.0))]
    assert size.growth(slower) == pytest.approx(2.0)
    assert met(size.checks(slower)) == [False, True, True, False]


def test_a_part_without_its_module_is_told_as_untested(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "find_spec", lambda _: None)
    assert met(bench._further("online", tmp_path, 10)) == [None] * 3


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit):
        bench._options(["--parts", "accuracy,nothing"])


def test_a_contestant_that_fails_ends_the_run_with_what_it_wrote(tmp_path: Path) -> None:
    with pytest.raises(ContestantFailed, match="no such thing"):
        run(["-c", "raise SystemExit('no such thing')"], log=tmp_path / "log")


def test_the_effort_of_a_contestant_is_its_own(tmp_path: Path) -> None:
    effort = run(["-c", "text = 'x' * 200_000_000"], log=tmp_path / "log")
    assert effort.seconds > 0
    assert effort.peak_mb > 190


def test_all_tables_can_be_printed() -> None:
    screen = Console(file=StringIO(), width=140)
    outcomes = contest("export", mine=(0.99, 0.98), splink=(0.98, 0.96))
    found = [sized(10, 1.0), sized(100, 10.0, Effort(500.0, 900.0, 700.0))]
    for table in (
        accuracy_table(outcomes),
        size_table(found),
        reach_table([*accuracy.checks(outcomes), Check("a", "b", "c", None)]),
    ):
        screen.print(table)
    text = screen.file.getvalue()
    assert "0.9900" in text
    assert "未测" in text
