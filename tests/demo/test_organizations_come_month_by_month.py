from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jingwei.demo.city import Mess, generate

pytestmark = pytest.mark.slow
MONTHS = ("2026-07", "2026-08", "2026-09", "2026-10")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city") / "out"
    generate(out, registered=6000, month=MONTHS[0], months=len(MONTHS), mess=Mess.none())
    return out


def organizations(folder: Path, month: str) -> dict[str, dict[str, str]]:
    """Rows of the month's list by name."""
    sheet = CalamineWorkbook.from_path(folder / "files" / month / "党组织.xlsx").get_sheet_by_index(0)
    lines = [[str(cell) for cell in line] for line in sheet.to_python()][2:]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:] if len(line) > 1 and line[1]]
    return {row["党组织名称"]: row for row in rows}


def test_each_month_some_units_found_their_own_branch_on_a_day_of_it(folder: Path) -> None:
    for before, month in pairwise(MONTHS):
        first = date.fromisoformat(f"{month}-01")
        new = [row for name, row in organizations(folder, month).items() if name not in organizations(folder, before)]
        founded = [date.fromisoformat(row["成立日期"]) for row in new if row["组建方式"] == "单独组建"]
        assert any(day.replace(day=1) == first for day in founded), month


def test_nothing_is_founded_after_the_month_whose_list_names_it(folder: Path) -> None:
    for month in MONTHS:
        days = [date.fromisoformat(row["成立日期"]) for row in organizations(folder, month).values()]
        assert max(days).strftime("%Y-%m") <= month


def test_joint_branches_take_in_more_units_each_month(folder: Path) -> None:
    def covered(month: str) -> int:
        rows = organizations(folder, month).values()
        return sum(len(row["覆盖单位"].split("、")) for row in rows if row["组建方式"] == "联合组建")

    assert covered(MONTHS[0]) < covered(MONTHS[-1])
