"""Reads of papers: the list, one paper, what was issued before, templates."""

from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from jingwei.bulletins.models import Paper, Template
from jingwei.core.permissions import Actor, Permission, require
from jingwei.indicators.models import Snapshot
from jingwei.places.models import Place

# Papers of sums: once signed they are for every office; the others name single units.
SUMS = (Paper.Kind.BULLETIN, Paper.Kind.MONTHLY, Paper.Kind.FORM_A, Paper.Kind.FORM_B)


@dataclass(frozen=True, slots=True)
class PaperFilters:
    """Conditions of the list; empty ones do not narrow. ``state`` is signed or open."""

    kind: str = ""
    place: int | None = None
    state: str = ""


def papers(*, actor: Actor, filters: PaperFilters) -> QuerySet[Paper]:
    """Papers the actor may read, the newest first, without their content: sums when signed, else those of his places."""
    require(actor, Permission.INDICATORS_VIEW)
    found = Paper.objects.all()
    if not actor.everything:
        found = found.filter(Q(place_id__in=actor.place_ids) | Q(kind__in=SUMS, signed_at__isnull=False))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.place is not None:
        found = found.filter(place_id=filters.place)
    if filters.state:
        found = found.filter(signed_at__isnull=filters.state == "open")
    light = found.defer("content", "checks", "place__boundary").prefetch_related("files__file")
    return light.select_related("snapshot", "place").order_by("-snapshot__month", "-made_at", "-pk")


def paper_detail(*, actor: Actor, pk: int) -> Paper:
    """One paper with its files. Raises Paper.DoesNotExist where the actor may not read it."""
    readable = papers(actor=actor, filters=PaperFilters()).filter(pk=pk).values("pk")
    whole = Paper.objects.select_related("snapshot", "compared", "place").defer("place__boundary")
    return whole.prefetch_related("files__file").get(pk__in=readable)


def last_bulletin(place: Place, *, before: Snapshot) -> Paper | None:
    """The bulletin of the place that was made last from another snapshot."""
    held = Paper.objects.filter(kind=Paper.Kind.BULLETIN, place=place).exclude(snapshot=before)
    return held.order_by("-snapshot__month", "-made_at").first()


def last_numbers(place: Place, *, year: int, besides: Snapshot) -> tuple[int, int]:
    """Highest issue of the year and of all time among the place's bulletins of other months, and signed ones of this.

    A draft of the same month that was made from an earlier revision takes no number away.
    """
    held = Paper.objects.filter(kind=Paper.Kind.BULLETIN, place=place).exclude(snapshot=besides)
    counted = held.filter(~Q(snapshot__month=besides.month) | Q(signed_at__isnull=False))
    in_year = counted.filter(content__year=year).aggregate(highest=Max("issue"))["highest"]
    totals = counted.values_list("content__total_issue", flat=True)
    return in_year or 0, max((int(total or 0) for total in totals), default=0)


def templates(*, actor: Actor) -> QuerySet[Template]:
    """Templates of the city, the newest, which stands in force, first."""
    require(actor, Permission.BULLETIN_MAKE)
    return Template.objects.select_related("file").order_by("-uploaded_at", "-pk")
