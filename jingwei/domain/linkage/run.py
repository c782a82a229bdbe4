"""One linkage from records to results, inside the engine that is passed in.

The tables lie in the engine's schema `linkage`; the results are
- `linkage.result`: file, row, entity, basis, score, review — each record's row once;
- `linkage.party_unit`: the units Party organizations cover, each with the entity it was found as;
- `linkage.review_pair`: what a person has to look at, as pairs of rows, each with its weight of evidence.

Before `link` the table `linkage.verdict` (file, row, other_file, other_row, same) may be filled with what
people have decided about pairs of rows.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from jingwei.domain.linkage.cluster import prepare, take_turn
from jingwei.domain.linkage.engine import Engine, add_functions
from jingwei.domain.linkage.frequencies import count_values, size_of
from jingwei.domain.linkage.keys import build_keys
from jingwei.domain.linkage.model import Model, standard
from jingwei.domain.linkage.reasons import Basis
from jingwei.domain.linkage.record_numbers import record_number
from jingwei.domain.linkage.records import LIST_ORDER, REGISTERS, SCHEMA
from jingwei.domain.linkage.version import Version, build_known_keys, veil
from jingwei.domain.lists import LISTS, ListKind

PARTY_RANK = LIST_ORDER.index(ListKind.PARTY_ORG)

# Files keep the numbers an earlier run gave them; further ones follow in the order of their names.
_FILES = """
CREATE OR REPLACE TABLE linkage.file AS
SELECT rank, file, row_number() OVER (PARTITION BY rank ORDER BY number IS NULL, number, file) - 1 AS number
FROM (
  SELECT rank, file, min(number) AS number FROM (
    SELECT rank, file, number FROM linkage.known_file
    UNION ALL SELECT DISTINCT rank, file, CAST(NULL AS BIGINT) FROM linkage.received
  ) GROUP BY rank, file
)
"""
# A record's number tells its list, file, row and unit, so that it is the same in every run.
_NUMBERED = f"""
CREATE OR REPLACE TABLE linkage.records AS
SELECT {record_number("r.rank", "f.number", "r.row", "r.unit")} AS rid, r.*
FROM linkage.received r JOIN linkage.file f ON f.rank = r.rank AND f.file = r.file
"""
_KNOWN_FILES = "CREATE TABLE linkage.known_file (rank INTEGER, file VARCHAR, number BIGINT)"

_VERDICTS = """
CREATE TABLE linkage.verdict (file VARCHAR, row BIGINT, other_file VARCHAR, other_row BIGINT, same BOOLEAN)
"""
# A decision about two rows holds whichever of them comes later.
_DECISIONS = """
CREATE OR REPLACE TABLE linkage.{table} AS
SELECT a.rid, b.rid AS aid
FROM linkage.verdict v
JOIN linkage.records a ON a.file = v.file AND a.row = v.row AND a.unit = 0
JOIN linkage.records b ON b.file = v.other_file AND b.row = v.other_row AND b.unit = 0
WHERE {condition}
UNION ALL
SELECT b.rid, a.rid
FROM linkage.verdict v
JOIN linkage.records a ON a.file = v.file AND a.row = v.row AND a.unit = 0
JOIN linkage.records b ON b.file = v.other_file AND b.row = v.other_row AND b.unit = 0
WHERE {condition}
"""

# A Party organization belongs to the only unit it covers; it founds an entity if it covers none
# that is known, or several, or calls itself a joint one.
_PARTY_ROWS = """
INSERT INTO linkage.link
SELECT r.rid, coalesce(u.eid, r.rid), coalesce(u.aid, r.rid),
  CASE WHEN u.eid IS NULL THEN '{own}' ELSE '{covered}' END, coalesce(u.score, 1.0),
  coalesce(u.review, false), NULL
FROM linkage.records r LEFT JOIN (
  SELECT s.file, s.row, count(*) AS units, any_value(l.eid) AS eid, any_value(l.aid) AS aid,
    any_value(l.score) AS score, any_value(l.review) AS review
  FROM linkage.records s LEFT JOIN linkage.link l USING (rid)
  WHERE s.rank = {rank} AND s.unit > 0 GROUP BY s.file, s.row HAVING count(*) = 1
) u ON u.file = r.file AND u.row = r.row AND NOT r.joint
WHERE r.rank = {rank} AND r.unit = 0
"""

_ENTITIES = """
CREATE TABLE linkage.entity AS
WITH numbered AS (
  SELECT eid, row_number() OVER (ORDER BY eid) AS number, count(*) OVER () AS total
  FROM (SELECT DISTINCT eid FROM linkage.link)
)
SELECT eid, 'E' || lpad(number::VARCHAR, greatest(6, length(total::VARCHAR))::INTEGER, '0') AS entity
FROM numbered
"""

_RESULT = """
CREATE OR REPLACE TABLE linkage.result AS
SELECT r.rid, r.rank, r.list_kind, r.file, r.row, r.unit, r.name, e.entity,
  coalesce(d.basis, l.basis, '{missing}') AS basis, coalesce(d.score, l.score, 0.0) AS score,
  coalesce(d.rid IS NOT NULL OR l.review, true) AS review, coalesce(d.millibits, l.millibits) AS millibits
FROM linkage.records r
LEFT JOIN linkage.link l USING (rid) LEFT JOIN linkage.entity e USING (eid)
LEFT JOIN linkage.doubt d USING (rid)
"""

# A doubt is shown with the entities it is about, a link by weight with the record it would join.
_REVIEW_PAIRS = """
CREATE OR REPLACE TABLE linkage.review_pair AS
SELECT r.basis, r.score, r.entity, r.rid, x.file, x.row, x.name, x.code_text AS code,
  y.rid AS other_rid, y.file AS other_file, y.row AS other_row, y.name AS other_name,
  y.code_text AS other_code, z.entity AS other_entity, p.place, p.millibits, p.contributions
FROM linkage.candidate p
JOIN linkage.result r ON r.rid = p.rid JOIN linkage.records x ON x.rid = p.rid
JOIN linkage.records y ON y.rid = p.aid JOIN linkage.result z ON z.rid = p.aid
WHERE r.review AND NOT (r.rank = {rank} AND r.unit = 0)
"""


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """Figures of one run. `links` counts rows by ground, `review` those among them to be reviewed."""

    entities: int
    links: dict[Basis, int]
    review: int


def begin(engine: duckdb.DuckDBPyConnection) -> None:
    """Make an empty schema `linkage`, whatever stood there before."""
    engine.execute("DROP SCHEMA IF EXISTS linkage CASCADE; CREATE SCHEMA linkage")
    engine.register("linkage_made", SCHEMA.empty_table())
    engine.execute("CREATE TABLE linkage.received AS SELECT * FROM linkage_made")
    engine.unregister("linkage_made")
    engine.execute(_VERDICTS)
    engine.execute(_KNOWN_FILES)
    add_functions(engine)


def receive(engine: duckdb.DuckDBPyConnection, records: pa.Table) -> None:
    """Add records of `records.SCHEMA`, in any order and in as many parts as convenient."""
    engine.register("linkage_made", records)
    engine.execute("INSERT INTO linkage.received SELECT * FROM linkage_made")
    engine.unregister("linkage_made")


def link(
    engine: duckdb.DuckDBPyConnection,
    *,
    stage: Callable[[str], None] = lambda _: None,
    model: Model | None = None,
    version: Version | None = None,
    divisions: Collection[str] = (),
) -> LinkCounts:
    """Link all received records; `stage` is told the Chinese name of each stage as it begins. `model`
    holds the weights, the standard ones unless told; `version`, whose own weights count, says what an
    earlier run counted and learned, or that this run begins a version others may go by. `divisions` are
    names of places, besides those learned from the records, that names may begin with.

    The same records give the same entities in whatever order, by however many threads.
    """
    stage("规范化")
    number_records(engine)
    engine.execute("DROP TABLE linkage.received")
    make_keys(engine, version, divisions)
    weights = version.model if version else model or standard()
    return link_keyed(engine, weights, stage=stage, counted=version is not None and version.known)


def link_keyed(
    engine: Engine, model: Model, *, stage: Callable[[str], None] = lambda _: None, counted: bool = False
) -> LinkCounts:
    """Link the records whose keys are made, on any engine. The tables `records`, `verdict`, `keyed` and
    `former` must be there; with `counted` also `frequency` and `roster_size`, which count then.
    """
    engine.execute(_DECISIONS.format(table="must", condition="v.same"))
    engine.execute(_DECISIONS.format(table="never", condition="NOT v.same"))
    prepare(engine)
    if not counted:
        count_values(engine, registers=len(REGISTERS))
    size = size_of(engine)
    for rank, kind in enumerate(LIST_ORDER):
        stage(f"比对{LISTS[kind].zh}")
        take_turn(engine, model, rank=rank, registers=len(REGISTERS), size=size, founds=rank != PARTY_RANK)
    stage("归户")
    return _finish(engine)


def number_records(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `linkage.file` and `linkage.records` of what was received."""
    engine.execute(_FILES)
    engine.execute(_NUMBERED)


def make_keys(engine: duckdb.DuckDBPyConnection, version: Version | None, divisions: Collection[str] = ()) -> None:
    """Make `linkage.keyed` and `linkage.former`, by what the version knows if it knows anything."""
    registers = len(REGISTERS)
    if version is not None and version.known:
        build_known_keys(engine, version, party_rank=PARTY_RANK, registers=registers)
        return
    build_keys(engine, party_rank=PARTY_RANK, registers=registers, divisions=divisions)
    if version is not None:
        veil(engine, version)


def place_party_rows(engine: Engine) -> None:
    """Link the Party organizations of `linkage.records`, whose covered units have had their turn."""
    engine.execute(_PARTY_ROWS.format(own=Basis.OWN.value, covered=Basis.COVERED_UNIT.value, rank=PARTY_RANK))


def _finish(engine: Engine) -> LinkCounts:
    place_party_rows(engine)
    engine.execute(_ENTITIES)
    show_results(engine)
    show_review_pairs(engine)
    return count_links(engine)


def show_results(engine: Engine) -> None:
    """Make `linkage.result` of the records and what became of them."""
    engine.execute(_RESULT.format(missing=Basis.UNIT_UNKNOWN.value))


def show_review_pairs(engine: Engine) -> None:
    """Make `linkage.review_pair` of the results and the candidates."""
    engine.execute(_REVIEW_PAIRS.format(rank=PARTY_RANK))


def count_links(engine: Engine) -> LinkCounts:
    """The figures of `linkage.result`."""
    counted = engine.execute(
        "SELECT basis, count(*), count(*) FILTER (review) FROM linkage.result"
        " WHERE unit = 0 GROUP BY basis ORDER BY basis"
    ).fetchall()
    ((entities,),) = engine.execute("SELECT count(*) FROM linkage.entity").fetchall()
    return LinkCounts(
        entities=entities,
        links={Basis(basis): rows for basis, rows, _ in counted},
        review=sum(review for _, _, review in counted),
    )
