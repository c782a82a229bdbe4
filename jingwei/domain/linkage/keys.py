"""The keys by which records are compared, made for all records of a run at once."""

from collections.abc import Collection

import duckdb
import pyarrow as pa

from jingwei.domain.linkage.bulk_keys import keyed_texts

# A site or phone of more names than this (shared registered address, bookkeeping agent) proves little.
_MOST_NAMES_AT_A_SITE = 12
_MOST_NAMES_OF_A_PHONE = 4
# An area code stands for a district if most of its addressed records lie in that district.
_DISTRICT_MAJORITY = 0.7

# Whatever of a record is compared, kept apart by characters no text holds.
_HASHED = (
    *("list_kind", "name", "code_text", "registration_number", "person", "address", "phone"),
    *("array_to_string(former_names, chr(30))", "founded_on", "active", "sole_trader", "joint"),
)
# Half of the whole number takes half the time of the function for the half.
_ROW_HASH = "CAST(md5_number(concat_ws(chr(31), {})) >> 64 AS UBIGINT)".format(
    ", ".join(f"coalesce({each}::VARCHAR, chr(29))" for each in _HASHED)
)

_TAKEN = """
SELECT rid, rank, unit, uscc, repairs, organization_code, registration_number, founded_on, active,
  sole_trader, name, address, person, phone, {row_hash} AS row_hash
FROM linkage.records WHERE rank < {party_rank} OR unit > 0
"""

_FORMER_TAKEN = """
SELECT rid, unnest(former_names) AS name FROM linkage.records
WHERE (rank < {party_rank} OR unit > 0) AND len(former_names) > 0
"""

# Only what many records share is worth counting names for.
_SHARED = """
CREATE TABLE linkage.{table} AS
SELECT m.{column} FROM linkage_made m
JOIN (SELECT {column} FROM linkage_made WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > {most}) s
  USING ({column})
GROUP BY m.{column} HAVING count(DISTINCT m.name) > {most}
"""

_AREAS = """
CREATE TABLE linkage.areas AS
WITH counted AS (
  SELECT substr(uscc, 3, 6) AS area, district, count(*) AS times
  FROM linkage_made WHERE uscc IS NOT NULL AND district IS NOT NULL GROUP BY ALL
)
SELECT area, arg_max(district, (times, district)) AS district
FROM counted GROUP BY area HAVING max(times) >= {majority} * sum(times)
"""

_KEYED = """
CREATE TABLE linkage.keyed AS
SELECT m.rid, m.rank, m.unit, m.uscc, m.repairs, m.organization_code AS org,
  m.registration_number AS number, m.founded_on AS founded, m.active,
  m.key AS name_key, m.core, CASE WHEN m.is_named THEN m.branch END AS branch,
  CASE WHEN m.is_named THEN m.numerals END AS numerals,
  left(m.core, 2) AS start, right(m.core, 2) AS ending,
  CASE WHEN length(m.core) >= 6 THEN left(m.core, 4) END AS start4,
  CASE WHEN length(m.core) >= 6 THEN right(m.core, 4) END AS end4,
  CASE WHEN m.sole_trader IS NULL THEN m.strong ELSE NOT m.sole_trader END
    OR m.rank BETWEEN 1 AND {registers} - 1 AS firm,
  m.placed, m.form, m.place AS name_place, m.sound, substr(m.uscc, 3, 6) AS area_code,
  m.person, m.phone, s.phone IS NOT NULL AS phone_shared,
  m.site, i.site IS NOT NULL AS site_shared, m.road, m.house,
  coalesce(m.district, e.district) AS district, m.row_hash
FROM linkage_made m
LEFT JOIN linkage.shared_phones s ON s.phone = m.phone
LEFT JOIN linkage.shared_sites i ON i.site = m.site
LEFT JOIN linkage.areas e ON e.area = substr(m.uscc, 3, 6)
"""

_FORMER = "CREATE TABLE linkage.former AS SELECT DISTINCT rid, name_key FROM linkage_former"


def build_keys(
    engine: duckdb.DuckDBPyConnection, *, party_rank: int, registers: int, divisions: Collection[str] = ()
) -> None:
    """Make `linkage.keyed` and `linkage.former` of `linkage.records`.

    Place names that begin names are those in `divisions` and those learned from the records; they are
    left in `linkage.place`. Records of the rank `party_rank` take part only as covered units; the first
    `registers` ranks are registers, of which all but the market register list organizations only.
    """
    records: pa.Table = engine.sql(_TAKEN.format(party_rank=party_rank, row_hash=_ROW_HASH)).to_arrow_table()
    former: pa.Table = engine.sql(_FORMER_TAKEN.format(party_rank=party_rank)).to_arrow_table()
    ((threads,),) = engine.execute("SELECT current_setting('threads')").fetchall()
    made = keyed_texts(records, former, divisions=divisions, threads=threads)
    del records
    engine.register("linkage_made", made.table)
    for statement in keyed_of_made(registers=registers):
        engine.execute(statement)
    engine.unregister("linkage_made")
    engine.register("linkage_former", made.former)
    engine.execute(_FORMER)
    engine.unregister("linkage_former")
    engine.register("linkage_places", pa.table([pa.array(sorted(made.places), pa.string())], names=["name"]))
    engine.execute("CREATE TABLE linkage.place AS SELECT * FROM linkage_places")
    engine.unregister("linkage_places")


def keyed_of_made(*, registers: int) -> tuple[str, ...]:
    """The statements that make `linkage.keyed` of the relation `linkage_made`, in any engine."""
    return (
        _SHARED.format(table="shared_sites", column="site", most=_MOST_NAMES_AT_A_SITE),
        _SHARED.format(table="shared_phones", column="phone", most=_MOST_NAMES_OF_A_PHONE),
        _AREAS.format(majority=_DISTRICT_MAJORITY),
        _KEYED.format(registers=registers),
    )
