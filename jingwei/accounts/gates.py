"""How far somebody has come in proving who he is, and how far he has to be for a page."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from jingwei.accounts.models import User
from jingwei.core.permissions import Actor

View = TypeVar("View", bound=Callable[..., Any])


class Stage(IntEnum):
    """Steps of a log-in. A page that says nothing else needs the last one."""

    VISITOR = 0
    PASSWORD_SHOWN = 1
    SECOND_FACTOR_SHOWN = 2
    COMPLETE = 3


NEXT_STEP = {
    Stage.VISITOR: "accounts:login",
    Stage.PASSWORD_SHOWN: "accounts:otp",
    Stage.SECOND_FACTOR_SHOWN: "accounts:password",
}


def reachable_at(stage: Stage) -> Callable[[View], View]:
    """Mark a view as reachable before the log-in is complete."""

    def mark(view: View) -> View:
        view.stage = stage  # type: ignore[attr-defined]
        return view

    return mark


def stage_of(user: object, actor: Actor) -> Stage:
    """How far this user has come in this session."""
    if not isinstance(user, User):
        return Stage.VISITOR
    if actor.needs_second_factor and not user.is_verified():  # type: ignore[attr-defined]
        return Stage.PASSWORD_SHOWN
    return Stage.SECOND_FACTOR_SHOWN if user.must_change_password else Stage.COMPLETE


def step_missing(request: HttpRequest, view: Callable[..., Any], stage: Stage) -> HttpResponse | None:
    """A redirect to the next step of the log-in, or None when the view may answer."""
    if stage >= getattr(view, "stage", Stage.COMPLETE):
        return None
    fragment = bool(getattr(request, "htmx", False))
    wanted = request.get_full_path() if request.method == "GET" and not fragment else ""
    target = f"{reverse(NEXT_STEP[stage])}{'?' if wanted else ''}{urlencode({'next': wanted}) if wanted else ''}"
    return HttpResponseClientRedirect(target) if fragment else HttpResponseRedirect(target)


def local_target(request: HttpRequest) -> str:
    """Where to go after the log-in: ``next`` if it is a page of this site, else the start page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    local = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if local else reverse("workbench:home")
