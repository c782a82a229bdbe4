"""Pages of coverage: overview, lists by state, causes, letters."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import visible_places
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.core.tables import TableError
from jingwei.coverage import exporting, letter_pages, selectors, services
from jingwei.coverage.computing import rules_of
from jingwei.coverage.filters import EVERY
from jingwei.coverage.forms import AnswerForm, CauseForm, UnitsForm
from jingwei.coverage.guards import require_entity
from jingwei.coverage.letter_facts import letter_facts
from jingwei.coverage.models import OPEN, NoticeLetter
from jingwei.coverage.overview import overview as count_overview
from jingwei.coverage.overview_pages import overview_context
from jingwei.coverage.tabs import LISTED
from jingwei.coverage.unit_pages import title_of, units_context
from jingwei.domain.coverage import CoverageState, Parameters, parameters
from jingwei.places.models import Place

ROWS = 50


@require_GET
def overview(request: ScopedRequest) -> HttpResponse:
    """Figures of the actor's scope, or of one county of it."""
    today = timezone.localdate()
    county = _county(request)
    found = count_overview(actor=request.actor, on=today, county=county)
    rules = rules_of(today)
    context = overview_context(found, actor=request.actor, rules=rules, values=parameters(rules))
    return render(request, "coverage/overview.html", context)


@require_GET
def units(request: ScopedRequest, state: str) -> HttpResponse:
    """The entities of one state."""
    today, listed = timezone.localdate(), _state(state)
    values = parameters(rules_of(today))
    form = _form(request, listed, values)
    page = selectors.coverage_page(
        actor=request.actor, filters=form.filters(), day=today, number=_number(request, "page"), size=ROWS
    )
    context = units_context(
        state=listed, form=form, page=page, query=request.GET, size=ROWS, actor=request.actor,
        organization_forms=values.organization_forms, day=today,
    )  # fmt: skip
    return render(request, "coverage/units.html", context)


@require_GET
def export(request: ScopedRequest, state: str, form: str) -> HttpResponseBase:
    """The rows of the filter as a file."""
    require(request.actor, Permission.ROSTER_EXPORT)
    listed = _state(state)
    if form not in exporting.WRITERS:
        raise Http404("没有这种文件格式")
    today = timezone.localdate()
    filters = _form(request, listed, parameters(rules_of(today))).filters()
    with tempfile.TemporaryDirectory(dir=settings.INSTANCE.work) as folder:
        path = Path(folder) / f"{title_of(listed)}_{today:%Y%m%d}.{form}"
        try:
            exporting.write(path=path, form=form, filters=filters, day=today, by=request.actor, on=timezone.now())
        except TableError as error:
            messages.error(request, f"{error.message_zh}。{error.hint_zh}。")
            return redirect("coverage:units", state=state)
        # The open file outlives its folder until the answer is sent.
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@require_http_methods(["GET", "POST"])
def cause(request: ScopedRequest, pk: int) -> HttpResponse:
    """Why an entity has no organization."""
    entity = _entity(request, pk)
    require_entity(request.actor, Permission.CAUSE_STATE, entity)
    form = CauseForm(request.POST or None)
    if form.is_valid():
        try:
            services.state_cause(entity=entity, by=request.actor, on=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已记下“{entity.name}”的未建原因。")
            return redirect("workbench:entity", pk=pk)
    earlier = selectors.records(entity).causes
    newest = f"现记：{earlier[0].get_kind_display()}（{earlier[0].stated_on:%Y-%m-%d}）。" if earlier else ""
    context = {
        "page_title": "未建原因",
        "lead": entity.name,
        "crumbs": [
            {"label": entity.name, "url": reverse("workbench:entity", args=[pk])},
            {"label": "未建原因", "url": ""},
        ],
        "form": form,
        "intro": f"{newest}四类选一，以最近一次为准，以前的保留备查。",
        "cancel_url": reverse("workbench:entity", args=[pk]),
    }
    return render(request, "core/form.html", context)


@require_http_methods(["GET", "POST"])
def issue(request: ScopedRequest, pk: int) -> HttpResponse:
    """Look at a letter before it is issued, and issue it."""
    entity = _entity(request, pk)
    require_entity(request.actor, Permission.LETTER_ISSUE, entity)
    if request.method == "POST":
        try:
            letter = services.issue_letter(entity=entity, by=request.actor, on=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("workbench:entity", pk=pk)
        messages.success(request, f"已发出{letter.number}，请打印送达。")
        return redirect("coverage:letter", pk=letter.pk)
    today = timezone.localdate()
    decision = selectors.explain(entity=entity, on=today)
    if decision.state is not CoverageState.SHOULD:
        messages.error(request, f"该主体不是应建未建，不发提示函（{decision.headline}）。")
        return redirect("workbench:entity", pk=pk)
    context = letter_pages.issue_context(entity, decision, letter_facts(entity, decision, today=today))
    return render(request, "coverage/letter_new.html", context)


@require_GET
def letters(request: ScopedRequest) -> HttpResponse:
    """Letters of the actor's scope, newest first."""
    today, chosen = timezone.localdate(), request.GET.get("state", "")
    chosen = chosen if chosen in letter_pages.STATES else ""
    conditions = {
        "waiting": OPEN, "overdue": OPEN & Q(reply_due_on__lt=today), "answered": ~Q(answer=""),
        "closed": Q(answer="", closed_on__isnull=False),
    }  # fmt: skip
    found = selectors.letters(actor=request.actor).filter(conditions.get(chosen, Q()))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "coverage/letters.html", letter_pages.letters_context(page, chosen=chosen, day=today))


@require_GET
def letter(request: ScopedRequest, pk: int) -> HttpResponse:
    """One letter as it was issued, to be printed."""
    context = letter_pages.letter_context(_letter(request, pk), actor=request.actor, day=timezone.localdate())
    return render(request, "coverage/letter.html", context)


@require_http_methods(["GET", "POST"])
def answer(request: ScopedRequest, pk: int) -> HttpResponse:
    """The answer to a letter."""
    found = _letter(request, pk)
    require_entity(request.actor, Permission.LETTER_ANSWER, found.entity)
    form = AnswerForm(request.POST or None, initial={"answered_on": timezone.localdate()})
    if form.is_valid():
        try:
            services.record_answer(letter=found, by=request.actor, on=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记{found.number}的答复。")
            return redirect("coverage:letter", pk=pk)
    context = {
        "page_title": "登记答复",
        "lead": f"{found.number} · {found.entity.name}",
        "crumbs": [
            {"label": found.number, "url": reverse("coverage:letter", args=[pk])},
            {"label": "登记答复", "url": ""},
        ],
        "form": form,
        "intro": "答复登记后不能改；党员数有误的，核实后更正事实，判定随之变化。",
        "submit_label": "登记",
        "cancel_url": reverse("coverage:letter", args=[pk]),
    }
    return render(request, "core/form.html", context)


def _state(text: str) -> str:
    if text not in {*LISTED, EVERY}:
        raise Http404("没有这种覆盖状态的名单")
    return text


def _form(request: ScopedRequest, state: str, values: Parameters) -> UnitsForm:
    """The conditions of a list. A park may hold entities of a town without lying in the town's own scope."""
    places = list(visible_places(request.actor))
    named = _number(request, "area")
    if named and all(place.pk != named for place in places):
        places += Place.objects.filter(pk=named).defer("boundary")
    return UnitsForm(request.GET, state=state, places=places, values=values)


def _entity(request: ScopedRequest, pk: int) -> Entity:
    found = Entity.objects.in_scope(request.actor).defer("bigrams").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这个主体，或不在你的管辖范围")
    return found


def _letter(request: ScopedRequest, pk: int) -> NoticeLetter:
    found = selectors.letters(actor=request.actor).defer(None).select_related("entity").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这封提示函，或不在你的管辖范围")
    return found


def _county(request: ScopedRequest) -> Place | None:
    """The county that the address names, if the actor may narrow to it."""
    number = _number(request, "county")
    if not number:
        return None
    return visible_places(request.actor).filter(pk=number, kind=Place.Kind.COUNTY).first()


def _number(request: ScopedRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
