"""The dashboard in large type, for the meeting room."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from jingwei.accounts.middleware import ScopedRequest
from jingwei.core.permissions import Permission, require
from jingwei.workbench.dashboard.asked import asked_board
from jingwei.workbench.dashboard.page import chosen_view
from jingwei.workbench.dashboard.slides import slides_context


@require_GET
def presentation(request: ScopedRequest) -> HttpResponse:
    """Five sheets of the same figures; without any figure back to the workbench."""
    require(request.actor, Permission.INDICATORS_VIEW)
    shown = asked_board(request.actor, request.GET, timezone.localdate())
    if shown.is_empty:
        return redirect("workbench:home")
    context = slides_context(shown, request.actor, view=chosen_view(request.GET.get("view", "")))
    return render(request, "workbench/presentation.html", context)
