"""A list checked column by column gives the records and faults of the check row by row."""

from datetime import date
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.intake import MESSAGES, check_row
from jingwei.domain.linkage.bulk_records import bulk_records
from jingwei.domain.linkage.records import RecordBuilder
from jingwei.domain.lists import ListKind
from tests.domain.intake.odd_rows import odd_rows

ROWS = 60
Columns = dict[str, list[str | None]]


def alone(kind: ListKind, values: Columns, notes: list[str | None], on: date | None) -> tuple[pa.Table, list[object]]:
    """Records and faults as the check row by row gives them."""
    builder = RecordBuilder()
    faults: list[object] = []
    for index, note in enumerate(notes):
        given = {field: texts[index] or "" for field, texts in values.items() if texts[index] is not None}
        row = check_row(kind, given, note, on=on, capital_unit="万元")
        if row.rejected is None:
            builder.add(kind, "名单.csv", index + 1, row)
        else:
            faults.append((index, "", row.rejected.value, "", MESSAGES[row.rejected], None))
        faults += [(index, flag.field, flag.code.value, *flag[2:]) for flag in row.flags]
    return builder.take(), faults


@pytest.mark.parametrize("kind", ListKind)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32), on=st.sampled_from([None, date(2025, 1, 1)]))
def test_whatever_the_rows_hold_records_and_faults_are_those_of_the_single_rows(
    kind: ListKind, seed: int, on: date | None
) -> None:
    values, notes = odd_rows(Random(seed), kind, ROWS)
    columns = {field: pa.array(texts, pa.string()) for field, texts in values.items()}
    rows = pa.array(range(1, ROWS + 1), pa.int64())
    taken = bulk_records(
        kind, columns, pa.array(notes, pa.string()), file="名单.csv", rows=rows, on=on, capital_unit="万元"
    )
    records, faults = alone(kind, values, notes, on)
    assert taken.records.to_pydict() == records.to_pydict()
    found = list(zip(*(column.to_pylist() for column in taken.faults.columns), strict=True))
    assert sorted(found, key=repr) == sorted(faults, key=repr)
    assert taken.rejected.tolist() == [
        any(fault[0] == row and not fault[1] and fault[2] in REJECTING for fault in found) for row in range(ROWS)
    ]


REJECTING = {"R-NO-KEY", "R-TOTAL", "R-REPEATED-HEADER", "R-FOOTER"}


def test_no_rows_give_no_records() -> None:
    none = pa.array([], pa.string())
    for kind in ListKind:
        taken = bulk_records(kind, {"name": none, "uscc": none}, none, file="f", rows=pa.array([], pa.int64()))
        assert (len(taken.records), len(taken.faults)) == (0, 0)
