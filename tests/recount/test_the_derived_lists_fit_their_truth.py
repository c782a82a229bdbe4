"""The recipe that derives tax, insurance and Party lists from a market list: repeatable, and true to its truth."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.derived_lists import derive

LISTS = {"税务.csv": "utf-8-sig", "社保.csv": "gb18030", "党员数.csv": "utf-16", "党组织.csv": "utf-8"}
UNITS = 1500


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "市场监管.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["企业名称", "统一社会信用代码", "法定代表人", "住所", "成立日期"])
        for number in range(UNITS):
            district = ("青岚区", "澜新区", "云汀县")[number % 3]
            name = f"安澜市第{number}号{'贸易有限公司' if number % 9 else '商业有限公司第一分店'}"
            address = f"东澜省安澜市{district}中央路{number}号"
            writer.writerow([name, f"9199{number:014d}", "某某", address, f"20{number % 24:02}-03-05"])
    return path


@pytest.fixture(scope="module")
def derived(market: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("derived")
    derive(market, out, seed=7)
    return out


def rows(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def about(folder: Path, name: str) -> list[str]:
    return [line["market_row"] for line in rows(folder / "truth" / "rows.csv") if line["file"] == name]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    market: Path, derived: Path, tmp_path: Path
) -> None:
    derive(market, tmp_path / "again", seed=7)
    derive(market, tmp_path / "other", seed=8)
    for name in LISTS:
        assert (tmp_path / "again" / name).read_bytes() == (derived / name).read_bytes()
        assert (tmp_path / "other" / name).read_bytes() != (derived / name).read_bytes()


def test_the_truth_is_about_every_row_of_every_list_and_every_market_row(derived: Path) -> None:
    for name, encoding in LISTS.items():
        assert len(about(derived, name)) == len(rows(derived / name, encoding)) > 0
    assert [line["market_row"] for line in rows(derived / "truth" / "units.csv")] == [
        str(number) for number in range(1, UNITS + 1)
    ]


def test_tax_and_insurance_name_whom_the_truth_says(derived: Path) -> None:
    units = rows(derived / "truth" / "units.csv")
    for name, column in (("税务.csv", "pays_tax"), ("社保.csv", "insures")):
        assert set(about(derived, name)) == {line["market_row"] for line in units if line[column] == "1"}


def test_counts_are_those_of_the_truth_wherever_they_are_numbers(derived: Path) -> None:
    units = {line["market_row"]: line for line in rows(derived / "truth" / "units.csv")}
    for name, written, true in (("党员数.csv", "正式党员数", "full_members"), ("社保.csv", "参保人数", "insured")):
        lines = rows(derived / name, LISTS[name])
        pairs = zip(lines, about(derived, name), strict=True)
        told = [(line[written], units[row][true]) for line, row in pairs if line[written].isdigit()]
        assert told
        assert all(number == expected for number, expected in told)


def test_every_covered_unit_stands_in_its_organization_and_nowhere_else(derived: Path) -> None:
    covered = rows(derived / "truth" / "covered.csv")
    sizes = Counter(line["organization"] for line in covered)
    listed = {line["党组织名称"]: re.split("、", line["覆盖单位"]) for line in rows(derived / "党组织.csv")}
    assert {name: len(units) for name, units in listed.items()} == sizes
    assert len({line["market_row"] for line in covered}) == len(covered)
    named = {line["market_row"]: line["organization"] for line in rows(derived / "truth" / "units.csv")}
    assert all(named[line["market_row"]] == line["organization"] for line in covered)


def test_every_form_occurs_and_somebody_with_three_members_has_no_organization(derived: Path) -> None:
    forms = {line["组建方式"] for line in rows(derived / "党组织.csv")}
    assert forms == {"单独组建", "联合组建", "挂靠", "功能型"}
    units = rows(derived / "truth" / "units.csv")
    assert any(int(line["full_members"]) >= 3 and not line["organization"] for line in units)


def test_a_list_without_the_needed_columns_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("名称,地址\n甲,乙\n", encoding="utf-8")
    with pytest.raises(ValueError, match="企业名称、统一社会信用代码"):
        derive(path, tmp_path / "out")
