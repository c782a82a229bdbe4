"""Evened-out names taken apart, whole columns at a time; row by row the result is that of `split_name`."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingwei.domain.linkage.bulk_fold import Folded, Spans
from jingwei.domain.linkage.fold_numerals import NUMERAL_CHARACTERS, SEPARATOR, even_numerals
from jingwei.domain.linkage.fold_sound import sound_key, sound_table
from jingwei.domain.linkage.normalize import LONGEST_PLACE, head_length, leading_places, split_name
from jingwei.domain.text_columns import (
    Codes,
    Mask,
    Positions,
    Texts,
    Words,
    column_of,
    cut,
    ends_with,
    find,
    first_of_rows,
    last_of_rows,
    mask_of,
    next_of,
    offsets_of,
    points_of,
)

_LONG_FORM = "有限责任公司"
_TAILS = ("特殊普通合伙", "个体工商户", "普通合伙", "有限合伙", "个人独资")
_TAIL_ENDS = "".join({tail[-1] for tail in _TAILS})
# Without one of these words and one of these last characters a name that holds no 公司 has no branch.
_HEAD_WORDS = ("集团", "合作社", "事务所", "服务所", "银行", "信用社", "联社", "企业", "医院", "学校")
_BRANCH_ENDS = "司店行所社厂部院校局园心处厅室市点站库"
_SIMPLE_FORMS = (
    "集团公司 总公司 公司 集团 合伙企业 事务所 法律服务所 基金会 协会 商会 学会 研究会 促进会 联合会 联谊会 志愿者协会 "
    "研究院 研究所 幼儿园 小学 中学 大学 学校 学院 医院 养老院 敬老院 服务中心 信用社 联社 银行 交易所"
)
_FORMS = (
    *("".join(parts) for parts in product(("", "集团", "控股"), ("", "股份"), ("有限公司",))),
    *("".join(parts) for parts in product(("", "农民"), ("", "专业"), ("合作社",), ("", "联合社"))),
    *_SIMPLE_FORMS.split(),
)
_BARE_FORM = "公司"
_NO_FORM_BEFORE = "分支"
_LEAST_LEFT = 2
_MOST_PLACES = 4
_SHORTEST_SOUND = 3


class Places:
    """The known places, ready to be found at the beginning of many names at once."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self.words = Words(frozenset(name for name in self.names if _LEAST_LEFT <= len(name) <= LONGEST_PLACE))


class _Cuts(NamedTuple):
    """Positions that take each name apart: leading places, brand and trade, bracketed place, rest of
    the core, legal form, branch part, end.
    """

    starts: Positions
    begins: Positions
    bracket_starts: Positions
    bracket_ends: Positions
    core_ends: Positions
    head_ends: Positions
    ends: Positions


def bulk_split_names(folded: Folded, places: Places) -> dict[str, pa.Array]:
    """Columns `key`, `core`, `branch`, `numerals`, `form`, `place`, `sound`, `strong` and `placed`.

    `key`, `core`, `place` and `sound` are null where there is none.
    """
    texts, spans = _with_short_forms(folded.texts, folded.spans)
    cuts = _cuts(texts, spans, places)
    bare = (cuts.bracket_starts - cuts.begins) + (cuts.core_ends - cuts.bracket_ends) < _LEAST_LEFT
    brand = (
        (np.where(bare, cuts.starts, cuts.begins), np.where(bare, cuts.head_ends, cuts.bracket_starts)),
        (np.where(bare, cuts.head_ends, cuts.bracket_ends), np.where(bare, cuts.head_ends, cuts.core_ends)),
    )
    branch = (cuts.head_ends, cuts.ends)
    core = cut(texts, *brand, branch)
    named = (cuts.starts, cuts.begins), (cuts.bracket_starts, cuts.bracket_ends)
    columns = {
        "key": column_of(cut(texts, (cuts.starts, cuts.ends)), empty_is_null=True),
        "core": column_of(core, empty_is_null=True),
        "branch": column_of(cut(texts, branch)),
        "numerals": _numerals(core),
        "form": column_of(cut(texts, (np.where(bare, cuts.head_ends, cuts.core_ends), cuts.head_ends))),
        "place": column_of(cut(texts, *named), empty_is_null=True),
        "sound": _sounds(cut(texts, *brand)),
        "strong": pa.array(cuts.core_ends < cuts.head_ends),
        "placed": pa.array((cuts.begins > cuts.starts) | (cuts.bracket_ends > cuts.bracket_starts)),
    }
    return _with_others(columns, folded, places.names)


def bulk_leading_places(folded: Folded) -> list[str]:
    """The provinces and cities the names seem to begin with, one for each occurrence; see `leading_places`."""
    texts = folded.texts
    provinces = _province_ends(texts)
    cities = _city_ends(texts, provinces)
    found = []
    for begins, ends in ((texts.starts, provinces), (provinces, cities)):
        rows = ends > begins
        found += column_of(cut(texts, (begins[rows], ends[rows]))).to_pylist()
    for name in folded.others.values():
        found += filter(None, leading_places(name.text))
    return found


def _with_short_forms(texts: Texts, spans: Spans) -> tuple[Texts, Spans]:
    """有限责任公司 shortened to 有限公司; brackets behind it are of no interest any more."""
    starts = find(texts, _LONG_FORM, by=2)
    if not len(starts):
        return texts, spans
    rows = texts.rows(starts)
    first = np.full(len(texts), np.iinfo(np.int64).max)
    is_first = first_of_rows(rows)
    first[rows[is_first]] = (starts - texts.starts[rows])[is_first]
    dropped = np.zeros(len(texts.codes), dtype=np.bool_)
    dropped[starts + 2] = dropped[starts + 3] = True
    offsets = texts.offsets - 2 * np.searchsorted(starts, texts.offsets)
    before = spans.ends <= first[spans.rows]
    return Texts(texts.codes[~dropped], offsets), Spans(*(part[before] for part in spans))


def _cuts(texts: Texts, spans: Spans, places: Places) -> _Cuts:
    ends = _without_tails(texts)
    head_ends = _head_ends(texts, ends)
    begins = _after_places(texts, head_ends, places)
    core_ends = head_ends - _form_lengths(texts.codes, begins, head_ends)
    bracket_starts, bracket_ends = core_ends.copy(), core_ends.copy()
    rows, starts, span_ends = _bracketed_places(texts, spans, places, begins, core_ends)
    bracket_starts[rows], bracket_ends[rows] = starts, span_ends
    return _Cuts(texts.starts, begins, bracket_starts, bracket_ends, core_ends, head_ends, ends)


def _without_tails(texts: Texts) -> Positions:
    """Where the names end without a remark on their form; a name that is nothing else keeps it."""
    ends = texts.ends.copy()
    open_rows = np.flatnonzero(texts.lengths)
    open_rows = open_rows[np.isin(texts.codes[ends[open_rows] - 1], points_of(_TAIL_ENDS))]
    for tail in _TAILS:
        found = ends_with(texts.codes, texts.starts[open_rows], ends[open_rows], tail)
        ends[open_rows[found]] -= len(tail)
        open_rows = open_rows[~found]
    return np.where(ends > texts.starts, ends, texts.ends)


def _head_ends(texts: Texts, ends: Positions) -> Positions:
    head_ends = ends.copy()
    firm_ends = find(texts, _BARE_FORM) + len(_BARE_FORM)
    rows = texts.rows(firm_ends - 1)
    has_branch = firm_ends <= ends[rows] - _LEAST_LEFT
    firm_ends, rows = firm_ends[has_branch], rows[has_branch]
    last = last_of_rows(rows)
    head_ends[rows[last]] = firm_ends[last]
    settled = np.zeros(len(texts), dtype=np.bool_)
    settled[rows] = True
    suspects = _may_have_branch(texts, ends, settled)
    few = cut(texts, (texts.starts[suspects], ends[suspects]))
    headed = _with_head_word(few)
    lengths = [head_length(key) for key in column_of(few).take(pa.array(headed)).to_pylist()]
    rows = suspects[headed]
    head_ends[rows] = texts.starts[rows] + np.array(lengths, dtype=np.int64)
    return head_ends


def _may_have_branch(texts: Texts, ends: Positions, settled: Mask) -> Positions:
    """Rows that by their last character may end in the branch of something other than a 公司."""
    rows = np.flatnonzero(~settled & (ends > texts.starts))
    return rows[mask_of(_BRANCH_ENDS).take(texts.codes.take(ends[rows] - 1))]


def _with_head_word(texts: Texts) -> Positions:
    """Rows with a word that ends the name of somebody who has branches, and something behind it."""
    has_head = np.zeros(len(texts), dtype=np.bool_)
    for word in _HEAD_WORDS:
        at = find(texts, word, by=len(word) - 1)
        rows = texts.rows(at)
        has_head[rows[at + len(word) < texts.ends[rows]]] = True
    return np.flatnonzero(has_head)


def _after_places(texts: Texts, head_ends: Positions, places: Places) -> Positions:
    begins = texts.starts.copy()
    rows = np.arange(len(texts))
    for _ in range(_MOST_PLACES):
        lengths = places.words.longest(texts.codes, begins[rows], head_ends[rows] - begins[rows] - _LEAST_LEFT)
        rows, lengths = rows[lengths > 0], lengths[lengths > 0]
        begins[rows] += lengths
    return begins


def _form_lengths(codes: Codes, begins: Positions, head_ends: Positions) -> Positions:
    room = head_ends - begins
    lengths = _form_words().longest(codes, head_ends, room)
    bare = np.flatnonzero((lengths == len(_BARE_FORM)) & (room > len(_BARE_FORM)))
    bare = bare[(codes[head_ends[bare] - 1] == ord(_BARE_FORM[1])) & (codes[head_ends[bare] - 2] == ord(_BARE_FORM[0]))]
    lengths[bare[np.isin(codes[head_ends[bare] - 3], points_of(_NO_FORM_BEFORE))]] = 0
    return lengths


@lru_cache(maxsize=1)
def _form_words() -> Words:
    return Words(frozenset(_FORMS), backwards=True)


def _bracketed_places(
    texts: Texts, spans: Spans, places: Places, begins: Positions, core_ends: Positions
) -> tuple[Positions, Positions, Positions]:
    """Rows with a known place in brackets behind their brand, and where the first of them stands."""
    rows = spans.rows
    starts, ends = spans.starts + texts.starts[rows], spans.ends + texts.starts[rows]
    behind_brand = (starts >= begins[rows] + _LEAST_LEFT) & (ends <= core_ends[rows]) & (ends > starts)
    rows, starts, ends = rows[behind_brand], starts[behind_brand], ends[behind_brand]
    known = places.words.longest(texts.codes, starts, ends - starts) == ends - starts
    rows, starts, ends = rows[known], starts[known], ends[known]
    first = first_of_rows(rows)
    return rows[first], starts[first], ends[first]


def _numerals(core: Texts) -> pa.Array:
    """See `fold_numerals.numerals`; equal runs of numerals are evened out once."""
    at = np.flatnonzero(mask_of(NUMERAL_CHARACTERS).take(core.codes))
    rows = core.rows(at)
    apart = np.flatnonzero((np.diff(at) > 1) & (rows[1:] == rows[:-1])) + 1
    codes = np.insert(core.codes[at], apart, ord(SEPARATOR))
    lengths = np.bincount(rows, minlength=len(core)) + np.bincount(rows[apart], minlength=len(core))
    runs = column_of(Texts(codes, offsets_of(lengths))).dictionary_encode()
    evened = pa.array([even_numerals(text) for text in runs.dictionary.to_pylist()], pa.string())
    return evened.take(runs.indices)


def _sounds(brands: Texts) -> pa.Array:
    lengths = brands.lengths
    long = np.where(lengths >= _SHORTEST_SOUND, lengths, 0)
    heard = cut(brands, (brands.starts, brands.starts + long))
    return column_of(Texts(sound_table().take(heard.codes), heard.offsets), empty_is_null=True)


def _with_others(columns: dict[str, pa.Array], folded: Folded, places: frozenset[str]) -> dict[str, pa.Array]:
    """The columns with the rows that only `split_name` can take apart."""
    if not folded.others:
        return columns
    mask = np.zeros(len(folded.texts), dtype=np.bool_)
    mask[list(folded.others)] = True
    lines: list[dict[str, Any]] = []
    for name in folded.others.values():
        parts = split_name(name.text, places, name.brackets)
        sound = sound_key(parts.core.removesuffix(parts.branch))
        lines.append({**parts._asdict(), "sound": sound, "place": parts.place or None})
    return {
        name: pc.replace_with_mask(column, pa.array(mask), pa.array([line[name] for line in lines], column.type))
        for name, column in columns.items()
    }


def _province_ends(texts: Texts) -> Positions:
    """Where the province ends that a name begins with; its beginning if it names none."""
    at = np.flatnonzero(mask_of("省市区县").take(texts.codes))
    stop = next_of(at, texts.starts, texts.ends)
    length = stop - texts.starts
    ends = texts.starts.copy()
    found = np.flatnonzero((stop >= 0) & (length >= 2) & (length <= 6))
    codes = texts.codes
    is_province = (codes[stop[found]] == ord("省")) & (length[found] <= 3)
    is_region = (codes[stop[found]] == ord("区")) & (length[found] >= 4)
    is_region &= (codes[stop[found] - 1] == ord("治")) & (codes[stop[found] - 2] == ord("自"))
    hits = found[is_province | is_region]
    ends[hits] = stop[hits] + 1
    return ends


def _city_ends(texts: Texts, begins: Positions) -> Positions:
    at = np.flatnonzero(mask_of("省市区县超门集菜城").take(texts.codes))
    stop = next_of(at, begins, texts.ends)
    length = stop - begins
    hits = np.flatnonzero((stop >= 0) & (length >= 2) & (length <= 3))
    hits = hits[texts.codes[stop[hits]] == ord("市")]
    behind = np.minimum(stop[hits] + 1, len(texts.codes) - 1)
    goes_on = (stop[hits] + 1 < texts.ends[hits]) & np.isin(texts.codes[behind], points_of("场政民区"))
    ends = begins.copy()
    ends[hits[~goes_on]] = stop[hits[~goes_on]] + 1
    return ends
