"""The keys by which records are compared, made for all records of a run at once."""

from collections.abc import Callable, Sequence

import duckdb
import pyarrow as pa

from jingwei.domain.linkage.normalize import (
    AddressParts,
    NameParts,
    fold_addresses,
    fold_names,
    fold_person,
    fold_phone,
    fold_texts,
    leading_places,
    learn_places,
    split_address,
    split_name,
)

# A site or phone of more names than this (shared registered address, bookkeeping agent) proves little.
_MOST_NAMES_AT_A_SITE = 12
_MOST_NAMES_OF_A_PHONE = 4
# An area code stands for a district if most of its addressed records lie in that district.
_DISTRICT_MAJORITY = 0.7

_SITES = """
CREATE TABLE linkage.sites AS
SELECT a.site, count(DISTINCT r.name) > {most} AS shared
FROM linkage.records r JOIN linkage.addresses a ON a.raw = r.address
WHERE a.site <> '' GROUP BY a.site
"""

_PHONES = """
CREATE TABLE linkage.shared_phones AS
SELECT p.phone FROM linkage.records r JOIN linkage.phones p ON p.raw = r.phone
WHERE p.phone IS NOT NULL GROUP BY p.phone HAVING count(DISTINCT r.name) > {most}
"""

_AREAS = """
CREATE TABLE linkage.areas AS
WITH counted AS (
  SELECT substr(r.uscc, 3, 6) AS area, a.district, count(*) AS times
  FROM linkage.records r JOIN linkage.addresses a ON a.raw = r.address
  WHERE r.uscc IS NOT NULL AND a.district <> '' GROUP BY ALL
)
SELECT area, arg_max(district, (times, district)) AS district
FROM counted GROUP BY area HAVING max(times) >= {majority} * sum(times)
"""

_KEYED = """
CREATE TABLE linkage.keyed AS
SELECT r.rid, r.rank, r.unit, r.uscc, r.repairs, r.organization_code AS org,
  r.registration_number AS number, r.founded_on AS founded, r.active,
  nullif(n.key, '') AS name_key, n.core, n.branch, n.numerals,
  left(n.core, 2) AS start, right(n.core, 2) AS ending,
  CASE WHEN length(n.core) >= 6 THEN left(n.core, 4) END AS start4,
  CASE WHEN length(n.core) >= 6 THEN right(n.core, 4) END AS end4,
  coalesce(NOT r.sole_trader, n.strong, false) OR r.rank BETWEEN 1 AND {registers} - 1 AS firm,
  coalesce(n.placed, false) AS placed,
  p.person, t.phone, (s.phone IS NOT NULL) AS phone_shared,
  nullif(a.site, '') AS site, coalesce(i.shared, false) AS site_shared,
  coalesce(nullif(a.district, ''), e.district) AS district
FROM linkage.records r
LEFT JOIN linkage.names n ON n.raw = r.name
LEFT JOIN linkage.persons p ON p.raw = r.person
LEFT JOIN linkage.phones t ON t.raw = r.phone
LEFT JOIN linkage.shared_phones s ON s.phone = t.phone
LEFT JOIN linkage.addresses a ON a.raw = r.address
LEFT JOIN linkage.sites i ON i.site = a.site
LEFT JOIN linkage.areas e ON e.area = substr(r.uscc, 3, 6)
WHERE r.rank < {party_rank} OR r.unit > 0
ORDER BY r.rid
"""

_FORMER = """
CREATE TABLE linkage.former AS
SELECT DISTINCT r.rid, n.key AS name_key
FROM (SELECT rid, unnest(former_names) AS raw FROM linkage.records) r
JOIN linkage.names n ON n.raw = r.raw
"""

_DISTINCT = """
SELECT DISTINCT {column} AS raw FROM linkage.records WHERE {column} IS NOT NULL ORDER BY raw
"""
_STORE = "INSERT INTO linkage.{table} SELECT * FROM linkage_made"

_ALL_NAMES = """
SELECT DISTINCT raw FROM (
  SELECT name AS raw FROM linkage.records
  UNION ALL SELECT unnest(former_names) FROM linkage.records
) WHERE raw IS NOT NULL ORDER BY raw
"""


_PLACE_COUNTS = """
SELECT place, count(*) FROM (
  SELECT unnest([province, city, district]) AS place FROM linkage.addresses
  UNION ALL SELECT unnest([province, city]) FROM linkage.name_places
) WHERE place <> '' GROUP BY place
"""

_TEXTS = "SELECT (SELECT count(*) FROM linkage.addresses) + (SELECT count(*) FROM linkage.name_places)"

_TYPES = {"strong": "BOOLEAN", "placed": "BOOLEAN"}
_CHUNK = 100_000


def build_keys(engine: duckdb.DuckDBPyConnection, *, party_rank: int, registers: int) -> None:
    """Make `linkage.keyed` and `linkage.former` of `linkage.records`.

    Place names that begin names are learned from the addresses of the same records. Records of the
    rank `party_rank` take part only as covered units; the first `registers` ranks are registers, of
    which all but the market register list organizations only.
    """
    _make(engine, "addresses", _DISTINCT.format(column="address"), _address_columns, AddressParts._fields)
    _make(engine, "name_places", _ALL_NAMES, _name_place_columns, ("province", "city"))
    places = _places(engine)
    _make(engine, "names", _ALL_NAMES, lambda raw: _name_columns(raw, places), NameParts._fields)
    _make(engine, "persons", _DISTINCT.format(column="person"), _person_column, ("person",))
    _make(engine, "phones", _DISTINCT.format(column="phone"), _phone_column, ("phone",))
    engine.execute(_SITES.format(most=_MOST_NAMES_AT_A_SITE))
    engine.execute(_PHONES.format(most=_MOST_NAMES_OF_A_PHONE))
    engine.execute(_AREAS.format(majority=_DISTRICT_MAJORITY))
    engine.execute(_KEYED.format(party_rank=party_rank, registers=registers))
    engine.execute(_FORMER)


def _make(
    engine: duckdb.DuckDBPyConnection,
    table: str,
    texts: str,
    columns: Callable[[list[str]], list[list[object]]],
    names: Sequence[str],
) -> None:
    """Make `linkage.<table>` with a line for each text of the query: `raw` and the named columns."""
    types = ", ".join(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in names)
    engine.execute(f"CREATE TABLE linkage.{table} (raw VARCHAR, {types})")
    distinct: pa.Table = engine.sql(texts).to_arrow_table()
    for batch in distinct.to_batches(max_chunksize=_CHUNK):
        raw = batch.column(0).to_pylist()
        made = pa.table([raw, *columns(raw)], names=["raw", *names])
        engine.register("linkage_made", made)
        engine.execute(_STORE.format(table=table))
        engine.unregister("linkage_made")


def _places(engine: duckdb.DuckDBPyConnection) -> frozenset[str]:
    counts = dict(engine.execute(_PLACE_COUNTS).fetchall())
    ((texts,),) = engine.execute(_TEXTS).fetchall()
    return learn_places(counts, texts)


def _address_columns(raw: list[str]) -> list[list[object]]:
    return _columns([split_address(text) for text in fold_addresses(raw)])


def _name_place_columns(raw: list[str]) -> list[list[object]]:
    return _columns([leading_places(text) for text in fold_names(raw)])


def _name_columns(raw: list[str], places: frozenset[str]) -> list[list[object]]:
    return _columns([split_name(text, places) for text in fold_names(raw)])


def _person_column(raw: list[str]) -> list[list[object]]:
    return [[fold_person(text) for text in fold_texts(raw)]]


def _phone_column(raw: list[str]) -> list[list[object]]:
    return [[fold_phone(text) for text in raw]]


def _columns(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
