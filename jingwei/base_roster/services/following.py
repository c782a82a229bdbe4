"""Follow what changes below: a place that moves takes its entities along before the next build."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from jingwei.base_roster import changes
from jingwei.base_roster.models import Entity, RosterBasis
from jingwei.base_roster.services.building import compute_decided, rebuild
from jingwei.core import journal
from jingwei.core.permissions import Actor
from jingwei.places.models import Place
from jingwei.places.selectors import gazetteer_stamp

READER = "base_roster.places"
FOLLOWED = frozenset({"place.abolish", "place.move", "place.recode", "place.rename"})


# A table of places may bring names that any address mentions.
TABLES = frozenset(
    {
        "places.import",
        "places.import_boundaries",
        "places.import_history",
        "places.import_overlays",
        "places.import_roads",
    }
)


@transaction.atomic
def follow_places(*, by: Actor, on: datetime, limit: int = 500) -> int:
    """Compute the entities of places that changed since the last call; returns how many rows of the journal were read.

    A dated change of one place computes what lies in it: other entities may name such a place in their address, and
    the next build computes everything. After the import of a table everything is computed at once.
    """
    entries = list(journal.unread(reader=READER, limit=limit))
    if any(entry.verb in TABLES for entry in entries):
        compute_on_new_places(by=by, on=on)
    changed = {int(entry.subject_id) for entry in entries if entry.verb in FOLLOWED}
    for place in Place.objects.filter(pk__in=changed).order_by("path"):
        compute_below(place=place, on=on)
    if entries:
        journal.advance(reader=READER, seq=entries[-1].seq or 0)
    return len(entries)


def compute_on_new_places(*, by: Actor, on: datetime) -> int:
    """Compute the whole roster, if there is one that stands on other places than those of now; returns how many."""
    changes.wait_for_other_builds()
    kept = RosterBasis.objects.first()
    if kept is None or kept.gazetteer == gazetteer_stamp():
        return 0
    return rebuild(by=by, on=on)


def compute_below(*, place: Place, on: datetime) -> int:
    """Compute the entities that lie in a place, below it or in an overlay there; returns how many."""
    inside = list(Place.objects.within(place).values_list("pk", flat=True))
    lying = Entity.objects.filter(Q(place_id__in=inside) | Q(overlay_id__in=inside))
    return compute_decided(on=on, entity_ids=list(lying.order_by("pk").values_list("pk", flat=True)))
