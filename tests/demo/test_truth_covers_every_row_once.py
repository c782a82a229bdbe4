from collections import Counter

import pytest

from tests.demo.conftest import FIRST, SECOND, Written, read_csv, read_list


@pytest.mark.parametrize("month", [FIRST, SECOND])
def test_every_row_with_any_text_stands_in_the_truth_once(city: Written, month: str) -> None:
    told = Counter((row["file"], int(row["row"])) for row in city.rows(month))
    seen = {(path.name, number) for path in city.files(month) for number in read_list(path)[1]}

    assert set(told) == seen
    assert set(told.values()) == {1}


def test_rows_about_nobody_say_why(city: Written) -> None:
    notes = {row["note"] for row in city.rows() if not row["entity_id"]}

    assert notes == {"keyless", "repeated_header", "total"}
    assert all(row["note"] == "" for row in city.rows() if row["entity_id"])


def test_every_registered_unit_has_its_row_where_it_registers(city: Written) -> None:
    listed = {row["entity_id"] for row in city.rows() if row["file"].startswith(("市场监管", "民政", "司法"))}
    registered = {key for key, entity in city.entities().items() if entity["entity_id"] < "E50000000"}

    assert len(registered) == city.summary.registered
    assert registered <= listed


def test_every_entity_of_a_row_is_described(city: Written) -> None:
    organizations = {row["organization_id"] for row in read_csv(city.out / "truth" / FIRST / "covered.csv")}
    known = city.entities().keys() | organizations

    assert {row["entity_id"] for row in city.rows() if row["entity_id"]} <= known


def test_what_an_organization_covers_is_what_its_list_says(city: Written) -> None:
    covered = read_csv(city.out / "truth" / FIRST / "covered.csv")
    of_organization: dict[str, list[str]] = {}
    for row in covered:
        of_organization.setdefault(row["organization_id"], []).append(row["spelt"])
    path = next(path for path in city.files() if path.stem == "党组织")
    _, lines = read_list(path)

    for row in city.rows():
        if row["file"] == path.name and row["entity_id"]:
            assert lines[int(row["row"])][-1] == "、".join(of_organization[row["entity_id"]])


def test_keyless_rows_have_neither_name_nor_code(city: Written) -> None:
    for path in city.files():
        header, lines = read_list(path)
        keyless = [int(row["row"]) for row in city.rows() if row["file"] == path.name and row["note"] == "keyless"]
        keys = [at for at, title in enumerate(header) if title.endswith(("名称", "代码", "识别号"))]

        assert all(lines[number][at] == "" for number in keyless for at in keys)
