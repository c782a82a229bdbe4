"""The rows that indicators count, live or as they stood in a snapshot, under the same column names.

Each is the text of a sub-select with its parameters. Beside the columns of formulas it has id, name, code,
area_id (the responsible park, else the town) and body_id; row-level security applies to all of them.
"""

from datetime import date

from jingwei.domain.indicators import Population
from jingwei.domain.indicators.sql import Sql

ENTITY_COLUMNS = (
    "name", "uscc", "roster", "legal_form", "ownership", "state", "operating", "screening", "counts_in_base",
    "place_id", "county_id", "town_id", "overlay_id", "area_id", "body_id", "industry_body_id", "industry_code",
    "staff", "full_members", "probationary_members", "sources", "founded_on", "covered_as", "coverage_state",
)  # fmt: skip
ORGANIZATION_COLUMNS = (
    "name", "form", "level", "superior_id", "place_id", "county_id", "town_id", "area_id", "body_id", "founded_on",
    "ended_on", "units", "entity_ids",
)  # fmt: skip
_OF_LETTERS = (
    "roster", "legal_form", "place_id", "county_id", "town_id", "overlay_id", "area_id", "body_id",
    "industry_body_id", "industry_code", "staff",
)  # fmt: skip

_OWN_ENTITY = ", ".join(f"e.{column}" for column in ENTITY_COLUMNS if column != "area_id")
_LIVE_ENTITIES = f"""
SELECT e.id, e.uscc AS code, {_OWN_ENTITY},
       CASE WHEN park.takes_responsibility THEN e.overlay_id ELSE e.town_id END AS area_id
  FROM base_roster_entity e LEFT JOIN places_place park ON park.id = e.overlay_id
"""  # noqa: S608
_FROZEN_ENTITIES = f"""
SELECT entity_id AS id, uscc AS code, {", ".join(ENTITY_COLUMNS)} FROM indicators_entitystate
 WHERE first_id <= %s AND (last_id IS NULL OR last_id >= %s)
"""  # noqa: S608
# The deepest county and town at or above the organization's place; a park lies in its county.
_LIVE_ORGANIZATIONS = """
SELECT o.id, '' AS code, o.name, o.form, o.level, o.superior_id, o.place_id, county.id AS county_id,
       town.id AS town_id, CASE WHEN place.takes_responsibility THEN place.id ELSE town.id END AS area_id,
       o.body_id, o.founded_on, upper(o.valid) AS ended_on, coalesce(held.units, 0)::int AS units,
       coalesce(held.entity_ids, '{}') AS entity_ids
  FROM branches_organization o
  LEFT JOIN places_place place ON place.id = o.place_id
  LEFT JOIN places_place county ON county.kind = 'county' AND county.path @> place.path
  LEFT JOIN places_place town ON town.kind = 'town' AND town.path @> place.path
  LEFT JOIN (SELECT organization_id, count(*) AS units,
                    array_agg(entity_id ORDER BY entity_id) FILTER (WHERE entity_id IS NOT NULL AND NOT waits) AS entity_ids
               FROM branches_coveredunit WHERE valid @> %s::date GROUP BY organization_id) held
    ON held.organization_id = o.id
 WHERE o.valid @> %s::date
"""
_FROZEN_ORGANIZATIONS = f"""
SELECT organization_id AS id, '' AS code, {", ".join(ORGANIZATION_COLUMNS)} FROM indicators_organizationstate
 WHERE first_id <= %s AND (last_id IS NULL OR last_id >= %s)
"""  # noqa: S608
_LETTERS = """
SELECT letter.id, entity.name, letter.number AS code, letter.issued_on, letter.answered_on, letter.reply_due_on,
       {columns}
  FROM coverage_noticeletter letter JOIN ({entities}) AS entity ON entity.id = letter.entity_id
"""


def live(population: Population, on: date) -> Sql:
    """The rows as they are now, organizations and what they cover on the day."""
    if population is Population.ENTITY:
        return Sql(_LIVE_ENTITIES)
    if population is Population.ORGANIZATION:
        return Sql(_LIVE_ORGANIZATIONS, (on, on))
    return _letters(live(Population.ENTITY, on))


def frozen(population: Population, snapshot_id: int) -> Sql:
    """The rows of a snapshot. Letters are never changed but for their answer, which has its day."""
    if population is Population.ENTITY:
        return Sql(_FROZEN_ENTITIES, (snapshot_id, snapshot_id))
    if population is Population.ORGANIZATION:
        return Sql(_FROZEN_ORGANIZATIONS, (snapshot_id, snapshot_id))
    return _letters(frozen(Population.ENTITY, snapshot_id))


def changed(population: Population, snapshot_id: int, compared_id: int) -> tuple[Sql, Sql]:
    """Rows of a snapshot and of an earlier one, only those that differ between the two. Not for letters."""
    now, before = frozen(population, snapshot_id), frozen(population, compared_id)
    return (
        Sql(f"{now.text} AND first_id > %s", (*now.parameters, compared_id)),
        Sql(f"{before.text} AND last_id < %s", (*before.parameters, snapshot_id)),
    )


def _letters(entities: Sql) -> Sql:
    columns = ", ".join(f"entity.{column}" for column in _OF_LETTERS)
    return Sql(_LETTERS.format(columns=columns, entities=entities.text), entities.parameters)
