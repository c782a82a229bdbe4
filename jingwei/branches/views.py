"""Pages of the Party organizations, and of the names that wait for a person."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import visible_places
from jingwei.branches import candidates, pages, selectors, services
from jingwei.branches.forms import AreaForm, DecisionForm, OrganizationForm
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Permission, require

PAGE_SIZE = 50
WAITING_SIZE = 20


@require_GET
def organizations(request: ScopedRequest) -> HttpResponse:
    """Every Party organization in scope with its units and findings."""
    today = timezone.localdate()
    form = OrganizationForm(
        request.GET,
        places=visible_places(request.actor),
        superiors=selectors.superiors(actor=request.actor, on=today),
    )
    filters = form.filters()
    found = selectors.organizations(actor=request.actor, filters=filters, on=today)
    if filters.finding:
        found = selectors.with_finding(found, filters.finding, today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    overview = selectors.overview(actor=request.actor, on=today)
    context = {
        "page_title": "党组织",
        "lead": "两新工委名册所列的党组织，按区域先后排列；覆盖单位以对上的为准",
        "actions": pages.actions(request.actor, overview.waiting),
        "figures": pages.figures(overview),
        "filter_fields": list(form),
        "filtered": any(form.read().values()),
        "clear_url": reverse("branches:list"),
        "page": _paged(page, pages.rows(selectors.rows_of(list(page.object_list), today))),
    }
    return render(request, "branches/list.html", context)


@require_GET
def organization(request: ScopedRequest, pk: int) -> HttpResponse:
    """One organization: its units, findings and history."""
    try:
        detail = selectors.organization_detail(actor=request.actor, pk=pk, on=timezone.localdate())
    except Organization.DoesNotExist as missing:
        raise Http404("没有这个党组织，或不在你的管辖范围") from missing
    found = detail.organization
    context = {
        "page_title": found.name,
        "lead": pages.superior_of(found),
        "crumbs": [{"label": "党组织", "url": reverse("branches:list")}, {"label": found.name, "url": ""}],
        "form": pages.form_status(found.form),
        "ended": not found.valid.upper_inf,
        "organization_facts": pages.organization_facts(found),
        "units": pages.unit_rows(detail.units, request.actor),
        "earlier": pages.unit_rows(detail.earlier, request.actor),
        "findings": pages.finding_rows(detail.findings),
        "events": pages.events(detail),
    }
    return render(request, "branches/detail.html", context)


@require_GET
def waiting(request: ScopedRequest) -> HttpResponse:
    """Names of covered units that somebody has to settle, each with the entities it may mean."""
    require(request.actor, Permission.COVERING_DECIDE)
    absent = request.GET.get("mode") == "absent"
    form = AreaForm(request.GET, places=visible_places(request.actor))
    found = selectors.waiting(actor=request.actor, text=form.text(), area=form.area_chosen(), absent=absent)
    page = Paginator(found, WAITING_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    offered = candidates.candidates(shown, day=timezone.localdate())
    address = reverse("branches:waiting")
    context = {
        "page_title": "待确定名称",
        "lead": "党组织名册中的覆盖单位名称，对碰没有把握的逐个确定；确定之前不计覆盖，确定之后每月沿用",
        "crumbs": [{"label": "党组织", "url": reverse("branches:list")}, {"label": "待确定名称", "url": ""}],
        "tabs": [
            {"label": "待确定", "url": address, "current": not absent},
            {"label": "已定为名册里没有", "url": f"{address}?mode=absent", "current": absent},
        ],
        "mode": "absent" if absent else "",
        "filter_fields": list(form),
        "filtered": any(form.read().values()),
        "clear_url": f"{address}?mode=absent" if absent else address,
        "page": _paged(page, pages.waiting_rows(shown, offered, _query(request))),
    }
    return render(request, "branches/waiting.html", context)


@require_GET
def covered(request: ScopedRequest, pk: int) -> HttpResponse:
    """One name with more candidates, and a search of the roster."""
    require(request.actor, Permission.COVERING_DECIDE)
    row = _covered(request, pk)
    text = request.GET.get("search", "").strip()
    day = timezone.localdate()
    offered = candidates.search(text) if text else candidates.candidates([row], day=day, most=10)[row.pk]
    context = {
        "page_title": f"“{row.spelt}”是哪一家",
        "lead_pieces": [
            {"text": row.organization.name, "url": pages.url_of(row.organization)},
            {"text": row.organization.get_form_display()},
        ],
        "crumbs": [
            {"label": "党组织", "url": reverse("branches:list")},
            {"label": "待确定名称", "url": reverse("branches:waiting")},
            {"label": row.spelt, "url": ""},
        ],
        "row": pages.waiting_rows([row], {row.pk: offered}, "")[0],
        "state": pages.unit_state(row),
        "search": text,
    }
    return render(request, "branches/covered.html", context)


@require_POST
def decide(request: ScopedRequest, pk: int) -> HttpResponse:
    """Settle one name; a double click changes nothing."""
    row = _covered(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选定一家，或者确定名册里没有。")
        return redirect("branches:covered", pk=pk)
    chosen = form.cleaned_data["entity"]
    entity = get_object_or_404(Entity.objects.in_scope(request.actor), pk=chosen) if chosen else None
    services.decide_covering(covered=row, entity=entity, by=request.actor, on=timezone.now())
    told = f"已定为“{entity.name}”" if entity else "已定为名册里没有"
    messages.success(request, f"“{row.spelt}”{told}。")
    return redirect(f"{reverse('branches:waiting')}{_query(request)}")


def _paged(page: Page[Any], rows: list[pages.Piece]) -> Page[Any]:
    """The same page with its rows ready for the template."""
    return Page(rows, page.number, page.paginator)


def _covered(request: ScopedRequest, pk: int) -> CoveredUnit:
    """A covered unit of an organization in scope."""
    related = ("organization__superior", "organization__place", "entity")
    found = CoveredUnit.objects.select_related(*related).defer("organization__place__boundary")
    return get_object_or_404(
        found, pk=pk, valid__upper_inf=True, organization__in=Organization.objects.in_scope(request.actor)
    )


def _query(request: ScopedRequest) -> str:
    """The conditions of the waiting list, to come back to the same page of it."""
    return f"?{request.GET.urlencode()}" if request.GET else ""
