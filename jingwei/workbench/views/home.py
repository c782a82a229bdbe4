"""The first page after logging in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jingwei.accounts.middleware import ScopedRequest
from jingwei.core.permissions import Permission
from jingwei.workbench.dashboard import page
from jingwei.workbench.dashboard.asked import asked_board
from jingwei.workbench.navigation import navigation


@require_GET
def home(request: ScopedRequest) -> HttpResponse:
    """Figures and next steps; who may not see them goes to the first page he may see."""
    actor = request.actor
    if not actor.may(Permission.INDICATORS_VIEW):
        others = [item["url"] for group in navigation(actor, request.path)[1:] for item in group["items"]]
        return redirect(others[0] if others else reverse("accounts:profile"))
    shown = asked_board(actor, request.GET, timezone.localdate())
    if shown.is_empty:
        return render(request, "workbench/home.html", {"page_title": "工作台", "start": page.start(actor)})
    view = page.chosen_view(request.GET.get("view", ""))
    context = page.home_context(shown, view=view, table="table" in request.GET)
    return render(request, "workbench/home.html", context)
