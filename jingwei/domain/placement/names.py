"""Place names in an address: an index that reads a text once from left to right."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from jingwei.domain.placement.records import PlaceKind, PlaceRecord, in_force, known_by
from jingwei.domain.placement.tree import Tree
from jingwei.domain.rulebook.words import fold


class NameEntry(NamedTuple):
    """A name and the places it may mean. `former` marks the name of an abolished division."""

    name: str
    ids: tuple[int, ...]
    former: bool
    anywhere: bool


class NameHit(NamedTuple):
    """A name found in a text."""

    start: int
    end: int
    entry: NameEntry


class _Bucket(NamedTuple):
    """Names with the same characters in front, and their lengths, longest first."""

    lengths: tuple[int, ...]
    entries: dict[str, NameEntry]


# Official long forms and what they are shortened to in addresses; the first that fits is used.
_FORMS = (
    ("街道办事处", ("街道", "街办")),
    ("街道", ("街办",)),
    ("社区居民委员会", ("社区", "社区居委会", "居委会")),
    ("社区居委会", ("社区", "居委会")),
    ("居民委员会", ("居委会", "社区")),
    ("社区", ("居委会",)),
    ("村民委员会", ("村", "村委会")),
    ("村委会", ("村",)),
    ("村", ("村委会", "村民委员会")),
)
_SHORTENED = frozenset({PlaceKind.CITY, PlaceKind.COUNTY, PlaceKind.TOWN})
_SUFFIXES = ("街道办事处", "街道", "镇", "乡", "区", "县", "市")
_SHORTEST = 2
_SHORTEST_VARIANT = 3
_ANYWHERE_LENGTH = 3
# A name in the middle of a longer word is not that place: 国际大厦 in 恒茂国际大厦.
_BEFORE = frozenset("省市区县旗镇乡村屯组社里街路道巷弄号楼栋幢座室层内侧旁与及处、,()[];:#-/·.0123456789")
_ROAD_AFTER = re.compile(r"[路巷弄桥]")
_OTHER_ROAD_AFTER = re.compile(
    r"[东南西北中上下前后新老一二三四五六七八九十]{0,2}(?:路|大道|大街|街|道|巷|弄|胡同|桥|立交)"
)
_DIVISION_END = frozenset("市区县旗镇乡村")
# What may follow a short name that stands without its suffix (莲塘 for 莲塘镇): no number, else it is a road.
_AFTER_SHORT = re.compile(r"$|[(,、;]|村|社区|居委|集镇|圩|墟")


class NameIndex:
    """All names of one day: official names, their usual short forms, aliases and former names."""

    def __init__(self, records: Iterable[PlaceRecord], tree: Tree, on: date) -> None:
        names = _Collected()
        shorts: dict[str, set[int]] = {}
        for record in records:
            if record.id not in tree.records and record.id not in tree.overlays:
                continue
            _collect(record, on, names)
            if record.kind in _SHORTENED:
                for short in _short_names(record):
                    shorts.setdefault(short, set()).add(record.id)
        self._tree = tree
        self._buckets = _buckets(names.entries())
        self._shorts = {name: tuple(sorted(ids)) for name, ids in shorts.items()}
        self._short_lengths = sorted({len(name) for name in shorts}, reverse=True)

    def scan(self, text: str) -> list[NameHit]:
        """Names in a folded text from left to right, the longest at each position, none overlapping."""
        hits: list[NameHit] = []
        position, last = 0, len(text) - 1
        get = self._buckets.get
        while position < last:
            thirds = get(text[position : position + 2])
            if thirds is not None and (bucket := thirds.get(text[position + 2 : position + 3]) or thirds.get("")):
                hit = self._at(text, position, bucket, hits)
                if hit is not None:
                    hits.append(hit)
                    position = hit.end
                    continue
            position += 1
        return hits

    def short_at(self, text: str, position: int) -> tuple[tuple[int, ...], int] | None:
        """Places whose name without suffix stands at the position and is plainly a place, with its end."""
        for length in self._short_lengths:
            end = position + length
            ids = self._shorts.get(text[position:end])
            if ids and _AFTER_SHORT.match(text, end):
                return ids, end
        return None

    def _at(self, text: str, position: int, bucket: _Bucket, hits: list[NameHit]) -> NameHit | None:
        for length in bucket.lengths:
            entry = bucket.entries.get(text[position : position + length])
            if entry is None:
                continue
            end = position + len(entry.name)
            if _goes_on_as_road(text, end):
                continue
            if (
                entry.anywhere
                or position == 0
                or text[position - 1] in _BEFORE
                or (hits and hits[-1].end == position)
                or self._follows_its_division(text, position, entry)
            ):
                return NameHit(position, end, entry)
        return None

    def _follows_its_division(self, text: str, position: int, entry: NameEntry) -> bool:
        """Whether the short name of a division above stands right in front (安澜高新区)."""
        for length in self._short_lengths:
            above = self._shorts.get(text[max(0, position - length) : position])
            if above and any(self._tree.lies_in(id_, up) for id_ in entry.ids for up in above):
                return True
        return False


class _Collected:
    """Names with the places they mean; a current name wins over a former one of the same text."""

    def __init__(self) -> None:
        self._current: dict[str, set[int]] = {}
        self._former: dict[str, set[int]] = {}
        self._anywhere: set[str] = set()

    def add(self, name: str, record: PlaceRecord, *, former: bool = False) -> None:
        text = fold(name)
        if len(text) < _SHORTEST:
            return
        (self._former if former else self._current).setdefault(text, set()).add(record.id)
        wide = record.kind in {PlaceKind.CITY, PlaceKind.COUNTY}
        if wide and len(text) >= _ANYWHERE_LENGTH and text[-1] in _DIVISION_END:
            self._anywhere.add(text)

    def entries(self) -> Iterator[NameEntry]:
        for name in self._current.keys() | self._former.keys():
            former = name not in self._current
            ids = (self._former if former else self._current)[name]
            yield NameEntry(name, tuple(sorted(ids)), former, name in self._anywhere)


def _collect(record: PlaceRecord, on: date, names: _Collected) -> None:
    names.add(record.name, record)
    for variant in _variants(record):
        names.add(variant, record)
    for alias in known_by(record.aliases, on):
        names.add(alias.text, record, former=not in_force(alias.since, alias.until, on))
    if not record.kind.administrative:
        for short in record.short_names:
            names.add(short, record)


def _variants(record: PlaceRecord) -> Iterator[str]:
    if record.kind not in {PlaceKind.TOWN, PlaceKind.COMMUNITY}:
        return
    for suffix, others in _FORMS:
        stem = record.name.removesuffix(suffix)
        if stem != record.name and stem:
            yield from (stem + other for other in others if len(stem + other) >= _SHORTEST_VARIANT)
            return


def _short_names(record: PlaceRecord) -> set[str]:
    stems = {record.name.removesuffix(suffix) for suffix in _SUFFIXES if record.name.endswith(suffix)}
    # Only the longest suffix is a suffix: 桃源街道 gives 桃源.
    shortest = {min(stems, key=len)} if stems else set()
    return {fold(name) for name in {*record.short_names, *shortest} if len(name) >= _SHORTEST}


def _buckets(entries: Iterable[NameEntry]) -> dict[str, dict[str, _Bucket]]:
    """Names by their first two characters, then by the third: most positions fail at the first look.

    A name of two characters stands in every bucket of its head, and under the third character "".
    """
    heads: dict[str, dict[str, list[NameEntry]]] = {}
    for entry in entries:
        heads.setdefault(entry.name[:2], {}).setdefault(entry.name[2:3], []).append(entry)
    return {
        head: {third: _bucket([*named, *thirds.get("", ())]) for third, named in thirds.items()}
        for head, thirds in heads.items()
    }


def _bucket(entries: list[NameEntry]) -> _Bucket:
    lengths = sorted({len(entry.name) for entry in entries}, reverse=True)
    return _Bucket(tuple(lengths), {entry.name: entry for entry in entries})


def _goes_on_as_road(text: str, end: int) -> bool:
    if end == len(text):
        return False
    pattern = _ROAD_AFTER if text[end - 1] in _DIVISION_END else _OTHER_ROAD_AFTER
    return pattern.match(text, end) is not None
