from tests.demo.conftest import FIRST, SECOND, Written

LASTING = ("uscc", "registration_number", "form", "ownership", "founded_on", "industry", "parent_id", "predecessor_id")


def test_units_keep_their_identity(city: Written) -> None:
    before, after = city.entities(FIRST), city.entities(SECOND)

    assert before.keys() < after.keys()
    for key, entity in before.items():
        assert [entity[field] for field in LASTING] == [after[key][field] for field in LASTING]


def test_newcomers_were_founded_in_that_month(city: Written) -> None:
    new = city.entities(SECOND).keys() - city.entities(FIRST).keys()

    assert len(new) == 15
    assert all(city.entities(SECOND)[key]["founded_on"].startswith(SECOND) for key in new)


def test_some_units_close_move_or_take_another_name(city: Written) -> None:
    before, after = city.entities(FIRST), city.entities(SECOND)
    closed = [key for key in before if before[key]["state"] == "existing" and after[key]["state"] == "cancelled"]
    moved = [key for key in before if before[key]["address"] != after[key]["address"]]
    renamed = [key for key in before if before[key]["name"] != after[key]["name"]]

    assert closed
    assert moved
    assert renamed
    assert all(after[key]["closed_on"].startswith(SECOND) for key in closed)
    assert all(after[key]["former_name"] == before[key]["name"] for key in renamed)


def test_only_a_few_units_change(city: Written) -> None:
    before, after = city.entities(FIRST), city.entities(SECOND)
    same = [key for key in before if before[key] == after[key]]

    assert 0.9 < len(same) / len(before) < 1


def test_a_department_makes_the_same_mistakes_again(city: Written) -> None:
    def wrong(month: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for record, true in city.records("税务", month):
            if record["纳税人识别号"] != true["uscc"]:
                found.setdefault(true["entity_id"], set()).add(record["纳税人识别号"])
        return found

    before, after = wrong(FIRST), wrong(SECOND)
    still_there = before.keys() & {true["entity_id"] for _, true in city.records("税务", SECOND)}

    assert still_there
    assert all(before[key] == after[key] for key in still_there)


def test_the_tax_file_arrives_with_its_columns_in_another_order(city: Written) -> None:
    first, second = (list(city.records("税务", month)[0][0]) for month in (FIRST, SECOND))

    assert first != second
    assert sorted(first) == sorted(second)


def test_organizations_stay_in_place(city: Written) -> None:
    def listed(month: str) -> set[str]:
        return {row["entity_id"] for row in city.rows(month) if row["file"] == "党组织.xlsx" and row["entity_id"]}

    assert len(listed(FIRST) & listed(SECOND)) > 0.85 * len(listed(FIRST))
