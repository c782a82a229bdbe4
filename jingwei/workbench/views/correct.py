"""A clerk corrects one fact of an entity, or takes the correction back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster import services
from jingwei.base_roster.corrections import CORRECTABLE, Correctable
from jingwei.base_roster.models import Entity
from jingwei.base_roster.services.correcting import require_entity
from jingwei.core.refusal import Refused
from jingwei.workbench.entity_facts import correction_context
from jingwei.workbench.forms import CorrectionForm, WithdrawForm


@require_http_methods(["GET", "POST"])
def correct(request: ScopedRequest, pk: int, kind: str) -> HttpResponse:
    """One fact: what the lists say, what stands now, and the form that states it."""
    entity, wanted = _entity(request, pk), _wanted(kind)
    require_entity(request.actor, entity)
    form = CorrectionForm(request.POST or None, wanted=wanted)
    if form.is_valid():
        try:
            services.correct_fact(entity=entity, kind=kind, by=request.actor, on=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("value", str(refusal))
        else:
            messages.success(request, f"已更正“{entity.name}”的{wanted.zh}，判定随之重算。")
            return redirect("workbench:entity", pk=pk)
    context = correction_context(entity, kind, actor=request.actor, on=timezone.localdate()) | {
        "form": form,
        "withdraw_form": WithdrawForm(),
    }
    return render(request, "workbench/correct.html", context)


@require_POST
def withdraw(request: ScopedRequest, pk: int, kind: str) -> HttpResponse:
    """Let the lists speak again."""
    entity, wanted = _entity(request, pk), _wanted(kind)
    form = WithdrawForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        services.withdraw_correction(entity=entity, kind=kind, reason=reason, by=request.actor, on=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("workbench:correct", pk=pk, kind=kind)
    messages.success(request, f"已撤回{wanted.zh}的更正，按名单重算。")
    return redirect(reverse("workbench:entity", args=[pk]))


def _wanted(kind: str) -> Correctable:
    if kind not in CORRECTABLE:
        raise Http404("这一项不能更正")
    return CORRECTABLE[kind]


def _entity(request: ScopedRequest, pk: int) -> Entity:
    found = Entity.objects.in_scope(request.actor).defer("bigrams").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个主体，或不在你的管辖范围")
    return found
