"""Tie the units of an approved run to entities, set-based: known units keep theirs, new clusters get one."""

from datetime import datetime
from typing import Any

from django.db import connection

from jingwei.domain.linkage import REASONS
from jingwei.domain.lists import ListKind
from jingwei.linkage.models import LinkRun

FOUNDING = (ListKind.MARKET, ListKind.CIVIL, ListKind.JUSTICE, ListKind.TAX, ListKind.SOCIAL)
REGISTERS = FOUNDING[:3]

# A register's row that waits for review stands as an entity of its own until somebody decides;
# a row of any other list waits outside the roster, so that a doubt never inflates the base count.
_WANTED = """
CREATE TEMP TABLE wanted ON COMMIT DROP AS
SELECT l.unit_id, l.rule, l.score, u.list_kind,
       CASE WHEN l.needs_review AND l.rule = ANY(%(joining)s) THEN -l.unit_id ELSE l.cluster::bigint END AS cluster,
       s.entity_id
  FROM linkage_proposedlink l
  JOIN rosters_sourceunit u ON u.id = l.unit_id
  LEFT JOIN base_roster_entitysource s ON s.unit_id = l.unit_id
 WHERE l.run_id = %(run)s AND l.part = 0 AND (NOT l.needs_review OR u.list_kind = ANY(%(registers)s))
"""
# A Party organization's row is named after an entity; it never tells which entity a cluster is.
_TARGETS = """
CREATE TEMP TABLE target ON COMMIT DROP AS
SELECT cluster, min(entity_id) AS entity_id, false AS made, count(DISTINCT list_kind) AS lists FROM wanted
 WHERE list_kind <> %(party)s
 GROUP BY cluster HAVING bool_or(entity_id IS NOT NULL) OR bool_or(list_kind = ANY(%(founding)s))
"""
# The best attested come last and so stand first in a list of the newest.
_NUMBER = """
UPDATE target SET entity_id = made_id.id, made = true
  FROM (SELECT cluster, nextval(pg_get_serial_sequence('base_roster_entity', 'id')) AS id
          FROM (SELECT cluster FROM target WHERE entity_id IS NULL ORDER BY lists, abs(cluster), cluster) AS ordered) AS made_id
 WHERE target.cluster = made_id.cluster
"""
_ENTITIES = """
INSERT INTO base_roster_entity (id, name, uscc, roster, legal_form, ownership, state, operating, screening,
    counts_in_base, body_id, industry_code, sources, parent_name, road, search_name, bigrams, pinyin, initials,
    as_of, rulebook_version, computed_at)
SELECT entity_id, '', '', 'other', 'unknown', 'unknown', 'unknown', true, 'unknown',
    false, %(body)s, '', 0, '', '', '', '{}', '', '', %(as_of)s, '', %(on)s
  FROM target WHERE made
"""
_SOURCES = """
INSERT INTO base_roster_entitysource (entity_id, unit_id, rule, score, approved_by, approved_at)
SELECT t.entity_id, w.unit_id, w.rule, w.score, %(by)s, %(on)s
  FROM wanted w JOIN target t ON t.cluster = w.cluster
 WHERE w.entity_id IS NULL
ON CONFLICT (unit_id) DO NOTHING
"""


def attach(*, run: LinkRun, by_name: str, on: datetime) -> int:
    """Attach every effective unit of the run; returns how many entities were founded.

    A unit that already belongs to an entity stays there: moving it is a person's decision.
    """
    parameters: dict[str, Any] = {
        "run": run.pk,
        "joining": [basis.value for basis, reason in REASONS.items() if reason.links],
        "registers": [kind.value for kind in REGISTERS],
        "founding": [kind.value for kind in FOUNDING],
        "party": ListKind.PARTY_ORG.value,
        "body": run.body_id,
        "as_of": run.as_of,
        "by": by_name,
        "on": on,
    }
    with connection.cursor() as cursor:
        for statement in ("DROP TABLE IF EXISTS wanted, target", _WANTED, "ANALYZE wanted", _TARGETS, _NUMBER):
            cursor.execute(statement, parameters)
        cursor.execute(_ENTITIES, parameters)
        founded: int = cursor.rowcount
        cursor.execute(_SOURCES, parameters)
    return founded
