"""Which facts a clerk may correct, what a correction may say, and how long it stands. Pure: no query."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from jingwei.core.refusal import Refused
from jingwei.domain import industry
from jingwei.domain.intake import check_row
from jingwei.domain.intake.values import clean_text, is_placeholder
from jingwei.domain.lists import ListKind
from jingwei.domain.ownership import Ownership
from jingwei.domain.registration_state import RegistrationState

LONGEST_FACT, LONGEST_REASON = 400, 200
OWNERSHIP = "ownership"
_MOST_DIGITS = 7
REGISTERS = frozenset({ListKind.MARKET, ListKind.CIVIL, ListKind.JUSTICE})


class Said(Protocol):
    """A list's statement, as far as a correction is measured against it."""

    @property
    def list_kind(self) -> ListKind: ...
    @property
    def since(self) -> date: ...
    @property
    def values(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Correctable:
    """A fact that may be corrected.

    ``said_in`` is the field of the lists that speaks of it and ``lists`` whose word counts there, None
    for all. ``clean`` gives the value as it is kept or raises ``Refused``. ``choices`` are (value,
    Chinese label) where only these are allowed; ``reason_zh`` is what the reason is called.
    """

    zh: str
    clean: Callable[[str], str]
    said_in: str
    lists: frozenset[ListKind] | None = None
    choices: tuple[tuple[str, str], ...] = ()
    reason_zh: str = "更正原因"


@dataclass(frozen=True, slots=True)
class Correction:
    """The clerk's word on one fact, and what the lists have ``stated`` of it: (list, day, value)."""

    kind: str
    value: str
    as_of: date
    by: str
    reason: str
    stated: tuple[tuple[str, date, str], ...] = ()

    @property
    def note(self) -> str:
        """Who corrected, when and why, as a reason of a verdict."""
        return f"经办人更正（{self.as_of.isoformat()}，{self.by}）：{self.reason}"


def clean(kind: str, value: str) -> str:
    """The value of a correction as it is kept. Raises ``Refused`` for a wrong one and an unknown kind."""
    wanted = CORRECTABLE.get(kind)
    if wanted is None:
        raise Refused("这一项由规则算出，不能直接更正；请更正它所依据的事实。")
    return wanted.clean(value)


def shown(kind: str, value: str) -> str:
    """A stored value as a page shows it."""
    wanted = CORRECTABLE.get(kind)
    return dict(wanted.choices).get(value, value) if wanted else value


def overruled_by(correction: Correction, ordered: Sequence[Said]) -> Said | None:
    """The list that has come to say something else since the correction, if there is one.

    ``ordered`` holds the lists' statements, the first word first. A list that only repeats what it said
    when it was corrected overrules nothing, however often it comes.
    """
    wanted = CORRECTABLE[correction.kind]
    item = next((item for item in ordered if _speaks(item, wanted)), None)
    if item is None or item.values[wanted.said_in] == correction.value:
        return None
    return item if stated_since(correction, item) > correction.as_of else None


def changed_since(correction: Correction, ordered: Sequence[Said]) -> bool:
    """Whether any list has come to say something else, for a fact that is derived from several."""
    wanted = CORRECTABLE[correction.kind]
    return any(stated_since(correction, item) > correction.as_of for item in ordered if _speaks(item, wanted))


def stated_since(correction: Correction, item: Said) -> date:
    """Since when the list has said what it says now of the corrected fact, and nothing else in between.

    The row as a whole may be younger: ``item.since`` moves with any of its cells.
    """
    text = item.values[CORRECTABLE[correction.kind].said_in][:LONGEST_FACT]
    held = [(day, value) for source, day, value in correction.stated if source == item.list_kind and day <= item.since]
    others = [day for day, value in held if value != text]
    unbroken = (day for day, value in held if value == text and not any(day < other < item.since for other in others))
    return min(unbroken, default=item.since)


def _speaks(item: Said, wanted: Correctable) -> bool:
    return bool(item.values.get(wanted.said_in)) and (wanted.lists is None or item.list_kind in wanted.lists)


def _name(text: str) -> str:
    checked = check_row(ListKind.MARKET, {"name": text})
    if checked.name is None:
        raise Refused(checked.flags[0].message_zh)
    return checked.name


def _address(text: str) -> str:
    address = clean_text(text)
    if not address or is_placeholder(address):
        raise Refused("地址不能为空。")
    if len(address) > LONGEST_FACT:
        raise Refused(f"地址不能超过 {LONGEST_FACT} 个字。")
    return address


def _count(text: str) -> str:
    digits = unicodedata.normalize("NFKC", text).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        raise Refused("人数应为整数，如 12。")
    return str(int(digits))


def _industry(text: str) -> str:
    code = industry.canonical(text.strip().upper())
    if not code:
        raise Refused("不是国民经济行业代码，如 C3911 或 I65。")
    return code


def _one_of(choices: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    def clean_choice(text: str) -> str:
        for value, label in choices:
            if text.strip() in (value, label):
                return value
        raise Refused(f"应为：{'、'.join(label for _, label in choices)}。")

    return clean_choice


# The state is kept in the departments' own words, so that it is read like theirs.
_STATES = tuple((state.zh, state.zh) for state in RegistrationState if state is not RegistrationState.UNKNOWN)
_OWNERSHIPS = tuple((value.value, value.zh) for value in (Ownership.NON_PUBLIC, Ownership.PUBLIC))
_COUNTS = frozenset({ListKind.PARTY_COUNT})

CORRECTABLE: Mapping[str, Correctable] = MappingProxyType(
    {
        "name": Correctable("名称", _name, "name"),
        "address": Correctable("地址", _address, "address"),
        "state": Correctable("登记状态", _one_of(_STATES), "state", REGISTERS, _STATES),
        "industry_code": Correctable("行业代码", _industry, "industry_code"),
        "staff": Correctable("职工数", _count, "staff"),
        "insured": Correctable("参保人数", _count, "insured", frozenset({ListKind.SOCIAL})),
        "full_members": Correctable("正式党员数", _count, "full_members", _COUNTS),
        "probationary_members": Correctable("预备党员数", _count, "probationary_members", _COUNTS),
        OWNERSHIP: Correctable("所有制", _one_of(_OWNERSHIPS), "company_type", None, _OWNERSHIPS, "认定依据"),
    }
)
