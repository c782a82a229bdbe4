"""Reads of the registrations: those that wait, those of a place and kind, and on whose behalf a system asks."""

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jingwei.accounts.models import User
from jingwei.accounts.selectors import actor_for
from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.lists import LISTS, ListKind
from jingwei.places.models import Place
from jingwei.registrations.models import Registration
from jingwei.registrations.sealing import digest_of
from jingwei.rosters.models import Batch

# A system registers and nothing else, whatever its account may do besides.
OF_SYSTEMS = frozenset({Permission.REGISTRATION_SAVE})


# Asked at every request of every system, so past the object mapper.
_CALLER = """
SELECT t.id, t.name, t.per_minute, u.id, u.name
  FROM registrations_systemtoken t JOIN accounts_user u ON u.id = t.user_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND u.is_active
"""


class Caller(NamedTuple):
    """A system with its account, as its token tells."""

    token_id: int
    name: str
    per_minute: int
    user_id: int
    user_name: str


@dataclass(frozen=True, slots=True)
class Pile:
    """Registrations of one place and kind that wait to be handed over together."""

    kind: ListKind
    place: Place
    waiting: int

    @property
    def kind_zh(self) -> str:
        return LISTS[self.kind].zh


def registrations(*, actor: Actor, state: str = "") -> QuerySet[Registration]:
    """Registrations in the actor's scope, latest first, without what is sealed. One query."""
    require(actor, Permission.REGISTRATION_SAVE)
    found = Registration.objects.in_scope(actor).select_related("place", "batch", "token").defer("sealed")
    return found.filter(state=state) if state else found


def piles(*, actor: Actor) -> list[Pile]:
    """What waits, by place and kind, places in their order. Two queries."""
    require(actor, Permission.REGISTRATION_SAVE)
    given_up = Q(state=Registration.State.HANDED_OVER, batch__state__in=[Batch.State.CANCELLED, Batch.State.FAILED])
    waiting = Registration.objects.in_scope(actor).filter(Q(state=Registration.State.WAITING) | given_up)
    counted = list(waiting.order_by().values_list("list_kind", "place_id").annotate(number=Count("pk")))
    places = Place.objects.defer("boundary").in_bulk({place_id for _, place_id, _ in counted})
    found = [Pile(ListKind(kind), places[place_id], number) for kind, place_id, number in counted]
    return sorted(found, key=lambda pile: (pile.place.position, pile.place.pk, REGISTERS.index(pile.kind)))


def counts(*, actor: Actor) -> dict[str, int]:
    """Registrations in scope by state. One query."""
    found = Registration.objects.in_scope(actor).order_by().values_list("state").annotate(number=Count("pk"))
    return dict(found)


def caller_of(text: str) -> Caller | None:
    """Who asks with this token, if it is in use and so is its account. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CALLER, [digest_of(text)])
        found = cursor.fetchone()
    return Caller(*found) if found else None


def actor_of(caller: Caller, *, on: date) -> Actor:
    """The account as it may act through a system: within its own rights, and to register only. One query."""
    actor = actor_for(User(pk=caller.user_id, name=caller.user_name), on=on)
    return replace(actor, name=f"{actor.name}（{caller.name}）"[:80], permissions=actor.permissions & OF_SYSTEMS)
