"""Roster lists, the search over all of them, their export and the users' own views of them."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster import counts, saved_views, selectors
from jingwei.base_roster.filters import CODE_LENGTH, RosterFilters, read_text
from jingwei.base_roster.models import SavedView
from jingwei.base_roster.selectors import RosterPage, RosterRow
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.core.tables import TableError
from jingwei.workbench import roster_pages
from jingwei.workbench.exporting import WRITERS
from jingwei.workbench.forms import PAGE_SIZES, RosterForm, SaveViewForm
from jingwei.workbench.lists import asked_query, chosen_ids, file_of, list_form, roster_kind
from jingwei.workbench.roster_pages import EVERY, ROSTERS, RosterKind
from jingwei.workbench.selectors import duties, latest_batches


@require_GET
def roster_list(request: ScopedRequest, roster: str) -> HttpResponse:
    """One roster: tabs, filters, rows."""
    return _list(request, roster_kind(roster))


@require_GET
def search(request: ScopedRequest) -> HttpResponse:
    """A text in all rosters at once; the one entity it names opens by itself."""
    return _list(request, ROSTERS[EVERY])


@require_GET
def export(request: ScopedRequest, roster: str, form: str) -> HttpResponseBase:
    """The rows of the filter as a file."""
    require(request.actor, Permission.ROSTER_EXPORT)
    if form not in WRITERS:
        raise Http404("没有这种文件格式")
    kind = roster_kind(roster)
    filters = list_form(request.actor, request.GET).filters(roster=kind.filter_value)
    return _download(request, kind, form, selectors.export_rows(actor=request.actor, filters=filters))


@require_POST
def export_chosen(request: ScopedRequest, roster: str) -> HttpResponseBase:
    """The chosen rows as a workbook; all of the filter where the whole list is chosen."""
    require(request.actor, Permission.ROSTER_EXPORT)
    kind = roster_kind(roster)
    if request.POST.get("whole"):
        filters = list_form(request.actor, asked_query(request.POST)).filters(roster=kind.filter_value)
        return _download(request, kind, "xlsx", selectors.export_rows(actor=request.actor, filters=filters))
    return _download(request, kind, "xlsx", selectors.rows_of(chosen_ids(request.actor, request.POST)))


@require_POST
def save_view(request: ScopedRequest, roster: str) -> HttpResponse:
    """Keep the conditions in force under a name."""
    kind = roster_kind(roster)
    form = SaveViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请给视图起一个名称，20 个字以内。")
        return redirect(kind.url)
    chosen = form.cleaned_data
    try:
        saved_views.save_view(
            name=chosen["name"], roster=kind.slug, query=chosen["query"], by=request.actor, on=timezone.now()
        )
        messages.success(request, f"已保存视图“{chosen['name']}”。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{kind.url}?{chosen['query']}")


@require_POST
def delete_view(request: ScopedRequest, pk: int) -> HttpResponse:
    """Forget one of the user's own views."""
    view = get_object_or_404(SavedView, pk=pk, user_id=request.actor.user_id)
    roster, _, _ = view.query.partition("?")
    saved_views.delete_view(view=view, by=request.actor, on=timezone.now())
    messages.success(request, f"已删除视图“{view.name}”。")
    return redirect(roster_kind(roster).url)


def _list(request: ScopedRequest, kind: RosterKind) -> HttpResponse:
    require(request.actor, Permission.ROSTER_VIEW)
    if _county_changed(request):
        return HttpResponseClientRedirect(request.get_full_path())
    form = list_form(request.actor, request.GET)
    filters = form.filters(roster=kind.filter_value)
    number, size = _whole(request, "page", 1), _whole(request, "size", PAGE_SIZES[0])
    size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    figures = _figures(request, kind)
    kept = figures.whole if figures and filters == RosterFilters(roster=kind.slug, sort=filters.sort) else None
    if kind.slug == EVERY and not filters.text:
        page = selectors.empty_page(size)
    else:
        page = selectors.roster_page(actor=request.actor, filters=filters, number=number, size=size, kept=kept)
    if kind.slug == EVERY and (elsewhere := _better_place(request, filters, page)):
        return redirect(elsewhere)
    context = roster_pages.rows_context(kind=kind, query=request.GET, form=form, page=page, actor=request.actor)
    if _wants_rows(request):
        response = render(request, "workbench/_roster_rows.html", context)
    else:
        response = render(request, "workbench/roster_list.html", context | _frame(request, kind, form, figures))
    patch_vary_headers(response, ("HX-Request",))
    return response


def _better_place(request: ScopedRequest, filters: RosterFilters, page: RosterPage) -> str | None:
    """Where a search over all rosters goes on: the one entity of a whole code, or the largest roster.

    A text too common to be listed over all rosters is looked for among the enterprises.
    """
    if page.count and not page.rows:
        return f"{ROSTERS['enterprise'].url}?{request.GET.urlencode()}"
    if page.count == 1 and len(read_text(filters.text).code) == CODE_LENGTH:
        return reverse("workbench:entity", args=[page.rows[0].id])
    return None


def _figures(request: ScopedRequest, kind: RosterKind) -> counts.Figures | None:
    """Numbers of the whole roster for the tabs; the rows alone, fetched by HTMX, need none."""
    if not kind.filter_value or _wants_rows(request):
        return None
    held = counts.figures(actor=request.actor, condition=Q(roster=kind.filter_value), only=counts.OF_A_LIST)
    return held.get(kind.filter_value, counts.Figures())


def _frame(
    request: ScopedRequest, kind: RosterKind, form: RosterForm, figures: counts.Figures | None
) -> dict[str, object]:
    actor, one = request.actor, bool(kind.filter_value)
    return roster_pages.frame_context(
        kind=kind, query=request.GET, form=form, actor=actor, figures=figures,
        duties=duties(actor, kind.filter_value) if one else {},
        views=list(selectors.saved_views(actor=actor, roster=kind.slug)) if one else [],
        batches=latest_batches(actor) if one else {},
    )  # fmt: skip


def _download(request: ScopedRequest, kind: RosterKind, form: str, rows: Iterable[RosterRow]) -> HttpResponseBase:
    """The file, or the list with the reason why there is none."""
    try:
        return file_of(kind, form, rows, request.actor)
    except TableError as error:
        messages.error(request, f"{error.message_zh}。{error.hint_zh}。")
        return redirect(kind.url)


def _wants_rows(request: ScopedRequest) -> bool:
    headers = request.headers
    return headers.get("HX-Target") == "results" and "HX-History-Restore-Request" not in headers


def _county_changed(request: ScopedRequest) -> bool:
    """Another county has other towns, so the whole page is fetched anew."""
    if not _wants_rows(request):
        return False
    before = parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query).get("county", [""])[-1]
    return before != request.GET.get("county", "")


def _whole(request: ScopedRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
