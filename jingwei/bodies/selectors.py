"""Reads of the bodies: lists, chains of superiors, and which committee an industry belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from jingwei.bodies.models import Body
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, Permission, require
from jingwei.places.models import Place

LONGEST_CHAIN = 12
HISTORY_SHOWN = 20


def bodies_page(
    *,
    actor: Actor,
    on: date,
    text: str = "",
    kind: str = "",
    place: Place | None = None,
    state: str = "active",
) -> QuerySet[Body]:
    """Bodies for the list page with their place, superior and number of active users. One query.

    ``place`` takes the place and everything below it; ``state`` is active, ended or all. Bodies are
    offices, not personal data: whoever may see bodies sees all of them.
    """
    require(actor, Permission.BODIES_VIEW)
    found = Body.objects.select_related("superior", "place").defer("place__boundary")
    if text:
        found = found.filter(Q(name__contains=text) | Q(short_name__contains=text))
    if kind:
        found = found.filter(kind=kind)
    if place is not None:
        found = found.filter(place__path__within=place.path)
    if state == "active":
        found = found.active_on(on)
    elif state == "ended":
        found = found.exclude(valid__contains=on)
    counted = found.annotate(active_users=Count("users", Q(users__is_active=True)))
    return counted.order_by("place__path", "kind", "pk")


@dataclass(frozen=True)
class BodyDetail:
    """One body with the bodies above it (nearest first) and right below it, and what was done to it."""

    body: Body
    above: list[Body]
    below: list[Body]
    history: list[JournalEntry]


def body_detail(*, body: Body, actor: Actor) -> BodyDetail:
    """Load the page of one body in three queries."""
    require(actor, Permission.BODIES_VIEW)
    below = body.subordinates.select_related("place").defer("place__boundary").order_by("place__path", "pk")
    history = JournalEntry.objects.filter(subject_type="body", subject_id=str(body.pk)).order_by("-pk")
    return BodyDetail(body, superior_chain(body), list(below), list(history[:HISTORY_SHOWN]))


def superior_chain(body: Body) -> list[Body]:
    """The bodies above one, nearest first. One query."""
    rows = Body.objects.raw(
        "WITH RECURSIVE above AS (SELECT b.*, 1 AS height FROM bodies_body b WHERE b.id = %s"
        " UNION ALL SELECT b.*, above.height + 1 FROM bodies_body b JOIN above ON b.id = above.superior_id"
        " WHERE above.height < %s) SELECT * FROM above ORDER BY height",
        [body.superior_id, LONGEST_CHAIN],
    )
    return list(rows)


@dataclass(frozen=True)
class IndustryClaim:
    """A committee claims the industries that begin with a code, within a county or the whole city."""

    prefix: str
    body_id: int
    county_id: int | None


def industry_claims(*, on: date) -> tuple[IndustryClaim, ...]:
    """What every committee claims on the day, for deciding many entities. One query."""
    held = Body.objects.industry_committees().active_on(on).order_by("pk")
    rows = held.values_list("pk", "industries", "place__kind", "place__path")
    return tuple(
        IndustryClaim(prefix, pk, _county_id(kind, path)) for pk, prefixes, kind, path in rows for prefix in prefixes
    )


def _county_id(kind: str | None, path: str | None) -> int | None:
    return None if kind in (None, Place.Kind.CITY) or path is None else int(path.split(".")[1])


def industry_committee_for(
    industry_code: str, *, claims: Sequence[IndustryClaim], county_id: int | None = None
) -> int | None:
    """Id of the committee whose industry code is the longest prefix, or None.

    Codes follow GB/T 4754: a letter, then digits; a code that came without its letter fits by its
    digits. With equal prefixes a committee of the entity's own county goes before one of the city,
    and the older before the younger.
    """
    code = industry_code.strip().upper()
    fitting = [
        (len(claim.prefix), claim.county_id is not None, -claim.body_id)
        for claim in claims
        if claim.county_id in (None, county_id) and _fits(code, claim.prefix)
    ]
    return -max(fitting)[2] if fitting else None


def _fits(code: str, prefix: str) -> bool:
    digits = prefix[1:] if prefix[:1].isalpha() else prefix
    return bool(prefix) and (
        code.startswith(prefix) or (code[:1].isdigit() and bool(digits) and code.startswith(digits))
    )
