"""Pages: register one unit, see what waits, withdraw, hand over to the intake."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.accounts.models import User
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.domain.lists import ListKind
from jingwei.registrations import selectors, services
from jingwei.registrations.answers import as_context
from jingwei.registrations.forms import PileForm, ReasonForm, RegistrationForm, StateForm, TypedForm
from jingwei.registrations.intake import Check, Unusable, check
from jingwei.registrations.matching import KeysMissing
from jingwei.registrations.models import Registration
from jingwei.registrations.presenting import detail_context, lines, tabs
from jingwei.rosters.errors import IntakeRefused

PAGE_SIZE = 50


@require_GET
def listed(request: ScopedRequest) -> HttpResponse:
    """Registrations, latest first, and above them what waits to be handed over."""
    form = StateForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = selectors.registrations(actor=request.actor, state=state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = lines(page.object_list)  # type: ignore[assignment]
    context = {
        "page_title": "单条登记",
        "lead": "一户一登记，先与全市名册比对；由经办转为名单后，照常核对、入库、对碰",
        "actions": [{"label": "登记单位", "icon": "plus", "url": reverse("registrations:new"), "primary": True}],
        "tabs": tabs(selectors.counts(actor=request.actor), state),
        "piles": selectors.piles(actor=request.actor),
        "may_hand_over": request.actor.may(Permission.BATCH_IMPORT),
        "page": page,
        "filtered": bool(state),
        "clear_url": reverse("registrations:list"),
    }
    return render(request, "registrations/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Register one unit; a likely duplicate is shown before anything is saved."""
    require(request.actor, Permission.REGISTRATION_SAVE)
    form = RegistrationForm(request.POST or None, actor=request.actor)
    found: Check | None = None
    if form.is_bound and form.is_valid():
        try:
            if "look" in request.POST:
                found = check(form.chosen_kind(), form.values(), on=timezone.localdate())
            else:
                return _saved(request, form)
        except Unusable as wrong:
            form.add_problems(wrong.problems)
        except services.Duplicate as refusal:
            found = refusal.found
            form.add_error("distinct_reason", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "registrations/new.html", _form_context(form, found))


@require_POST
def look(request: ScopedRequest) -> HttpResponse:
    """What the roster has that is like what has been typed so far; a fragment of the form page."""
    require(request.actor, Permission.REGISTRATION_SAVE)
    form = TypedForm(request.POST)
    context: dict[str, Any] = {}
    if form.is_valid():
        said = {name: text for name, text in form.cleaned_data.items() if name != "kind"}
        try:
            context = as_context(check(ListKind(form.cleaned_data["kind"]), said, on=timezone.localdate()))
        except Unusable as wrong:
            context = {"problems": wrong.problems if any(said.values()) else []}
        except KeysMissing as refusal:
            context = {"failure": str(refusal)}
    return render(request, "registrations/_matches.html", context)


@require_GET
def detail(request: ScopedRequest, pk: int) -> HttpResponse:
    """One registration as it was said, what was found then, and what became of it."""
    found = _registration(request, pk)
    return render(request, "registrations/detail.html", detail_context(found, ReasonForm()))


@require_POST
def withdraw(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take a waiting registration back, with a reason."""
    found, form = _registration(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "registrations/detail.html", detail_context(found, form))
    try:
        services.withdraw(registration=found, by=request.actor, on=timezone.now(), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("registrations:detail", pk=pk)
    messages.success(request, f"已撤回“{found}”的登记。")
    return redirect("registrations:list")


@require_POST
def hand_over(request: ScopedRequest) -> HttpResponse:
    """Hand what waits for one place to the intake as a list."""
    form = PileForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请从列表里选择要转的登记。")
        return redirect("registrations:list")
    try:
        batch = services.hand_over(
            kind=ListKind(form.cleaned_data["kind"]), place=form.cleaned_data["place"], by=request.actor,
            on=timezone.now(),
        )  # fmt: skip
    except (Refused, IntakeRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("registrations:list")
    return redirect("rosters:batch", pk=batch.pk)


def _saved(request: ScopedRequest, form: RegistrationForm) -> HttpResponse:
    body_id = User.objects.values_list("body_id", flat=True).filter(pk=request.actor.user_id or 0).first()
    made, _ = services.register(
        kind=form.chosen_kind(), values=form.values(), place=form.cleaned_data["place"], by=request.actor,
        on=timezone.now(), key=form.cleaned_data["key"], distinct_reason=form.cleaned_data["distinct_reason"],
        body_id=body_id,
    )  # fmt: skip
    messages.success(request, f"已保存“{made}”的登记，等待经办入库。")
    return redirect("registrations:detail", pk=made.pk)


def _form_context(form: RegistrationForm, found: Check | None) -> dict[str, Any]:
    return {
        "page_title": "登记单位",
        "lead": "填名称或代码后即与全市名册比对",
        "crumbs": [{"label": "单条登记", "url": reverse("registrations:list")}, {"label": "登记单位", "url": ""}],
        "form": form,
        "without_places": not form.fields["place"].queryset.exists(),  # type: ignore[attr-defined]
        "ask_reason": bool(form["distinct_reason"].errors or form["distinct_reason"].value()),
        "found": as_context(found) if found else {},
        "cancel_url": reverse("registrations:list"),
    }


def _registration(request: ScopedRequest, pk: int) -> Registration:
    return get_object_or_404(selectors.registrations(actor=request.actor), pk=pk)
