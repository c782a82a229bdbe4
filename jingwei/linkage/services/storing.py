"""Copy what the engine found into the run's proposals, and count what its links rest on."""

import re
from typing import Any

import duckdb
from django.db import connection

from jingwei.domain.linkage import REASONS
from jingwei.domain.linkage.reasons import Basis

PART = 50_000
# COPY does not go into a table under row-level security: first into a temporary one.
_FOUND = """
DROP TABLE IF EXISTS found;
CREATE TEMP TABLE found (
  unit_id bigint, part int, spelt text, cluster int, rule text, score float8, needs_review boolean
) ON COMMIT DROP
"""
_STORE = """
INSERT INTO linkage_proposedlink (run_id, unit_id, part, spelt, cluster, rule, score, needs_review)
SELECT %s, unit_id, part, left(spelt, 200), cluster, rule, score, needs_review FROM found
"""
# How a Party organization's row names what it covers is kept; other rows say their name themselves.
_RESULTS = """
SELECT l.row, l.unit, CASE WHEN l.unit > 0 THEN coalesce(r.name, r.code_text, '') ELSE '' END,
       l.entity, l.basis, l.score, l.review
  FROM linkage.result l JOIN linkage.records r USING (rid)
 ORDER BY l.rid
"""
# Each link is compared with the record it joined.
_COMBINATIONS = """
SELECT l.basis, {fields}, count(*) AS rows
  FROM linkage.link l
  JOIN linkage.keyed x ON x.rid = l.rid JOIN linkage.keyed y ON y.rid = l.aid
 WHERE l.rid <> l.aid AND NOT l.review AND x.unit = 0
 GROUP BY ALL ORDER BY l.basis, rows DESC, {fields}
"""
_COMPARED = {
    "code": "uscc",
    "name": "name_key",
    "person": "person",
    "site": "site",
    "phone": "phone",
}
_OUTCOME = (
    "CASE WHEN x.{key} IS NULL OR y.{key} IS NULL THEN 'missing' WHEN x.{key} = y.{key} THEN 'same' ELSE 'differs' END"
)


def store_results(engine: duckdb.DuckDBPyConnection, run_id: int) -> dict[str, dict[str, int]]:
    """Copy the engine's results into the run's proposals; returns rows and reviews per ground.

    The units that Party organizations cover are stored as further parts of their rows and are not counted.
    """
    result = engine.execute(_RESULTS)
    counts: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        with cursor.copy("COPY found FROM STDIN") as copy:
            while rows := result.fetchmany(PART):
                for unit_id, part, spelt, entity, basis, score, review in rows:
                    waits = needs_person(Basis(basis), review=bool(review), is_part=part > 0)
                    copy.write_row((unit_id, part, spelt, cluster_number(entity), basis, score, waits))
                    if part == 0:
                        tally = counts.setdefault(basis, {"rows": 0, "review": 0})
                        tally["rows"] += 1
                        tally["review"] += waits
        cursor.execute(_STORE, [run_id])
    return counts


def needs_person(basis: Basis, *, review: bool, is_part: bool) -> bool:
    """Whether a person has to confirm the link before it takes effect.

    A covered unit may be given by its code alone: nothing else is asked for, so its valid code settles it.
    """
    if is_part and basis is Basis.CODE_ONLY:
        return False
    return review or not REASONS[basis].batch


def cluster_number(entity: str | None) -> int | None:
    """The number of the engine's entity; None for a covered unit that nothing was found for."""
    return None if entity is None else int(re.sub(r"\D", "", entity))


def combinations(engine: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Links by ground and by what agreed, most frequent first within a ground.

    Each is {"rule", "rows", and for code, name, person, site and phone: same, differs or missing}.
    """
    fields = ", ".join(_OUTCOME.format(key=key) for key in _COMPARED.values())
    found = engine.execute(_COMBINATIONS.format(fields=fields)).fetchall()
    return [
        {"rule": rule, **dict(zip(_COMPARED, outcomes, strict=True)), "rows": rows} for rule, *outcomes, rows in found
    ]
