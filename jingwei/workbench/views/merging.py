"""Two entities become one, a source unit goes elsewhere, and either is undone: choose, look, confirm."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.merging_preview import merges_of, standing_merge
from jingwei.base_roster.merging_undo import described
from jingwei.base_roster.models import Entity, EntitySource, Merge
from jingwei.base_roster.services import deciding, merging
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.workbench import merging_pages as pages
from jingwei.workbench.merging_forms import ALONE, MergeForm, MoveForm, UndoForm


@require_GET
def choose(request: ScopedRequest, pk: int) -> HttpResponse:
    """Find the entity that is the same as this one."""
    require(request.actor, Permission.LINK_APPROVE)
    search = request.GET.get("search", "").strip()[:60]
    return render(request, "workbench/merge_choose.html", pages.choose_context(_entity(request, pk), search))


@require_http_methods(["GET", "POST"])
def preview(request: ScopedRequest, pk: int, other: int) -> HttpResponse:
    """Both side by side and what a merge would do; confirmed with a reason it is done."""
    require(request.actor, Permission.LINK_APPROVE)
    done = standing_merge(pk, other)
    if done is not None:
        return _told(request, done)
    kept, gone = _entity(request, pk), _entity(request, other)
    shown = merging.preview(kept=kept, gone=gone, by=request.actor)
    form = MergeForm(request.POST or None, initial={"state": shown.state})
    if form.is_valid() and not shown.refusals:
        if form.cleaned_data["state"] != shown.state:
            messages.warning(request, "打开页面之后有记录变化，下面是最新情况，请核对后再确认。")
            form = MergeForm({"reason": form.cleaned_data["reason"], "state": shown.state})
        else:
            return _merge(request, kept, gone, form.cleaned_data["reason"])
    return render(request, "workbench/merge_preview.html", pages.preview_context(shown, form))


@require_GET
def merges(request: ScopedRequest, pk: int) -> HttpResponse:
    """Merges and moves that the entity had a part in."""
    entity = _entity(request, pk)
    context = pages.list_context(entity, merges_of(actor=request.actor, entity=entity), request.actor)
    return render(request, "workbench/merges.html", context)


@require_http_methods(["GET", "POST"])
def undo(request: ScopedRequest, pk: int) -> HttpResponse:
    """Undo a merge or a move with a reason; what stands in the way is said."""
    require(request.actor, Permission.LINK_APPROVE)
    merge = get_object_or_404(Merge, pk=pk)
    back = reverse("workbench:merges", args=[merge.kept_id])
    form = UndoForm(request.POST or None)
    if form.is_valid():
        try:
            deciding.undo_merge(merge=merge, by=request.actor, on=timezone.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已撤销：{described(merge)}。")
            return redirect("workbench:entity", pk=merge.gone_id)
    context = {
        "page_title": "撤销移动" if merge.kind == Merge.Kind.MOVE else "撤销合并",
        "lead": described(merge),
        "crumbs": [{"label": "合并和移动记录", "url": back}, {"label": "撤销", "url": ""}],
        "form": form,
        "intro": "每一行都按日志恢复为办理之前的样子；之后名单新说的随来源单位归还。此后有人改动过其中的记录，或有新的记录不能判断属于哪一方时，不能撤销。",
        "submit_label": "撤销",
        "cancel_url": back,
    }
    return render(request, "core/form.html", context)


@require_http_methods(["GET", "POST"])
def move(request: ScopedRequest, pk: int, unit: int) -> HttpResponse:
    """Say where a source unit of the entity belongs."""
    require(request.actor, Permission.LINK_APPROVE)
    entity = _entity(request, pk)
    links = EntitySource.objects.select_related("entity", "unit__last_record")
    link = get_object_or_404(links, entity=entity, unit=unit)
    search = request.GET.get("search", "").strip()[:60]
    rows = pages.found(entity, search)
    form = MoveForm(request.POST or None, choices=pages.move_choices(rows))
    if form.is_valid():
        chosen = form.cleaned_data["to"]
        to = None if chosen == ALONE else _entity(request, int(chosen))
        try:
            done = merging.move_unit(
                unit=link.unit, to=to, by=request.actor, on=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已办理：{described(done)}。")
            return redirect("workbench:entity", pk=done.kept_id)
    return render(request, "workbench/move_unit.html", pages.move_context(link, form, search))


def _merge(request: ScopedRequest, kept: Entity, gone: Entity, reason: str) -> HttpResponse:
    try:
        merging.merge(kept=kept, gone=gone, by=request.actor, on=timezone.now(), reason=reason)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已将“{gone.name}”并入“{kept.name}”，判定随之重算；覆盖稍后更新。")
    return redirect("workbench:entity", pk=kept.pk)


def _told(request: ScopedRequest, done: Merge) -> HttpResponse:
    """The merge stands already: of one's own a second click says the same, of somebody else's it is told."""
    if done.by_user == request.actor.user_id:
        messages.success(request, f"已办理：{described(done)}。")
    else:
        messages.warning(request, f"{done.by}已办理：{described(done)}。")
    return redirect("workbench:entity", pk=done.kept_id)


def _entity(request: ScopedRequest, pk: int) -> Entity:
    """The entity if the actor may see it, else page 404."""
    seen = Entity.objects.in_scope(request.actor).select_related("county", "town", "overlay")
    found = seen.defer("bigrams", "county__boundary", "town__boundary", "overlay__boundary").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个主体，或不在你的管辖范围")
    return found
