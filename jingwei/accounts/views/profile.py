"""One's own account: grants, second factor, password, and who looked at it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.accounts import pages, selectors, services
from jingwei.accounts.forms import PasswordForm
from jingwei.accounts.gates import Stage, reachable_at
from jingwei.accounts.middleware import ScopedRequest
from jingwei.accounts.models import User
from jingwei.core.refusal import Refused


@require_GET
def profile(request: ScopedRequest) -> HttpResponse:
    """What I may do, what I did last, and what others did with my account."""
    user = request.user
    assert isinstance(user, User)
    factor = selectors.second_factor(user)
    context: dict[str, Any] = {
        "page_title": "我的账号",
        "lead": "授权由管理员办理；对账号的查看和变更都会留痕",
        "user_facts": pages.user_facts(user),
        "grants": pages.grant_rows(selectors.grants_of(user), today=timezone.localdate(), may_revoke=False),
        "second_factor": pages.second_factor_state(factor.ready),
        "codes_left": factor.codes_left if factor.ready else None,
        "setup_url": reverse("accounts:otp_setup"),
        "recovery_url": reverse("accounts:recovery") if factor.ready else None,
        "password_form": PasswordForm(user),
        "password_url": reverse("accounts:password"),
        "acts": pages.events(selectors.acts_of(user.pk)),
        "acts_about": pages.events(selectors.acts_about(user.pk), with_actor=True),
    }
    return render(request, "accounts/profile.html", context)


@reachable_at(Stage.SECOND_FACTOR_SHOWN)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: ScopedRequest) -> HttpResponse:
    """Set a password of one's own; asked for before anything else while the initial one is in use."""
    user = request.user
    assert isinstance(user, User)
    form = PasswordForm(user, request.POST or None)
    if form.is_valid():
        chosen = form.cleaned_data["new_password1"]
        try:
            services.change_password(user=user, password=chosen, by=request.actor, on=timezone.now())
        except Refused as refusal:
            form.add_error("new_password1", str(refusal))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改。其他地方的登录已经失效。")
            return redirect("accounts:profile")
    context = {
        "page_title": "修改密码",
        "form": form,
        "intro": "初始密码只能用来登录一次，请先改成只有自己知道的密码。" if user.must_change_password else "",
        "submit_label": "修改密码",
        "cancel_url": None if user.must_change_password else reverse("accounts:profile"),
    }
    return render(request, "core/form.html", context)
