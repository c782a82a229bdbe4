import random

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jingwei.rosters.keys import Incumbent, SameKeyRow, number_rows
from jingwei.rosters.models import SourceRecord, SourceUnit
from tests.rosters.desk import HEADER, OCTOBER, SEPTEMBER, Desk, code, csv_of, firm, units

pytestmark = pytest.mark.django_db


def unit_of(name: str) -> int:
    return SourceRecord.objects.filter(name=name).latest("id").unit_id


def test_a_renamed_firm_stays_the_unit_of_its_code(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2)]), as_of=SEPTEMBER)
    second = desk.bring_in(csv_of([firm(1, name="安澜市新名机械有限公司"), firm(2), firm(3)]), as_of=OCTOBER)
    assert (second.counts["new"], second.counts["changed"], second.counts["same"]) == (1, 1, 1)
    assert SourceUnit.objects.count() == 3
    unit = SourceUnit.objects.get(source_key=f"U{code(1)}")
    assert unit.last_record.name == "安澜市新名机械有限公司"
    assert unit.records.count() == 2


def test_a_firm_without_code_is_known_by_name_and_address_in_whatever_width_they_are_written(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1, name="安澜（红湾）机械有限公司", uscc="")]), as_of=SEPTEMBER)
    changed = firm(1, name="安澜(红湾)机械有限公司", uscc="无", state="注销")
    desk.bring_in(csv_of([changed]), as_of=OCTOBER)
    assert SourceUnit.objects.count() == 1


def test_a_registration_number_stands_in_for_a_missing_code(desk: Desk) -> None:
    header = (*HEADER, "注册号")
    desk.bring_in(csv_of([[*firm(1, uscc=""), "110108000000016"]], header=header), as_of=SEPTEMBER)
    desk.bring_in(csv_of([[*firm(1, name="安澜市新名有限公司", uscc=""), "110108000000016"]], header=header))
    assert [unit.source_key for unit in SourceUnit.objects.all()] == ["R110108000000016"]


def test_branches_filed_under_one_code_keep_their_numbers_when_the_order_changes(desk: Desk) -> None:
    rows = [firm(1), firm(1, name="安澜市第1号机械有限公司一分店"), firm(1, name="安澜市第1号机械有限公司二分店")]
    desk.bring_in(csv_of(rows), as_of=SEPTEMBER)
    before = {row[0]: unit_of(row[0]) for row in rows}
    later = [*reversed(rows), firm(1, name="安澜市第1号机械有限公司三分店")]
    second = desk.bring_in(csv_of(later), as_of=OCTOBER)
    assert {row[0]: unit_of(row[0]) for row in rows} == before
    assert (second.counts["new"], second.counts["same"], second.counts["repeated"]) == (1, 3, 3)


def test_a_branch_left_alone_in_the_next_list_is_not_taken_for_its_parent(desk: Desk) -> None:
    branch = firm(1, name="安澜市第1号机械有限公司一分店")
    desk.bring_in(csv_of([firm(1), branch]), as_of=SEPTEMBER)
    before = unit_of(branch[0])
    desk.bring_in(csv_of([branch]), as_of=OCTOBER)
    assert unit_of(branch[0]) == before


def test_an_older_list_does_not_replace_newer_records(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1, state="注销")]), as_of=OCTOBER)
    older = desk.check(csv_of([firm(1)]), as_of=SEPTEMBER)
    assert older.counts["latest_as_of"] == OCTOBER.isoformat()
    desk.commit(older)
    unit = SourceUnit.objects.get()
    assert (unit.last_as_of, unit.last_record.values["state"]) == (OCTOBER, "注销")


def test_a_corrected_list_of_the_same_day_replaces_the_first_one(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1, state="存续")]))
    desk.bring_in(csv_of([firm(1, state="吊销")]))
    assert SourceUnit.objects.get().last_record.values["state"] == "吊销"
    assert len(units()) == 1


def test_new_units_are_numbered_in_the_order_of_the_file_in_whatever_order_the_database_joins(desk: Desk) -> None:
    rows = [firm(number) for number in range(30, 0, -1)]
    with connection.cursor() as cursor:
        # What is left sorts by key.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_nestloop = off")
    batch = desk.bring_in(csv_of(rows))
    drawn = SourceRecord.objects.filter(batch=batch).order_by("row").values_list("unit_id", "pk")
    assert len(drawn) == 30
    assert list(drawn) == sorted(drawn)


NAMES, MARKS = st.sampled_from(["甲", "乙", "丙"]), st.binary(min_size=1, max_size=1)
ROWS = st.lists(st.tuples(NAMES, MARKS), min_size=1, max_size=8)


@given(content=ROWS, seed=st.integers(0, 999))
def test_running_numbers_do_not_depend_on_the_order_of_rows(content: list[tuple[str, bytes]], seed: int) -> None:
    rows = [SameKeyRow(row, name, name.encode() + mark) for row, (name, mark) in enumerate(content, start=1)]
    mixed = random.Random(seed).sample(rows, len(rows))

    def named(numbers: dict[int, int]) -> list[tuple[str, bytes, int]]:
        return sorted((*content[row - 1], number) for row, number in numbers.items())

    assert named(dict(number_rows(rows, []))) == named(dict(number_rows(mixed, [])))


@given(content=ROWS, more=ROWS)
def test_every_row_gets_a_number_of_its_own_and_known_content_keeps_its_number(
    content: list[tuple[str, bytes]], more: list[tuple[str, bytes]]
) -> None:
    first = [SameKeyRow(row, name, name.encode() + mark) for row, (name, mark) in enumerate(content, start=1)]
    numbers = number_rows(first, [])
    incumbents = [Incumbent(numbers[each.row], each.name, each.content_hash) for each in first]
    second = [*first, *(SameKeyRow(100 + row, name, name.encode() + mark) for row, (name, mark) in enumerate(more))]
    later = number_rows(second, incumbents)
    assert len(set(later.values())) == len(second)
    # Equal content may change places among itself, so content is compared, not rows.
    by_number = {later[each.row]: (each.name, each.content_hash) for each in second}
    assert all(by_number[unit.number] == (unit.name, unit.content_hash) for unit in incumbents)
