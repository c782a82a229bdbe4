"""Notice letters to the chosen rows of a list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import NotPermitted, Permission, require
from jingwei.core.refusal import Refused
from jingwei.coverage import services
from jingwei.workbench.lists import asked_query, chosen_ids, list_ids, roster_kind

MOST_LETTERS = 100


@require_POST
def letters(request: ScopedRequest, roster: str) -> HttpResponse:
    """Issue a letter to every chosen entity that ought to have an organization; say to how many none was due."""
    require(request.actor, Permission.LETTER_ISSUE)
    kind = roster_kind(roster)
    query = asked_query(request.POST)
    whole = bool(request.POST.get("whole"))
    ids = list_ids(request.actor, kind, query, MOST_LETTERS + 1) if whole else chosen_ids(request.actor, request.POST)
    back = f"{kind.url}?{query.urlencode()}"
    if len(ids) > MOST_LETTERS:
        messages.error(request, f"一次至多发 {MOST_LETTERS} 封提示函，请增加条件后再选。")
        return redirect(back)
    issued, refused = 0, ""
    for entity in Entity.objects.filter(pk__in=ids).order_by("pk"):
        try:
            services.issue_letter(entity=entity, by=request.actor, on=timezone.now())
            issued += 1
        except (Refused, NotPermitted) as refusal:
            refused = str(refusal)
    if issued:
        messages.success(request, f"已发出 {issued} 封提示函，请逐封打印送达。")
    if refused:
        messages.warning(request, f"{len(ids) - issued} 家没有发函，例如：{refused}")
    return redirect("coverage:letters") if issued else redirect(back)
