"""The rules in force on a day at a place."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jingwei.domain.rulebook.entries import Entry, RulebookError, RuleValue, parse


class UnknownRule(KeyError):
    """No rule has this id: a slip in the code or in a file."""


class RuleNotInForce(KeyError):
    """The rule exists, but its first value begins later than the day asked for."""


class Rules:
    """The rulebook on one day at one place; `rules["screening.min_staff.enterprise"]` gives a RuleValue."""

    def __init__(self, book: Mapping[str, Entry], on: date, place_code: str | None = None) -> None:
        self.on = on
        self.place_code = place_code
        self._book = book
        self._places = _from_place_to_province(place_code)

    def __getitem__(self, rule_id: str) -> RuleValue:
        """Value in force: the deepest place with an override wins over the general value.

        Raises UnknownRule, or RuleNotInForce when every value begins after the day.
        """
        entry = self._book.get(rule_id)
        if entry is None:
            raise UnknownRule(rule_id)
        candidates = [entry.overrides[code] for code in self._places if code in entry.overrides]
        for values in [*candidates, entry.values]:
            index = bisect_right(values, self.on, key=lambda value: value.since)
            if index:
                return values[index - 1]
        raise RuleNotInForce(f"{rule_id} {self.on.isoformat()}")

    def number(self, rule_id: str) -> float:
        """A number, in the unit of the rule."""
        value = self[rule_id].value
        if not isinstance(value, int | float):
            raise TypeError(f"{rule_id} is not a number")
        return value

    def words(self, rule_id: str) -> tuple[str, ...]:
        """A list of words, in the order of the file."""
        value = self[rule_id].value
        if not isinstance(value, tuple):
            raise TypeError(f"{rule_id} is not a list of words")
        return tuple(str(word) for word in value)

    def table(self, rule_id: str) -> dict[str, str]:
        """A table from word to word, in the order of the file."""
        value = self[rule_id].value
        if not isinstance(value, Mapping):
            raise TypeError(f"{rule_id} is not a table")
        return {key: str(item) for key, item in value.items()}


def book_of(entries_: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by id; raises RulebookError when an id stands twice."""
    book: dict[str, Entry] = {}
    for entry in entries_:
        if entry.id in book:
            raise RulebookError(f"规则 {entry.id} 出现两次")
        book[entry.id] = entry
    return book


@lru_cache(maxsize=1)
def _texts() -> tuple[tuple[str, str], ...]:
    folder = files("jingwei.domain.rulebook")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return tuple((name, folder.joinpath(name).read_text("utf-8")) for name in names)


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Entry]:
    """Every entry of the packaged rulebook by id."""
    return book_of(entry for name, text in _texts() for entry in parse(text, name))


@lru_cache(maxsize=1)
def version() -> str:
    """12 hexadecimal digits that change with any word of the packaged rulebook; kept with verdicts."""
    digest = sha256()
    for name, text in _texts():
        digest.update(f"{name}\n{text}\n".encode())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=256)
def at(on: date, place_code: str | None = None) -> Rules:
    """The rules in force on the day at the place (a division code of at least 6 digits, or None).

    The same arguments give the same object, so that what is compiled from word lists can be kept.
    """
    return Rules(entries(), on, place_code)


def _from_place_to_province(code: str | None) -> tuple[str, ...]:
    if not code:
        return ()
    return tuple(dict.fromkeys((code[:6], code[:4] + "00", code[:2] + "0000")))
