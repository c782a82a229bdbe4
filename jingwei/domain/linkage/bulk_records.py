"""Records for the linkage out of whole columns; row by row the result is that of `RecordBuilder`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingwei.domain.intake import MESSAGES, CheckedRow, check_row, split_names
from jingwei.domain.intake.bulk import FAULTS, CheckedColumns, bulk_check
from jingwei.domain.intake.bulk_fields import plain_dates
from jingwei.domain.linkage.records import RANK, SCHEMA, RecordBuilder, is_active, iso_date
from jingwei.domain.lists import ListKind

_SOLE_TRADER_CODE, _SOLE_TRADER_TYPE = "92", "个体"


class Taken(NamedTuple):
    """What came of the rows of one list: `records` (`records.SCHEMA`) of the rows taken in; the faults
    of all rows (`intake.bulk.FAULTS`, and for each rejected row one with its reason and no field);
    for each row whether it was rejected and whether it is flagged.
    """

    records: pa.Table
    faults: pa.Table
    rejected: np.ndarray
    flagged: np.ndarray


def bulk_records(
    kind: ListKind,
    values: Mapping[str, pa.StringArray],
    notes: pa.StringArray,
    *,
    file: str,
    rows: pa.Int64Array,
    on: date | None = None,
    capital_unit: str | None = None,
) -> Taken:
    """Check rows of one list, given as columns of texts by canonical field, and make records of them.

    `rows` are their numbers in `file`; for the other arguments see `check_row`.
    """
    if kind is ListKind.PARTY_ORG:
        return _row_by_row(kind, values, notes, file=file, rows=rows, on=on)
    checked = bulk_check(kind, values, notes, on=on, capital_unit=capital_unit)
    rejected = checked.rejected.is_valid().to_numpy(zero_copy_only=False)
    records = _records(kind, checked, file, rows)
    if rejected.any():
        records = records.filter(pa.array(~rejected))
    reasons = _reasons(np.flatnonzero(rejected), checked.rejected.drop_null())
    return Taken(records, pa.concat_tables([reasons, checked.faults]), rejected, checked.flagged)


def _records(kind: ListKind, checked: CheckedColumns, file: str, rows: pa.Int64Array) -> pa.Table:
    length = len(checked)
    codes = checked.codes
    columns = [
        _same(RANK[kind], length, pa.int32()),
        _same(kind.value, length, pa.string()),
        _same(file, length, pa.string()),
        rows,
        _same(0, length, pa.int32()),
        checked.name,
        codes.text,
        codes.uscc,
        codes.repairs,
        codes.organization_code,
        codes.registration_number,
        checked.usable("legal_representative"),
        checked.usable("address"),
        checked.usable("phone"),
        _former_names(checked.usable("former_names")),
        _dates(checked.usable("founded_on")),
        _by_text(checked.usable("state"), is_active, pa.bool_()),
        _sole_traders(codes.uscc, checked.usable("company_type")),
        _same(False, length, pa.bool_()),
    ]
    return pa.table(columns, schema=SCHEMA)


def _same(value: object, length: int, kind: pa.DataType) -> pa.Array:
    return pa.array([value], kind).take(pa.array(np.zeros(length, np.int64)))


def _by_text(column: pa.StringArray, read: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """What `read` makes of each text; asked once for each different one."""
    texts = column.dictionary_encode()
    return pa.array([read(text) for text in texts.dictionary.to_pylist()], kind).take(texts.indices)


def _dates(column: pa.StringArray) -> pa.StringArray:
    plain = pa.array(plain_dates(column))
    return pc.coalesce(
        pc.if_else(plain, column, None), _by_text(pc.if_else(plain, None, column), iso_date, pa.string())
    )


def _former_names(column: pa.StringArray) -> pa.ListArray:
    texts = column.fill_null("").dictionary_encode()
    return pa.array([split_names(text) for text in texts.dictionary.to_pylist()], pa.list_(pa.string())).take(
        texts.indices
    )


def _sole_traders(codes: pa.StringArray, company_types: pa.StringArray) -> pa.BooleanArray:
    by_type = pc.match_substring(company_types, _SOLE_TRADER_TYPE)
    return pc.coalesce(pc.starts_with(codes, _SOLE_TRADER_CODE), by_type)


def _reasons(rows: np.ndarray, codes: pa.StringArray) -> pa.Table:
    """A fault without a field for each rejected row."""
    messages = [MESSAGES[code] for code in codes.to_pylist()]
    blank = [""] * len(rows)
    return pa.table(
        [pa.array(rows, pa.int64()), blank, codes, blank, messages, pa.nulls(len(rows), pa.string())], schema=FAULTS
    )


def _row_by_row(
    kind: ListKind,
    values: Mapping[str, pa.StringArray],
    notes: pa.StringArray,
    *,
    file: str,
    rows: pa.Int64Array,
    on: date | None,
) -> Taken:
    """The few Party organizations, whose rows give a record for each unit they cover as well."""
    builder = RecordBuilder()
    faults: list[tuple[object, ...]] = []
    lines = zip(*(column.to_pylist() for column in values.values()), strict=True) if values else ()
    checked: list[CheckedRow] = []
    for index, (number, note, line) in enumerate(zip(rows.to_pylist(), notes.to_pylist(), lines, strict=True)):
        given = {field: text for field, text in zip(values, line, strict=True) if text is not None}
        row = check_row(kind, given, note, on=on)
        checked.append(row)
        if row.rejected is None:
            builder.add(kind, file, number, row)
        else:
            faults.append((index, "", row.rejected.value, "", MESSAGES[row.rejected], None))
        faults += [(index, flag.field, flag.code.value, *flag[2:]) for flag in row.flags]
    columns = list(zip(*faults, strict=True)) or [()] * len(FAULTS)
    return Taken(
        builder.take(),
        pa.table([pa.array(column, field.type) for column, field in zip(columns, FAULTS, strict=True)], schema=FAULTS),
        np.array([row.rejected is not None for row in checked], dtype=np.bool_),
        np.array([bool(row.flags) for row in checked], dtype=np.bool_),
    )
