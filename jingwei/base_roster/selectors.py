"""Reads of the base roster: a page of a list, the rows of an export, one entity with all that is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from jingwei.base_roster import counts
from jingwei.base_roster.counts import KeptTotal
from jingwei.base_roster.filters import RosterFilters, Sort, read_text
from jingwei.base_roster.finding import LIMIT, entities_of_text, find, these
from jingwei.base_roster.models import Entity, EntitySource, Fact, Identifier, Placement, SavedView, Succession
from jingwei.base_roster.reading import whole_roster
from jingwei.core.permissions import Actor, Permission, require
from jingwei.places.models import Place

# Pages of a text that fits more than LIMIT entities: whoever looks for one of them types more.
DEEPEST_OF_COMMON_TEXT = 1_000
MOST_EXPORTED = 100_000
MOST_SITES = 20
_ROW = (
    "pk", "name", "uscc", "roster", "legal_form", "ownership", "state", "operating", "screening", "counts_in_base",
    "county__name", "town__name", "overlay__name", "industry_code", "staff", "full_members", "covered_as",
    "coverage_state", "sources", "as_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a list; texts of places are None where the entity is not placed that deep."""

    id: int
    name: str
    uscc: str
    roster: str
    legal_form: str
    ownership: str
    state: str
    operating: bool
    screening: str
    counts_in_base: bool
    county: str | None
    town: str | None
    overlay: str | None
    industry_code: str
    staff: int | None
    full_members: int | None
    covered_as: str
    coverage_state: str
    sources: int
    as_of: date


@dataclass(frozen=True, slots=True)
class RosterPage:
    """A page of a list. ``count`` is exact unless ``at_least``; ``pages`` are those that can be reached.

    ``unknown`` counts those of unknown ownership, None where it was not counted. ``is_cut`` says that
    the list goes on beyond the last page; ``sort`` is the order in force.
    """

    rows: list[RosterRow]
    count: int
    at_least: bool
    unknown: int | None
    number: int
    pages: int
    size: int
    sort: Sort
    is_cut: bool


def roster_page(
    *, actor: Actor, filters: RosterFilters, number: int, size: int, kept: KeptTotal | None = None
) -> RosterPage:
    """A page of a roster list, numbered from 1; a number beyond the last page gives the last one.

    ``kept`` is the total where the caller knows it already. Two to five queries. Raises
    ``NotPermitted`` without the permission to see rosters.
    """
    require(actor, Permission.ROSTER_VIEW)
    kept = kept or counts.total(actor=actor, filters=filters)
    start = min(max(number - 1, 0) * size, LIMIT - size)
    many = kept is not None and kept.entities > LIMIT
    found = find(actor=actor, filters=filters, start=start, size=size, many=many)
    count = kept.entities if kept else min(found.count, LIMIT)
    deepest = DEEPEST_OF_COMMON_TEXT if filters.text and found.is_more else LIMIT
    pages = max(-(-min(count, deepest) // size), 1)
    if start >= pages * size:
        start = (pages - 1) * size
        found = find(actor=actor, filters=filters, start=start, size=size, many=many)
    return RosterPage(
        rows=rows_of(found.ids),
        count=count,
        at_least=kept is None and found.is_more,
        unknown=kept.unknown if kept else found.unknown,
        number=start // size + 1,
        pages=pages,
        size=size,
        sort=found.sort,
        is_cut=found.is_more and count > pages * size - size and deepest <= count,
    )


def empty_page(size: int) -> RosterPage:
    """The page of a search that has not begun."""
    return RosterPage(
        rows=[], count=0, at_least=False, unknown=None, number=1, pages=1, size=size, sort=Sort.RECENT, is_cut=False
    )


def rows_of(ids: Sequence[int]) -> list[RosterRow]:
    """Lines of the given entities in the given order, under row-level security. One query."""
    if not ids:
        return []
    rows = {row[0]: RosterRow(*row) for row in Entity.objects.filter(pk__in=ids).values_list(*_ROW)}
    return [rows[pk] for pk in ids if pk in rows]


def export_rows(*, actor: Actor, filters: RosterFilters) -> Iterator[RosterRow]:
    """The lines of a whole list, newest first, at most ``MOST_EXPORTED`` of them. Needs an open transaction."""
    require(actor, Permission.ROSTER_EXPORT)
    entities = Entity.objects.in_scope(actor).filter(filters.condition())
    if filters.text:
        text = read_text(filters.text)
        found = [] if text.is_empty else entities_of_text(text, filters, limit=MOST_EXPORTED)
        entities = entities.filter(pk__in=these(found))
    ordered = entities.order_by("-as_of", "-pk")[:MOST_EXPORTED]
    for row in ordered.values_list(*_ROW).iterator(chunk_size=2000):
        yield RosterRow(*row)


def newest_list_days(ids: Sequence[int]) -> dict[int, date]:
    """Entity id -> day of the newest list that names it, whichever office keeps that list. One query.

    For entities that the caller may see. Needs an open transaction.
    """
    with whole_roster():
        said = EntitySource.objects.filter(entity__in=these(ids)).order_by().values("entity")
        return dict(said.annotate(day=Max("unit__last_as_of")).values_list("entity", "day"))


def visible_places(actor: Actor) -> QuerySet[Place]:
    """Counties, towns and overlays of today that a list may be narrowed to, in administrative order.

    An actor without places of his own, such as an industry committee, may name any of them.
    """
    wanted = [kind for kind in Place.Kind if kind not in {Place.Kind.CITY, Place.Kind.COMMUNITY}]
    places = Place.objects.active_on(timezone.localdate()).filter(kind__in=wanted).defer("boundary")
    if not actor.everything and actor.place_ids:
        places = places.filter(pk__in=actor.place_ids)
    return places.order_by("position", "pk")


def saved_views(*, actor: Actor, roster: str) -> QuerySet[SavedView]:
    """The actor's own named filters of one list, oldest first."""
    if actor.user_id is None:
        return SavedView.objects.none()
    return SavedView.objects.filter(user_id=actor.user_id, query__startswith=f"{roster}?").order_by("pk")


@dataclass(frozen=True, slots=True)
class EntityDetail:
    """One entity with everything stored about it."""

    entity: Entity
    placement: Placement | None
    identifiers: list[Identifier]
    facts: list[Fact]
    sources: list[EntitySource]
    successions: list[Succession]
    sites: list[Entity]
    site_count: int


def entity_detail(*, actor: Actor, pk: int) -> EntityDetail:
    """Everything about one entity in four to six queries.

    Raises ``NotPermitted`` without the permission, ``Entity.DoesNotExist`` for what does not exist or
    lies out of scope: an answer that told them apart would say what exists elsewhere.
    """
    require(actor, Permission.ROSTER_VIEW)
    related = ("place", "county", "town", "overlay", "body", "industry_body", "parent", "placement__place")
    places = ("place", "county", "town", "overlay", "placement__place")
    relations = Succession.objects.filter(Q(earlier=OuterRef("pk")) | Q(later=OuterRef("pk")))
    sites = Entity.objects.filter(parent=OuterRef("pk")).order_by().values("parent").annotate(how_many=Count("pk"))
    entity = (
        Entity.objects.in_scope(actor)
        .select_related(*related)
        .defer("bigrams", *(f"{name}__boundary" for name in places))
        .annotate(site_count=Subquery(sites.values("how_many")), has_relations=Exists(relations))
        .get(pk=pk)
    )
    links = EntitySource.objects.filter(entity=entity).select_related("unit__last_record__batch__file")
    site_count: int = entity.site_count or 0  # type: ignore[attr-defined]
    return EntityDetail(
        entity=entity,
        placement=getattr(entity, "placement", None),
        identifiers=list(Identifier.objects.filter(entity=entity).order_by("pk")),
        facts=list(Fact.objects.filter(entity=entity).order_by("-as_of", "-pk")),
        sources=list(links.order_by("unit__list_kind", "pk")),
        successions=_successions(entity) if entity.has_relations else [],  # type: ignore[attr-defined]
        sites=list(entity.sites.select_related("town").defer("bigrams")[:MOST_SITES]) if site_count else [],
        site_count=site_count,
    )


def _successions(entity: Entity) -> list[Succession]:
    around = Succession.objects.filter(Q(earlier=entity) | Q(later=entity)).select_related("earlier", "later")
    return list(around.defer("earlier__bigrams", "later__bigrams").order_by("since", "pk"))
