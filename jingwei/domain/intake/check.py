"""The check of one row: which name and code may be used as keys, and what is wrong with the rest.

A row is rejected only if it offers no usable key or is no record at all (a total, a repeated
header, a footer). Any other bad field is kept as it came, flagged, and never used as a key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from jingwei.domain import uscc
from jingwei.domain.intake import values as texts
from jingwei.domain.intake.errors import MESSAGES, ErrorCode
from jingwei.domain.lists import LISTS, Field, FieldType, ListKind, RowNote

_PRIVATE_USE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
# Most names: this one pattern spares them every further check.
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9()（）·]{3,60}")
_LONGEST_NAME = 150
_CODE_LIKE = re.compile(r"(?=(?:.*\d){6})[0-9A-Za-z\-]{9,20}")
_EIGHTEEN = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
_BLANKS = re.compile(r"\s+")
# Marks of direction and width that copying leaves inside a text; nobody sees them, so they say nothing.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_PHONE_DIGITS = re.compile(r"\d")
_EARLIEST, _LATEST = date(1900, 1, 2), date(2100, 1, 1)
_LARGEST_COUNT = 10_000_000
_FEWEST_PHONE_DIGITS = 7
MOST_REPAIRS_SHOWN = 6

NO_RECORD = {
    RowNote.TOTAL: ErrorCode.R_TOTAL,
    RowNote.REPEATED_HEADER: ErrorCode.R_REPEATED_HEADER,
    RowNote.FOOTER: ErrorCode.R_FOOTER,
}
REMARKS = {
    RowNote.TOO_MANY_CELLS: ErrorCode.R_TOO_MANY_CELLS,
    RowNote.TOO_FEW_CELLS: ErrorCode.R_TOO_FEW_CELLS,
    RowNote.STRAY_QUOTE: ErrorCode.R_STRAY_QUOTE,
}


class Flag(NamedTuple):
    """One fault: canonical field ("" for the whole row), stable code, value as delivered, sentence,
    and the value proposed instead, where one can be proposed.
    """

    field: str
    code: ErrorCode
    value: str
    message_zh: str
    repair: str | None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row after its check. `values` are the texts as delivered, by canonical field.

    `name` and the three numbers are set only where they may be used as keys. `repairs` are the valid
    codes a faulty one could stand for. `rejected` is the reason why the row is not taken in.
    """

    values: Mapping[str, str]
    name: str | None
    uscc: str | None
    organization_code: str | None
    registration_number: str | None
    repairs: tuple[str, ...]
    flags: tuple[Flag, ...]
    rejected: ErrorCode | None


class Numbers(NamedTuple):
    """What a code column gives that may be used as keys."""

    uscc: str | None = None
    organization_code: str | None = None
    registration_number: str | None = None
    repairs: tuple[str, ...] = ()


class Context(NamedTuple):
    """What a check needs besides the text: where flags go, the day, the unit of the capital column."""

    flags: list[Flag]
    on: date | None
    capital_unit: str | None

    def add(self, field: Field, code: ErrorCode, value: str, repair: str | None = None) -> None:
        """Flag the field."""
        self.flags.append(Flag(field.name, code, value, MESSAGES[code].format(field=field.zh), repair))


def check_row(
    kind: ListKind,
    values: Mapping[str, str],
    note: str | None = None,
    *,
    on: date | None = None,
    capital_unit: str | None = None,
) -> CheckedRow:
    """Check one row of a list.

    `values` holds texts by canonical field; a field without a column is left out. `note` is what the
    reader remarked (`RowNote`). `on` is the day against which dates in the future are flagged;
    `capital_unit` is the unit the header of the capital column states, as 万元.
    """
    context = Context([], on, capital_unit)
    name_field, code_field, number_field, others = PLANS[kind]
    name = check_name(name_field, values.get(name_field.name), context)
    numbers = NO_NUMBERS
    if code_field is not None:
        numbers = check_code(code_field, values.get(code_field.name), context)
    if number_field is not None and values.get(number_field.name):
        numbers = check_registration_number(number_field, values[number_field.name], numbers, context)
    for field, checker in others:
        text = values.get(field.name)
        if text:
            checker(field, text, context)
    rejected = _verdict(name, numbers, note, context)
    return CheckedRow(values, name, *numbers, tuple(context.flags), rejected)


def _verdict(name: str | None, numbers: Numbers, note: str | None, context: Context) -> ErrorCode | None:
    if note is not None:
        row_note = RowNote(note)
        if row_note in NO_RECORD:
            return NO_RECORD[row_note]
        context.flags.append(remark_flag(row_note))
    if name is None and not any(numbers[:3]):
        return ErrorCode.R_NO_KEY
    return None


def remark_flag(note: RowNote) -> Flag:
    """The flag for a row that is a record, but on which the reader remarked something."""
    code = REMARKS[note]
    return Flag("", code, "", MESSAGES[code], None)


def check_name(field: Field, raw: str | None, context: Context) -> str | None:
    """The name if it may be used as a key."""
    if raw is None:
        return None
    if _PLAIN_NAME.fullmatch(raw) and not raw.startswith("测试"):
        return raw
    name = _BLANKS.sub(" ", texts.clean_text(_INVISIBLE.sub("", raw)))
    fault = _name_fault(name)
    if fault is None:
        return name
    context.add(field, fault, raw)
    return None


def _name_fault(name: str) -> ErrorCode | None:
    if not name:
        return ErrorCode.N_EMPTY
    if _PRIVATE_USE.search(name) or not name.isprintable():
        return ErrorCode.N_GARBLED
    if _CODE_LIKE.fullmatch(name):
        return ErrorCode.N_IS_CODE
    if texts.is_placeholder(name) or not any(character.isalpha() for character in name):
        return ErrorCode.N_PLACEHOLDER
    if len(name) > _LONGEST_NAME:
        return ErrorCode.N_TOO_LONG
    return ErrorCode.N_TOO_SHORT if len(name) == 1 else None


def check_code(field: Field, raw: str | None, context: Context) -> Numbers:
    """What the text of a code column gives."""
    if raw is None:
        return NO_NUMBERS
    checked = uscc.check(raw)
    if checked.valid:
        return Numbers(checked.text, checked.text[8:17])
    code, numbers = _code_fault(raw, checked)
    message = MESSAGES[code].format(field=field.zh, position=checked.position, expected=checked.expected)
    shown = "、".join(numbers.repairs[:MOST_REPAIRS_SHOWN]) or None
    context.flags.append(Flag(field.name, code, raw, message, shown))
    return numbers


def _code_fault(raw: str, checked: uscc.UsccCheck) -> tuple[ErrorCode, Numbers]:
    """What a text that is no valid code is instead, and which other number it still gives."""
    code = ErrorCode(checked.code or uscc.CodeError.LENGTH)
    if code in (ErrorCode.C_EMPTY, ErrorCode.C_PLACEHOLDER, ErrorCode.C_SCIENTIFIC):
        return code, NO_NUMBERS
    if code == ErrorCode.C_LENGTH:
        return _number_of_other_length(raw, checked.text)
    if _has_lost_digits(checked.text):
        return ErrorCode.C_LOST_DIGITS, NO_NUMBERS
    return code, Numbers(repairs=uscc.repair_candidates(raw))


def _number_of_other_length(raw: str, text: str) -> tuple[ErrorCode, Numbers]:
    kind = uscc.kind_of_number(raw)
    if kind == "tax15":
        registration = text if uscc.is_registration_number(raw) else None
        return ErrorCode.C_OLD_TAX, Numbers(None, uscc.organization_code(raw), registration)
    if kind == "organization9":
        return ErrorCode.C_ORGANIZATION, Numbers(None, uscc.organization_code(raw))
    if kind == "registration15":
        return ErrorCode.C_REGISTRATION, Numbers(None, None, text)
    if _has_lost_digits(text):
        return ErrorCode.C_LOST_DIGITS, NO_NUMBERS
    if _CHINESE.search(text):
        return ErrorCode.C_IS_NAME, NO_NUMBERS
    # A remark beside the code, as in 副本(1-1), must not hide a sound code: it is proposed.
    inside = tuple(found for found in _EIGHTEEN.findall(text) if uscc.check(found).valid)
    return ErrorCode.C_LENGTH, Numbers(repairs=tuple(dict.fromkeys(inside)))


def _has_lost_digits(text: str) -> bool:
    """Spreadsheets keep 15 digits of a number; those after them read 0."""
    return len(text) > 15 and text.isdigit() and not text[15:].strip("0")


def check_registration_number(field: Field, raw: str, numbers: Numbers, context: Context) -> Numbers:
    """The numbers with the registration number, if it is a sound one."""
    if uscc.is_registration_number(raw):
        return numbers._replace(registration_number=uscc.normalize_code(raw))
    if not texts.is_placeholder(raw):
        context.add(field, ErrorCode.G_FORMAT, raw)
    return numbers


def _check_date(field: Field, text: str, context: Context) -> None:
    value = texts.parse_date(text)
    if value is not None and _EARLIEST <= value < _LATEST:
        if context.on is not None and value > context.on:
            context.add(field, ErrorCode.D_FUTURE, text)
        return
    if value is not None:
        context.add(field, ErrorCode.D_RANGE, text)
    elif texts.clean_text(text):
        _add_unread(field, ErrorCode.D_FORMAT, text, context)


def _check_count(field: Field, text: str, context: Context) -> None:
    value = texts.parse_count(text)
    if value is None:
        if texts.is_negative_count(text):
            context.add(field, ErrorCode.Q_NEGATIVE, text)
        elif texts.clean_text(text):
            _add_unread(field, ErrorCode.Q_NOT_A_COUNT, text, context)
    elif value > _LARGEST_COUNT:
        context.add(field, ErrorCode.Q_TOO_LARGE, text)
    elif not text.isdigit() and texts.is_approximate_count(text):
        context.add(field, ErrorCode.Q_APPROXIMATE, text, str(value))


def _check_money(field: Field, text: str, context: Context) -> None:
    if texts.parse_capital(text, context.capital_unit) is not None or not texts.clean_text(text):
        return
    if texts.has_amount(text):
        context.add(field, ErrorCode.M_NO_UNIT, text)
    else:
        _add_unread(field, ErrorCode.M_FORMAT, text, context)


def _add_unread(field: Field, code: ErrorCode, text: str, context: Context) -> None:
    context.add(field, ErrorCode.X_PLACEHOLDER if texts.is_placeholder(text) else code, text)


def _check_phone(field: Field, text: str, context: Context) -> None:
    if "E+" in text.upper():
        context.add(field, ErrorCode.H_FORMAT, text)
    elif len(_PHONE_DIGITS.findall(text)) < _FEWEST_PHONE_DIGITS and texts.clean_text(text):
        _add_unread(field, ErrorCode.H_FORMAT, text, context)


def _check_words(field: Field, text: str, context: Context) -> None:
    """A person or an address: short texts that are compared later."""
    if _PRIVATE_USE.search(text):
        context.add(field, ErrorCode.X_GARBLED, text)
    elif len(text) < 12 and texts.clean_text(text) and texts.is_placeholder(text):
        context.add(field, ErrorCode.X_PLACEHOLDER, text)


def _check_text(field: Field, text: str, context: Context) -> None:
    if "\ufffd" in text:
        context.add(field, ErrorCode.X_GARBLED, text)


Checker = Callable[[Field, str, Context], None]
_CHECKERS: Mapping[FieldType, Checker] = {
    FieldType.TEXT: _check_text,
    FieldType.CODE: _check_text,
    FieldType.NAME_LIST: _check_text,
    FieldType.DATE: _check_date,
    FieldType.COUNT: _check_count,
    FieldType.MONEY: _check_money,
    FieldType.PHONE: _check_phone,
    FieldType.PERSON: _check_words,
    FieldType.ADDRESS: _check_words,
}
NO_NUMBERS = Numbers()


class Plan(NamedTuple):
    """The fields of a list by how they are checked."""

    name: Field
    code: Field | None
    registration_number: Field | None
    others: tuple[tuple[Field, Checker], ...]


def _plan(kind: ListKind) -> Plan:
    definition = LISTS[kind]
    fields = {field.name: field for field in definition.fields}
    name = fields.pop(definition.name_field)
    code = fields.pop(definition.code_field) if definition.code_field else None
    number = fields.pop("registration_number", None)
    others = tuple((field, _CHECKERS[field.type]) for field in fields.values())
    return Plan(name, code, number, others)


PLANS: Mapping[ListKind, Plan] = {kind: _plan(kind) for kind in LISTS}
