"""Write a merge or a moved unit: set-based, one statement for each table and column."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from jingwei.base_roster.merging_pictures import ENTITIES
from jingwei.base_roster.merging_plan import Plan
from jingwei.base_roster.models import Entity, EntitySource, Fact, Identifier
from jingwei.domain.intake import split_names
from jingwei.rosters.models import SourceUnit

# The basis of a link that a person decided.
BY_PERSON = "decided"
# The name of the entity that goes is a former name of the one that stays. Where it is one already, once is enough.
_TWICE = """
DELETE FROM base_roster_identifier i WHERE i.entity_id = %(gone)s AND i.kind = 'name' AND i.value <> %(name)s
   AND EXISTS (SELECT 1 FROM base_roster_identifier b
                WHERE b.entity_id = ANY(%(both)s) AND b.kind = 'former_name' AND b.value = i.value)
"""
_FORMER = """
UPDATE base_roster_identifier SET kind = 'former_name'
 WHERE entity_id = %(gone)s AND kind = 'name' AND value <> %(name)s
"""
# Where its name turns out to be that of the whole, it is no former one.
_PRESENT = """
DELETE FROM base_roster_identifier i USING base_roster_entity e
 WHERE e.id = %s AND i.entity_id = e.id AND i.kind = 'former_name' AND i.value = e.name
   AND EXISTS (SELECT 1 FROM base_roster_identifier b WHERE b.entity_id = e.id AND b.kind = 'name' AND b.value = e.name)
"""
_FACTS_OF_UNITS = """
UPDATE base_roster_fact SET entity_id = %(to)s
 WHERE entity_id = %(source)s AND list_kind <> 'manual'
   AND record_id IN (SELECT id FROM rosters_sourcerecord WHERE unit_id = ANY(%(units)s))
"""
_SAID = """
SELECT r.unit_id, r.name, r.uscc, r.values ->> 'name', r.values ->> 'uscc', r.values ->> 'registration_number',
       r.values ->> 'former_names'
  FROM base_roster_entitysource s JOIN rosters_sourcerecord r ON r.unit_id = s.unit_id WHERE s.entity_id = %s
"""


def apply(plan: Plan, *, kept: Entity, gone: Entity) -> None:
    """Write the plan and remove the entity that goes; its row stands in the log."""
    named: dict[str, Any] = {"gone": gone.pk, "both": [kept.pk, gone.pk], "name": kept.name}
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, named)
        cursor.execute(_FORMER, named)
        for table, pks in plan.removed.items():
            delete(table, _key_of(plan, table), pks)
        for target, pks in plan.repointed.items():
            point(cursor, target, pks, kept.pk)
        for target, pks in plan.emptied.items():
            point(cursor, target, pks, None)
    delete(ENTITIES, "id", [gone.pk])


def forget_present_name(entity_id: int) -> None:
    """What has become the name of the whole is no former name."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, [entity_id])


def point(cursor: Any, target: tuple[str, str, str], pks: Collection[int], to: int | None) -> None:
    """Let a column of some rows speak of another entity, or of none. ``target`` is table, primary key and column."""
    table, key, column = target
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = ANY(%s)", [to, list(pks)])  # noqa: S608


def delete(table: str, key: str, pks: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [list(pks)])  # noqa: S608


def move(*, unit: SourceUnit, source: Entity, to: Entity, by_name: str, on: datetime) -> None:
    """Tie one unit to another entity, with what its records have said and the names and codes that only they give."""
    identifiers = identifiers_of(source.pk, [unit.pk])
    EntitySource.objects.filter(unit=unit).update(
        entity=to, rule=BY_PERSON, score=1, approved_by=by_name, approved_at=on, read_record=None, read_age=None
    )
    take_along(source=source.pk, to=to.pk, units=[unit.pk], identifiers=identifiers)


def take_along(*, source: int, to: int, units: Collection[int], identifiers: Collection[int]) -> None:
    """Facts out of the units' records, and identifiers where the other entity has none alike."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS_OF_UNITS, {"source": source, "to": to, "units": list(units)})
    going = Identifier.objects.filter(pk__in=identifiers, entity_id=source)
    held = set(Identifier.objects.filter(entity_id=to).values_list("kind", "value"))
    same = [each.pk for each in going if (each.kind, each.value) in held]
    Identifier.objects.filter(pk__in=same).delete()
    going.exclude(pk__in=same).update(entity_id=to)


def identifiers_of(entity_id: int, units: Collection[int]) -> list[int]:
    """Identifiers of the entity that records of these units have given and those of its other units have not.

    Call it while the units are still tied to the entity.
    """
    given: dict[bool, set[str]] = {True: set(), False: set()}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [entity_id])
        for unit_id, *texts, former in cursor.fetchall():
            given[unit_id in units].update(_texts(texts), split_names(former or ""))
    stated = Fact.objects.filter(entity_id=entity_id, list_kind=Fact.MANUAL, kind="name").values_list(
        "value", flat=True
    )
    only = given[True] - given[False] - set(stated)
    return list(Identifier.objects.filter(entity_id=entity_id, value__in=only).values_list("pk", flat=True))


def found_like(source: Entity, *, on: datetime) -> Entity:
    """A new entity for a unit that leaves another one; its columns are computed from its facts."""
    return Entity.objects.create(
        name="", roster=Entity.Roster.OTHER, legal_form="unknown", ownership=Entity.Ownership.UNKNOWN, state="unknown",
        screening=Entity.Screening.UNKNOWN, body_id=source.body_id, as_of=source.as_of, rulebook_version="",
        computed_at=on,
    )  # fmt: skip


def _texts(texts: Iterable[str | None]) -> set[str]:
    return {text[:200] for text in texts if text}


def _key_of(plan: Plan, table: str) -> str:
    return next(tally.relation.key_column for tally in plan.tallies if tally.relation.table == table)
