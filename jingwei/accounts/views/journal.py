"""The journal: what was done, by whom, and whether the chain holds."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jingwei.accounts import pages, selectors
from jingwei.accounts.forms import JournalFilterForm
from jingwei.accounts.middleware import ScopedRequest
from jingwei.core import journal as chain
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Permission, require


@require_http_methods(["GET", "POST"])
def journal(request: ScopedRequest) -> HttpResponse:
    """Entries latest first; sending the page proves the whole chain."""
    require(request.actor, Permission.JOURNAL_VIEW)
    form = JournalFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    wanted = selectors.JournalFilter(
        actor_name=chosen.get("actor", ""), verb=chosen.get("verb", ""), since=chosen.get("since"),
        until=chosen.get("until"), before=chosen.get("before"),
    )  # fmt: skip
    page = selectors.journal_page(actor=request.actor, wanted=wanted, on=timezone.localdate())
    context: dict[str, Any] = {
        "page_title": "操作日志",
        "lead": "每一步操作一条，封存后前后相接，改动任何一条都会断开",
        "actions": [{"label": "校验链条", "icon": "shield-lock", "url": reverse("accounts:journal"), "post": True}],
        "chain": prove() if request.method == "POST" else None,
        "filter_fields": [field for field in form if not field.is_hidden],
        "filtered": any(value for name, value in chosen.items() if name != "before"),
        "clear_url": reverse("accounts:journal"),
        "rows": pages.journal_rows(page),
        "next_before": page.next_before,
        "first_page": wanted.before is None,
    }
    return render(request, "core/journal.html", context)


def prove() -> dict[str, Any]:
    """Recompute the chain; says how many entries hold together and where it breaks."""
    checked = chain.verify()
    return {
        "ok": checked.broken_at is None,
        "rows": checked.rows,
        "broken_at": checked.broken_at,
        "checked_at": timezone.now(),
        "unsealed": JournalEntry.objects.filter(seq__isnull=True).count(),
    }
