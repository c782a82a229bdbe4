"""The placement queue: one answer for a road, one for a single entity."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster import services, waiting
from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import visible_places
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.places.models import Place
from jingwei.workbench import placement_pages as pages
from jingwei.workbench.forms import AssignForm, PlaceForm, QueueForm, RoadForm

ROWS = 20


@require_GET
def queue(request: ScopedRequest) -> HttpResponse:
    """What waits in one county, by road, by entity, or because sources disagree."""
    require(request.actor, Permission.PLACEMENT_DECIDE)
    held = waiting.waiting_by_county(request.actor)
    names = {place.pk: place.name for place in visible_places(request.actor) if place.kind == Place.Kind.COUNTY}
    form = QueueForm(request.GET, counties=pages.county_choices(held, names))
    county = _county(form, held, names)
    mode = request.GET.get("mode", "roads")
    mode = mode if mode in pages.MODES and county else "units"
    road = form.cleaned_data.get("road", "").strip()
    context = pages.queue_context(mode=mode, county=county, waiting=held, names=names)
    context |= {
        "filter_fields": [form["county"], form["road"]] if mode == "roads" else [form["county"]],
        "filtered": bool(road),
        "page": _rows(request, mode, county, names.get(county, ""), road),
    }
    return render(request, "base_roster/placement_queue.html", context)


@require_http_methods(["GET", "POST"])
def answer(request: ScopedRequest) -> HttpResponse:
    """One answer for a road or some of its numbers; the quick answer of the queue names the place alone."""
    require(request.actor, Permission.PLACEMENT_DECIDE)
    county = get_object_or_404(visible_places(request.actor), pk=_number(request, "county"), kind=Place.Kind.COUNTY)
    road = request.GET.get("road", "").strip()
    if not road:
        raise Http404("没有指明道路")
    form = RoadForm(
        _unprefixed(request) if request.method == "POST" else None,
        choices=pages.place_choices(waiting.places_of_county(county.pk), county.pk),
    )
    back = f"{reverse('workbench:placement')}?{urlencode({'county': county.pk})}"
    if form.is_valid():
        try:
            placed = services.answer_road(
                county=county, road=road, by=request.actor, on=timezone.now(), place=_place(form),
                number_from=form.cleaned_data["number_from"], number_to=form.cleaned_data["number_to"],
                parity=form.cleaned_data["parity"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{road}已定为{_place(form).name}，{placed} 家随之落点。")
            return redirect(back)
    return _form_page(request, form, title=f"确定落点：{road}", lead=county.name, back=back)


@require_http_methods(["GET", "POST"])
def assign(request: ScopedRequest, pk: int) -> HttpResponse:
    """Place one entity by hand."""
    require(request.actor, Permission.PLACEMENT_DECIDE)
    found = Entity.objects.in_scope(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个主体，或不在你的管辖范围")
    form = AssignForm(
        _unprefixed(request) if request.method == "POST" else None, choices=_choices(request, found.county_id)
    )
    back = reverse("workbench:entity", args=[pk])
    if form.is_valid():
        services.assign_place(
            entity=found, place=_place(form), reason=form.cleaned_data["reason"], by=request.actor, on=timezone.now()
        )
        messages.success(request, f"“{found.name}”已落到{_place(form).name}。")
        return redirect(back)
    return _form_page(request, form, title="确定落点", lead=found.name, back=back)


def _rows(request: ScopedRequest, mode: str, county: int, county_name: str, road: str) -> Page[Any]:
    """One page of the chosen mode with its rows ready for the template."""
    places = waiting.places_of_county(county) if county else []
    choices = pages.town_choices(places, county) if county else _choices(request, None)
    actor, number = request.actor, request.GET.get("page")
    if mode == "roads":
        roads = Paginator(waiting.waiting_roads(actor=actor, county=county, text=road), ROWS).get_page(number)
        samples = waiting.samples_of(actor=actor, county=county, roads=[item.road for item in roads.object_list])
        rows = pages.road_rows(roads, county=county, county_name=county_name, choices=choices, samples=samples)
        return Page(rows, roads.number, roads.paginator)
    if mode == "units":
        units = waiting.waiting_units(actor=actor, county=county or None, road=road)
        page = Paginator(list(units[: waiting.MOST_UNITS]), ROWS).get_page(number)
        addresses = waiting.addresses_of([unit.pk for unit in page.object_list])
        return Page(
            pages.unit_rows(page.object_list, choices=choices, addresses=addresses), page.number, page.paginator
        )
    disputed = list(waiting.contradictions(actor=actor, county=county or None)[: waiting.MOST_UNITS])
    found = Paginator(disputed, ROWS).get_page(number)
    addresses = waiting.addresses_of([item.entity_id for item in found.object_list])
    return Page(
        pages.conflict_rows(found.object_list, choices=choices, addresses=addresses), found.number, found.paginator
    )


def _county(form: QueueForm, held: dict[int | None, int], names: dict[int, str]) -> int:
    """The county asked for, else the one where most wait; 0 for what has no county."""
    form.is_valid()
    chosen = form.cleaned_data.get("county")
    if chosen is not None:
        return int(chosen)
    most = max((county for county in held if county in names), key=lambda county: held[county], default=None)
    return most or next(iter(names), pages.NOWHERE)


def _choices(request: ScopedRequest, county: int | None) -> Sequence[Any]:
    if county:
        return pages.place_choices(waiting.places_of_county(county), county)
    # Without a county the person chooses the county first; the queue then asks deeper.
    counties = visible_places(request.actor).filter(kind=Place.Kind.COUNTY)
    return [(str(place.pk), place.name) for place in counties]


def _place(form: PlaceForm) -> Place:
    return Place.objects.defer("boundary").get(pk=form.cleaned_data["place"])


def _unprefixed(request: ScopedRequest) -> dict[str, str]:
    """The fields of one of the queue's many small forms, whose names carry the row's prefix."""
    return {name.rpartition("-")[2]: str(value) for name, value in request.POST.items()}


def _number(request: ScopedRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _form_page(request: ScopedRequest, form: PlaceForm, *, title: str, lead: str, back: str) -> HttpResponse:
    context = {
        "page_title": title,
        "lead": lead,
        "crumbs": [{"label": "落点待分派", "url": reverse("workbench:placement")}, {"label": title, "url": ""}],
        "form": form,
        "submit_label": "确定",
        "cancel_url": back,
    }
    return render(request, "core/form.html", context)
