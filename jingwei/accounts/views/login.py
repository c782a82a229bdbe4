"""Password, second factor, recovery codes, leaving."""

import secrets

import django_otp
from axes.helpers import get_failure_limit
from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingwei.accounts import limits, pages, services
from jingwei.accounts.adapters import SignOnRefused, government_sign_on
from jingwei.accounts.forms import LoginForm, TokenForm
from jingwei.accounts.gates import Stage, local_target, reachable_at
from jingwei.accounts.middleware import ScopedRequest
from jingwei.accounts.models import User
from jingwei.accounts.selectors import demo_users, second_factor
from jingwei.core.permissions import Actor, NotPermitted

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 - a class, not a password
SIGN_ON_STATE = "sign_on_state"


@reachable_at(Stage.VISITOR)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: ScopedRequest) -> HttpResponse:
    """Log in with name and password; staff go on to the second factor."""
    if request.stage > Stage.VISITOR:
        return redirect(local_target(request))
    form = LoginForm(request, request.POST or None)
    if request.method == "POST":
        if limits.too_many_failures(request, request.POST.get("username", ""), now=timezone.now()):
            return locked(request)
        if form.is_valid():
            return enter(request, form.get_user(), method="密码")
    sign_on = government_sign_on()
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "single_sign_on": {"url": reverse("accounts:sso"), "label": sign_on.label} if sign_on else None,
        "demo_accounts": pages.demo_rows(demo_users(on=timezone.localdate())) if settings.DEMO else None,
    }
    return render(request, "registration/login.html", context)


def locked(request: HttpRequest) -> HttpResponse:
    """The page of django-axes, for our own limits too."""
    context = {"failure_limit": get_failure_limit(request, None), "cooloff_timedelta": limits.window()}
    return render(request, settings.AXES_LOCKOUT_TEMPLATE, context, status=429)


def enter(request: HttpRequest, user: object, *, method: str) -> HttpResponse:
    """Begin the session of a user who has shown who he is; its key is a new one."""
    assert isinstance(user, User)
    target = local_target(request)
    auth.login(request, user, backend=PASSWORD_BACKEND)
    actor = Actor(user_id=user.pk, name=user.name)
    services.note_login(user=user, by=actor, on=timezone.now(), method=method)
    return redirect(target)


@reachable_at(Stage.PASSWORD_SHOWN)
@require_POST
def logout(request: ScopedRequest) -> HttpResponse:
    """Leave; the session is gone."""
    assert isinstance(request.user, User)
    services.note_logout(user=request.user, by=request.actor, on=timezone.now())
    auth.logout(request)
    return redirect("accounts:login")


@reachable_at(Stage.PASSWORD_SHOWN)
@require_http_methods(["GET", "POST"])
def otp(request: ScopedRequest) -> HttpResponse:
    """Show the second factor: a code of the phone, or a recovery code."""
    user = known_user(request)
    target = local_target(request)
    if request.stage > Stage.PASSWORD_SHOWN:
        return redirect(target)
    if not second_factor(user).ready:
        return redirect(f"{reverse('accounts:otp_setup')}?{urlencode({'next': target})}")
    form, status = TokenForm(request.POST or None), 200
    if form.is_valid():
        wait = services.seconds_to_wait(user)
        device = None
        if not wait:
            token = form.cleaned_data["token"]
            device = services.verify_second_factor(user=user, token=token, by=request.actor, on=timezone.now())
        if device is not None:
            return second_factor_shown(request, device, target)
        form.add_error("token", f"输错次数过多，请等待 {wait} 秒再试。" if wait else "动态码不对，或已经用过。")
        status = 429 if wait else 200
    context = {
        "form": form,
        "next": target,
        "actor_name": user.name,
        "logout_url": reverse("accounts:logout"),
        "demo_username": user.username,
    }
    return render(request, "registration/otp.html", context, status=status)


def known_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the gate lets no visitor through
    return request.user


def second_factor_shown(request: HttpRequest, device: object, target: str) -> HttpResponse:
    """Raise the session to the second factor, under a new key."""
    django_otp.login(request, device)
    request.session.cycle_key()
    return redirect(target)


@reachable_at(Stage.PASSWORD_SHOWN)
@require_http_methods(["GET", "POST"])
def otp_setup(request: ScopedRequest) -> HttpResponse:
    """Set up codes on a phone, for the first time or anew; then print the recovery codes."""
    user, target = known_user(request), local_target(request)
    if request.stage is Stage.PASSWORD_SHOWN and second_factor(user).ready:
        return redirect(f"{reverse('accounts:otp')}?{urlencode({'next': target})}")
    form = TokenForm(request.POST or None)
    waiting = services.begin_enrolment(user=user)
    if form.is_valid():
        token = form.cleaned_data["token"]
        made = services.confirm_enrolment(user=user, token=token, by=request.actor, on=timezone.now())
        if made is not None:
            device, codes = made
            second_factor_shown(request, device, target)
            return recovery_page(request, codes, target)
        form.add_error("token", "动态码不对，请核对手机时间，等下一个码再试。")
    context = {"form": form, "qr_svg": pages.qr_svg(waiting), "secret": pages.grouped_secret(waiting)}
    return render(request, "registration/otp_setup.html", context)


def recovery_page(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    """The recovery codes, this once."""
    context = {
        "recovery_codes": codes,
        "username": known_user(request).username,
        "issued_at": timezone.now(),
        "continue_url": target,
    }
    return render(request, "registration/otp_setup.html", context)


@require_POST
def recovery(request: ScopedRequest) -> HttpResponse:
    """Print ten new recovery codes; the old ones become void."""
    codes = services.print_recovery_codes(user=known_user(request), by=request.actor, on=timezone.now())
    return recovery_page(request, codes, reverse("accounts:profile"))


@reachable_at(Stage.VISITOR)
@require_GET
def sso(request: ScopedRequest) -> HttpResponse:
    """Go to the government's sign-on; this page is absent where none is configured."""
    sign_on = government_sign_on()
    if sign_on is None:
        raise Http404
    state = secrets.token_urlsafe(24)
    request.session[SIGN_ON_STATE] = state
    return redirect(
        sign_on.start_url(state=state, return_url=request.build_absolute_uri(reverse("accounts:sso_return")))
    )


@reachable_at(Stage.VISITOR)
@require_GET
def sso_return(request: ScopedRequest) -> HttpResponse:
    """Come back from the government's sign-on; state and code count once."""
    sign_on = government_sign_on()
    if sign_on is None:
        raise Http404
    state = request.session.pop(SIGN_ON_STATE, "")
    if not state or not constant_time_compare(state, request.GET.get("state", "")):
        raise NotPermitted("这次登录不是从本页发起的，请重新登录。")
    try:
        code, return_url = request.GET.get("code", ""), request.build_absolute_uri(reverse("accounts:sso_return"))
        username = sign_on.identify(code=code, return_url=return_url)
    except SignOnRefused as refusal:
        raise NotPermitted(str(refusal)) from refusal
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotPermitted("统一身份认证已通过，但本系统没有对应的账号，请联系本单位管理员。")
    return enter(request, user, method="统一身份认证")
