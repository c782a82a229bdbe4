"""Which organization an entity gained or lost between two snapshots, for the text on changes of coverage."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import connection

from jingwei.indicators.models import Snapshot
from jingwei.indicators.readings import Difference

_HELD = """
SELECT held.entity_id, state.organization_id, state.name, state.founded_on,
       state.first_id <= %(now)s AND (state.last_id IS NULL OR state.last_id >= %(now)s) AS stands,
       state.first_id <= %(before)s AND (state.last_id IS NULL OR state.last_id >= %(before)s) AS stood,
       EXISTS (SELECT 1 FROM indicators_organizationstate other
                WHERE other.organization_id = state.organization_id
                  AND other.first_id <= %(now)s AND (other.last_id IS NULL OR other.last_id >= %(now)s)) AS lives
  FROM indicators_organizationstate state
  JOIN LATERAL unnest(state.entity_ids) AS held (entity_id) ON held.entity_id = ANY(%(ids)s::bigint[])
 WHERE state.entity_ids && %(ids)s::bigint[]
   AND (state.last_id IS NULL OR state.last_id >= %(before)s) AND state.first_id <= %(now)s
"""


def with_organizations(found: Sequence[Difference], *, snapshot: Snapshot, compared: Snapshot) -> list[Difference]:
    """The differences whose form of coverage changed, with the organizations gained and lost. One query or none."""
    ids = sorted({item.id for item in found if "coverage" in item.causes})
    if not ids:
        return list(found)
    told = _told(ids, snapshot, compared)
    return [
        replace(item, causes_zh=(*item.causes_zh, *told.get(item.id, ()))) if "coverage" in item.causes else item
        for item in found
    ]


def _told(ids: list[int], snapshot: Snapshot, compared: Snapshot) -> dict[int, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"now": snapshot.pk, "before": compared.pk, "ids": ids})
        rows = cursor.fetchall()
    stands = {row[:2] for row in rows if row[4]}
    stood = {row[:2] for row in rows if row[5]}
    told: dict[int, list[str]] = {}
    for entity, organization, name, founded, is_now, _, lives in rows:
        key = (entity, organization)
        if is_now and key not in stood:
            told.setdefault(entity, []).append(f"由“{name}”覆盖{_since(founded)}")
        elif key in stood and key not in stands:
            told.setdefault(entity, []).append(f"“{name}”{'不再覆盖' if lives else '已终止'}")
    return told


def _since(founded: date | None) -> str:
    return f"（{founded:%Y-%m-%d} 成立）" if founded else ""
