"""Whatever happens to a file on its way, each of its rows is stored once or listed with its reason."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.rosters.models import Batch, RejectedRow, SourceRecord
from tests.rosters.desk import HEADER, Desk, csv_of, firm, stored_rows

pytestmark = pytest.mark.django_db

BAD_NAMES = ("", "无", "—", "合计", "小计", "￿￿", "测试", "0", "9.14E+17", "=1+1", "\ue000\ue001\ue002")
BAD_CODES = ("", "/", "无", "9.1E+17", "91990102O8PBRNYT4C", "'91990102MA000001", "123", "０", "360100000000000")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[bytes, set[int]]:
    """A file and the numbers of its rows that are not blank."""
    shuffle = random.Random(draw(st.integers(0, 9999)))
    rows = [firm(number) for number in range(draw(st.integers(1, 12)))]
    for row in rows:
        if shuffle.random() < 0.4:
            row[0] = shuffle.choice(BAD_NAMES)
        if shuffle.random() < 0.4:
            row[1] = shuffle.choice(BAD_CODES)
        if shuffle.random() < 0.2:
            row[shuffle.randrange(2, len(row))] = shuffle.choice(["", "无", "\u3000", '"', "a,b", "x\ny"])
    rows += [list(shuffle.choice(rows)) for _ in range(draw(st.integers(0, 3)))]
    for _ in range(draw(st.integers(0, 2))):
        rows.insert(shuffle.randrange(len(rows) + 1), [""] * len(HEADER))
    columns = list(range(len(HEADER)))
    shuffle.shuffle(columns)
    mixed = [[row[column] for column in columns] for row in rows]
    content = csv_of(mixed, header=[HEADER[column] for column in columns], encoding=draw(st.sampled_from(ENCODINGS)))
    return content, {number for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)}


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=damaged_files())
def test_each_row_of_a_damaged_file_is_stored_once_or_refused_with_a_reason(
    desk: Desk, file: tuple[bytes, set[int]]
) -> None:
    content, expected = file
    with transaction.atomic():
        batch = desk.check(content)
        if batch.state == Batch.State.FAILED:
            assert batch.error["message"]
            assert batch.error["hint"]
            assert stored_rows(batch) == ([], [])
        else:
            batch = desk.commit(batch)
            records, refused = stored_rows(batch)
            assert sorted(records + refused) == sorted(expected)
            counts = batch.counts
            assert counts["rows"] == len(expected)
            assert counts["new"] + counts["changed"] + counts["same"] == len(records)
            assert counts["rejected"] == len(refused)
            assert not RejectedRow.objects.filter(batch=batch, reason="").exists()
        transaction.set_rollback(True)


def test_the_dry_run_announces_exactly_what_storing_does(desk: Desk) -> None:
    content = csv_of([firm(1), firm(1), firm(2, name="无", uscc=""), firm(3, uscc="无"), ["合计", "", "", "", "", ""]])
    checked = desk.check(content)
    announced = checked.counts
    assert (announced["rows"], announced["new"], announced["rejected"], announced["flagged"]) == (5, 3, 2, 1)
    assert SourceRecord.objects.count() == 0
    assert desk.commit(checked).counts == announced


def test_a_row_with_a_name_or_a_code_alone_is_stored_and_its_bad_field_flagged(desk: Desk) -> None:
    batch = desk.bring_in(csv_of([firm(1, uscc="91990102O8PBRNYT4C"), firm(2, name="无")]))
    named, coded = SourceRecord.objects.filter(batch=batch).order_by("row")
    assert (named.name, named.uscc, named.flags[0]["field"], named.flags[0]["code"]) == (
        "安澜市第1号机械有限公司", "", "uscc", "C-CHARSET",
    )  # fmt: skip
    assert named.values["uscc"] == "91990102O8PBRNYT4C"
    assert (coded.name, coded.flags[0]["code"]) == ("", "N-PLACEHOLDER")


def test_a_zero_character_in_a_cell_costs_nothing_but_itself(desk: Desk) -> None:
    batch = desk.bring_in(csv_of([firm(1, name="安澜市\x00红湾机械有限公司")]))
    assert SourceRecord.objects.get(batch=batch).name == "安澜市红湾机械有限公司"
