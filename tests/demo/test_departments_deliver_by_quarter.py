from pathlib import Path

import pytest

from jingwei.demo.city import generate
from jingwei.demo.city.calendar import Month
from jingwei.demo.city.deliveries import ALL_LISTS, OWN_LISTS, everything, quarterly

FIRST, LAST = Month(2026, 7), Month(2026, 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city") / "out"
    generate(out, registered=300, month=str(FIRST), months=4, deliveries=quarterly(FIRST, LAST))
    return out


def delivered(folder: Path, month: str) -> set[str]:
    return {path.stem for path in (folder / "files" / month).iterdir()}


@pytest.mark.parametrize("month", ["2026-07", "2026-09", "2026-10"])
def test_all_lists_come_first_last_and_at_the_end_of_a_quarter(folder: Path, month: str) -> None:
    assert delivered(folder, month) == ALL_LISTS


def test_between_them_the_office_has_its_own_lists_alone(folder: Path) -> None:
    assert delivered(folder, "2026-08") == OWN_LISTS


def test_the_truth_is_told_of_every_month(folder: Path) -> None:
    told = {path.name for path in (folder / "truth").iterdir() if path.is_dir()}
    assert told == {"2026-07", "2026-08", "2026-09", "2026-10"}
    assert all((folder / "truth" / month / "entities.csv").is_file() for month in ("2026-08", "2026-09"))


def test_without_a_plan_everything_comes_every_month() -> None:
    assert everything(Month(2026, 8)) == ALL_LISTS
