"""Freeze the base roster of a day under a number that a rate can quote."""

import hashlib
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max

from jingwei.base_roster.models import Entity, RosterVersion
from jingwei.core import journal
from jingwei.core.permissions import Actor, Permission
from jingwei.places.services.guards import require_whole_city


@transaction.atomic
def freeze(*, as_of: date, by: Actor, on: datetime) -> RosterVersion:
    """Give the base roster of the day a number and a hash over its ids, so that a rate can quote it."""
    require_whole_city(by, Permission.BATCH_COMMIT)
    digest, entities = hashlib.sha256(), 0
    for pk in Entity.objects.filter(counts_in_base=True).order_by("pk").values_list("pk", flat=True).iterator():
        digest.update(f"{pk}\n".encode())
        entities += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7310003)")
    number = (RosterVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    version = RosterVersion.objects.create(
        number=number, as_of=as_of, entities=entities, hash=digest.hexdigest(), frozen_at=on, frozen_by=by.name
    )
    journal.record(
        verb="base_roster.freeze", subject_type="roster_version", subject_id=version.pk, by=by, on=on,
        detail={"entities": entities},
    )  # fmt: skip
    return version
