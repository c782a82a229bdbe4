"""The source key: what ties a department's row to its version in the next month's list."""

import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import NamedTuple

from jingwei.domain.intake import CheckedRow

_NOT_TEXT = re.compile(r"[\W_]+")


class SameKeyRow(NamedTuple):
    """A row whose key occurs more than once, with what tells it from the others."""

    row: int
    name: str
    content_hash: bytes


class Incumbent(NamedTuple):
    """The unit that holds a running number of the key, with its latest record."""

    number: int
    name: str
    content_hash: bytes


def source_key(checked: CheckedRow) -> str:
    """The key of an accepted row: valid code, else registration number, else name and address, else
    organization code. The first letter says which, so that the kinds never meet.
    """
    if checked.uscc:
        return f"U{checked.uscc}"
    if checked.registration_number:
        return f"R{checked.registration_number}"
    if checked.name:
        named = f"{_evened(checked.name)}\n{_evened(checked.values.get('address', ''))}"
        return f"N{hashlib.blake2b(named.encode(), digest_size=16).hexdigest()}"
    return f"O{checked.organization_code}"


def number_rows(rows: Iterable[SameKeyRow], incumbents: Iterable[Incumbent]) -> Mapping[int, int]:
    """Running number by row for all rows of one key, whatever their order in the file.

    A row keeps the number of the unit with its content, else of the unit with its name; the others
    take the free numbers in the order of name and content.
    """
    waiting = sorted(rows, key=lambda each: (each.name, each.content_hash, each.row))
    units = sorted(incumbents)
    by_content = _keep_numbers(waiting, units, lambda each: each.content_hash)
    kept = set(by_content.values())
    waiting = [each for each in waiting if each.row not in by_content]
    units = [unit for unit in units if unit.number not in kept]
    numbers = by_content | _keep_numbers(waiting, units, lambda each: each.name)
    taken = set(numbers.values())
    free = (number for number in count(1) if number not in taken)
    return numbers | {each.row: next(free) for each in waiting if each.row not in numbers}


def _keep_numbers(
    rows: Iterable[SameKeyRow], units: Iterable[Incumbent], likeness: Callable[[SameKeyRow | Incumbent], object]
) -> dict[int, int]:
    """Each row takes the lowest number left among the units that are like it."""
    held: dict[object, deque[int]] = {}
    for unit in units:
        held.setdefault(likeness(unit), deque()).append(unit.number)
    numbers: dict[int, int] = {}
    for each in rows:
        alike = held.get(likeness(each))
        if alike:
            numbers[each.row] = alike.popleft()
    return numbers


def _evened(text: str) -> str:
    return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", text)).upper()
