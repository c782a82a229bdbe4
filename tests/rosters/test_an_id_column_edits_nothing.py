"""A file cannot say which rows of ours it means: ids in it are other people's ids."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.rosters import services
from jingwei.rosters.errors import IntakeRefused
from jingwei.rosters.models import Batch, RejectedRow, SourceRecord, SourceUnit
from tests.city import NOW
from tests.rosters.desk import HEADER, OCTOBER, SEPTEMBER, Desk, code, csv_of, firm, whole_text_of

pytestmark = pytest.mark.django_db


def test_ids_of_stored_rows_in_a_file_change_none_of_them(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1), firm(2)]), as_of=SEPTEMBER)
    before = whole_text_of("rosters_sourcerecord")
    record, unit = SourceRecord.objects.get(uscc=code(1)), SourceUnit.objects.get(source_key=f"U{code(1)}")
    header = ("id", "unit_id", "batch_id", *HEADER)
    stranger = [str(record.pk), str(unit.pk), str(record.batch_id), *firm(3)]
    batch = desk.bring_in(csv_of([stranger], header=header), as_of=OCTOBER)
    assert batch.counts["new"] == 1
    assert whole_text_of("rosters_sourcerecord").startswith(before)
    unit.refresh_from_db()
    assert unit.last_record_id == record.pk
    assert set(SourceRecord.objects.get(batch=batch).values) <= {"name", "uscc", "address", "state"}


def test_no_column_can_be_taken_for_anything_but_a_field_of_the_list(desk: Desk) -> None:
    batch = desk.check(csv_of([["7", *firm(1)]], header=("id", *HEADER)))
    assert "0" not in batch.mapping
    for name in ("id", "unit_id", "batch", "staff"):
        with pytest.raises(IntakeRefused), acting(desk.actor):
            services.change_mapping(batch=batch, mapping={0: name, 1: "name"}, by=desk.actor, on=NOW)


def test_a_repair_sheet_can_point_only_at_refused_rows_in_scope(desk: Desk) -> None:
    first = desk.bring_in(csv_of([firm(1), firm(2, name="无", uscc="无")]))
    refused = RejectedRow.objects.get(batch=first)
    header = ("原批次", "行号", *HEADER)
    lines = [
        [str(first.pk), "2", *firm(2)],
        [str(first.pk), "1", *firm(3)],
        ["999999", "1", *firm(4)],
        ["x", "-1", *firm(5)],
    ]
    batch = desk.bring_in(csv_of(lines, header=header))
    mends = SourceRecord.objects.filter(batch=batch).order_by("row").values_list("mends_id", flat=True)
    assert list(mends) == [refused.pk, None, None, None]


def test_the_place_of_a_batch_is_the_sender_s_not_the_file_s(desk: Desk) -> None:
    header = (*HEADER, "place_id", "body_id")
    desk.bring_in(csv_of([[*firm(1), str(desk.city.other_county.pk), str(desk.city.office.pk)]], header=header))
    unit = SourceUnit.objects.get()
    assert (unit.place_id, unit.body_id) == (desk.city.county.pk, desk.city.county_office.pk)
    assert Batch.objects.get().created_at == NOW
