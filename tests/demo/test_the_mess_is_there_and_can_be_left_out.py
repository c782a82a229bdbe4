from collections import Counter, defaultdict
from dataclasses import fields, replace

import pytest

from jingwei.demo.city import Mess
from jingwei.domain import uscc
from tests.demo.conftest import Written, read_list


def kinds_of_damage(record: dict[str, str], true: dict[str, str], column: str) -> str:
    code = record[column]
    if code == true["uscc"]:
        return "right"
    if uscc.check(code).valid:
        return "dressed" if uscc.normalize_code(code) == true["uscc"] else "other"
    return uscc.kind_of_number(code) if code else "empty"


@pytest.mark.parametrize(("department", "column"), [("税务", "纳税人识别号"), ("社保", "统一社会信用代码")])
def test_codes_are_damaged_in_every_way(city: Written, department: str, column: str) -> None:
    found = Counter(kinds_of_damage(record, true, column) for record, true in city.records(department))

    assert found["right"] > 0.75 * sum(found.values())
    assert {"dressed", "other", "uscc", "empty"} <= found.keys()


def test_old_tax_numbers_stand_only_in_the_tax_file_and_only_for_old_units(city: Written) -> None:
    for record, true in city.records("税务"):
        number = record["纳税人识别号"]
        if uscc.kind_of_number(number) == "tax15":
            assert uscc.organization_code(number) == true["uscc"][8:17]
            assert true["founded_on"] < "2015-10-01"


def test_branch_offices_are_filed_under_their_parents_code(city: Written) -> None:
    codes = {entity["entity_id"]: entity["uscc"] for entity in city.entities().values()}
    under_parent = [
        true for record, true in city.records("税务") if record["纳税人识别号"] == codes.get(true["parent_id"])
    ]

    assert under_parent
    assert {true["form"] for true in under_parent} == {"branch_office"}


def test_sole_traders_share_names(city: Written) -> None:
    names = Counter(entity["name"] for entity in city.entities().values() if entity["form"] == "sole_trader")

    assert names.most_common(1)[0][1] > 1


def test_firms_share_addresses_and_agents_phones(city: Written) -> None:
    entities = city.entities().values()
    addresses = Counter(entity["address"] for entity in entities if entity["form"] == "company")
    phones = Counter(record["联系电话"] for record, _ in city.records("社保") if record["联系电话"])

    assert addresses.most_common(1)[0][1] > 5
    assert phones.most_common(1)[0][1] > 2


def test_addresses_name_districts_that_were_abolished(city: Written) -> None:
    former = {row["旧名称"] for row in city.place("区划沿革.csv")}
    addresses = [record["住所"] for record, _ in city.records("市场监管")]
    naming = [address for address in addresses if any(name in address for name in former)]

    assert 0.02 < len(naming) / len(addresses) < 0.2


def test_a_unit_registered_anew_has_another_code_under_the_old_name(city: Written) -> None:
    entities = city.entities()
    heirs = [entity for entity in entities.values() if entity["predecessor_id"]]

    assert heirs
    for heir in heirs:
        before = entities[heir["predecessor_id"]]
        assert (heir["name"], heir["address"]) == (before["name"], before["address"])
        assert heir["uscc"] != before["uscc"]
        assert before["state"] == "cancelled"
        assert before["founded_on"] < before["closed_on"] < heir["founded_on"]


def test_renamed_units_stand_under_their_old_name_elsewhere(city: Written) -> None:
    renamed = [(record["纳税人名称"], true) for record, true in city.records("税务") if true["renamed_on"]]

    assert any(name == true["former_name"] for name, true in renamed)
    assert any(name == true["name"] for name, true in renamed)


def test_ownership_is_not_always_told(city: Written) -> None:
    told = Counter(record["登记注册类型"] == "" for record, _ in city.records("税务"))

    assert 0.08 < told[True] / told.total() < 0.25


def test_about_two_in_five_registered_units_stand_in_a_second_source(city: Written) -> None:
    registered = [entity for entity in city.entities().values() if entity["entity_id"] < "E50000000"]
    second = [entity for entity in registered if "1" in (entity["pays_tax"], entity["insures"])]

    assert 0.36 < len(second) / len(registered) < 0.46


@pytest.mark.parametrize(
    ("department", "name", "code"),
    [
        ("市场监管", "企业名称", "统一社会信用代码"),
        ("税务", "纳税人名称", "纳税人识别号"),
        ("社保", "单位名称", "统一社会信用代码"),
        ("民政", "社会组织名称", "统一社会信用代码"),
        ("司法", "机构名称", "统一社会信用代码"),
        ("党员数", "单位名称", "统一社会信用代码"),
    ],
)
def test_without_mess_every_row_says_what_is_true(clean_city: Written, department: str, name: str, code: str) -> None:
    records = clean_city.records(department)

    assert records
    for record, true in records:
        assert (record[name], record[code]) == (true["name"], true["uscc"])


def test_without_mess_there_are_no_odd_rows_but_the_totals(clean_city: Written) -> None:
    odd = [row for row in clean_city.rows() if row["note"]]

    assert {row["note"] for row in odd} == {"total"}
    assert len(odd) == 4


def test_without_mess_counts_are_the_true_ones(clean_city: Written) -> None:
    assert all(record["从业人数"] == true["staff"] for record, true in clean_city.records("税务"))
    assert all(record["正式党员数"] == true["full_members"] for record, true in clean_city.records("党员数"))


def test_the_total_row_adds_up(clean_city: Written) -> None:
    path = next(path for path in clean_city.files() if path.stem == "社保")
    header, lines = read_list(path)
    column = [line[header.index("参保人数")] for _, line in sorted(lines.items())]

    assert sum(map(int, column[:-1])) == int(column[-1])


def test_every_rate_of_the_mess_is_explained_and_a_share() -> None:
    rates = {item.name: getattr(Mess(), item.name) for item in fields(Mess)}
    rates.pop("factors")
    repeated = rates.pop("repeated_headers")

    assert repeated == 1
    assert all(0 < rate < 1 for rate in rates.values())


def test_a_dirtier_department_has_more_of_the_same_damage() -> None:
    mess = replace(Mess(), factors={"税务": 1.0, "社保": 2.0})

    assert mess.scaled("社保", 0.01) == pytest.approx(2 * mess.scaled("税务", 0.01))
    assert mess.scaled("社保", 0.9) == 1.0


def test_damage_differs_from_department_to_department(city: Written) -> None:
    wrong: dict[str, set[str]] = defaultdict(set)
    for department, column in (("税务", "纳税人识别号"), ("社保", "统一社会信用代码")):
        for record, true in city.records(department):
            if record[column] != true["uscc"]:
                wrong[department].add(true["entity_id"])

    assert wrong["税务"] - wrong["社保"]
    assert wrong["社保"] - wrong["税务"]
