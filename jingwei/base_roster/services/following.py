"""Follow what changes below: a place that moves takes its entities along before the next build."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jingwei.base_roster.models import Entity
from jingwei.base_roster.services.building import compute_decided
from jingwei.core import journal
from jingwei.places.models import Place

READER = "base_roster.places"
FOLLOWED = frozenset({"place.abolish", "place.move", "place.recode", "place.rename"})


@transaction.atomic
def follow_places(*, on: datetime, limit: int = 500) -> int:
    """Compute the entities of places that changed since the last call; returns how many rows of the journal were read.

    Other entities may name such a place in their address: the next build computes everything.
    """
    entries = list(journal.unread(reader=READER, limit=limit))
    changed = {int(entry.subject_id) for entry in entries if entry.verb in FOLLOWED}
    for place in Place.objects.filter(pk__in=changed).order_by("path"):
        compute_below(place=place, on=on)
    if entries:
        journal.advance(reader=READER, seq=entries[-1].seq or 0)
    return len(entries)


def compute_below(*, place: Place, on: datetime) -> int:
    """Compute the entities that lie in a place, below it or in an overlay there; returns how many."""
    inside = list(Place.objects.within(place).values_list("pk", flat=True))
    lying = Entity.objects.filter(Q(place_id__in=inside) | Q(overlay_id__in=inside))
    return compute_decided(on=on, entity_ids=list(lying.order_by("pk").values_list("pk", flat=True)))
