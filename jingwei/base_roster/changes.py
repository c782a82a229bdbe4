"""What a build has to compute: entities whose facts are others than they were computed from, or everything."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from jingwei.base_roster.derivation import APART
from jingwei.base_roster.models import Entity, RosterBasis
from jingwei.bodies.selectors import industry_claims
from jingwei.domain import rulebook
from jingwei.domain.legal_form import LegalForm
from jingwei.places.selectors import dates_between, gazetteer_stamp

_LOCK = 7_310_006
# The order of its units' days decides whose word goes first; it may change though no list says anything new.
_CHANGED = """
SELECT entity_id FROM (
  SELECT s.entity_id, s.read_record_id, s.read_age, u.content_record_id,
         dense_rank() OVER (
           PARTITION BY s.entity_id, CASE WHEN u.list_kind = ANY(%(apart)s) THEN u.list_kind ELSE '' END
           ORDER BY u.last_as_of) AS age
    FROM base_roster_entitysource s JOIN rosters_sourceunit u ON u.id = s.unit_id
) AS held
 WHERE read_record_id IS DISTINCT FROM content_record_id OR read_age IS DISTINCT FROM age
UNION
SELECT id FROM base_roster_entity WHERE rulebook_version <> %(version)s
ORDER BY 1
"""
# The name of a branch office begins with that of its parent.
_OFFICES = """
SELECT office.id FROM base_roster_entity office
 WHERE office.legal_form = %(branch)s AND office.id <> ALL(%(without)s)
   AND (office.parent_id = ANY(%(parents)s)
        OR EXISTS (SELECT 1 FROM unnest(%(lengths)s::int[]) AS length
                    WHERE left(office.search_name, length) = ANY(%(names)s::text[])))
 ORDER BY office.id
"""


class Parent(NamedTuple):
    """What branch offices take from an entity; ``name`` is empty where none can hang on it."""

    name: str
    ownership: str


def wait_for_other_builds() -> None:
    """Builds run one after the other, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def holds(kept: RosterBasis | None, day: date) -> bool:
    """Whether what has been computed would come out the same on the day, as long as no list says anything new."""
    if kept is None:
        return False
    now = basis_of(day)
    same = (kept.rulebook_version, kept.gazetteer, kept.committees) == (
        now.rulebook_version, now.gazetteer, now.committees,
    )  # fmt: skip
    return same and not rules_change(kept.day, day) and not dates_between(kept.day, day)


def keep_basis(day: date) -> None:
    """Note that the whole roster stands on the rules, places and committees of the day."""
    now = basis_of(day)
    kept = {
        "day": day,
        "rulebook_version": now.rulebook_version,
        "gazetteer": now.gazetteer,
        "committees": now.committees,
    }
    RosterBasis.objects.update_or_create(pk=now.pk, defaults=kept)


def follow_places(before: UUID) -> None:
    """Take over the present version of the places, if the roster stood on the one before a change.

    For a change of places whose effect on the roster has been computed already.
    """
    RosterBasis.objects.filter(gazetteer=before).update(gazetteer=gazetteer_stamp())


def basis_of(day: date) -> RosterBasis:
    """The basis as it is now, not stored."""
    claims = sorted(map(repr, industry_claims(on=day)))
    return RosterBasis(
        day=day,
        rulebook_version=rulebook.version(),
        gazetteer=gazetteer_stamp(),
        committees=hashlib.sha256("\n".join(claims).encode()).hexdigest(),
    )


def rules_change(after: date, until: date) -> bool:
    """Whether any value of the rulebook begins after the one day and not after the other."""
    return any(
        after < value.since <= until
        for entry in rulebook.entries().values()
        for values in (entry.values, *entry.overrides.values())
        for value in values
    )


def changed_entities() -> list[int]:
    """Entities that were not computed from what their lists say now, or not by the present rulebook."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"version": rulebook.version(), "apart": [kind.value for kind in APART]})
        return [row[0] for row in cursor.fetchall()]


def possible_parents(entity_ids: Sequence[int]) -> dict[int, Parent]:
    """What branch offices would take from each of these entities. One query."""
    rows = Entity.objects.filter(pk__in=entity_ids).values_list(
        "pk", "search_name", "ownership", "legal_form", "parent_name"
    )
    return {
        pk: Parent("" if form == LegalForm.BRANCH_OFFICE and above else name, owned)
        for pk, name, owned, form, above in rows
    }


def offices_of_changed_parents(
    before: Mapping[int, Parent], after: Mapping[int, Parent], *, without: Sequence[int]
) -> list[int]:
    """Branch offices that an entity's new or former name, or its ownership, concerns. At most one query."""
    changed = [pk for pk in before if before[pk] != after[pk]]
    names = {parent.name for pk in changed for parent in (before[pk], after[pk]) if parent.name}
    if not names:
        return []
    facts: dict[str, Any] = {
        "branch": LegalForm.BRANCH_OFFICE.value, "without": list(without), "parents": changed,
        "names": list(names), "lengths": sorted({len(name) for name in names}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OFFICES, facts)
        return [row[0] for row in cursor.fetchall()]
