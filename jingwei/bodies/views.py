"""Pages of the bodies."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.bodies import pages, selectors, services
from jingwei.bodies.forms import BodyFilterForm, BodyForm, EndForm
from jingwei.bodies.models import Body
from jingwei.core.permissions import Permission, require_scope
from jingwei.core.refusal import Refused
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
        "actions": pages.actions(body, request.actor),
        "statuses": [pages.state(body, timezone.localdate())],
        "body_facts": pages.body_facts(found),
        "subordinates": pages.subordinates(found),
        "users": pages.users(found, request.actor),
        "events": pages.history(found),
    }
    return render(request, "bodies/detail.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Adjust a body by hand."""
    body = _editable(request, pk)
    given = {"name": body.name, "short_name": body.short_name, "note": body.note}
    form, crumbs = BodyForm(request.POST or None, initial=given), pages.crumbs(body, "修改")
    if form.is_valid():
        try:
            services.adjust_body(body=body, by=request.actor, on=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已修改“{body.name}”。")
            return redirect("bodies:detail", pk=pk)
    context = {
        "page_title": "修改机构",
        "lead": given["name"],
        "crumbs": crumbs,
        "form": form,
        "intro": "改动之前的内容留在沿革里。",
        "cancel_url": pages.url_of(body),
    }
    return render(request, "core/form.html", context)


@require_http_methods(["GET", "POST"])
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a body on a day."""
    body = _editable(request, pk)
    form = EndForm(request.POST or None, initial={"effective": timezone.localdate()})
    if form.is_valid():
        try:
            services.dissolve_body(body=body, by=request.actor, on=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{body.name}”自 {body.valid.upper} 起撤销。")
            return redirect("bodies:detail", pk=pk)
    context = {
        "page_title": "撤销机构",
        "lead": body.name,
        "crumbs": pages.crumbs(body, "撤销"),
        "form": form,
        "danger_text": "撤销之后不能恢复；它经办过的批次、文稿和日志都保留。",
        "submit_label": "撤销",
        "cancel_url": pages.url_of(body),
    }
    return render(request, "core/form.html", context)


def _editable(request: ActorRequest, pk: int) -> Body:
    body = get_object_or_404(Body, pk=pk)
    require_scope(request.actor, Permission.BODIES_EDIT, place_id=body.place_id, body_id=body.pk)
    return body
