"""The first of two locks on rows that indicators count, as SQL over a population's columns."""

from django.db.models import QuerySet

from jingwei.base_roster.finding import scope_parts
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor
from jingwei.domain.indicators import Population
from jingwei.domain.indicators.sql import EVERYTHING, NOTHING, Sql

_COLUMNS = {
    Population.ENTITY: (("place_id", "overlay_id"), ("body_id", "industry_body_id")),
    Population.LETTER: (("place_id", "overlay_id"), ("body_id", "industry_body_id")),
    Population.ORGANIZATION: (("place_id",), ("superior_id", "body_id")),
}


def visible(actor: Actor, population: Population) -> Sql:
    """Condition: the row lies in the actor's scope."""
    if actor.everything:
        return EVERYTHING
    places, bodies = _COLUMNS[population]
    held = [(column, actor.place_ids) for column in places if actor.place_ids]
    held += [(column, actor.body_ids) for column in bodies if actor.body_ids]
    if not held:
        return NOTHING
    return Sql(" OR ".join(f"{column} = ANY(%s)" for column, _ in held), tuple(list(ids) for _, ids in held))


def in_cells(actor: Actor) -> Sql:
    """Condition on kept cells: they lie in a county or town that the actor is granted as a whole."""
    if actor.everything:
        return EVERYTHING
    held = [(column, ids) for column, ids in (("county_id", actor.county_ids), ("town_id", actor.town_ids)) if ids]
    if not held:
        return NOTHING
    return Sql(" OR ".join(f"{column} = ANY(%s)" for column, _ in held), tuple(list(ids) for _, ids in held))


def beyond_cells(actor: Actor) -> list[QuerySet[Entity]]:
    """Entities that reach the actor another way than by a county or town; the sets exclude one another."""
    if actor.everything:
        return []
    whole = bool(actor.county_ids) + bool(actor.town_ids)
    return [Entity.objects.filter(part) for part in scope_parts(actor)[whole:]]
