"""Two records field by field: both texts with their differences marked, and a word for each comparison."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from jingwei.core.templatetags.jw import mask_name, mask_phone
from jingwei.domain.intake import parse_date
from jingwei.domain.lists import LISTS
from jingwei.linkage.marking import Mask, Pieces, distance, folded, marked, plain
from jingwei.linkage.reading import UnitRecord

# Beyond these two texts are different rather than alike.
_CODE_EDITS = 2
_ALIKE_SHARE = 0.5
_CLOSE_DAYS = 31
_CLOSE_SHARE = 0.2


class Word(NamedTuple):
    """A comparison in a word, with the kind of status and the icon that go with it."""

    text: str
    kind: str
    icon: str


SAME = Word("一致", "ok", "circle-check")
ALIKE = Word("相近", "warn", "circle-dashed")
CLOSE = Word("接近", "ok", "circle-dashed")
DIFFERS = Word("不同", "late", "circle-x")
ONE_SIDED = Word("仅一方有", "plain", "circle-minus")


class Line(NamedTuple):
    """One field of the two records."""

    field: str
    zh: str
    left: Pieces
    right: Pieces
    word: Word
    is_code: bool
    notes: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class _Compared:
    """A line of the comparison: fields by which a list may state it, how it is compared, what hides it."""

    zh: str
    fields: tuple[str, ...]
    compare: Callable[[str, str], Word]
    mask: Mask | None = None
    is_code: bool = False


def lines(left: UnitRecord, right: UnitRecord) -> list[Line]:
    """The comparison of two records, without fields that neither of them states."""
    return [line for each in _LINES if (line := _line(each, left, right)) is not None]


def raw_lines(record: UnitRecord) -> list[tuple[str, str]]:
    """Every column of the row as delivered, by the list's own header; personal ones masked."""
    found = []
    for each in LISTS[record.list_kind].fields:
        text = record.value(each.name)
        if text:
            mask = _MASKS.get(each.name) if each.personal else None
            found.append((each.zh, mask(text) if mask else text))
    return found


def _line(wanted: _Compared, left: UnitRecord, right: UnitRecord) -> Line | None:
    (one, first), (other, second) = (_stated(wanted, record) for record in (left, right))
    if not one and not other:
        return None
    notes = (_note(wanted, first), _note(wanted, second))
    if not one or not other:
        sides = (plain(one, mask=wanted.mask), plain(other, mask=wanted.mask))
        return Line(wanted.fields[0], wanted.zh, *sides, ONE_SIDED, wanted.is_code, notes)
    word = SAME if folded(one) == folded(other) else wanted.compare(one, other)
    sides = marked(one, other, mask=wanted.mask)
    return Line(wanted.fields[0], wanted.zh, *sides, word, wanted.is_code, notes)


def _stated(wanted: _Compared, record: UnitRecord) -> tuple[str, str]:
    """The text and the field that states it; the name and code that serve as keys go before what was typed."""
    for field in wanted.fields:
        text = record.value(field) or (record.name if field == "name" else "")
        if text:
            return text, field
    return "", ""


def _note(wanted: _Compared, field: str) -> str:
    """Which of several counts it is."""
    return _FIELDS[field] if wanted.compare is _counts and field else ""


def _codes(one: str, other: str) -> Word:
    wrong = distance(one, other)
    return Word(f"差 {wrong} 位", "warn", "circle-dashed") if wrong <= _CODE_EDITS else DIFFERS


def _texts(one: str, other: str) -> Word:
    longest = max(len(folded(one)), len(folded(other)), 1)
    return ALIKE if distance(one, other) <= longest * _ALIKE_SHARE else DIFFERS


def _exact(one: str, other: str) -> Word:
    return DIFFERS


def _phones(one: str, other: str) -> Word:
    digits = ["".join(filter(str.isdigit, text)) for text in (one, other)]
    return SAME if digits[0] and digits[0] == digits[1] else DIFFERS


def _dates(one: str, other: str) -> Word:
    days = [parse_date(text) for text in (one, other)]
    first, second = days
    if not isinstance(first, date) or not isinstance(second, date):
        return DIFFERS
    apart = abs((first - second).days)
    if apart == 0:
        return SAME
    return CLOSE if apart <= _CLOSE_DAYS else DIFFERS


def _counts(one: str, other: str) -> Word:
    try:
        first, second = (float(folded(text)) for text in (one, other))
    except ValueError:
        return DIFFERS
    return CLOSE if abs(first - second) <= max(first, second) * _CLOSE_SHARE else DIFFERS


_FIELDS = {each.name: each.zh for listed in LISTS.values() for each in listed.fields}
_MASKS: dict[str, Mask] = {"legal_representative": mask_name, "phone": mask_phone}
_LINES = (
    _Compared("名称", ("name", "organization_name"), _texts),
    _Compared("统一社会信用代码", ("uscc",), _codes, is_code=True),
    _Compared("注册号", ("registration_number",), _codes, is_code=True),
    _Compared("曾用名", ("former_names",), _texts),
    _Compared("法定代表人", ("legal_representative",), _exact, mask=mask_name),
    _Compared("地址", ("address",), _texts),
    _Compared("联系电话", ("phone",), _phones, mask=mask_phone, is_code=True),
    _Compared("人数", ("staff", "insured", "full_members", "lawyers"), _counts),
    _Compared("成立日期", ("founded_on",), _dates),
    _Compared("登记状态", ("state",), _texts),
    _Compared("类型", ("company_type", "organization_type"), _texts),
)
