"""Resolve a user's grants into what he may do and see; lists of users, grants and acts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import Grant, User
from jingwei.bodies.models import Body
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import ROLES, Actor, NotPermitted, Permission, Role, require
from jingwei.places.models import Place

DEMO_DEVICE = "demo"

# Acts on rows under row-level security. Only the grants whose role gives one of them open that lock:
# whoever administers accounts, reads the journal or has a record of his own sees no department's data.
SCOPED = frozenset(
    {
        Permission.ROSTER_VIEW,
        Permission.ROSTER_EXPORT,
        Permission.FACT_CORRECT,
        Permission.BATCH_VIEW,
        Permission.BATCH_IMPORT,
        Permission.BATCH_COMMIT,
        Permission.LINK_APPROVE,
        Permission.PLACEMENT_DECIDE,
        Permission.OWNERSHIP_DECIDE,
        Permission.PLACES_EDIT,
        Permission.BODIES_EDIT,
        Permission.PERSONAL_REVEAL,
    }
)

# One query: the user's unit, the grants of the day, and the places below each granted place. A grant
# on the city needs no list of places.
_GRANTS = """
SELECT b.name, g.role, g.place_id, p.kind, g.body_id,
       CASE WHEN p.parent_id IS NOT NULL
            THEN ARRAY(SELECT below.id FROM places_place below WHERE below.path <@ p.path) END AS below
  FROM accounts_user u
  LEFT JOIN bodies_body b ON b.id = u.body_id
  LEFT JOIN accounts_grant g ON g.user_id = u.id AND g.valid @> %s::date
  LEFT JOIN places_place p ON p.id = g.place_id
 WHERE u.id = %s
"""


@dataclass(frozen=True)
class GrantedScope:
    """One grant of the day: the role, the place it was given for and everything below it, the body."""

    role: Role
    place_id: int | None
    kind: str | None
    body_id: int | None
    below: tuple[int, ...]


@dataclass(frozen=True)
class Reach:
    """How far one permission of a user reaches: the union over the grants that give it."""

    everything: bool = False
    place_ids: frozenset[int] = frozenset()
    body_ids: frozenset[int] = frozenset()

    def covers(self, *, place_id: int | None = None, body: Body | None = None) -> bool:
        """Whether a place, or a body (by itself or by its place), lies within reach."""
        if self.everything or place_id in self.place_ids:
            return True
        return body is not None and (body.pk in self.body_ids or body.place_id in self.place_ids)


def actor_for(user: User, *, on: date) -> Actor:
    """Return the actor that the user is on this day, with one query.

    Permissions are the union over the grants in force. Scope is the union over those grants whose
    role touches scoped rows: a place stands for itself and everything below it, a body for itself.
    Without such a grant the scope is empty, and row-level security shows nothing.
    """
    unit_name, grants = _grants_of(user.pk, on)
    scoped = [grant for grant in grants if ROLES[grant.role].permissions & SCOPED]
    reached = _union(scoped)
    return Actor(
        user_id=user.pk,
        name=user.name,
        title=user.title,
        unit_name=unit_name,
        permissions=frozenset().union(*(ROLES[grant.role].permissions for grant in grants)),
        everything=reached.everything,
        place_ids=tuple(sorted(reached.place_ids)),
        body_ids=tuple(sorted(reached.body_ids)),
        county_ids=_tops(scoped, Place.Kind.COUNTY),
        town_ids=_tops(scoped, Place.Kind.TOWN),
        other_place_ids=_below_towns(scoped),
        roles=frozenset(grant.role for grant in grants),
    )


def _below_towns(grants: list[GrantedScope]) -> tuple[int, ...]:
    """Places reached by grants on communities and overlays, with what lies below them."""
    wide = (Place.Kind.CITY, Place.Kind.COUNTY, Place.Kind.TOWN)
    return tuple(sorted({place for grant in grants if grant.kind not in wide for place in grant.below}))


def reach(actor: Actor, permission: Permission, *, on: date) -> Reach:
    """How far one permission of the actor reaches on the day. One query, none for the local operator."""
    if not actor.may(permission):
        return Reach()
    if actor.user_id is None:
        return Reach(everything=actor.everything)
    _, grants = _grants_of(actor.user_id, on)
    return _union([grant for grant in grants if permission in ROLES[grant.role].permissions])


def _grants_of(user_id: int, on: date) -> tuple[str, list[GrantedScope]]:
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, [on, user_id])
        rows = cursor.fetchall()
    grants = [
        GrantedScope(Role(role), place_id, kind, body_id, tuple(below or ()))
        for _, role, place_id, kind, body_id, below in rows
        if role is not None
    ]
    return (rows[0][0] or "" if rows else ""), grants


def _union(grants: Iterable[GrantedScope]) -> Reach:
    held = list(grants)
    return Reach(
        everything=any(grant.kind == Place.Kind.CITY for grant in held),
        place_ids=frozenset().union(*(grant.below for grant in held)),
        body_ids=frozenset(grant.body_id for grant in held if grant.body_id is not None),
    )


def _tops(grants: Iterable[GrantedScope], kind: str) -> tuple[int, ...]:
    return tuple(sorted({grant.place_id for grant in grants if grant.kind == kind and grant.place_id is not None}))


def users_page(*, actor: Actor, on: date, text: str = "", role: str = "", state: str = "active") -> QuerySet[User]:
    """Users within the actor's reach for the list page, with their grants of the day. Two queries.

    ``state`` is active, inactive or all. A user is within reach by his unit or by a grant.
    """
    require(actor, Permission.USERS_VIEW)
    found = _within(reach(actor, Permission.USERS_VIEW, on=on))
    if text:
        found = found.filter(Q(username__icontains=text) | Q(name__contains=text))
    if role:
        found = found.filter(Exists(Grant.objects.active_on(on).filter(user=OuterRef("pk"), role=role)))
    if state in ("active", "inactive"):
        found = found.filter(is_active=state == "active")
    device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return (
        found.select_related("body")
        .annotate(has_second_factor=Exists(device))
        .prefetch_related(_current_grants(on))
        .order_by("body__place__path", "body_id", "username")
    )


def _current_grants(on: date) -> "Prefetch[str]":
    current = Grant.objects.active_on(on).select_related("place", "body").defer("place__boundary").order_by("pk")
    return Prefetch("grants", current, to_attr="current_grants")


def demo_users(*, on: date) -> QuerySet[User]:
    """Accounts whose second factor the command line may tell, with their grants. Two queries."""
    device = TOTPDevice.objects.filter(user=OuterRef("pk"), name=DEMO_DEVICE)
    return User.objects.filter(Exists(device), is_active=True).prefetch_related(_current_grants(on)).order_by("pk")


def _within(reached: Reach) -> QuerySet[User]:
    if reached.everything:
        return User.objects.all()
    bodies = Body.objects.filter(Q(pk__in=reached.body_ids) | Q(place_id__in=reached.place_ids)).values("pk")
    given = Grant.objects.filter(Q(place_id__in=reached.place_ids) | Q(body__in=bodies)).values("user_id")
    return User.objects.filter(Q(body__in=bodies) | Q(pk__in=given))


def user_in_reach(*, user: User, actor: Actor, on: date) -> None:
    """Raise ``NotPermitted`` unless the actor may look at the user's account."""
    require(actor, Permission.USERS_VIEW)
    if not _within(reach(actor, Permission.USERS_VIEW, on=on)).filter(pk=user.pk).exists():
        raise NotPermitted("该账号不在你的管辖范围。", permission=Permission.USERS_VIEW)


def grants_of(user: User) -> list[Grant]:
    """All grants the user ever had, the latest first. One query."""
    held = user.grants.select_related("place", "body").defer("place__boundary")
    return list(held.order_by("-granted_at", "-pk"))


@dataclass(frozen=True)
class SecondFactor:
    """Whether a user has set up codes on his phone, and how many printed recovery codes are left."""

    ready: bool
    codes_left: int


def second_factor(user: User) -> SecondFactor:
    """Two queries."""
    return SecondFactor(
        ready=TOTPDevice.objects.filter(user=user, confirmed=True).exists(),
        codes_left=StaticToken.objects.filter(device__user=user).count(),
    )


def acts_of(user_id: int, *, limit: int = 20) -> list[JournalEntry]:
    """What the user did last. One query."""
    return list(JournalEntry.objects.filter(actor_id=user_id).order_by("-pk")[:limit])


def acts_about(user_id: int, *, limit: int = 20) -> list[JournalEntry]:
    """What others did last with the user's account; everybody may see who looked at his own. One query."""
    about = JournalEntry.objects.filter(subject_type="user", subject_id=str(user_id))
    return list(about.exclude(actor_id=user_id).order_by("-pk")[:limit])


@dataclass(frozen=True)
class JournalFilter:
    """What of the journal is wanted; ``before`` continues a page, exclusive."""

    actor_name: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class JournalPage:
    """Entries, latest first, and where the next page begins (None: this is the last one)."""

    entries: list[JournalEntry]
    next_before: int | None
    names: "JournalNames"


@dataclass(frozen=True)
class JournalNames:
    """Names for the ids in a page of the journal: places, bodies, and log-in names by subject id."""

    places: Mapping[int, str]
    bodies: Mapping[int, str]
    users: Mapping[str, str]


JOURNAL_PAGE_SIZE = 50


def journal_page(*, actor: Actor, wanted: JournalFilter, on: date) -> JournalPage:
    """One page of the journal, by key and not by number, so that a late page costs no more. Five queries.

    An auditor of the whole city sees every entry, another one those of his places and bodies.
    """
    require(actor, Permission.JOURNAL_VIEW)
    found = JournalEntry.objects.all()
    reached = reach(actor, Permission.JOURNAL_VIEW, on=on)
    if not reached.everything:
        found = found.filter(Q(place_id__in=reached.place_ids) | Q(body_id__in=reached.body_ids))
    if wanted.actor_name:
        found = found.filter(actor_name=wanted.actor_name)
    if wanted.verb:
        found = found.filter(verb=wanted.verb)
    if wanted.since:
        found = found.filter(at__date__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__date__lte=wanted.until)
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    entries = list(found.order_by("-pk")[: JOURNAL_PAGE_SIZE + 1])
    more = len(entries) > JOURNAL_PAGE_SIZE
    shown = entries[:JOURNAL_PAGE_SIZE]
    return JournalPage(shown, shown[-1].pk if more else None, _names_in(shown))


def _names_in(entries: list[JournalEntry]) -> JournalNames:
    subjects = [int(entry.subject_id) for entry in entries if entry.subject_type == "user"]
    places = Place.objects.filter(pk__in=[entry.place_id for entry in entries])
    bodies = Body.objects.filter(pk__in=[entry.body_id for entry in entries])
    users = User.objects.filter(pk__in=subjects).values_list("pk", "username")
    return JournalNames(
        places=dict(places.values_list("pk", "name")),
        bodies=dict(bodies.values_list("pk", "name")),
        users={str(pk): username for pk, username in users},
    )
