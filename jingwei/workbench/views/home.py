"""The first page after logging in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from jingwei.accounts.middleware import ScopedRequest
from jingwei.core.permissions import Permission
from jingwei.workbench.home_pages import home_context
from jingwei.workbench.navigation import navigation
from jingwei.workbench.selectors import COUNTED_ROSTERS, home_data


@require_GET
def home(request: ScopedRequest) -> HttpResponse:
    """Figures and next steps; who may not see rosters goes to the first page he may see."""
    actor = request.actor
    if not actor.may(Permission.ROSTER_VIEW):
        others = [item["url"] for group in navigation(actor, request.path)[1:] for item in group["items"]]
        return redirect(others[0] if others else reverse("accounts:profile"))
    roster = request.GET.get("roster", "")
    roster = roster if roster in COUNTED_ROSTERS else COUNTED_ROSTERS[0]
    return render(request, "workbench/home.html", home_context(home_data(actor), actor, roster))
