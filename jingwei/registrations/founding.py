"""What is compared of each entity: the record that founded it, completed by its other lists and by corrections."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from jingwei.base_roster.corrections import Correction
from jingwei.base_roster.reading import corrections_of
from jingwei.domain.intake import CheckedRow, check_row
from jingwei.domain.linkage.records import LIST_ORDER, REGISTERS
from jingwei.domain.lists import ListKind
from jingwei.rosters.errors import KeyDestroyed
from jingwei.rosters.sealing import BatchCipher, open_cipher

# Party lists name units, they found none.
_FOUNDING = tuple(kind for kind in LIST_ORDER if kind not in (ListKind.PARTY_ORG, ListKind.PARTY_COUNT))
# A founding record without one of these takes it from the entity's next list that has it.
_COMPLETED = ("legal_representative", "phone", "address")
_READ_AT_ONCE = 5000

_UNITS = """
SELECT s.entity_id, u.list_kind, u.id, r.values, r.batch_id, r.row, p.sealed, e.uscc, e.computed_at
  FROM base_roster_entitysource s
  JOIN base_roster_entity e ON e.id = s.entity_id
  JOIN rosters_sourceunit u ON u.id = s.unit_id
  JOIN rosters_sourcerecord r ON r.id = u.last_record_id
  LEFT JOIN rosters_sourcepersonal p ON p.record_id = r.id
 WHERE s.entity_id = ANY(%s) AND u.list_kind = ANY(%s)
 ORDER BY s.entity_id, array_position(%s, u.list_kind::text), u.id
"""
_LEARNED_FROM = """
SELECT r.name, r.values ->> 'address', nullif(r.uscc, '')
  FROM base_roster_entitysource s
  JOIN rosters_sourceunit u ON u.id = s.unit_id
  JOIN rosters_sourcerecord r ON r.id = u.last_record_id
 WHERE u.list_kind = ANY(%s)
"""


class Founding(NamedTuple):
    """One entity's row as it is keyed, and when the entity was computed."""

    entity_id: int
    kind: ListKind
    checked: CheckedRow
    computed_at: datetime


def founding_rows(entity_ids: Sequence[int]) -> list[Founding]:
    """The rows of some entities; those that only Party lists name have none. At most three queries and one a batch."""
    corrections = corrections_of(list(entity_ids))
    kinds = [kind.value for kind in _FOUNDING]
    ciphers: dict[int, BatchCipher | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [list(entity_ids), kinds, kinds])
        rows = cursor.fetchall()
    return [
        _founding(entity_id, list(units), corrections.get(entity_id, ()), ciphers)
        for entity_id, units in groupby(rows, key=itemgetter(0))
    ]


def registered_rows() -> Iterator[list[tuple[str | None, str | None, str | None]]]:
    """Name, address and valid code of every register row, some thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LEARNED_FROM, [[kind.value for kind in REGISTERS]])
        while rows := cursor.fetchmany(_READ_AT_ONCE):
            yield rows


def _founding(
    entity_id: int,
    units: list[tuple[Any, ...]],
    corrections: Sequence[Correction],
    ciphers: dict[int, BatchCipher | None],
) -> Founding:
    kind = ListKind(units[0][1])
    values = _values(units[0], ciphers)
    for unit in units[1:]:
        missing = [name for name in _COMPLETED if not values.get(name)]
        if not missing:
            break
        other = _values(unit, ciphers)
        values |= {name: other[name] for name in missing if other.get(name)}
    for correction in corrections:
        _correct(values, correction)
    checked = check_row(kind, values)
    *_, known_code, computed_at = units[0]
    if checked.uscc is None and known_code:
        checked = check_row(kind, values | {"uscc": known_code})
    return Founding(entity_id, kind, checked, computed_at)


def _values(unit: tuple[Any, ...], ciphers: dict[int, BatchCipher | None]) -> dict[str, str]:
    _, _, _, values_json, batch_id, row, sealed, _, _ = unit
    values: dict[str, str] = json.loads(values_json)
    if sealed is None:
        return values
    if batch_id not in ciphers:
        ciphers[batch_id] = None
        with suppress(KeyDestroyed):
            ciphers[batch_id] = open_cipher(batch_id)
    cipher = ciphers[batch_id]
    return values | cipher.open(row, sealed) if cipher else values


def _correct(values: dict[str, str], correction: Correction) -> None:
    """A corrected name leaves the list's own as one the entity is known by as well."""
    if correction.kind == "name":
        known = (values.get("former_names"), values.get("name"))
        values["former_names"] = "、".join(text for text in known if text)
    if correction.kind in ("name", "address"):
        values[correction.kind] = correction.value
