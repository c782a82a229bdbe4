"""Columns evened out by table; the texts of which the table cannot be sure go through `normalize`.

The result is that of `fold_bracketed_names`, `fold_addresses` and `fold_texts`, row by row.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from jingwei.domain.linkage.fold_table import Kind, even_points, fold_table
from jingwei.domain.linkage.normalize import FoldedName, fold_addresses, fold_bracketed_names, fold_texts
from jingwei.domain.text_columns import (
    Mask,
    Positions,
    Texts,
    ends_with,
    points_of,
    splice,
    texts_from,
    texts_of,
)

# Endings in brackets that are no remark: whatever stands before them, or unless a company does.
_NEVER_REMARKS = ("有限合伙", "普通合伙")
_SELDOM_REMARKS = ("个体工商户", "个人独资")
_BEFORE_REMARKS = "司社所"
_DISTRICT_ENDS = "区县市"
_LEAST_IN_BRACKETS, _MOST_IN_BRACKETS = 2, 12


class Spans(NamedTuple):
    """What stood in brackets: row, first and last position behind it, counted from the row's beginning."""

    rows: Positions
    starts: Positions
    ends: Positions


class Folded(NamedTuple):
    """Evened-out texts. Rows with characters of other scripts are empty here and stand in `others`."""

    texts: Texts
    others: dict[int, FoldedName]
    spans: Spans


class _Raw(NamedTuple):
    texts: Texts
    kinds: np.ndarray
    visible_ends: Positions


def bulk_fold_names(column: pa.StringArray) -> Folded:
    """As `fold_bracketed_names`."""
    raw = _raw(column)
    pairs = _bracket_pairs(raw)
    odd = _uneven(raw) | _may_have_remark(raw)
    odd[pairs.odd_rows] = True
    kept = raw.kinds == Kind.LETTER
    even = _kept(raw, kept)
    plain = ~odd[pairs.rows]
    rows = pairs.rows[plain]
    begins = even.starts[rows]
    opens, closes = _moved(kept, pairs.opens[plain]), _moved(kept, pairs.closes[plain])
    spans = Spans(rows, opens - begins, closes - begins)
    return _completed(column, odd, even, spans, fold_bracketed_names)


def bulk_fold_addresses(column: pa.StringArray) -> Folded:
    """As `fold_addresses`."""
    raw = _raw(column)
    odd = _uneven(raw) | _has_district_last(raw)
    kept = (raw.kinds == Kind.LETTER) | (raw.kinds == Kind.HYPHEN)
    even = _kept(raw, kept)
    return _completed(column, odd, even, _NO_SPANS, _without_brackets(fold_addresses))


def bulk_fold_texts(column: pa.StringArray) -> Folded:
    """As `fold_texts`."""
    raw = _raw(column)
    kept = raw.kinds == Kind.LETTER
    even = _kept(raw, kept)
    return _completed(column, _uneven(raw), even, _NO_SPANS, _without_brackets(fold_texts))


def _without_brackets(fold: Callable[[list[str]], list[str]]) -> Callable[[list[str]], list[FoldedName]]:
    return lambda texts: [FoldedName(text, ()) for text in fold(texts)]


def _raw(column: pa.StringArray) -> _Raw:
    texts = texts_of(column)
    kinds = fold_table().kinds.take(texts.codes)
    ends = texts.ends.copy()
    active = np.flatnonzero(texts.lengths)
    while len(active):
        active = active[kinds[ends[active] - 1] == Kind.BLANK]
        ends[active] -= 1
        active = active[ends[active] > texts.starts[active]]
    return _Raw(texts, kinds, ends)


def _uneven(raw: _Raw) -> Mask:
    odd = np.zeros(len(raw.texts), dtype=np.bool_)
    odd[raw.texts.rows(np.flatnonzero(raw.kinds == Kind.UNEVEN))] = True
    return odd


def _kept(raw: _Raw, kept: Mask) -> Texts:
    codes = np.compress(kept, raw.texts.codes)
    return Texts(fold_table().becomes.take(codes), _moved(kept, raw.texts.offsets))


def _moved(kept: Mask, positions: Positions) -> Positions:
    """Where these positions stand when only the kept units are left."""
    return positions - np.searchsorted(np.flatnonzero(~kept), positions)


def _may_have_remark(raw: _Raw) -> Mask:
    """Whether a row ends in brackets of unknown content, or in a hyphen and a digit."""
    texts, kinds, ends = raw
    suspect = np.zeros(len(texts), dtype=np.bool_)
    rows = np.flatnonzero(ends - texts.starts >= 2)
    last = kinds[ends[rows] - 1]
    numbered = rows[(last == Kind.LETTER) & (kinds[ends[rows] - 2] == Kind.HYPHEN)]
    suspect[numbered] = True
    closed = rows[last == Kind.CLOSE]
    suspect[closed] = True
    suspect[closed[_is_no_remark(raw, closed)]] = False
    return suspect


def _is_no_remark(raw: _Raw, rows: Positions) -> Mask:
    texts, kinds, ends = raw
    inner = ends[rows] - 1
    begins = texts.starts[rows]
    harmless = np.zeros(len(rows), dtype=np.bool_)
    for word in _NEVER_REMARKS:
        harmless |= ends_with(texts.codes, begins, inner, word)
    for word in _SELDOM_REMARKS:
        opened = inner - len(word) - 1
        found = np.flatnonzero(ends_with(texts.codes, begins, inner, word) & (opened > begins))
        found = found[kinds[opened[found]] == Kind.OPEN]
        harmless[found] = ~np.isin(texts.codes[opened[found] - 1], points_of(_BEFORE_REMARKS))
    return harmless


def _has_district_last(raw: _Raw) -> Mask:
    texts, kinds, ends = raw
    suspect = np.zeros(len(texts), dtype=np.bool_)
    rows = np.flatnonzero(ends - texts.starts >= 2)
    rows = rows[kinds[ends[rows] - 1] == Kind.CLOSE]
    suspect[rows] = np.isin(texts.codes[ends[rows] - 2], points_of(_DISTRICT_ENDS))
    return suspect


class _Pairs(NamedTuple):
    rows: Positions
    opens: Positions
    closes: Positions
    odd_rows: Positions


def _bracket_pairs(raw: _Raw) -> _Pairs:
    """Innermost pairs of brackets; rows that have blanks beside brackets count as odd."""
    texts, kinds, _ = raw
    at = np.flatnonzero((kinds == Kind.OPEN) | (kinds == Kind.CLOSE))
    rows = texts.rows(at)
    opens, closes = at[:-1], at[1:]
    width = closes - opens - 1
    paired = (kinds[opens] == Kind.OPEN) & (kinds[closes] == Kind.CLOSE) & (rows[:-1] == rows[1:])
    paired &= (width >= _LEAST_IN_BRACKETS) & (width <= _MOST_IN_BRACKETS)
    blank_rows = texts.rows(np.flatnonzero(kinds == Kind.BLANK))
    return _Pairs(rows[:-1][paired], opens[paired], closes[paired], np.intersect1d(rows, blank_rows))


def _completed(
    column: pa.StringArray,
    odd: Mask,
    even: Texts,
    spans: Spans,
    fold: Callable[[list[str]], list[FoldedName]],
) -> Folded:
    """The even rows with the odd ones put in as `fold` evens them out."""
    rows = np.flatnonzero(odd)
    if not len(rows):
        return Folded(even, {}, spans)
    names = fold([text or "" for text in column.take(pa.array(rows)).to_pylist()])
    made = texts_from([name.text for name in names])
    foreign = np.zeros(len(rows), dtype=np.bool_)
    foreign[made.rows(np.flatnonzero(~even_points()[made.codes]))] = True
    others = {int(rows[index]): names[index] for index in np.flatnonzero(foreign)}
    if others:
        made = texts_from(["" if is_foreign else name.text for name, is_foreign in zip(names, foreign, strict=True)])
    return Folded(splice(even, rows, made), others, _with_spans(spans, rows[~foreign], names, foreign))


def _with_spans(spans: Spans, rows: Positions, names: list[FoldedName], foreign: Mask) -> Spans:
    taken = [name for name, is_foreign in zip(names, foreign, strict=True) if not is_foreign]
    more = [(row, *span) for row, name in zip(rows.tolist(), taken, strict=True) for span in name.brackets]
    if not more:
        return spans
    added = np.array(more, dtype=np.int64)
    joined = np.concatenate([np.stack(spans, axis=1), added])
    ordered = joined[np.lexsort((joined[:, 1], joined[:, 0]))]
    return Spans(ordered[:, 0], ordered[:, 1], ordered[:, 2])


_NONE = np.zeros(0, dtype=np.int64)
_NO_SPANS = Spans(_NONE, _NONE, _NONE)
