"""Load what the projection looks up: rules, places, committees and the answers people gave."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache

from django.db.models import Q

from jingwei.base_roster.derivation import Context
from jingwei.base_roster.models import Entity, OwnershipAnswer, Placement
from jingwei.base_roster.projection import HumanPlacement, KnownParent, PlaceLevels, Surroundings
from jingwei.base_roster.reading import corrections_of
from jingwei.bodies.selectors import industry_claims
from jingwei.domain import rulebook
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.ownership import Ownership, question_key
from jingwei.domain.placement import Gazetteer
from jingwei.places.models import OverlayMembership, Place, PlaceCode
from jingwei.places.selectors import gazetteer


def surroundings(day: date, entity_ids: list[int] | None = None) -> Surroundings:
    """Everything beside the statements, for all entities or some, in at most eight queries."""
    rows = list(Place.objects.values_list("id", "kind", "parent_id"))
    return Surroundings(
        context=context_of(day),
        levels=PlaceLevels(
            {pk: kind for pk, kind, _ in rows}, {pk: parent for pk, _, parent in rows}, responsible_parks(day)
        ),
        industry_claims=industry_claims(on=day),
        human_placements=human_placements(entity_ids),
        corrections=corrections_of(entity_ids),
        stored_parents=stored_parents,
    )


def responsible_parks(day: date) -> dict[int, int]:
    """Place -> the one park that takes responsibility for what lies in it; two such parks leave it to neither."""
    held: dict[int, set[int]] = {}
    inside = OverlayMembership.objects.filter(
        valid__contains=day, overlay__valid__contains=day, overlay__takes_responsibility=True
    )
    for place, park in inside.values_list("place_id", "overlay_id"):
        held.setdefault(place, set()).add(park)
    return {place: parks.pop() for place, parks in held.items() if len(parks) == 1}


def context_of(day: date, parent_names: Collection[str] | None = None) -> Context:
    """What verdicts look up; of the answers on ownership those on the named bodies alone, where names are given."""
    answers = OwnershipAnswer.objects.values_list("parent_name", "value")
    if parent_names is not None:
        answers = answers.filter(parent_name__in={question_key(name) for name in parent_names if name})
    places = gazetteer()
    return Context(
        on=day,
        rules=rulebook.at(day, _kept_city_code(places, day)),
        gazetteer=places,
        ownership_answers={name: Ownership(value) for name, value in answers},
    )


@lru_cache(maxsize=4)
def _kept_city_code(places: Gazetteer, day: date) -> str | None:
    """The city's code, read again when the gazetteer is another one because a place has changed."""
    return city_code(day)


def city_code(day: date) -> str | None:
    """Code of the city, whose overrides of the rulebook apply."""
    codes = PlaceCode.objects.filter(place__kind=Place.Kind.CITY, valid__contains=day)
    return codes.values_list("code", flat=True).first()


def human_placements(entity_ids: list[int] | None = None) -> dict[int, HumanPlacement]:
    """Entity id -> the place that a person chose."""
    chosen = Placement.objects.exclude(decided_by="")
    if entity_ids is not None:
        chosen = chosen.filter(entity_id__in=entity_ids)
    return {
        entity: HumanPlacement(place, None) if kind in Place.ADMINISTRATIVE else HumanPlacement(None, place)
        for entity, place, kind in chosen.values_list("entity_id", "place_id", "place__kind")
    }


def stored_parents(keys: Collection[str]) -> Iterator[tuple[str, KnownParent]]:
    """(search name, stored entity) of those that branch offices with these parents may hang on. One query."""
    if not keys:
        return
    found = Entity.objects.filter(search_name__in=keys).exclude(
        Q(legal_form=LegalForm.BRANCH_OFFICE) & ~Q(parent_name="")
    )
    for name, pk, owned in found.values_list("search_name", "pk", "ownership").iterator():
        yield name, KnownParent(pk, Ownership(owned))
