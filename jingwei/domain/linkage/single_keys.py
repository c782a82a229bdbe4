"""The keys of single records: what is compared of them, and the hashes by which they are found.

The same forms as `keys.build_keys` makes for whole lists. Whatever nobody needs to read (persons, phones,
addresses, numbers, dates) can be blinded: a keyed hash is equal where the text is equal and tells nothing else.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from jingwei.domain.intake import CheckedRow, split_names
from jingwei.domain.linkage.fold_sound import sound_key
from jingwei.domain.linkage.keys import _DISTRICT_MAJORITY
from jingwei.domain.linkage.normalize import (
    FoldedName,
    NameParts,
    fold_addresses,
    fold_bracketed_names,
    fold_names,
    fold_person,
    fold_phone,
    fold_texts,
    leading_places,
    learn_places,
    split_address,
    split_name,
)
from jingwei.domain.linkage.pairs import BY_CODE, BY_LIKENESS, BY_NUMBER_OR_NAME, Key, Via
from jingwei.domain.linkage.records import LIST_ORDER, REGISTERS, _is_active, _is_sole_trader, _iso_date
from jingwei.domain.lists import ListKind

# A text, or the keyed hash that stands for it.
Token = str | int | None

# An exact key that so many share is no key; the engine has no cap here because codes hardly repeat.
MOST_EXACT: Final = 200
BLINDED: Final = ("org", "number", "sound", "person", "phone", "site", "road", "district", "founded")
_LONGEST_AFFIX: Final = 4
_PARTED = "\x1f"
_SURELY = 1 << 30


@dataclass(frozen=True, slots=True)
class RecordKeys:
    """What is compared of one record: a line of the engine's `linkage.keyed`, with its former names."""

    rank: int
    uscc: str | None = None
    repairs: tuple[str, ...] = ()
    org: Token = None
    number: Token = None
    name_key: str | None = None
    core: str | None = None
    branch: str | None = None
    numerals: str | None = None
    sound: Token = None
    firm: bool = False
    placed: bool = False
    person: Token = None
    phone: Token = None
    site: Token = None
    road: Token = None
    district: Token = None
    founded: Token = None
    active: bool | None = None
    former: tuple[str, ...] = ()
    phone_shared: bool = False
    site_shared: bool = False

    @property
    def start(self) -> str | None:
        return None if self.core is None else self.core[:2]

    @property
    def ending(self) -> str | None:
        return None if self.core is None else self.core[-2:]

    @property
    def start4(self) -> str | None:
        return self.core[:_LONGEST_AFFIX] if self.core is not None and len(self.core) >= 6 else None

    @property
    def end4(self) -> str | None:
        return self.core[-_LONGEST_AFFIX:] if self.core is not None and len(self.core) >= 6 else None


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned from a whole roster: places that begin names, and the district of an area code."""

    places: frozenset[str] = frozenset()
    areas: Mapping[str, str] = field(default_factory=dict)


class Learning:
    """Counts what `Learned` needs, a part of the roster at a time."""

    def __init__(self) -> None:
        self._texts = 0
        self._places: Counter[str] = Counter()
        self._districts: dict[str, Counter[str]] = {}

    def add(self, rows: Sequence[tuple[str | None, str | None, str | None]]) -> None:
        """Take in name, address and valid code of each row."""
        names = fold_names([name for name, _, _ in rows if name])
        addresses = [split_address(text) for text in fold_addresses([address or "" for _, address, _ in rows])]
        self._texts += len(names) + sum(1 for _, address, _ in rows if address)
        self._places.update(place for text in names for place in leading_places(text) if place)
        for (_, _, code), parts in zip(rows, addresses, strict=True):
            self._places.update(place for place in parts[:3] if place)
            if code and parts.district:
                self._districts.setdefault(code[2:8], Counter())[parts.district] += 1

    def learned(self, divisions: Iterable[str] = ()) -> Learned:
        """What the rows so far teach; the names in `divisions` are places whether rows begin with them or not."""
        known = learn_places(dict.fromkeys(divisions, _SURELY), 0)
        areas = {}
        for area, counted in self._districts.items():
            times, district = max((times, district) for district, times in counted.items())
            if times >= _DISTRICT_MAJORITY * counted.total():
                areas[area] = district
        return Learned(
            frozenset(name for name in learn_places(self._places, self._texts) | known if len(name) > 1), areas
        )


class Probe(NamedTuple):
    """A blocking key as it is looked up. It counts from the engine's step `since` on (1 code, 2 number
    or full name, 3 likeness), unless more than `most` entities share it. `columns` are those of the
    blocking key, none for a repaired code or a former name.
    """

    hash: int
    columns: tuple[str, ...]
    via: Via
    most: int
    since: int


class Counted(NamedTuple):
    """What is looked up in the counts of values; None where the record has none."""

    name: int | None
    core: int | None
    person: int | None
    site: int | None
    phone: int | None


def keys_of_rows(rows: Sequence[tuple[ListKind, CheckedRow]], learned: Learned) -> list[RecordKeys]:
    """Key checked rows; a part of a few thousand is quickest."""
    usable = [_usable(checked) for _, checked in rows]
    names = fold_bracketed_names([checked.name or "" for _, checked in rows])
    addresses = fold_addresses([texts.get("address", "") for texts in usable])
    persons = fold_texts([texts.get("legal_representative", "") for texts in usable])
    former = [split_names(texts.get("former_names", "")) for texts in usable]
    flat = iter(fold_bracketed_names([name for each in former for name in each]))
    return [
        _record(kind, checked, texts, _Folded(name, address, person, tuple(next(flat) for _ in each)), learned)
        for (kind, checked), texts, name, address, person, each in zip(
            rows, usable, names, addresses, persons, former, strict=True
        )
    ]


def blind(record: RecordKeys, secret: bytes) -> RecordKeys:
    """The record with keyed hashes in place of all texts but name and code."""
    hashed: dict[str, Any] = {
        name: None if value is None else hash_of(name, (value,), secret)
        for name in BLINDED
        if not isinstance(value := getattr(record, name), int)
    }
    return replace(record, **hashed)


def hash_of(kind: str, values: Iterable[object], secret: bytes) -> int:
    """A signed number of 64 bits, equal for equal kind and values under one secret of at most 64 bytes."""
    text = _PARTED.join((kind, *map(str, values)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=secret).digest(), "big", signed=True)


def keys_of(record: RecordKeys, secret: bytes) -> frozenset[int]:
    """The hashes by which an entity is found: its blocking keys, its faulty code's repairs, its former
    names. The record must be blinded.
    """
    found = {made for key in _KEYS if (made := _hash_of_key(key.columns, record, secret)) is not None}
    found.update(hash_of("repair", (code,), secret) for code in record.repairs)
    found.update(hash_of("former", (name,), secret) for name in record.former)
    return frozenset(found)


def probes_of(record: RecordKeys, secret: bytes) -> list[Probe]:
    """What to look up for a record. The record must be blinded."""
    probes = [
        Probe(made, key.columns, key.via, key.most, since)
        for key, since in _KEYS.items()
        if (made := _hash_of_key(key.columns, record, secret)) is not None
    ]
    exact = [(Via.REPAIR, "uscc", code) for code in record.repairs]
    if record.uscc is not None:
        exact.append((Via.REPAIR, "repair", record.uscc))
    if record.name_key is not None:
        exact.append((Via.FORMER, "former", record.name_key))
    exact += [(Via.FORMER, "name_key", name) for name in record.former]
    return probes + [Probe(hash_of(kind, (value,), secret), (), via, MOST_EXACT, 2) for via, kind, value in exact]


def counted_of(record: RecordKeys, secret: bytes) -> Counted:
    """By what the values of a record are counted. The record must be blinded."""
    name, core = (_hash_of_key((column,), record, secret) for column in ("name_key", "core"))
    blinded = (value if isinstance(value, int) else None for value in (record.person, record.site, record.phone))
    return Counted(name, core, *blinded)


def fingerprint() -> str:
    """Another text for other blocking keys; keys made under another one find nothing."""
    return repr([(key.columns, int(key.via), key.most, since) for key, since in _KEYS.items()])


class _Folded(NamedTuple):
    name: FoldedName
    address: str
    person: str
    former: tuple[FoldedName, ...]


def _usable(checked: CheckedRow) -> dict[str, str]:
    bad = {flag.field for flag in checked.flags}
    return {name: text for name, text in checked.values.items() if text and name not in bad}


def _record(
    kind: ListKind, checked: CheckedRow, usable: Mapping[str, str], folded: _Folded, learned: Learned
) -> RecordKeys:
    rank = LIST_ORDER.index(kind)
    name = split_name(folded.name.text, learned.places, folded.name.brackets) if checked.name else None
    address = split_address(folded.address)
    former = (split_name(each.text, learned.places, each.brackets).key for each in folded.former)
    return RecordKeys(
        rank=rank,
        uscc=checked.uscc,
        repairs=() if checked.uscc else checked.repairs,
        org=checked.organization_code,
        number=checked.registration_number,
        **_name_keys(name),
        firm=_is_firm(rank, _is_sole_trader(checked.uscc, usable.get("company_type")), name),
        person=fold_person(folded.person),
        phone=fold_phone(usable.get("phone", "")),
        site=address.site or None,
        road=address.road or None,
        district=address.district or (learned.areas.get(checked.uscc[2:8]) if checked.uscc else None),
        founded=_iso_date(usable.get("founded_on")),
        active=_is_active(usable.get("state")),
        former=tuple(dict.fromkeys(key for key in former if key)),
    )


class _NameKeys(NamedTuple):
    name_key: str | None = None
    core: str | None = None
    branch: str | None = None
    numerals: str | None = None
    sound: str | None = None
    placed: bool = False


def _name_keys(name: NameParts | None) -> dict[str, Any]:
    if name is None:
        return _NameKeys()._asdict()
    sound = sound_key(name.core.removesuffix(name.branch))
    return _NameKeys(name.key or None, name.core, name.branch, name.numerals, sound, name.placed)._asdict()


def _is_firm(rank: int, sole_trader: bool | None, name: NameParts | None) -> bool:
    """Whether the full name is unlikely to occur twice; all registers but the first list organizations only."""
    if 1 <= rank < len(REGISTERS):
        return True
    return not sole_trader if sole_trader is not None else name is not None and name.strong


def _hash_of_key(columns: tuple[str, ...], record: RecordKeys, secret: bytes) -> int | None:
    values = [getattr(record, column) for column in columns]
    return None if None in values else hash_of("+".join(columns), values, secret)


def _keys() -> dict[Key, int]:
    """Every blocking key of the engine with the step that first uses it."""
    steps = (BY_CODE, BY_NUMBER_OR_NAME, BY_LIKENESS)
    found: dict[Key, int] = {}
    for step, keys in enumerate(steps, start=1):
        for key in keys:
            found.setdefault(key, step)
    return found


_KEYS: Final = _keys()
