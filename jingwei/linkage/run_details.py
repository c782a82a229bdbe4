"""Reads behind the page of one run: rows of a class page by page, and what changed, with names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.linkage import REASONS, Basis
from jingwei.linkage.models import LinkRun
from jingwei.linkage.selectors import SampleLink
from jingwei.rosters.models import SourceUnit

ROWS_A_PAGE = 50
# Whoever wants to see more of a class than this looks for single rows in the roster.
MOST_ROWS = 1_000
_ROWS = """
WITH chosen AS (
  SELECT unit_id, cluster, row_number() OVER (ORDER BY md5(unit_id::text)) AS place
    FROM linkage_proposedlink WHERE run_id = %(run)s AND part = 0 AND rule = %(rule)s
   ORDER BY md5(unit_id::text) LIMIT %(size)s OFFSET %(start)s
)
SELECT record.name, record.uscc, unit.list_kind, anchor.name, anchor.uscc, anchor.list_kind
  FROM chosen
  JOIN rosters_sourceunit unit ON unit.id = chosen.unit_id
  JOIN rosters_sourcerecord record ON record.id = unit.last_record_id
  LEFT JOIN LATERAL (
    SELECT other_record.name, other_record.uscc, other.list_kind
      FROM linkage_proposedlink beside
      JOIN rosters_sourceunit other ON other.id = beside.unit_id
      JOIN rosters_sourcerecord other_record ON other_record.id = other.last_record_id
     WHERE beside.run_id = %(run)s AND beside.part = 0 AND beside.cluster = chosen.cluster
       AND beside.unit_id <> chosen.unit_id
     ORDER BY other.list_kind NOT IN ('market', 'civil_affairs', 'justice'), other.id LIMIT 1
  ) anchor ON true
 ORDER BY chosen.place
"""


@dataclass(frozen=True, slots=True)
class Combination:
    """Links of one ground that agree in the same fields. Words: same, differs, missing."""

    zh: str
    outcomes: tuple[tuple[str, str], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the run differs from the one before, with a few examples by name."""

    label: str
    meaning: str
    rows: int
    noun: str
    examples: tuple[str, ...]


FIELDS = {"code": "代码", "name": "名称", "person": "法定代表人", "site": "地址", "phone": "电话"}
_MOST_COMBINATIONS = 30


def rows_of_rule(*, actor: Actor, run: LinkRun, rule: Basis, start: int, size: int) -> list[SampleLink]:
    """Rows of a class with the row each was put to, in the order of a hash. One query."""
    require(actor, Permission.BATCH_VIEW)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"run": run.pk, "rule": rule.value, "size": size, "start": start})
        return [SampleLink(*row) for row in cursor.fetchall()]


def combinations(run: LinkRun) -> tuple[list[Combination], int]:
    """The most frequent combinations of evidence, and how many links the others have together. No query."""
    ordered = sorted(run.combinations, key=lambda item: (-item["rows"], item["rule"]))
    shown = [
        Combination(REASONS[Basis(item["rule"])].zh, tuple((FIELDS[name], item[name]) for name in FIELDS), item["rows"])
        for item in ordered[:_MOST_COMBINATIONS]
    ]
    return shown, sum(item["rows"] for item in ordered[_MOST_COMBINATIONS:])


def changes(run: LinkRun) -> list[Change]:
    """What the run changed against the one before it; empty for a first run. At most one query."""
    held = run.changes
    if not held:
        return []
    names = _names([unit for units in _units(held) for unit in units])
    single = {key: [(unit,) for unit in held[f"{key}_units"]] for key in ("new_links", "lost_links")}
    paired = {key: [tuple(item[:2]) for item in held[f"{key}_units"]] for key in ("merged", "split")}
    found = [
        Change("新增的归户", "上次单独成户、这次与别的行归为一户", held["new_links"], "行", _said(single["new_links"], names)),
        Change("消失的归户", "上次与别的行归为一户、这次单独成户", held["lost_links"], "行", _said(single["lost_links"], names)),
        Change("合到一起的户", "上次分属几户、这次归为一户", held["merged"], "户", _said(paired["merged"], names)),
        Change("拆开的户", "上次归为一户、这次分属几户", held["split"], "户", _said(paired["split"], names)),
        Change("新出现的行", "上次名单中没有", held["rows_added"], "行", ()),
        Change("不再出现的行", "上次名单中有、这次没有", held["rows_gone"], "行", ()),
        Change("换了依据的行", "两次都有，归户依据不同", held["rows_of_another_class"], "行", ()),
    ]  # fmt: skip
    return found


def moved_classes(run: LinkRun) -> list[tuple[str, str, int]]:
    """(ground of before, ground of now, rows), most rows first. No query."""
    moved = run.changes.get("classes", [])
    return [(REASONS[Basis(old)].zh, REASONS[Basis(new)].zh, rows) for old, new, rows, _ in moved]


def _units(held: Mapping[str, Any]) -> list[Sequence[int]]:
    pairs = [item[:2] for key in ("merged", "split") for item in held[f"{key}_units"]]
    return [held["new_links_units"], held["lost_links_units"], *pairs]


def _names(unit_ids: Sequence[int]) -> dict[int, str]:
    """Unit -> how its newest row calls it; units out of scope are left out."""
    units = SourceUnit.objects.filter(pk__in=unit_ids, last_record__isnull=False).select_related("last_record")
    return {unit.pk: str(unit.last_record) for unit in units}


def _said(examples: Sequence[tuple[int, ...]], names: Mapping[int, str]) -> tuple[str, ...]:
    said = []
    for units in examples:
        known = dict.fromkeys(names[unit] for unit in units if names.get(unit))
        if known:
            said.append(" 与 ".join(known))
    return tuple(said)
