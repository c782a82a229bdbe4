import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo.conftest import Written


def digests(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file()
    }


def test_two_runs_write_equal_files_workbooks_included(write_city: Callable[..., Written]) -> None:
    first, second = (digests(write_city(registered=400).out) for _ in range(2))

    assert first == second
    assert any(name.endswith(".xlsx") for name in first)


def test_another_seed_writes_another_city(write_city: Callable[..., Written]) -> None:
    first, other = (digests(write_city(registered=400, seed=seed).out / "files") for seed in (1, 2))

    assert first.keys() == other.keys()
    assert not set(first.values()) & set(other.values())


def test_the_seal_holds_the_hash_of_every_file_but_its_own(city: Written) -> None:
    seal = json.loads((city.out / "truth/seal.json").read_text(encoding="utf-8"))
    written = digests(city.out)
    written.pop("truth/seal.json")

    assert seal["sha256"] == written
    assert (seal["seed"], seal["registered"], seal["months"]) == (2026, 2500, ["2026-10", "2026-11"])


def test_the_truth_lies_outside_the_delivered_files(city: Written) -> None:
    delivered = {path.name for path in (city.out / "files").rglob("*") if path.is_file()}

    assert delivered == {
        *("市场监管.csv", "税务.csv", "社保.xlsx", "民政.xlsx", "司法.xlsx", "党组织.xlsx", "党员数.csv")
    }


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
def test_the_summary_counts_the_rows_of_each_file(city: Written, month: str) -> None:
    for path in city.files(month):
        about = [row for row in city.rows(month) if row["file"] == path.name]

        assert city.summary.rows[f"files/{month}/{path.name}"] == len(about)
