"""Every key of every record as one number, so that records that share a key are found in one pass.

`kept.token` has a line for each key of the records that a delta may have to find: founders, records whose
place depends on names, records of the first list without a code; and the code of every record. What a
record asks for is not always what it has: its code asks for records that might be repaired to it.
"""

from typing import Final, NamedTuple

from jingwei.domain.linkage.pairs import BY_LIKENESS, BY_NUMBER_OR_NAME, Key

CODE, REPAIR, FORMER, ORGANIZATION, NUMBER, NAME = range(6)
_COLUMNS: Final = {CODE: "uscc", ORGANIZATION: "org", NUMBER: "number", NAME: "name_key"}
_IMPLIED: Final = ("uscc", "org", "number", "name_key")
# Keys that alone prove little: the first number above those that do.
FIRST_WEAK: Final = 6


class Weak(NamedTuple):
    """A key that counts only in blocks of limited size; `within` tells that it serves inside a list too,
    `part` that another key finds the same records and more.
    """

    number: int
    key: Key
    within: bool
    part: bool


def _weak() -> tuple[Weak, ...]:
    keys = [key for key in (*BY_NUMBER_OR_NAME, *BY_LIKENESS) if key.columns[0] not in _IMPLIED]
    singles = {key.columns for key in keys if len(key.columns) == 1}
    return tuple(
        Weak(number, key, key in BY_NUMBER_OR_NAME, len(key.columns) > 1 and key.columns[:1] in singles)
        for number, key in enumerate(keys, FIRST_WEAK)
    )


WEAK: Final = _weak()
# The only key of which the number of bearers matters besides the cap.
CORE: Final = next(weak.number for weak in WEAK if weak.key.columns == ("core",))
CAPS: Final = "(VALUES {})".format(", ".join(f"({weak.number}, {weak.key.most})" for weak in WEAK))
# SQL for a value that is another one once tokens are made otherwise.
PROBE: Final = "hash({})".format(", ".join(f"'{weak.number} {' '.join(weak.key.columns)}'" for weak in WEAK))

_HELD = """
SELECT {number} AS key, {value} AS h, k.rid, k.founder, k.residual, k.uscc IS NOT NULL AS coded
FROM {source} k WHERE {known} {which}
"""
_FOUND = "AND (k.founder OR k.residual OR k.rank = 0 AND k.uscc IS NULL)"
_HELD_REPAIRS = """
SELECT {number}, {value}, k.rid, k.founder, k.residual, false
FROM (SELECT rid, founder, residual, rank, uscc, unnest(repairs) AS code FROM {source}) k WHERE true {which}
"""
_HELD_FORMER = """
SELECT {number}, {value}, k.rid, k.founder, k.residual, k.uscc IS NOT NULL
FROM {source} k JOIN {former} f ON f.rid = k.rid WHERE f.name_key IS NOT NULL {which}
"""
_ASKED = "SELECT {number} AS key, {value} AS h, k.{name} AS id FROM {source} k WHERE {known}"
_ASKED_REPAIRS = "SELECT {number}, {value}, k.id FROM (SELECT {name} AS id, unnest(repairs) AS code FROM {source}) k"
_ASKED_FORMER = "SELECT {number}, {value}, f.id FROM {former} f WHERE f.name_key IS NOT NULL"


def held(source: str, former: str) -> str:
    """SQL for the tokens of the records in `source` (keys, founder, residual), with their `former` names."""
    parts = []
    for number, columns in _columns(weak=WEAK):
        which = "" if number == CODE else _FOUND
        known, hashed = _known(columns), value(number, columns)
        parts.append(_HELD.format(number=number, value=hashed, source=source, known=known, which=which))
    repairs, names = value(REPAIR, ("code",)), f"hash({FORMER}, f.name_key)"
    parts.append(_HELD_REPAIRS.format(number=REPAIR, value=repairs, source=source, which=_FOUND))
    parts.append(_HELD_FORMER.format(number=FORMER, value=names, source=source, former=former, which=_FOUND))
    return " UNION ALL ".join(parts)


def asked(source: str, former: str, weak: tuple[Weak, ...], *, name: str = "rid") -> str:
    """SQL for the tokens (key, h, id) of whatever shares a code, number or name or one of the keys `weak`
    with the records in `source`; `former` has their former names (id, name_key).
    """
    parts = []
    for number, columns in _columns(weak=weak):
        known = _known(columns)
        parts.append(_ASKED.format(number=number, value=value(number, columns), source=source, known=known, name=name))
    for number, column in ((REPAIR, "uscc"), (FORMER, "name_key")):
        hashed, known = value(number, (column,)), _known((column,))
        parts.append(_ASKED.format(number=number, value=hashed, source=source, known=known, name=name))
    parts.append(_ASKED_REPAIRS.format(number=CODE, value=value(CODE, ("code",)), source=source, name=name))
    parts.append(_ASKED_FORMER.format(number=NAME, value=f"hash({NAME}, f.name_key)", former=former))
    return " UNION ALL ".join(parts)


def _columns(*, weak: tuple[Weak, ...]) -> list[tuple[int, tuple[str, ...]]]:
    strong = [(number, (column,)) for number, column in _COLUMNS.items()]
    return [*strong, *((each.number, each.key.columns) for each in weak)]


def value(number: int, columns: tuple[str, ...]) -> str:
    """SQL for the token of a key of the record `k`."""
    return f"hash({number}, {', '.join(f'k.{column}' for column in columns)})"


def _known(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"k.{column} IS NOT NULL" for column in columns)
