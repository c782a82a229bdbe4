"""Take people's answers on places and ownership; each settles all the entities it concerns at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jingwei.base_roster import changes
from jingwei.base_roster.models import Entity, OwnershipAnswer, Placement
from jingwei.base_roster.reading import whole_roster
from jingwei.base_roster.services.building import compute_decided
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission, require, require_scope
from jingwei.domain.ownership import question_key
from jingwei.domain.rulebook.words import fold
from jingwei.domain.search_keys import search_text
from jingwei.places.models import Place
from jingwei.places.selectors import gazetteer_stamp
from jingwei.places.services import add_road_range


@transaction.atomic
def answer_road(
    *, county: Place, road: str, number_from: int | None, number_to: int | None, parity: str, place: Place,
    by: Actor, on: datetime,
) -> int:  # fmt: skip
    """One answer places every entity of a road: store the house numbers, compute the entities again.

    Returns how many entities left the queue.
    """
    require_scope(by, Permission.PLACEMENT_DECIDE, place_id=county.pk)
    places_before = gazetteer_stamp()
    add_road_range(
        county=county, road=road, number_from=number_from, number_to=number_to, parity=parity, place=place,
        source="落点待分派", by=by, on=on,
    )  # fmt: skip
    # Also the placed ones: for them the answer may contradict their code.
    on_road = Entity.objects.filter(county=county, road=fold(road))
    waiting = on_road.filter(town__isnull=True, overlay__isnull=True)
    count, ids = waiting.count(), list(on_road.values_list("pk", flat=True))
    compute_decided(on=on, entity_ids=ids)
    changes.follow_places(places_before)
    placed = count - waiting.count()
    journal.record(
        verb="placement.answer_road", subject_type="place", subject_id=place.pk, by=by, on=on,
        fields=["place_id", "town_id"], detail={"entities": placed}, place_id=county.pk,
    )  # fmt: skip
    return placed


@transaction.atomic
def assign_place(*, entity: Entity, place: Place, reason: str, by: Actor, on: datetime) -> None:
    """A person places one entity; the choice stands before every computed placement.

    Raises ``NotPermitted`` when the entity, or the place it would go to, lies outside the person's scope.
    """
    for place_id in (entity.overlay_id or entity.place_id, place.pk):
        require_scope(by, Permission.PLACEMENT_DECIDE, place_id=place_id, body_id=entity.body_id)
    Placement.objects.update_or_create(
        entity=entity,
        defaults={
            "place": place, "method": "person", "precision": "name", "evidence": reason[:300], "disagreement": "",
            "decided_by": by.name, "computed_at": on,
        },
    )  # fmt: skip
    compute_decided(on=on, entity_ids=[entity.pk])
    journal.record(
        verb="placement.assign", subject_type="entity", subject_id=entity.pk, by=by, on=on,
        fields=["place_id"], place_id=place.pk,
    )  # fmt: skip


@transaction.atomic
def answer_ownership(*, parent_name: str, value: str, basis: str, by: Actor, on: datetime) -> int:
    """A clerk settles the ownership of a body and of all branch offices that hang on it.

    A later answer replaces the earlier one. Returns how many entities were computed again.
    """
    require(by, Permission.OWNERSHIP_DECIDE)
    key = question_key(parent_name)
    OwnershipAnswer.objects.update_or_create(
        parent_name=key, defaults={"value": value, "basis": basis, "decided_by": by.name, "decided_at": on}
    )
    with whole_roster():
        asked = Entity.objects.filter(Q(parent_name=key) | Q(search_name=search_text(parent_name)))
        ids = list(asked.order_by("pk").values_list("pk", flat=True))
    computed = compute_decided(on=on, entity_ids=ids)
    journal.record(
        verb="ownership.answer", subject_type="ownership_answer", subject_id=key, by=by, on=on,
        fields=["ownership"], detail={"entities": computed},
    )  # fmt: skip
    return computed
