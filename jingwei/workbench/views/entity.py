"""One entity with everything known about it, and the answer on its ownership."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster import selectors, services
from jingwei.base_roster.merging_preview import survivor
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Permission, require
from jingwei.domain.ownership import question_key
from jingwei.workbench.entity_pages import entity_context
from jingwei.workbench.forms import OwnershipForm


@require_GET
def entity(request: ScopedRequest, pk: int) -> HttpResponse:
    """The page of an entity; what lies out of scope looks like what does not exist."""
    try:
        detail = selectors.entity_detail(actor=request.actor, pk=pk)
    except Entity.DoesNotExist as missing:
        return redirect("workbench:entity", pk=_taken_up(request, pk, missing).pk)
    context = entity_context(detail, query=request.GET, actor=request.actor, on=timezone.localdate())
    return render(request, "workbench/entity_detail.html", context)


def _taken_up(request: ScopedRequest, pk: int, missing: Exception) -> Entity:
    """The entity that one without a page was taken up in, with a note; page 404 where there is none to see."""
    into = survivor(pk)
    found = Entity.objects.in_scope(request.actor).filter(pk=into).first() if into else None
    if found is None:
        raise Http404("没有这个主体，或不在你的管辖范围") from missing
    messages.info(request, f"主体 E-{pk:07d} 已并入本主体，经过见“合并和移动记录”。")
    return found


@require_http_methods(["GET", "POST"])
def ownership(request: ScopedRequest, pk: int) -> HttpResponse:
    """A clerk's answer on the ownership of a body; its branch offices follow."""
    require(request.actor, Permission.OWNERSHIP_DECIDE)
    found = visible_entity(request, pk)
    asked = found.parent_name or found.name
    form = OwnershipForm(request.POST or None)
    if form.is_valid():
        number = services.answer_ownership(
            parent_name=question_key(asked), value=form.cleaned_data["value"], basis=form.cleaned_data["basis"],
            by=request.actor, on=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"已认定“{asked}”，重新计算 {number} 家。")
        return redirect("workbench:entity", pk=pk)
    context = {
        "page_title": "认定所有制",
        "lead": asked,
        "crumbs": [
            {"label": found.name, "url": reverse("workbench:entity", args=[pk])},
            {"label": "认定所有制", "url": ""},
        ],
        "form": form,
        "intro": "名单都没有给出所有制时，由经办人依据材料认定一次；该法人的分支机构随之确定。部门名单以后给出的，以名单为准。",
        "submit_label": "认定",
        "cancel_url": reverse("workbench:entity", args=[pk]),
    }
    return render(request, "core/form.html", context)


def visible_entity(request: ScopedRequest, pk: int) -> Entity:
    """The entity if the actor may see it, else page 404."""
    found = Entity.objects.in_scope(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个主体，或不在你的管辖范围")
    return found
