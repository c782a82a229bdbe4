"""A list checked column by column; row by row the result is that of `check_row`.

Rows that are as they should be, nearly all, cost next to nothing; of the others each different text is
judged once. The order in which a row's flags stand is the only thing that is not kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingwei.domain.intake.bulk_codes import CodeColumns, bulk_check_codes, flag_table
from jingwei.domain.intake.bulk_fields import (
    FieldFlags,
    bulk_check_field,
    bulk_check_names,
    bulk_check_registration_numbers,
)
from jingwei.domain.intake.check import NO_RECORD, PLANS, REMARKS, Checker, Context, Flag, remark_flag
from jingwei.domain.intake.errors import ErrorCode
from jingwei.domain.lists import Field, ListKind, RowNote

FAULTS = pa.schema(
    [
        ("index", pa.int64()),
        ("field", pa.string()),
        *((name, pa.string()) for name in ("code", "value", "message", "repair")),
    ]
)
"""Columns of a table of faults: number of the row from 0, canonical field, and the parts of `Flag`."""


@dataclass(frozen=True)
class CheckedColumns:
    """A list after its check. `values` are the texts as delivered, by canonical field, null where a
    row lacks the field.

    `name` and the numbers in `codes` are set where they may be used as keys, `rejected` is the code of
    the reason why a row is not taken in, `faults` holds every flag of every row (`FAULTS`).
    """

    values: Mapping[str, pa.StringArray]
    name: pa.StringArray
    codes: CodeColumns
    rejected: pa.StringArray
    faults: pa.Table

    def __len__(self) -> int:
        return len(self.name)

    def usable(self, field: str) -> pa.StringArray:
        """The field's texts, null where they are empty or flagged, or where the list lacks the field."""
        column = self.values.get(field)
        if column is None:
            return pa.nulls(len(self), pa.string())
        sound = pc.greater(pc.binary_length(column), 0).fill_null(False).to_numpy(zero_copy_only=False).copy()
        flagged = pc.equal(self.faults["field"], field)
        sound[self.faults["index"].filter(flagged).to_numpy()] = False
        return pc.if_else(pa.array(sound), column, None)

    @property
    def flagged(self) -> np.ndarray:
        """For each row whether it carries a flag."""
        marks = np.zeros(len(self), dtype=np.bool_)
        marks[self.faults["index"].to_numpy()] = True
        return marks


def bulk_check(
    kind: ListKind,
    values: Mapping[str, pa.StringArray],
    notes: pa.StringArray,
    *,
    on: date | None = None,
    capital_unit: str | None = None,
) -> CheckedColumns:
    """Check rows of one list given as columns of texts; see `check_row` for the other arguments."""
    plan = PLANS[kind]
    missing = pa.nulls(len(notes), pa.string())
    names = bulk_check_names(plan.name, values.get(plan.name.name, missing))
    found = [(plan.name.name, names.flagged)]
    codes = _no_codes(len(notes))
    if plan.code is not None:
        codes = bulk_check_codes(plan.code, values.get(plan.code.name, missing))
        found.append((plan.code.name, FieldFlags(codes.flagged, codes.faults)))
    if plan.registration_number is not None and plan.registration_number.name in values:
        numbers = bulk_check_registration_numbers(plan.registration_number, values[plan.registration_number.name])
        found.append((plan.registration_number.name, numbers.flagged))
        both = pc.coalesce(numbers.usable, codes.registration_number)
        codes = codes._replace(registration_number=both)
    for field, checker in plan.others:
        if field.name in values:
            judge = partial(_judged, field, checker, on, capital_unit)
            found.append((field.name, bulk_check_field(field, values[field.name], judge, on=on)))
    found.append(("", _remarks(notes)))
    rejected = _rejected(names.usable, codes, notes)
    return CheckedColumns(values, names.usable, codes, rejected, _fault_table(found))


def _judged(field: Field, checker: Checker, on: date | None, capital_unit: str | None, text: str) -> Flag | None:
    context = Context([], on, capital_unit)
    checker(field, text, context)
    return context.flags[0] if context.flags else None


def _no_codes(length: int) -> CodeColumns:
    none = pa.nulls(length, pa.string())
    empty = pa.ListArray.from_arrays(pa.array(np.zeros(length + 1, np.int32)), pa.array([], pa.string()))
    return CodeColumns(none, none, none, none, empty, np.zeros(0, np.int64), flag_table([]))


def _remarks(notes: pa.StringArray) -> FieldFlags:
    """What the reader remarked on rows that are records all the same."""
    rows = np.flatnonzero(pc.is_in(notes, pa.array(list(REMARKS), pa.string())).to_numpy(zero_copy_only=False))
    return FieldFlags(rows, flag_table([remark_flag(RowNote(note)) for note in notes.take(pa.array(rows)).to_pylist()]))


def _rejected(name: pa.StringArray, codes: CodeColumns, notes: pa.StringArray) -> pa.StringArray:
    """The reason why a row is not taken in: what it is, or that it offers no key."""
    keyless = name.is_null()
    for number in (codes.uscc, codes.organization_code, codes.registration_number):
        keyless = pc.and_(keyless, number.is_null())
    rejected = pc.if_else(keyless, ErrorCode.R_NO_KEY.value, pa.scalar(None, pa.string()))
    for note, code in NO_RECORD.items():
        rejected = pc.if_else(pc.equal(notes, note.value).fill_null(False), code.value, rejected)
    return rejected


def _fault_table(found: Iterable[tuple[str, FieldFlags]]) -> pa.Table:
    tables = [FAULTS.empty_table()]
    for field, (rows, flags) in found:
        if len(rows):
            named = pa.array([field], pa.string()).take(pa.array(np.zeros(len(rows), np.int64)))
            tables.append(pa.table([pa.array(rows, pa.int64()), named, *flags.columns], schema=FAULTS))
    return pa.concat_tables(tables)
