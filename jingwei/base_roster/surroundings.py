"""Load what the projection looks up: rules, places, committees and the answers people gave."""

from collections.abc import Collection
from datetime import date

from jingwei.base_roster.derivation import Context
from jingwei.base_roster.models import Entity, OwnershipAnswer, Placement
from jingwei.base_roster.projection import HumanPlacement, KnownParent, PlaceLevels, Surroundings
from jingwei.bodies.selectors import industry_claims
from jingwei.domain import rulebook
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.ownership import Ownership
from jingwei.places.models import Place, PlaceCode
from jingwei.places.selectors import gazetteer


def surroundings(day: date) -> Surroundings:
    """Everything beside the statements, in at most seven queries."""
    rows = list(Place.objects.values_list("id", "kind", "parent_id"))
    return Surroundings(
        context=Context(
            on=day,
            rules=rulebook.at(day, city_code(day)),
            gazetteer=gazetteer(),
            ownership_answers={
                name: Ownership(value) for name, value in OwnershipAnswer.objects.values_list("parent_name", "value")
            },
        ),
        levels=PlaceLevels({pk: kind for pk, kind, _ in rows}, {pk: parent for pk, _, parent in rows}),
        industry_claims=industry_claims(on=day),
        human_placements=human_placements(),
        stored_parents=stored_parents,
    )


def city_code(day: date) -> str | None:
    """Code of the city, whose overrides of the rulebook apply."""
    codes = PlaceCode.objects.filter(place__kind=Place.Kind.CITY, valid__contains=day)
    return codes.values_list("code", flat=True).first()


def human_placements() -> dict[int, HumanPlacement]:
    """Entity id -> the place that a person chose."""
    chosen = Placement.objects.exclude(decided_by="").values_list("entity_id", "place_id", "place__kind")
    return {
        entity: HumanPlacement(place, None) if kind in Place.ADMINISTRATIVE else HumanPlacement(None, place)
        for entity, place, kind in chosen
    }


def stored_parents(keys: Collection[str]) -> dict[str, KnownParent]:
    """Search name -> stored entity, for parents that are not part of this computation. One query."""
    found = Entity.objects.filter(search_name__in=keys).exclude(legal_form=LegalForm.BRANCH_OFFICE).order_by("-pk")
    return {
        name: KnownParent(pk, Ownership(owned))
        for name, pk, owned in found.values_list("search_name", "pk", "ownership")
    }
