"""Pages of the bodies."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jingwei.bodies import pages, selectors
from jingwei.bodies.forms import BodyFilterForm
from jingwei.bodies.models import Body
from jingwei.core.requests import ActorRequest

PAGE_SIZE = 50


@require_GET
def bodies(request: ActorRequest) -> HttpResponse:
    """Every office, committee and department."""
    form, today = BodyFilterForm(request.GET or None), timezone.localdate()
    chosen = form.cleaned_data if form.is_valid() else {}
    place = chosen.get("place")
    found = selectors.bodies_page(
        actor=request.actor, on=today, text=chosen.get("q", ""), kind=chosen.get("kind", ""), place=place,
        state=chosen.get("state") or "active",
    )  # fmt: skip
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [pages.body_row(body, today=today) for body in page.object_list]  # type: ignore[misc]
    context = {
        "page_title": "机构",
        "lead": f"{place.name}及以下" if place else "党委、部门、行业党委和园区管理机构",
        "filter_fields": list(form),
        "filtered": any(chosen.values()),
        "clear_url": reverse("bodies:list"),
        "page": page,
    }
    return render(request, "bodies/list.html", context)


@require_GET
def detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One body: its superiors, what stands below it, who works there."""
    body = get_object_or_404(Body.objects.select_related("place").defer("place__boundary"), pk=pk)
    found = selectors.body_detail(body=body, actor=request.actor)
    context = {
        "page_title": body.name,
        "lead": body.short_name,
        "crumbs": [{"label": "机构", "url": reverse("bodies:list")}, {"label": body.name, "url": ""}],
        "statuses": [pages.state(body, timezone.localdate())],
        "body_facts": pages.body_facts(found),
        "subordinates": pages.subordinates(found),
        "users": pages.users(found, request.actor),
        "events": pages.history(found),
    }
    return render(request, "bodies/detail.html", context)
