"""Write a snapshot: the states of rows, once for as long as nothing changes, and all figures with their hashes."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

import numpy as np
import pyarrow as pa
from django.db import connection

from jingwei.domain.indicators import DENOMINATOR, NUMERATOR, Cut, Population
from jingwei.domain.indicators.cuts import CUTS
from jingwei.domain.indicators.values import CENT, STORED, rounded
from jingwei.indicators.city import City
from jingwei.indicators.computing import Key, Value, complete, cut_values
from jingwei.indicators.counting import Rows, rows
from jingwei.indicators.members import Members
from jingwei.indicators.populations import ENTITY_COLUMNS, ORGANIZATION_COLUMNS, frozen, live
from jingwei.indicators.tally import Tally

_STATES = (
    (Population.ENTITY, "indicators_entitystate", "entity_id", ENTITY_COLUMNS),
    (Population.ORGANIZATION, "indicators_organizationstate", "organization_id", ORGANIZATION_COLUMNS),
)
_FRESH = "CREATE TEMP TABLE {fresh} ON COMMIT DROP AS SELECT id, {columns}, hashtextextended(ROW({columns})::text, 0) AS fingerprint FROM ({live}) AS live"
_CLOSE = """
UPDATE {table} state SET last_id = %s
 WHERE last_id IS NULL AND NOT EXISTS (
   SELECT 1 FROM {fresh} fresh WHERE fresh.id = state.{key} AND fresh.fingerprint = state.fingerprint)
"""
# EXCEPT is worked out before the first row is written. An anti-join, planned as loops over a table believed
# empty, would wade through the very rows it has just written.
_OPEN = """
INSERT INTO {table} ({key}, first_id, last_id, {columns}, fingerprint)
SELECT id, %s, NULL, {columns}, fingerprint FROM {fresh} fresh
 WHERE id IN (SELECT id FROM {fresh} EXCEPT SELECT {key} FROM {table} WHERE last_id IS NULL)
"""
_FIGURES = (
    "COPY indicators_figure (snapshot_id, indicator, cut, member, numerator, denominator, value, beside, missing, rows)"
    " FROM STDIN"
)


def write_states(*, snapshot_id: int, previous_id: int | None, on: date) -> None:
    """Close the states that no longer hold with the previous snapshot, begin those that are new. Set-based."""
    with connection.cursor() as cursor:
        for population, table, key, columns in _STATES:
            names = {"table": table, "key": key, "columns": ", ".join(columns), "fresh": f"fresh_{table}"}
            source = live(population, on)
            cursor.execute(f"DROP TABLE IF EXISTS {names['fresh']}")
            cursor.execute(_FRESH.format(live=source.text, **names), source.parameters)
            cursor.execute(f"CREATE INDEX ON {names['fresh']} (id)")
            cursor.execute(f"ANALYZE {names['fresh']}")
            if previous_id is not None:
                cursor.execute(_CLOSE.format(**names), [previous_id])
            cursor.execute(_OPEN.format(**names), [snapshot_id])


def figures_of(*, snapshot_id: int, city: City) -> list[Value]:
    """All figures over the states of a snapshot, for every cut, with the hashes of their rows."""
    counted: dict[Key, Value] = {}
    for population in Population:
        held = rows(frozen(population, snapshot_id), city.plans[population], CUTS[population])
        for cut in CUTS[population]:
            tally = Tally(city.plans[population], held.cuts[cut])
            standing = Members(cut, city).standing()
            values = cut_values(tally, cut, standing=standing, hash_of=_Texts(held, cut, tally).hash_of)
            counted |= {value.key: value for value in values}
    return complete(counted, city.rules)


def write_figures(*, snapshot_id: int, values: Sequence[Value]) -> None:
    """Store the figures."""
    with connection.cursor() as cursor, cursor.copy(_FIGURES) as copy:
        for item in values:
            copy.write_row(
                (snapshot_id, item.indicator, item.cut.value, item.member, item.numerator, item.denominator,
                 _stored(item.value), json.dumps(dict(item.beside), ensure_ascii=False), item.missing, item.rows)
            )  # fmt: skip


def hash_of(values: Sequence[Value]) -> str:
    """sha256 over all figures in order, as they are stored; a figure changed afterwards no longer fits it."""
    digest = sha256()
    for item in sorted(values, key=lambda value: value.key):
        numbers = [_written(item.numerator, CENT), _written(item.denominator, CENT), _written(item.value, STORED)]
        parts = [*item.key, *numbers, sorted(item.beside.items()), item.rows]
        digest.update(("|".join(map(str, parts)) + "\n").encode())
    return digest.hexdigest()


def _written(number: Decimal | None, step: Decimal) -> str:
    return "" if number is None else f"{rounded(number, step)}"


def _stored(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value, STORED)


class _Texts:
    """Ids of the rows of a cut as text, by member, so that every set of rows is hashed over one stretch of bytes."""

    def __init__(self, held: Rows, cut: Cut, tally: Tally) -> None:
        entries = held.cuts[cut]
        self._tally = tally
        self._members = len(entries.members)
        self._order = np.lexsort((held.positions[cut], entries.group))
        self._group = entries.group[self._order]
        ids = pa.array(held.ids[held.positions[cut][self._order]]).cast(pa.string())
        self._ids = pa.compute.binary_join_element_wise(ids, "", ",")
        self._kept: dict[int, tuple[memoryview, list[int]]] = {}

    def hash_of(self, indicator: str, member: int | None) -> str:
        """sha256 of the ids of the numerator, a line break, and those of the denominator; None has no row."""
        if member is None:
            return sha256(b"\n").hexdigest()
        digest = sha256(self._stretch(indicator, NUMERATOR, member))
        digest.update(b"\n")
        if DENOMINATOR in self._tally.plan.parts[indicator].rows:
            digest.update(self._stretch(indicator, DENOMINATOR, member))
        return digest.hexdigest()

    def _stretch(self, indicator: str, part: str, member: int) -> memoryview:
        bit = self._tally.plan.bit(indicator, part)
        if bit not in self._kept:
            self._kept[bit] = self._written(bit)
        text, ends = self._kept[bit]
        first, end = ends[member], ends[member + 1]
        return text[first : end - 1 if end > first else end]

    def _written(self, bit: int) -> tuple[memoryview, list[int]]:
        """The ids for which a condition holds, joined, and where each member begins."""
        holding = self._tally.holding(bit)[self._order]
        texts = self._ids.filter(pa.array(holding)).cast(pa.large_string())
        offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        counts = np.bincount(self._group[holding], minlength=self._members)
        starts = np.concatenate(([0], np.cumsum(counts)))
        data = texts.buffers()[2]
        text = memoryview(data) if data is not None else memoryview(b"")
        return text, [int(offsets[start]) if len(offsets) else 0 for start in starts]
