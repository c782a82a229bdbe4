"""Columns that are no code, checked whole: what is plainly sound is passed over, the rest is looked at
once for each different text, by the checks of `check_row`.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingwei.domain.intake.bulk_codes import flag_table
from jingwei.domain.intake.check import NO_NUMBERS, Context, Flag, check_name, check_registration_number
from jingwei.domain.lists import Field, FieldType
from jingwei.domain.text_columns import Mask, mask_of, texts_of
from jingwei.domain.uscc_columns import matrix_of, registration_numbers

_REPLACED = "\ufffd"
_CJK = slice(0x4E00, 0xA000)
_SHORTEST_NAME, _LONGEST_NAME = 4, 61
_NAME_MARKS = "()（）·"
_TEST = ("测", "试")
# The first characters of placeholders; a text that begins with any other Chinese character is none.
_PLACEHOLDER_STARTS = "暂无没未不空缺待同详测"
_FEWEST_PHONE_DIGITS = 7
_DATE_LENGTH = 10
_DATE_DIGITS, _DATE_HYPHENS = [0, 1, 2, 3, 5, 6, 8, 9], [4, 7]
_DATE_PARTS = ((slice(4), 4), (slice(4, 6), 2), (slice(6, 8), 2))
_TENS = np.array([1000, 100, 10, 1])


class FieldFlags(NamedTuple):
    """The rows flagged on one field and their flags, one for each."""

    rows: np.ndarray
    flags: pa.Table


class CheckedTexts(NamedTuple):
    """Texts that may be used as keys, null elsewhere, and the flags."""

    usable: pa.StringArray
    flagged: FieldFlags


Judge = Callable[[str], Flag | None]


def bulk_check_names(field: Field, column: pa.StringArray) -> CheckedTexts:
    """As `check_name` for every row."""
    plain = _plain_names(column)
    given = column.is_valid().to_numpy(zero_copy_only=False)
    return _checked(column, plain, given, lambda text, context: check_name(field, text, context))


def bulk_check_registration_numbers(field: Field, column: pa.StringArray) -> CheckedTexts:
    """As `check_registration_number` for every row that has a text."""
    sound = registration_numbers(column)
    return _checked(
        column,
        sound,
        _is_filled(column),
        lambda text, context: check_registration_number(field, text, NO_NUMBERS, context).registration_number,
    )


def _checked(
    column: pa.StringArray, plain: Mask, given: Mask, check: Callable[[str, Context], str | None]
) -> CheckedTexts:
    """Plain texts stand as they are; the other given ones are checked, each different text once."""
    odd = np.flatnonzero(given & ~plain)
    texts = column.take(pa.array(odd)).dictionary_encode()
    context = Context([], None, None)
    usable: list[str | None] = []
    flags: list[Flag | None] = []
    for text in texts.dictionary.to_pylist():
        usable.append(check(text, context))
        flags.append(context.flags.pop() if context.flags else None)
    mask = np.zeros(len(column), dtype=np.bool_)
    mask[odd] = True
    standing = pc.if_else(pa.array(plain), column, None)
    checked = pc.replace_with_mask(standing, pa.array(mask), pa.array(usable, pa.string()).take(texts.indices))
    return CheckedTexts(checked, _spread(odd, texts, flags))


def bulk_check_field(field: Field, column: pa.StringArray, judge: Judge, *, on: date | None) -> FieldFlags:
    """The flags `judge` raises on the texts of a column; empty texts are not asked about.

    `on` is the day after which dates are flagged.
    """
    suspects = _odd_dates(column, on) if field.type is FieldType.DATE else _SUSPECTS[field.type](column)
    odd = np.flatnonzero(suspects)
    texts = column.take(pa.array(odd)).dictionary_encode()
    return _spread(odd, texts, [judge(text) for text in texts.dictionary.to_pylist()])


def plain_dates(column: pa.StringArray) -> Mask:
    """Which texts are dates written as 2019-01-02, from 1901 to 2099, no day behind the 28th."""
    plain = np.zeros(len(column), dtype=np.bool_)
    rows, texts = matrix_of(column, _DATE_LENGTH)
    digits = texts[:, _DATE_DIGITS].astype(np.int64) - ord("0")
    right = ((digits >= 0) & (digits <= 9)).all(axis=1) & (texts[:, _DATE_HYPHENS] == ord("-")).all(axis=1)
    year, month, day = (digits[:, part] @ _TENS[-width:] for part, width in _DATE_PARTS)
    right &= (year > 1900) & (year < 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 28)
    plain[rows[right]] = True
    return plain


def _spread(rows: np.ndarray, texts: pa.DictionaryArray, flags: list[Flag | None]) -> FieldFlags:
    """The flags of the different texts at each of their rows."""
    has_flag = pa.array([flag is not None for flag in flags], pa.bool_()).take(texts.indices)
    table = flag_table(flags).take(texts.indices.filter(has_flag))
    return FieldFlags(rows[has_flag.to_numpy(zero_copy_only=False)], table)


def _is_filled(column: pa.StringArray) -> Mask:
    filled: Mask = pc.greater(pc.binary_length(column).fill_null(0), 0).to_numpy(zero_copy_only=False)
    return filled


def _plain_names(column: pa.StringArray) -> Mask:
    """Names of usual length in Chinese characters, Latin letters, digits and brackets."""
    texts = texts_of(column)
    lengths = texts.lengths
    plain: Mask = (lengths >= _SHORTEST_NAME) & (lengths <= _LONGEST_NAME)
    plain[texts.rows(np.flatnonzero(~_name_points().take(texts.codes)))] = False
    rows = np.flatnonzero(plain)
    first, second = texts.codes.take(texts.starts[rows]), texts.codes.take(texts.starts[rows] + 1)
    is_test = (first == ord(_TEST[0])) & (second == ord(_TEST[1]))
    plain[rows] = (first >= _CJK.start) & (first < _CJK.stop) & ~is_test
    return plain


@lru_cache(maxsize=1)
def _name_points() -> Mask:
    points = mask_of(f"{_NAME_MARKS}0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").copy()
    points[_CJK] = True
    return points


def _garbled_texts(column: pa.StringArray) -> Mask:
    found: Mask = pc.match_substring(column.fill_null(""), _REPLACED).to_numpy(zero_copy_only=False)
    return found


def _odd_words(column: pa.StringArray) -> Mask:
    """Texts with characters of private use, lost ones, or a beginning that placeholders have."""
    texts = texts_of(column)
    odd = np.zeros(len(texts), dtype=np.bool_)
    odd[texts.rows(np.flatnonzero(_strange_points().take(texts.codes)))] = True
    rows = np.flatnonzero(texts.lengths)
    odd[rows] |= ~_sound_starts().take(texts.codes.take(texts.starts[rows]))
    return odd


@lru_cache(maxsize=1)
def _strange_points() -> Mask:
    points = np.zeros(0x10000, dtype=np.bool_)
    points[0xD800:0xF900] = True
    points[ord(_REPLACED)] = True
    return points


@lru_cache(maxsize=1)
def _sound_starts() -> Mask:
    points = np.zeros(0x10000, dtype=np.bool_)
    points[_CJK] = True
    return points & ~mask_of(_PLACEHOLDER_STARTS)


def _odd_phones(column: pa.StringArray) -> Mask:
    texts = texts_of(column)
    digits = texts.rows(np.flatnonzero(mask_of("0123456789").take(texts.codes)))
    odd = np.bincount(digits, minlength=len(texts)) < _FEWEST_PHONE_DIGITS
    odd[texts.rows(np.flatnonzero(mask_of("+").take(texts.codes)))] = True
    return odd & (texts.lengths > 0)


def _odd_dates(column: pa.StringArray, on: date | None) -> Mask:
    odd = _is_filled(column) & ~plain_dates(column)
    if on is not None:
        # Of plain dates the text sorts as the day does.
        odd |= pc.greater(column, on.isoformat()).fill_null(False).to_numpy(zero_copy_only=False)
    return odd


_SUSPECTS: dict[FieldType, Callable[[pa.StringArray], Mask]] = {
    FieldType.TEXT: _garbled_texts,
    FieldType.CODE: _garbled_texts,
    FieldType.NAME_LIST: _garbled_texts,
    FieldType.COUNT: _is_filled,
    FieldType.MONEY: _is_filled,
    FieldType.PHONE: _odd_phones,
    FieldType.PERSON: _odd_words,
    FieldType.ADDRESS: _odd_words,
}
