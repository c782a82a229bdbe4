"""What a run changed against the run before it, worked out once when the run is stored."""

import json
from typing import Any

from django.db import connection

from jingwei.domain.linkage import REASONS
from jingwei.linkage.models import LinkRun

MOST_SHOWN = 8
MOST_CLASSES = 20
# A link that waits for a person joins nothing yet: its unit stands alone, as in the roster.
_TAKEN = """
CREATE TEMP TABLE {name} ON COMMIT DROP AS
SELECT unit_id, rule, cluster, count(*) OVER (PARTITION BY cluster) > 1 AS linked
  FROM (SELECT unit_id, rule,
               CASE WHEN needs_review AND rule = ANY(%(joining)s) THEN -unit_id ELSE cluster::bigint END AS cluster
          FROM linkage_proposedlink WHERE run_id = %(run)s AND part = 0) AS taken
"""
_BESIDE = """
CREATE TEMP TABLE beside ON COMMIT DROP AS
SELECT unit_id, o.rule AS old_rule, n.rule AS new_rule, o.cluster AS old_cluster, n.cluster AS new_cluster,
       o.linked AS old_linked, n.linked AS new_linked
  FROM old_links o FULL JOIN new_links n USING (unit_id)
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE old_rule IS NULL), count(*) FILTER (WHERE new_rule IS NULL),
       count(*) FILTER (WHERE new_linked AND NOT old_linked), count(*) FILTER (WHERE old_linked AND NOT new_linked),
       count(*) FILTER (WHERE old_rule <> new_rule)
  FROM beside
"""
_CLASSES = """
SELECT old_rule, new_rule, count(*), (array_agg(unit_id ORDER BY md5(unit_id::text)))[1:3]
  FROM beside WHERE old_rule <> new_rule GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT %s
"""
_EXAMPLES = """
SELECT array(SELECT unit_id FROM beside WHERE {condition} ORDER BY md5(unit_id::text) LIMIT %s)
"""
# Entities of before that lie in one cluster now, or the other way round.
_TOGETHER = """
WITH torn AS (
  SELECT {whole} AS whole, count(DISTINCT {parts}) AS parts, min(unit_id) AS one, max(unit_id) AS other FROM beside
   WHERE old_cluster IS NOT NULL AND new_cluster IS NOT NULL
   GROUP BY {whole} HAVING count(DISTINCT {parts}) > 1
)
SELECT count(*), coalesce((SELECT jsonb_agg(jsonb_build_array(one, other, parts))
                             FROM (SELECT * FROM torn ORDER BY md5(whole::text) LIMIT %s) AS shown), '[]'::jsonb)::text
  FROM torn
"""


def changes(*, run: LinkRun, before: LinkRun | None) -> dict[str, Any]:
    """Rows, links and entities that are others than in the run before; empty where there is none.

    Units are named by their ids: new_links and lost_links hold examples, merged and split a pair of units
    and the number of parts for each example, classes [old rule, new rule, rows, examples].
    """
    if before is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS old_links, new_links, beside")
        joining = [basis.value for basis, reason in REASONS.items() if reason.links]
        for name, pk in (("old_links", before.pk), ("new_links", run.pk)):
            cursor.execute(_TAKEN.format(name=name), {"run": pk, "joining": joining})
        cursor.execute(_BESIDE)
        cursor.execute(_COUNTS)
        names = ("rows_added", "rows_gone", "new_links", "lost_links", "rows_of_another_class")
        found: dict[str, Any] = {"before": before.pk, **dict(zip(names, cursor.fetchone(), strict=True))}
        cursor.execute(_CLASSES, [MOST_CLASSES])
        found["classes"] = [list(row) for row in cursor.fetchall()]
        examples = {"new_links": "new_linked AND NOT old_linked", "lost_links": "old_linked AND NOT new_linked"}
        for name, condition in examples.items():
            cursor.execute(_EXAMPLES.format(condition=condition), [MOST_SHOWN])
            found[f"{name}_units"] = cursor.fetchone()[0]
        for name, whole, parts in (("merged", "new_cluster", "old_cluster"), ("split", "old_cluster", "new_cluster")):
            found[name], found[f"{name}_units"] = _together(cursor, whole, parts)
    return found


def _together(cursor: Any, whole: str, parts: str) -> tuple[int, Any]:
    cursor.execute(_TOGETHER.format(whole=whole, parts=parts), [MOST_SHOWN])
    count, shown = cursor.fetchone()
    return count, json.loads(shown)
