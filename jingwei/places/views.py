"""Pages of the administrative tree and of what lies over it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jingwei.core.permissions import Permission, require
from jingwei.core.requests import ActorRequest
from jingwei.places import pages, selectors
from jingwei.places.forms import OverlayFilterForm, SearchForm
from jingwei.places.models import Place

PAGE_SIZE = 50


@require_GET
def tree(request: ActorRequest) -> HttpResponse:
    """The city and its counties; deeper levels are fetched when they are opened."""
    require(request.actor, Permission.PLACES_VIEW)
    form, today = SearchForm(request.GET or None), timezone.localdate()
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if text:
        nodes = [pages.found_node(place) for place in selectors.search_places(text=text, actor=request.actor)]
    else:
        top = selectors.tree_level(parent=None, actor=request.actor, on=today)
        nodes = [pages.node(item, children=_below(request, item.place)) for item in top]
    context = {
        "page_title": "区划",
        "lead": "一棵行政区划树；园区、楼宇、市场、商圈叠加其上",
        "actions": [{"label": "园区楼宇", "icon": "building", "url": reverse("places:overlays")}],
        "nodes": nodes,
        "filter_fields": list(form),
        "clear_url": reverse("places:tree"),
    }
    return render(request, "places/tree.html", context)


def _below(request: ActorRequest, place: Place) -> list[dict[str, object]]:
    level = selectors.tree_level(parent=place, actor=request.actor, on=timezone.localdate())
    return [pages.node(item) for item in level]


@require_GET
def children(request: ActorRequest, pk: int) -> HttpResponse:
    """What lies right below a place, for the tree."""
    place = get_object_or_404(Place.objects.defer("boundary"), pk=pk)
    level = selectors.tree_level(parent=place, actor=request.actor, on=timezone.localdate())
    return render(request, "places/_nodes.html", {"nodes": [pages.node(item) for item in level]})


@require_GET
def detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One place: codes and names with their days, what lies below and over it, roads, boundary."""
    place, today = get_object_or_404(Place, pk=pk), timezone.localdate()
    found = selectors.place_detail(place=place, actor=request.actor, on=today)
    actions = [{"label": "园区楼宇", "icon": "building", "url": f"{reverse('places:overlays')}?place={place.pk}"}]
    if request.actor.may(Permission.BODIES_VIEW):
        actions.append({"label": "机构", "icon": "building-bank", "url": f"{reverse('bodies:list')}?place={place.pk}"})
    context = {
        "page_title": place.name,
        "lead": pages.ended(place),
        "crumbs": pages.crumbs(found),
        "actions": actions,
        "place_facts": pages.place_facts(found),
        "codes": pages.codes(found, today=today),
        "aliases": pages.aliases(found),
        "children": pages.children(found),
        "roads": pages.roads(found.roads),
        "road_count": found.road_count,
        "outline": pages.outline(place, selectors.outlines(place, on=today)),
        "events": pages.changes(found.changes),
    }
    return render(request, "places/detail.html", context)


@require_GET
def overlays(request: ActorRequest) -> HttpResponse:
    """Parks, buildings, markets and business districts."""
    form = OverlayFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = selectors.overlays_page(
        actor=request.actor, on=timezone.localdate(), text=chosen.get("q", ""), kind=chosen.get("kind", ""),
        place=chosen.get("place"),
    )  # fmt: skip
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [pages.overlay_row(place) for place in page.object_list]  # type: ignore[misc]
    context = {
        "page_title": "园区楼宇",
        "lead": f"位于{chosen['place'].name}" if chosen.get("place") else "园区、楼宇、市场、商圈，以及谁承担管理责任",
        "crumbs": [{"label": "区划", "url": reverse("places:tree")}, {"label": "园区楼宇", "url": ""}],
        "filter_fields": list(form),
        "filtered": any(chosen.values()),
        "clear_url": reverse("places:overlays"),
        "page": page,
    }
    return render(request, "places/overlays.html", context)
