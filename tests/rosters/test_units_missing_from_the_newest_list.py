"""A list that no longer names a unit, or drops what it said of it, is told; nothing is deleted."""

from datetime import date

import pytest

from jingwei.rosters.models import SourceRecord, SourceUnit
from jingwei.rosters.pages import frame
from tests.rosters.desk import HEADER, OCTOBER, SEPTEMBER, Desk, code, csv_of, firm

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 30)


def test_units_that_only_the_list_before_names_are_counted_and_kept(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2), firm(3)]), as_of=SEPTEMBER)
    second = desk.bring_in(csv_of([firm(1), firm(4)]), as_of=OCTOBER)
    assert second.counts["missing"] == 2
    assert SourceUnit.objects.count() == 4
    assert SourceUnit.objects.get(source_key=f"U{code(2)}").last_as_of == SEPTEMBER


def test_the_dry_run_announces_the_same_number(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2), firm(3)]), as_of=SEPTEMBER)
    checked = desk.check(csv_of([firm(1)]), as_of=OCTOBER)
    assert checked.counts["missing"] == 2
    assert any("本期未再列出的单位 2 个" in note for note in frame(checked, desk.actor)["notes"])


def test_a_unit_is_counted_in_the_list_that_first_misses_it(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2)]), as_of=SEPTEMBER)
    desk.bring_in(csv_of([firm(1)]), as_of=OCTOBER)
    third = desk.bring_in(csv_of([firm(1), firm(3)]), as_of=NOVEMBER)
    assert third.counts["missing"] == 0


def test_two_files_of_one_day_are_parts_of_one_list(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2)]), as_of=SEPTEMBER)
    first = desk.bring_in(csv_of([firm(1)]), as_of=OCTOBER)
    second = desk.bring_in(csv_of([firm(2)]), as_of=OCTOBER)
    assert (first.counts["missing"], second.counts["missing"]) == (1, 0)


def test_a_sheet_of_mended_rows_misses_nobody(desk: Desk) -> None:
    earlier = desk.bring_in(csv_of([firm(1), firm(2)]), as_of=SEPTEMBER)
    header = ("原批次", "行号", *HEADER)
    mended = desk.bring_in(csv_of([[str(earlier.pk), "1", *firm(1, state="注销")]], header=header), as_of=OCTOBER)
    assert mended.counts["missing"] == 0


def test_an_older_list_misses_nobody(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2)]), as_of=OCTOBER)
    assert desk.bring_in(csv_of([firm(1)]), as_of=SEPTEMBER).counts["missing"] == 0


def test_a_repeated_row_keeps_the_record_that_first_said_it(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1)]), as_of=SEPTEMBER)
    said = SourceRecord.objects.get()
    desk.bring_in(csv_of([firm(1), firm(2)]), as_of=OCTOBER)
    unit = SourceUnit.objects.get(source_key=f"U{code(1)}")
    assert unit.content_record == said
    assert unit.last_record != said
    desk.bring_in(csv_of([firm(1, state="注销")]), as_of=NOVEMBER)
    unit.refresh_from_db()
    assert unit.content_record == unit.last_record
    assert unit.content_record.values["state"] == "注销"
