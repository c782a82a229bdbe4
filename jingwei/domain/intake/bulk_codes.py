"""The code column of a list checked whole; row by row the result is that of `check_code`."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingwei.domain import uscc
from jingwei.domain.intake.check import MOST_REPAIRS_SHOWN, Context, Flag, Numbers, check_code
from jingwei.domain.intake.errors import MESSAGES, ErrorCode
from jingwei.domain.lists import Field
from jingwei.domain.uscc_columns import (
    REGISTRATION_LENGTH,
    faults_of,
    is_settled,
    matrix_of,
    old_numbers,
    repairs_of,
    strings_of,
    upper,
    valid_codes,
)


class CodeColumns(NamedTuple):
    """What the column gives: `text` is the code as normalised, valid or not; then the numbers it may
    be used as. `flagged` are the rows with a fault, `faults` their flags, one for each.
    """

    text: pa.StringArray
    uscc: pa.StringArray
    organization_code: pa.StringArray
    registration_number: pa.StringArray
    repairs: pa.ListArray
    flagged: np.ndarray
    faults: pa.Table


class _Verdict(NamedTuple):
    """On one text: how it reads normalised, what it gives, what is wrong."""

    text: str | None
    numbers: Numbers
    flag: Flag | None


def bulk_check_codes(field: Field, column: pa.StringArray) -> CodeColumns:
    """Check the codes of a column; a null is a row without the field, which has no fault."""
    valid = valid_codes(column)
    rows = np.flatnonzero(~valid & column.is_valid().to_numpy(zero_copy_only=False))
    odd = column.take(pa.array(rows)).dictionary_encode()
    verdicts = _verdicts(field, odd.dictionary)
    sound = pc.if_else(pa.array(valid), column, None)
    organization = pc.utf8_slice_codeunits(sound, 8, 17)
    numbers = [verdict.numbers for verdict in verdicts]
    mask = np.zeros(len(column), dtype=np.bool_)
    mask[rows] = True

    def put(known: pa.Array, values: list[str | None]) -> pa.Array:
        return pc.replace_with_mask(known, pa.array(mask), pa.array(values, pa.string()).take(odd.indices))

    has_flag = pa.array([verdict.flag is not None for verdict in verdicts], pa.bool_()).take(odd.indices)
    flags = flag_table([verdict.flag for verdict in verdicts]).take(odd.indices.filter(has_flag))
    return CodeColumns(
        put(sound, [verdict.text for verdict in verdicts]),
        put(sound, [each.uscc for each in numbers]),
        put(organization, [each.organization_code for each in numbers]),
        put(pa.nulls(len(column), pa.string()), [each.registration_number for each in numbers]),
        _lists(len(column), rows, odd.indices, [each.repairs for each in numbers]),
        rows[has_flag.to_numpy(zero_copy_only=False)],
        flags,
    )


FLAGS = pa.schema([("code", pa.string()), ("value", pa.string()), ("message", pa.string()), ("repair", pa.string())])
"""Columns of a table of flags."""


def flag_table(flags: list[Flag | None]) -> pa.Table:
    """A line for each flag, nulls for what is none."""
    lines = [(None,) * 4 if flag is None else (flag.code.value, *flag[2:]) for flag in flags]
    columns = list(zip(*lines, strict=True)) or [()] * 4
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=FLAGS)


def _lists(length: int, rows: np.ndarray, indices: pa.Array, values: list[tuple[str, ...]]) -> pa.ListArray:
    """A list for each row: that of its value for the given rows, else an empty one."""
    sizes = np.zeros(length + 1, dtype=np.int32)
    picked = pa.array(values, pa.list_(pa.string())).take(indices)
    sizes[rows + 1] = pc.list_value_length(picked).to_numpy(zero_copy_only=False)
    return pa.ListArray.from_arrays(pa.array(np.cumsum(sizes, dtype=np.int32)), picked.flatten())


def _verdicts(field: Field, texts: pa.StringArray) -> list[_Verdict]:
    """One verdict for each of the different odd texts: in bulk where their shape allows it."""
    found: dict[int, _Verdict] = {}
    _judge_damaged(field, texts, found)
    _judge_old_numbers(field, texts, found)
    return [found.get(row) or _judged_alone(field, text) for row, text in enumerate(texts.to_pylist())]


def _judged_alone(field: Field, text: str) -> _Verdict:
    context = Context([], None, None)
    numbers = check_code(field, text, context)
    return _Verdict(uscc.normalize_code(text) or None, numbers, context.flags[0] if context.flags else None)


def _judge_damaged(field: Field, texts: pa.StringArray, found: dict[int, _Verdict]) -> None:
    """Texts of 18 letters and digits, of which at most one may not stand where it stands."""
    rows, made = matrix_of(texts, uscc.LENGTH)
    made = upper(made)
    settled = is_settled(made)
    rows, made = rows[settled], made[settled]
    faults = faults_of(made)
    repairable = faults.wrongs <= 1
    numbers = np.cumsum(repairable) - 1
    repairs: list[list[str]] = [[] for _ in range(int(repairable.sum()))]
    repaired = repairs_of(made[repairable])
    for number, code in zip(repaired.rows.tolist(), repaired.codes, strict=True):
        repairs[number].append(code)
    raw = texts.take(pa.array(rows)).to_pylist()
    normal = strings_of(made)
    for index, row in enumerate(rows.tolist()):
        if not repairable[index]:
            continue
        fault = _Fault(int(faults.wrong[index]), faults.organization[index], faults.last[index])
        code = normal[index]
        if fault == _SOUND:
            found[row] = _Verdict(code, Numbers(code, code[8:17]), None)
            continue
        known = Numbers(repairs=tuple(repairs[numbers[index]]))
        found[row] = _Verdict(code, known, _flag(field, raw[index], known.repairs, fault))


class _Fault(NamedTuple):
    """Index of a character that may not stand there (-1 for none), else the check characters expected."""

    wrong: int
    organization: str
    last: str


_SOUND = _Fault(-1, "", "")


def _flag(field: Field, text: str, repairs: tuple[str, ...], fault: _Fault) -> Flag:
    if fault.wrong >= 0:
        code, position, expected = ErrorCode.C_CHARSET, fault.wrong + 1, ""
    elif fault.organization:
        code, position, expected = ErrorCode.C_CHECK_ORG, 17, fault.organization
    else:
        code, position, expected = ErrorCode.C_CHECK_USCC, 18, fault.last
    message = MESSAGES[code].format(field=field.zh, position=position, expected=expected)
    return Flag(field.name, code, text, message, "、".join(repairs[:MOST_REPAIRS_SHOWN]) or None)


def _judge_old_numbers(field: Field, texts: pa.StringArray, found: dict[int, _Verdict]) -> None:
    """Old tax numbers and registration numbers of 15 characters."""
    rows, made = matrix_of(texts, REGISTRATION_LENGTH)
    made = upper(made)
    tax, registration = old_numbers(made)
    known = np.flatnonzero(tax | registration)
    raw = texts.take(pa.array(rows[known])).to_pylist()
    for index, row, text, code in zip(known, rows[known].tolist(), raw, strings_of(made[known]), strict=True):
        fault = ErrorCode.C_OLD_TAX if tax[index] else ErrorCode.C_REGISTRATION
        numbers = Numbers(None, code[6:] if tax[index] else None, code if registration[index] else None)
        flag = Flag(field.name, fault, text, MESSAGES[fault].format(field=field.zh), None)
        found[row] = _Verdict(code, numbers, flag)
