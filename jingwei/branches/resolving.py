"""Which entities the names of covered units mean, by the links of an approved run."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from jingwei.base_roster.finding import these
from jingwei.base_roster.models import Entity
from jingwei.domain.coverage.organization_kind import is_named_after
from jingwei.domain.linkage import REASONS, Basis
from jingwei.domain.lists import ListKind
from jingwei.domain.rulebook import Rules
from jingwei.linkage.models import LinkRun

BY_ORGANIZATION_NAME = "organization_name"
BY_PERSON = "person"

# The entity of a cluster is the one that its rows were attached to. A row that waits for a person was
# not attached by this cluster, and a Party organization's own row says nothing new of the entity.
# Rows of a cluster that stand with several entities tell nothing.
_NAMED = """
WITH named AS MATERIALIZED (
  SELECT unit_id, part, spelt, cluster, rule, score, needs_review
    FROM linkage_proposedlink WHERE run_id = %(run)s AND part > 0
), home AS (
  SELECT l.cluster, min(s.entity_id) AS entity_id
    FROM linkage_proposedlink l
    JOIN base_roster_entitysource s ON s.unit_id = l.unit_id
    JOIN rosters_sourceunit u ON u.id = l.unit_id
   WHERE l.run_id = %(run)s AND l.part = 0 AND l.cluster IN (SELECT cluster FROM named)
     AND u.list_kind <> %(party)s AND NOT (l.needs_review AND l.rule = ANY(%(joining)s))
   GROUP BY l.cluster HAVING count(DISTINCT s.entity_id) = 1
)
SELECT named.unit_id, named.spelt, home.entity_id, named.rule, named.score,
       named.needs_review OR home.entity_id IS NULL
  FROM named LEFT JOIN home ON home.cluster = named.cluster
 ORDER BY named.unit_id, named.part
"""


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A covered unit as the list names it. ``waits`` says that a person has to look before it counts."""

    spelt: str
    entity_id: int | None
    rule: str
    score: float
    waits: bool

    @property
    def is_effective(self) -> bool:
        return self.entity_id is not None and not self.waits


@dataclass(frozen=True, slots=True)
class EntityPlace:
    """The name of an entity, every place it lies in, and the one its organization belongs to: the
    responsible park, else the town.
    """

    name: str
    lies_in: frozenset[int | None]
    place_id: int | None


def named_units(run: LinkRun) -> dict[int, list[NamedUnit]]:
    """Source unit of an organization -> the units it names, in their order. One query."""
    found: dict[int, list[NamedUnit]] = defaultdict(list)
    parameters: dict[str, Any] = {
        "run": run.pk,
        "party": ListKind.PARTY_ORG.value,
        "joining": [basis.value for basis, reason in REASONS.items() if reason.links],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, parameters)
        for unit_id, *rest in cursor.fetchall():
            found[unit_id].append(NamedUnit(*rest))
    return found


def entity_places(entity_ids: set[int]) -> dict[int, EntityPlace]:
    """Names and places of entities. One query."""
    rows = Entity.objects.filter(pk__in=these(sorted(entity_ids))).values_list(
        "pk", "name", "county_id", "town_id", "place_id", "overlay_id", "overlay__takes_responsibility"
    )
    return {
        pk: EntityPlace(name, frozenset((county, town, place, overlay)), overlay if responsible else town)
        for pk, name, county, town, place, overlay, responsible in rows
    }


def settled(
    named: NamedUnit, organization: str, area: int | None, entities: dict[int, EntityPlace], rules: Rules
) -> NamedUnit:
    """The same unit, no longer waiting where the organization itself settles what the name leaves open.

    It does by bearing the whole name of the entity that the matching proposes; or where only one entity of
    all registers has the name's core and it lies in the ``area`` of the organization's superior, which is
    what makes name and area a certain ground everywhere else.
    """
    entity = entities.get(named.entity_id) if named.entity_id is not None and named.waits else None
    if entity is None:
        return named
    if is_named_after(organization, entity.name, rules):
        return replace(named, rule=BY_ORGANIZATION_NAME, waits=False)
    if named.rule == Basis.NAME_CORE and area is not None and area in entity.lies_in:
        return replace(named, rule=Basis.NAME_AREA.value, waits=False)
    return named
