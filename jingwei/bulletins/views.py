"""Pages of papers: the list, making one, its page and files, its signature, the templates."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.selectors import visible_places
from jingwei.bulletins import cell_pages, pages, selectors, services
from jingwei.bulletins.forms import MakeForm, PapersForm, TemplateForm, WordsForm
from jingwei.bulletins.models import Paper, PaperFile
from jingwei.bulletins.naming_units import entities_named
from jingwei.bulletins.orders import Wishes
from jingwei.bulletins.pdf import FontsMissing
from jingwei.bulletins.template_making import own_template as make_own_template
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.domain.papers.content import Edition
from jingwei.domain.papers.figure_tables import figure_layout
from jingwei.rosters import files

ROWS = 30
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def papers(request: ScopedRequest) -> HttpResponse:
    """Papers the reader may see, the newest first."""
    form = PapersForm(request.GET)
    filters = form.filters()
    page = Paginator(selectors.papers(actor=request.actor, filters=filters), ROWS).get_page(request.GET.get("page"))
    may_make = request.actor.may(Permission.BULLETIN_MAKE)
    actions: list[dict[str, Any]] = [
        {"label": "通报模板", "icon": "settings", "url": reverse("bulletins:templates")},
        {"label": "生成文稿", "icon": "plus", "url": reverse("bulletins:new"), "primary": True},
    ]
    context = {
        "page_title": "通报与报表",
        "lead": "由月度快照生成，每个数字都能点开到所数的单位；签发后不再改动",
        "actions": actions if may_make else [],
        "filter_fields": list(form),
        "filtered": bool(filters.kind or filters.state),
        "clear_url": reverse("bulletins:list"),
        "new_url": reverse("bulletins:new") if may_make else None,
        "page": _rows_page(page),
    }
    return render(request, "bulletins/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Make a paper from a snapshot."""
    require(request.actor, Permission.BULLETIN_MAKE)
    form = MakeForm(request.POST or None, places=visible_places(request.actor), initial=request.GET.dict())
    if form.is_valid():
        try:
            made = _made(request, form)
        except (Refused, FontsMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已生成“{made.title}”。")
            return redirect("bulletins:paper", pk=made.pk)
    context = {
        "page_title": "生成文稿",
        "crumbs": pages.crumbs(("生成文稿", "")),
        "form": form,
        "intro": "数字取自所选快照，不随名册变动。同一快照再次生成会替换未签发的那一份；已签发的不能重新生成。",
        "submit_label": "生成",
        "cancel_url": reverse("bulletins:list"),
    }
    return render(request, "core/form.html", context)


@require_GET
def paper(request: ScopedRequest, pk: int) -> HttpResponse:
    """One paper as it will be printed, with what its checks say and what is missing."""
    found = _paper(request, pk)
    return render(request, "bulletins/paper.html", pages.paper_context(found, request.actor))


@require_GET
def download(request: ScopedRequest, pk: int, form: str) -> HttpResponseBase:
    """One file of a paper."""
    found = _paper(request, pk)
    held = get_object_or_404(PaperFile.objects.select_related("file"), paper=found, format=form)
    services.record_download(paper=found, form=form, by=request.actor, on=timezone.now())
    path = files.path_of(held.file.sha256)
    if not path.exists():
        raise Http404("这个文件不在文件库中，请重新生成")
    return FileResponse(path.open("rb"), as_attachment=True, filename=services.file_name(found, form))


@require_http_methods(["GET", "POST"])
def words(request: ScopedRequest, pk: int) -> HttpResponse:
    """Addressees, numbers of issue and the office's own plans in a bulletin that is not signed."""
    require(request.actor, Permission.BULLETIN_MAKE)
    found = _paper(request, pk)
    if found.kind != Paper.Kind.BULLETIN or found.signed_at is not None:
        raise Http404("只有未签发的通报可以改文字")
    form = WordsForm(request.POST or None, initial=pages.words_of(found))
    if form.is_valid():
        try:
            services.revise(paper=found, wishes=form.wishes(), by=request.actor, on=timezone.now())
        except (Refused, FontsMissing) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已按新的文字重新排版。")
            return redirect("bulletins:paper", pk=pk)
    context = {
        "page_title": "改文字",
        "lead": found.title,
        "crumbs": pages.crumbs((found.get_kind_display(), reverse("bulletins:paper", args=[pk])), ("改文字", "")),
        "form": form,
        "intro": "第一、二部分和表由快照写出，不能改；这里可以改期号、发送单位和下一步工作。",
        "cancel_url": reverse("bulletins:paper", args=[pk]),
    }
    return render(request, "core/form.html", context)


@require_POST
def remake(request: ScopedRequest, pk: int) -> HttpResponse:
    """Make the paper again as it was asked for."""
    found = _paper(request, pk)
    try:
        services.remake(paper=found, by=request.actor, on=timezone.now())
    except (Refused, FontsMissing) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已重新生成“{found.title}”。")
    return redirect("bulletins:paper", pk=pk)


@require_POST
def sign(request: ScopedRequest, pk: int) -> HttpResponse:
    """Sign the paper."""
    found = _paper(request, pk)
    try:
        services.sign(paper=found, by=request.actor, on=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已签发“{found.title}”，今后不再改动。")
    return redirect("bulletins:paper", pk=pk)


@require_GET
def cell(request: ScopedRequest, pk: int, cell: str) -> HttpResponse:
    """The units that a cell of a yearly form counts."""
    found = _paper(request, pk)
    try:
        context = cell_pages.cell_context(found, cell)
    except KeyError as missing:
        raise Http404("没有这个栏目") from missing
    return render(request, "bulletins/cell.html", context)


@require_http_methods(["GET", "POST"])
def templates(request: ScopedRequest) -> HttpResponse:
    """The template in force, those before it, and the way to put another in its place."""
    held = list(selectors.templates(actor=request.actor))
    form = TemplateForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.upload_template(
                kind=Paper.Kind.BULLETIN, content=file.read(), name=file.name, by=request.actor, on=timezone.now()
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "模板已启用，今后生成的通报都用它排版。")
            return redirect("bulletins:templates")
    columns = [(column.id, f"{column.group}{column.zh}") for column in figure_layout("bulletin_table").columns]
    return render(request, "bulletins/templates.html", pages.templates_context(held, columns) | {"form": form})


@require_GET
def own_template(request: ScopedRequest) -> FileResponse:
    """The product's own template, to be edited in Word."""
    require(request.actor, Permission.BULLETIN_MAKE)
    return FileResponse(BytesIO(make_own_template()), as_attachment=True, filename="通报模板.docx", content_type=WORD)


@require_GET
def template(request: ScopedRequest, pk: int) -> FileResponse:
    """A template of the city."""
    held = get_object_or_404(selectors.templates(actor=request.actor), pk=pk)
    content = files.path_of(held.file.sha256).open("rb")
    return FileResponse(content, as_attachment=True, filename=held.file.name, content_type=WORD)


@require_POST
def remove_template(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take a template back."""
    held = get_object_or_404(selectors.templates(actor=request.actor), pk=pk)
    services.remove_template(template=held, by=request.actor, on=timezone.now())
    messages.success(request, "模板已撤回。")
    return redirect("bulletins:templates")


def _rows_page(page: Page[Paper]) -> Page[dict[str, Any]]:
    """The page with its lines ready for the template."""
    lines: Any = pages.list_rows(page.object_list)
    return Page(lines, page.number, page.paginator)


def _made(request: ScopedRequest, form: MakeForm) -> Paper:
    data = form.cleaned_data
    wishes = Wishes(edition=Edition(data["edition"]))
    if data["kind"] == Paper.Kind.FORM_D:
        wishes = Wishes(edition=wishes.edition, units=entities_named(form.named_units(), actor=request.actor))
    return services.make(
        kind=data["kind"], snapshot=data["snapshot"], compared=data["compared"], place=data["place"],
        by=request.actor, on=timezone.now(), wishes=wishes,
    )  # fmt: skip


def _paper(request: ScopedRequest, pk: int) -> Paper:
    try:
        return selectors.paper_detail(actor=request.actor, pk=pk)
    except Paper.DoesNotExist as missing:
        raise Http404("没有这份文稿，或不在你的管辖范围") from missing
