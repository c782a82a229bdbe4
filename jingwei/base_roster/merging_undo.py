"""Undo a merge from its log: tell what forbids it, put every row back as it was, prove that it is."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from jingwei.base_roster.entity_relations import is_correction
from jingwei.base_roster.merging_moves import delete, identifiers_of, take_along
from jingwei.base_roster.merging_pictures import ENTITIES, Key, Picture, Step, by_table, is_site, picture, state_of
from jingwei.base_roster.merging_relations import Values, live_relations
from jingwei.base_roster.models import EntitySource, Fact, Merge
from jingwei.core.refusal import Refused
from jingwei.domain.lists import LISTS, ListKind
from jingwei.rosters.models import SourceUnit

LINKS, FACTS = EntitySource._meta.db_table, Fact._meta.db_table
_INSERT = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)
"""
# Columns that the log does not name keep what they hold.
_UPDATE = """
UPDATE {table} t SET {sets}
  FROM unnest(%s::bigint[], %s::jsonb[]) AS logged (pk, patch)
  JOIN {table} held ON held.{key} = logged.pk
 CROSS JOIN LATERAL jsonb_populate_record(held, logged.patch) AS r
 WHERE t.{key} = logged.pk
"""


class LogDiffers(RuntimeError):
    """After putting everything back the rows are not what they were: the log is not to be trusted."""


class Undoing:
    """One merge or move, its log, and the rows as they stand now. Three queries; needs the whole roster in scope."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        self.steps = [
            Step(Key(step.table, step.row), step.before, step.after) for step in merge.steps.order_by("position")
        ]
        self.rows = picture([merge.kept_id, merge.gone_id], also=[step.key for step in self.steps])
        self.units = {
            step.before["unit_id"]
            for step in self.steps
            if step.key.table == LINKS and step.before and step.before["entity_id"] == merge.gone_id
        }

    @property
    def founded(self) -> bool:
        """Whether the entity that the unit went to was made for it."""
        return any(step.key == Key(ENTITIES, self.merge.kept_id) and step.before is None for step in self.steps)

    @property
    def sites(self) -> list[int]:
        """Branch offices that hung on the entity that went."""
        return [step.key.pk for step in self.steps if is_site(step.key, step.before or step.after or {})]

    def check(self) -> None:
        """Raise ``Refused``, naming the row, where something stands in the way."""
        for step in self.steps:
            self._check_step(step)
        if self.merge.kind == Merge.Kind.MERGE or self.founded:
            for key, row in sorted(self._newcomers()):
                self._check_newcomer(key, row)
            self._check_corrections()

    def check_later(self) -> None:
        """Raise ``Refused`` where a later one stands: the last goes first. A move of a unit that came later stands by itself."""
        both = [self.merge.kept_id, self.merge.gone_id]
        later = Merge.objects.filter(pk__gt=self.merge.pk, undone_at=None)
        for each in later.filter(Q(kept_id__in=both) | Q(gone_id__in=both)).order_by("-pk"):
            if each.kind == Merge.Kind.MERGE or each.kept_id in both or not self._came_later(each.unit_id):
                raise Refused(f"请先撤销后来的一次：{described(each)}。")

    def _came_later(self, unit_id: int | None) -> bool:
        return not EntitySource.objects.filter(unit_id=unit_id, pk__in=self.merge.rows.get(LINKS, ())).exists()

    def _check_step(self, step: Step) -> None:
        relation, now = by_table()[step.key.table], self.rows.get(step.key)
        if step.after is None or is_site(step.key, step.after):
            return
        if now is None:
            if relation.is_said(step.after):
                raise Refused(f"合并后{relation.zh}有变化，不能撤销：{self._named(step.key, step.after)}已不存在。")
            return
        if not (relation.is_said(step.after) or relation.is_said(now)):
            return
        was, is_ = relation.lasting(step.after), relation.lasting(now)
        if any(is_.get(name) != value for name, value in was.items()):
            raise Refused(f"合并后{relation.zh}有变化，不能撤销：{self._named(step.key, now)}。")

    def _newcomers(self) -> Iterator[tuple[Key, Values]]:
        """Rows that came to the kept entity afterwards."""
        for relation in live_relations():
            known = set(self.merge.rows.get(relation.table, ()))
            for key, row in self.rows.items():
                if (
                    key.table == relation.table
                    and row.get(relation.column) == self.merge.kept_id
                    and key.pk not in known
                ):
                    yield key, row

    def _check_newcomer(self, key: Key, row: Values) -> None:
        relation = by_table()[key.table]
        if is_site(key, row) or key.table == FACTS or not relation.is_sticky(row):
            return
        if key.table == LINKS and self._speaks_for_kept(row["unit_id"]):
            return
        raise Refused(
            f"合并后新增了{relation.zh}，不能判断属于哪一个主体，不能撤销：{self._named(key, row)}。"
            + ("请先把它移到应属的主体。" if key.table == LINKS else "")
        )

    def _speaks_for_kept(self, unit_id: int) -> bool:
        """A unit that came later belongs to the kept entity where its code is that entity's and not the other's."""
        if self.founded:
            return False
        new, ours, theirs = "", set[str](), set[str]()
        links = EntitySource.objects.filter(entity_id=self.merge.kept_id)
        for pk, unit, code in links.values_list("pk", "unit_id", "unit__content_record__uscc"):
            if unit == unit_id:
                new = code or ""
            elif pk in self.merge.rows[LINKS]:
                (theirs if unit in self.units else ours).add(code or "")
        return bool(new) and new in ours and new not in theirs

    def _check_corrections(self) -> None:
        """Corrections made since could mean either entity, unless they were made and withdrawn again."""
        since: dict[str, list[Values]] = defaultdict(list)
        for _, row in sorted(each for each in self._newcomers() if each[0].table == FACTS):
            if is_correction(row):
                since[row["kind"]].append(row)
        for kind, rows in since.items():
            withdrawn_earlier = not rows[0]["value"] and self._brought_a_correction(kind)
            if rows[-1]["value"] or withdrawn_earlier:
                name = by_table()[FACTS].named(rows[-1])
                raise Refused(f"合并后新增了更正，不能判断属于哪一个主体，不能撤销：{name}。")

    def _brought_a_correction(self, kind: str) -> bool:
        return any(
            step.key.table == FACTS and step.after is not None and is_correction(step.after) and step.after["kind"] == kind
            for step in self.steps
        )  # fmt: skip

    def _named(self, key: Key, row: Values) -> str:
        if key.table == LINKS:
            unit = SourceUnit.objects.select_related("last_record").get(pk=row["unit_id"])
            name = unit.last_record.name if unit.last_record else unit.source_key
            return f"{LISTS[ListKind(unit.list_kind)].zh}名单的“{name}”"
        return by_table()[key.table].named(row)

    def restore(self) -> None:
        """Put every logged row back and prove it; what came out of the units' records since goes with them.

        Raises ``LogDiffers`` where a row is not as it was: then nothing is kept.
        """
        units = list(self.units)
        since = [pk for pk in identifiers_of(self.merge.kept_id, units) if pk not in self._known_identifiers()]
        _insert(ENTITIES, [step.before for step in self.steps if step.key.table == ENTITIES and _is_gone(step)])
        for table in {step.key.table for step in self.steps}:
            made = [step.key.pk for step in self.steps if step.key.table == table and step.before is None]
            if table != ENTITIES:
                delete(table, by_table()[table].key_column, made)
        for table in {step.key.table for step in self.steps}:
            _update(table, [step for step in self.steps if step.key.table == table and step.before and step.after])
            if table != ENTITIES:
                _insert(table, [step.before for step in self.steps if step.key.table == table and _is_gone(step)])
        take_along(source=self.merge.kept_id, to=self.merge.gone_id, units=units, identifiers=since)
        if self.founded:
            self._remove_founded()
        self._prove()

    def _known_identifiers(self) -> set[int]:
        return set(self.merge.rows.get("base_roster_identifier", ()))

    def _remove_founded(self) -> None:
        """The entity made for the unit has nothing left but what is computed."""
        for relation in live_relations():
            if relation.has_rows_of_its_own:
                delete(relation.table, relation.column, [self.merge.kept_id])
        delete(ENTITIES, "id", [self.merge.kept_id])

    def _prove(self) -> None:
        logged = {step.key: step.before for step in self.steps if step.before is not None}
        now = picture([self.merge.kept_id, self.merge.gone_id], also=logged)
        same: Picture = {
            key: {name: now.get(key, {}).get(name) for name in row} for key, row in logged.items()
        }  # fmt: skip
        if state_of(same) != self.merge.state_before:
            raise LogDiffers(f"merge {self.merge.pk}: the rows differ from what they were before")


def described(merge: Merge) -> str:
    """Which act it was, in Chinese."""
    day = f"{merge.at:%Y-%m-%d}，{merge.by}"
    if merge.kind == Merge.Kind.MERGE:
        return f"“{merge.gone_name}”并入“{merge.kept_name}”（{day}）"
    return f"来源单位由“{merge.gone_name}”移到“{merge.kept_name}”（{day}）"


def _is_gone(step: Step) -> bool:
    return step.after is None


def _patch(step: Step) -> dict[str, Any]:
    """What to put back: a computed row as a whole, of what was said only the columns that were changed."""
    assert step.before is not None
    assert step.after is not None
    if by_table()[step.key.table].is_said(step.before):
        return {name: value for name, value in step.before.items() if step.after.get(name) != value}
    return step.before


def _update(table: str, steps: Sequence[Step]) -> None:
    if not steps:
        return
    patches = [_patch(step) for step in steps]
    key = by_table()[table].key_column
    columns = sorted({name for patch in patches for name in patch} - {key})
    sets = ", ".join(f"{_quoted(name)} = r.{_quoted(name)}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE.format(table=table, key=key, sets=sets), [[step.key.pk for step in steps], [json.dumps(p) for p in patches]]
        )  # fmt: skip


def _insert(table: str, rows: Iterable[Values | None]) -> None:
    held = [dict(row) for row in rows if row is not None]
    if not held:
        return
    columns = ", ".join(_quoted(name) for name in held[0])
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(table=table, columns=columns), [json.dumps(held)])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
