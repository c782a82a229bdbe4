"""Users and what they were granted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.accounts import pages, selectors, services
from jingwei.accounts.forms import GrantForm, NewUserForm, ReasonForm, UserFilterForm
from jingwei.accounts.middleware import ScopedRequest
from jingwei.accounts.models import Grant, User
from jingwei.core.permissions import Permission, Role, require
from jingwei.core.refusal import Refused

PAGE_SIZE = 50


@require_GET
def users(request: ScopedRequest) -> HttpResponse:
    """Users within reach."""
    form = UserFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = selectors.users_page(
        actor=request.actor, on=timezone.localdate(), text=chosen.get("q", ""), role=chosen.get("role", ""),
        state=chosen.get("state") or "active",
    )  # fmt: skip
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [pages.user_row(user) for user in page.object_list]  # type: ignore[misc]
    new = {"label": "新建账号", "icon": "plus", "url": reverse("accounts:new_user"), "primary": True}
    context = {
        "page_title": "用户与授权",
        "lead": "按单位排列；授权人、被授权人、依据和日期都留痕",
        "actions": [new] if request.actor.may(Permission.GRANTS_EDIT) else [],
        "filter_fields": list(form),
        "filtered": any(chosen.values()),
        "clear_url": reverse("accounts:users"),
        "page": page,
    }
    return render(request, "accounts/users.html", context)


@require_http_methods(["GET", "POST"])
def new_user(request: ScopedRequest) -> HttpResponse:
    """Open an account; its initial password is shown once."""
    require(request.actor, Permission.GRANTS_EDIT)
    form = NewUserForm(request.POST or None)
    if form.is_valid():
        password = services.initial_password()
        try:
            user = services.create_user(
                **form.cleaned_data, password=password, must_change_password=True, by=request.actor, on=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return initial_password_page(request, user, password)
    context = {
        "page_title": "新建账号",
        "crumbs": [{"label": "用户与授权", "url": reverse("accounts:users")}, {"label": "新建账号", "url": ""}],
        "form": form,
        "intro": "新账号没有任何权限，建好后再授权。初始密码由系统生成，只显示一次。",
        "submit_label": "新建",
        "cancel_url": reverse("accounts:users"),
    }
    return render(request, "core/form.html", context)


def initial_password_page(request: ScopedRequest, user: User, password: str) -> HttpResponse:
    context = {
        "page_title": "初始密码",
        "account": user,
        "password": password,
        "continue_url": reverse("accounts:user", args=[user.pk]),
    }
    return render(request, "accounts/initial_password.html", context)


@require_http_methods(["GET", "POST"])
def user(request: ScopedRequest, pk: int) -> HttpResponse:
    """One account with its grants; a further one is given here."""
    account = get_object_or_404(User.objects.select_related("body"), pk=pk)
    selectors.user_in_reach(user=account, actor=request.actor, on=timezone.localdate())
    may_change = request.actor.may(Permission.GRANTS_EDIT) and request.actor.user_id != account.pk
    form = GrantForm(request.POST or None, initial={"since": timezone.localdate()}) if may_change else None
    if form is not None and form.is_valid() and _granted(request, account, form):
        return redirect("accounts:user", pk=account.pk)
    services.note_view(user=account, by=request.actor, on=timezone.now())
    factor = selectors.second_factor(account)
    grants = selectors.grants_of(account)
    context: dict[str, Any] = {
        "page_title": account.name,
        "lead": account.title,
        "crumbs": [{"label": "用户与授权", "url": reverse("accounts:users")}, {"label": account.name, "url": ""}],
        "actions": _actions(account) if may_change else [],
        "user_facts": pages.user_facts(account),
        "statuses": pages.user_statuses(account, factor),
        "grants": pages.grant_rows(grants, today=timezone.localdate(), may_revoke=may_change),
        "grant_form": form,
        "grant_url": reverse("accounts:user", args=[account.pk]),
        "journal": pages.events(selectors.acts_about(account.pk), with_actor=True),
    }
    return render(request, "accounts/user_detail.html", context)


def _granted(request: ScopedRequest, account: User, form: GrantForm) -> bool:
    values = form.cleaned_data
    try:
        services.grant(
            user=account, role=Role(values["role"]), place=values["place"], body=values["body"], since=values["since"],
            until=values["until"], reason=values["reason"], by=request.actor, on=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"已授权：{account.name}。")
    return True


@dataclass(frozen=True)
class Act:
    """Something done to an account for a reason."""

    label: str
    icon: str
    danger: str
    service: Callable[..., Any]


ACTS = {
    "deactivate": Act("停用账号", "lock", "停用后该账号立即不能登录，已登录的也会失效。", services.deactivate_user),
    "reactivate": Act("启用账号", "key", "启用后该账号按仍然有效的授权恢复权限。", services.reactivate_user),
    "reset-factor": Act(
        "重置第二步验证", "device-mobile", "手机和恢复码立即作废，下次登录时重新设置。", services.reset_second_factor
    ),
    "reset-password": Act("重设密码", "refresh", "原密码立即作废，新的初始密码只显示一次。", services.reset_password),
}


def _actions(account: User) -> list[dict[str, Any]]:
    shown = ["reset-password", "reset-factor", "deactivate"] if account.is_active else ["reactivate"]
    return [
        {"label": ACTS[name].label, "icon": ACTS[name].icon, "url": reverse("accounts:act", args=[account.pk, name])}
        for name in shown
    ]


@require_http_methods(["GET", "POST"])
def act(request: ScopedRequest, pk: int, name: str) -> HttpResponse:
    """Ask for the reason and the log-in name, then do it."""
    require(request.actor, Permission.GRANTS_EDIT)
    account = get_object_or_404(User, pk=pk)
    selectors.user_in_reach(user=account, actor=request.actor, on=timezone.localdate())
    chosen = ACTS.get(name)
    if chosen is None:
        raise Http404
    form = ReasonForm(request.POST or None, user=account)
    if form.is_valid():
        try:
            made = chosen.service(user=account, by=request.actor, on=timezone.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if isinstance(made, str):
                return initial_password_page(request, account, made)
            messages.success(request, f"已{chosen.label}：{account.name}。")
            return redirect("accounts:user", pk=pk)
    return _reason_page(request, form, account, title=chosen.label, danger=chosen.danger)


@require_http_methods(["GET", "POST"])
def revoke(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take a grant back."""
    require(request.actor, Permission.GRANTS_EDIT)
    grant = get_object_or_404(Grant.objects.select_related("user", "place", "body"), pk=pk)
    selectors.user_in_reach(user=grant.user, actor=request.actor, on=timezone.localdate())
    form = ReasonForm(request.POST or None, user=grant.user)
    if form.is_valid():
        try:
            services.revoke(grant=grant, by=request.actor, on=timezone.now(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已收回授权：{grant.user.name}。")
            return redirect("accounts:user", pk=grant.user_id)
    danger = f"将立即收回“{grant.get_role_display()}”授权（{pages.scope_text(grant)}）。"
    return _reason_page(request, form, grant.user, title="收回授权", danger=danger)


def _reason_page(request: ScopedRequest, form: ReasonForm, account: User, *, title: str, danger: str) -> HttpResponse:
    back = reverse("accounts:user", args=[account.pk])
    context = {
        "page_title": f"{title}：{account.name}",
        "crumbs": [
            {"label": "用户与授权", "url": reverse("accounts:users")},
            {"label": account.name, "url": back},
            {"label": title, "url": ""},
        ],
        "form": form,
        "danger_text": danger,
        "submit_label": title,
        "cancel_url": back,
    }
    return render(request, "core/form.html", context)
