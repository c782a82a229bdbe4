"""Persons and phones brought to the forms in which they are compared, whole columns at a time."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jingwei.domain.linkage.bulk_fold import bulk_fold_texts
from jingwei.domain.linkage.fold_table import Kind, fold_table
from jingwei.domain.linkage.normalize import fold_person, fold_phone
from jingwei.domain.text_columns import Texts, column_of, cut, mask_of, offsets_of, splice, texts_from, texts_of

_SHORTEST_PERSON = 2
# Every placeholder begins with one of these, once blanks and quotes are gone.
_PLACEHOLDER_STARTS = "暂无没未不空缺待同详测TNUX0"
_SHORTEST_PHONE, _MOBILE, _MOBILE_ABROAD = 7, 11, 13
_NO_DIGIT, _ODD = 10, 11


def bulk_fold_persons(column: pa.StringArray) -> pa.Array:
    """As `fold_person` of `fold_texts`; null where a text proves nothing."""
    folded = bulk_fold_texts(column)
    texts = folded.texts
    length = np.where(texts.lengths >= _SHORTEST_PERSON, texts.lengths, 0)
    suspects = np.flatnonzero(length)
    suspects = suspects[mask_of(_PLACEHOLDER_STARTS).take(texts.codes.take(texts.starts[suspects]))]
    strings = column_of(cut(texts, (texts.starts, texts.ends))).take(pa.array(suspects)).to_pylist()
    length[[row for row, text in zip(suspects, strings, strict=True) if fold_person(text) is None]] = 0
    found = column_of(cut(texts, (texts.starts, texts.starts + length)), empty_is_null=True)
    return _patched(found, {row: fold_person(name.text) for row, name in folded.others.items()})


def bulk_fold_phones(column: pa.StringArray) -> pa.Array:
    """As `fold_phone`; null where a text identifies no phone."""
    texts = texts_of(column)
    values = _digit_table().take(texts.codes)
    kept = values < _NO_DIGIT
    digits = Texts((values[kept] + ord("0")).astype(np.uint16), offsets_of(kept.view(np.int8))[texts.offsets])
    odd = np.unique(texts.rows(np.flatnonzero(values == _ODD)))
    if len(odd):
        # What these texts come to is settled at the end; their digits stay out of the way until then.
        digits = splice(digits, odd, texts_from([""] * len(odd)))
    found = _phones(digits)
    strings = column.take(pa.array(odd)).to_pylist()
    return _patched(found, {int(row): fold_phone(text) for row, text in zip(odd, strings, strict=True)})


def _phones(digits: Texts) -> pa.Array:
    codes, starts, ends = digits.codes, digits.starts.copy(), digits.ends
    abroad = np.flatnonzero(ends - starts == _MOBILE_ABROAD)
    abroad = abroad[(codes[starts[abroad]] == ord("8")) & (codes[starts[abroad] + 1] == ord("6"))]
    starts[abroad] += 2
    long = np.flatnonzero(ends - starts >= _SHORTEST_PHONE)
    # One digit repeated: the last seven are their own neighbours.
    changes = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(codes[1:] != codes[:-1], out=changes[2:])
    telling = long[changes[ends[long]] > changes[ends[long] - _SHORTEST_PHONE + 1]]
    mobile = (ends[telling] - starts[telling] == _MOBILE) & (codes[starts[telling]] == ord("1"))
    begins = ends.copy()
    begins[telling] = np.where(mobile, starts[telling], ends[telling] - _SHORTEST_PHONE)
    return column_of(cut(digits, (begins, ends)), empty_is_null=True)


@lru_cache(maxsize=1)
def _digit_table() -> npt.NDArray[np.uint8]:
    """For each code point its digit, or whether it is none, or cannot be told by itself."""
    kinds, becomes = fold_table()
    table = np.full(0x10000, _ODD, dtype=np.uint8)
    table[kinds != Kind.UNEVEN] = _NO_DIGIT
    table[0x4E00:0xA000] = _NO_DIGIT
    digits = (kinds == Kind.LETTER) & (becomes >= ord("0")) & (becomes <= ord("9"))
    table[digits] = becomes[digits] - ord("0")
    return table


def _patched(column: pa.Array, values: dict[int, str | None]) -> pa.Array:
    if not values:
        return column
    strings = column.to_pylist()
    for row, value in values.items():
        strings[row] = value
    return pa.array(strings, pa.string())
