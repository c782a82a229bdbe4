"""Pages of the intake: 读取, 核对, 入库, and the rows that were refused."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.accounts.models import User
from jingwei.bodies.models import Body
from jingwei.core.permissions import Permission, require
from jingwei.core.tables import TableError
from jingwei.domain.lists import ListKind
from jingwei.rosters import pages, selectors, services
from jingwei.rosters.errors import IntakeRefused
from jingwei.rosters.forms import CodeFilterForm, ColumnsForm, FilterForm, ResendForm, UploadForm
from jingwei.rosters.models import Batch


@require_GET
def batches(request: ScopedRequest) -> HttpResponse:
    """Batches received, latest first."""
    form = FilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = selectors.batches_page(
        actor=request.actor, number=request.GET.get("page"),
        list_kind=chosen.get("list_kind", ""), state=chosen.get("state", ""),
    )  # fmt: skip
    page.object_list = [pages.batch_line(each) for each in page.object_list]  # type: ignore[misc]
    new_url = reverse("rosters:upload") if request.actor.may(Permission.BATCH_IMPORT) else None
    context = {
        "page_title": "导入批次",
        "lead": "部门给的名单原样收下，核对后入库，一行不丢",
        "actions": [{"label": "上传名单", "icon": "upload", "url": new_url, "primary": True}] if new_url else [],
        "filter_fields": list(form),
        "filtered": any(chosen.values()),
        "clear_url": reverse("rosters:batches"),
        "page": page,
        "new_url": new_url,
    }
    return render(request, "rosters/import_list.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: ScopedRequest) -> HttpResponse:
    """Step 1: take a file in and let the worker read it."""
    require(request.actor, Permission.BATCH_IMPORT)
    form = UploadForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial={"as_of": timezone.localdate()}
    )
    problem = None
    if form.is_valid():
        chosen = form.cleaned_data
        kind = ListKind(chosen["list_kind"]) if chosen["list_kind"] else None
        try:
            return _receive(
                request, chosen["file"], list_kind=kind, as_of=chosen["as_of"], place=chosen.get("place"),
                body=_own_body(request),
            )  # fmt: skip
        except IntakeRefused as refusal:
            problem = _problem(refusal)
    context = {
        "page_title": "导入名单",
        "crumbs": [{"label": "导入批次", "url": reverse("rosters:batches")}, {"label": "上传", "url": ""}],
        "form": form,
        "problem": problem,
        "lists": pages.known_lists(),
        "limits": [f"单个文件不超过 {settings.MAX_ROSTER_FILE_BYTES // 2**20} MB。"],
    }
    return render(request, "rosters/import_upload.html", context)


@require_GET
def batch(request: ScopedRequest, pk: int) -> HttpResponse:
    """The batch wherever it stands; a page that waits asks this address again."""
    found = _batch(request, pk)
    context = pages.frame(found, request.actor)
    if found.is_working:
        context |= pages.progress(found)
        if request.headers.get("HX-Request"):
            return render(request, "rosters/_progress.html", context)
    elif request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    elif found.state == Batch.State.CHECKED:
        context |= _check_context(request, found)
    elif found.state == Batch.State.COMMITTED:
        context |= pages.done_page(found, request.actor)
    else:
        context |= {"status": "failed" if found.state == Batch.State.FAILED else "cancelled"}
    stored = found.state in (Batch.State.COMMITTING, Batch.State.COMMITTED)
    return render(request, f"rosters/import_{'done' if stored else 'check'}.html", context)


@require_POST
def columns(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take the list and the columns as the clerk says, and check again."""
    found = _batch(request, pk)
    form = ColumnsForm(request.POST, list_kind=found.list_kind, columns=selectors.file_columns(found))
    if not form.is_valid():
        return render(
            request,
            "rosters/import_check.html",
            pages.frame(found, request.actor) | _check_context(request, found, form),
        )
    kind = ListKind(form.cleaned_data["list_kind"])
    try:
        if kind == found.list_kind:
            services.change_mapping(batch=found, mapping=form.mapping(), by=request.actor, on=timezone.now())
        else:
            services.change_list(batch=found, list_kind=kind, by=request.actor, on=timezone.now())
    except IntakeRefused as refusal:
        form.add_error(None, f"{refusal.message_zh}。{refusal.hint_zh}。")
        return render(
            request,
            "rosters/import_check.html",
            pages.frame(found, request.actor) | _check_context(request, found, form),
        )
    services.start_reading(batch=found, by=request.actor)
    return redirect("rosters:batch", pk=pk)


@require_POST
def commit(request: ScopedRequest, pk: int) -> HttpResponse:
    """Step 3: let the worker store the batch."""
    try:
        services.start_commit(batch=_batch(request, pk), by=request.actor)
    except IntakeRefused as refusal:
        messages.error(request, f"{refusal.message_zh}。{refusal.hint_zh}。")
    return redirect("rosters:batch", pk=pk)


@require_POST
def restart(request: ScopedRequest, pk: int) -> HttpResponse:
    """Queue the work again, for a worker that died with it; a living one is not disturbed."""
    found = _batch(request, pk)
    if found.state == Batch.State.COMMITTING:
        services.start_commit(batch=found, by=request.actor)
    elif found.is_working:
        services.start_reading(batch=found, by=request.actor)
    return redirect("rosters:batch", pk=pk)


@require_POST
def cancel(request: ScopedRequest, pk: int) -> HttpResponse:
    """Give the batch up."""
    try:
        services.cancel(batch=_batch(request, pk), by=request.actor, on=timezone.now())
    except IntakeRefused as refusal:
        messages.error(request, f"{refusal.message_zh}。{refusal.hint_zh}。")
        return redirect("rosters:batch", pk=pk)
    messages.success(request, f"已放弃批次 {pk}，没有写入任何行。")
    return redirect("rosters:batches")


@require_GET
def rejected(request: ScopedRequest, pk: int) -> HttpResponse:
    """Rows that were not stored, with reason and proposal."""
    found = _batch(request, pk)
    if found.state != Batch.State.COMMITTED:
        return redirect("rosters:batch", pk=pk)
    form = CodeFilterForm(request.GET or None, codes=pages.code_choices(found))
    code = form.cleaned_data["code"] if form.is_valid() else ""
    rows = selectors.refused_rows(actor=request.actor, batch=found, code=code)
    page = Paginator(rows, selectors.PAGE_SIZE).get_page(request.GET.get("page"))
    context = pages.rejected_page(found, page, list(selectors.refused_lines(found, page.object_list)))
    may_mend = found.rejected_count and request.actor.may(Permission.BATCH_IMPORT)
    context |= {
        "filter_fields": list(form),
        "filtered": bool(code),
        "resend_form": ResendForm() if may_mend else None,
    }
    return render(request, "rosters/rejected.html", context)


@require_GET
def download(request: ScopedRequest, pk: int) -> HttpResponseBase:
    """The repair sheet."""
    found = _batch(request, pk)
    with tempfile.TemporaryDirectory(dir=settings.INSTANCE.work) as folder:
        path = Path(folder) / services.repair_sheet_name(found)
        try:
            services.write_repair_sheet(batch=found, path=path, by=request.actor, on=timezone.now())
        except (IntakeRefused, TableError) as refusal:
            messages.error(request, f"{refusal.message_zh}。{refusal.hint_zh}。")
            return redirect("rosters:batch", pk=pk)
        # The open file outlives its folder until the answer is sent.
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@require_POST
def resend(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take the mended sheet as a new batch of the same list, day and place."""
    found = _batch(request, pk)
    form = ResendForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "没有收到文件。请选择改好的表再传一次。")
        return redirect("rosters:rejected", pk=pk)
    try:
        return _receive(
            request, form.cleaned_data["file"], list_kind=ListKind(found.list_kind), as_of=found.as_of,
            place=found.place, body=found.body,
        )  # fmt: skip
    except IntakeRefused as refusal:
        messages.error(request, f"{refusal.message_zh}。{refusal.hint_zh}。")
        return redirect("rosters:rejected", pk=pk)


def _receive(request: ScopedRequest, file: Any, **facts: Any) -> HttpResponse:
    received = services.receive_file(source=file.chunks(), name=file.name, by=request.actor, on=timezone.now(), **facts)
    if received.state == Batch.State.COMMITTED:
        messages.warning(request, f"该文件已于 {timezone.localtime(received.committed_at):%Y-%m-%d} 入库，未作改动。")
    else:
        services.start_reading(batch=received, by=request.actor)
    return redirect("rosters:batch", pk=received.pk)


def _check_context(request: ScopedRequest, batch: Batch, form: ColumnsForm | None = None) -> dict[str, Any]:
    file_columns = selectors.file_columns(batch)
    if form is None and request.actor.may(Permission.BATCH_IMPORT):
        form = ColumnsForm(list_kind=batch.list_kind, columns=file_columns)
    return pages.check_page(batch, file_columns, form, request.actor)


def _batch(request: ScopedRequest, pk: int) -> Batch:
    try:
        return selectors.batch_detail(actor=request.actor, pk=pk)
    except Batch.DoesNotExist as missing:
        raise Http404("没有这个批次，或不在你的管辖范围") from missing


def _own_body(request: ScopedRequest) -> Body | None:
    """The user's own unit; for somebody who acts for bodies alone, one he acts for."""
    own = request.user.body if isinstance(request.user, User) else None
    if request.actor.place_ids or (own and own.pk in request.actor.body_ids):
        return own
    return Body.objects.filter(pk__in=request.actor.body_ids).first()


def _problem(refusal: IntakeRefused) -> dict[str, str]:
    return {"message": refusal.message_zh, "hint": refusal.hint_zh, "place": "", "code": "S-REFUSED"}
