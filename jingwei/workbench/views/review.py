"""Judge one pair after another: look, decide, go on; take a verdict back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.services import deciding
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.linkage import review_queue
from jingwei.linkage.models import CandidatePair, Decision, LinkRun
from jingwei.workbench.review import page, texts
from jingwei.workbench.review.asked import Asked, of_pair, of_queue
from jingwei.workbench.review.swapping import VerdictForm, is_swap, number_of, whole_or_part

DECISIONS_A_PAGE = 50


@require_GET
def queue(request: ScopedRequest) -> HttpResponse:
    """The pair whose turn it is, or that nothing waits."""
    first = review_queue.first_pair(request.actor)
    if first is None:
        return _nothing(request, review_queue.current_run(request.actor))
    return _show(request, of_pair(first, None))


@require_GET
def pair(request: ScopedRequest, pk: int) -> HttpResponse:
    """One pair, or its unit beside another one that somebody looked up."""
    asked = of_queue(request.actor, pk, number_of(request.GET.get("with", "")))
    return _show(request, asked, search=request.GET.get("q", "").strip()[:60])


@require_POST
def decide(request: ScopedRequest, pk: int) -> HttpResponse:
    """Record a verdict, let the roster follow, and go on to the next pair."""
    form = VerdictForm(request.POST)
    if not form.is_valid():
        raise Http404("判定不完整")
    said = form.cleaned_data
    asked = of_queue(request.actor, pk, said["other"])
    assert asked.pair is not None
    try:
        outcome = deciding.decide(
            run=asked.run, unit_id=asked.unit_id, other_id=asked.other_id, verdict=said["verdict"],
            reason=said["reason"], by=request.actor, on=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        return _answer(request, asked, {"kind": "err", "text": str(refusal)})
    title = str(asked.pair.unit.last_record)
    done = {"kind": "ok", "text": texts.told(outcome, title), "undo": True}
    return _go_on(request, asked.pair, done)


@require_POST
def undo(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take a verdict back; the pair is shown again."""
    require(request.actor, Permission.LINK_APPROVE)
    decision = get_object_or_404(Decision.objects.select_related("run"), pk=pk)
    current = review_queue.current_run(request.actor)
    pair = _pair_of(decision, current)
    try:
        deciding.undo(decision=decision, reason=request.POST.get("reason", ""), by=request.actor, on=timezone.now())
    except Refused as refusal:
        notice = {"kind": "err", "text": str(refusal)}
    else:
        notice = {"kind": "ok", "text": f"已撤销“{decision.get_verdict_display()}”的判定，名册已恢复原状。"}
    if pair is None:
        messages.add_message(request, messages.ERROR if notice["kind"] == "err" else messages.SUCCESS, notice["text"])
        return _to(request, reverse("workbench:review_decisions"))
    return _answer(request, of_queue(request.actor, pair, None), notice)


@require_GET
def decisions(request: ScopedRequest) -> HttpResponse:
    """What was decided in the present run, undone verdicts included."""
    run = review_queue.current_run(request.actor)
    if run is None:
        return _nothing(request, run)
    made = review_queue.decisions(actor=request.actor, run=run)
    shown = Paginator(made, DECISIONS_A_PAGE).get_page(request.GET.get("page"))
    context = page.frame(request.actor, run) | {"page_title": "已判记录", "lead": "本批次的人工判定，撤销的也在内"}
    context["crumbs"] = [
        *context["crumbs"][:-1],
        {"label": "人工判定", "url": reverse("workbench:review")},
        {"label": "已判记录", "url": ""},
    ]
    return render(request, "linkage/decisions.html", context | {"page": shown})


def _show(
    request: ScopedRequest, asked: Asked, *, search: str = "", notice: dict[str, Any] | None = None
) -> HttpResponse:
    context = page.frame(request.actor, asked.run)
    context |= page.queue_context(request.actor, asked, search=search, notice=notice)
    return whole_or_part(request, context)


def _answer(request: ScopedRequest, asked: Asked, notice: dict[str, Any]) -> HttpResponse:
    """The same pair again with what there is to say of it."""
    assert asked.pair is not None
    address = reverse("workbench:review_pair", args=[asked.pair.pk])
    if not is_swap(request):
        level = messages.ERROR if notice["kind"] == "err" else messages.SUCCESS
        messages.add_message(request, level, notice["text"])
        return redirect(address)
    response = _show(request, asked, notice=notice)
    response["HX-Push-Url"] = address
    return response


def _go_on(request: ScopedRequest, before: CandidatePair, notice: dict[str, Any]) -> HttpResponse:
    following = review_queue.after(before)
    if following is not None:
        return _answer(request, of_queue(request.actor, following, None), notice)
    if not is_swap(request):
        messages.success(request, notice["text"])
        return redirect("workbench:review")
    response = _nothing(request, before.run, notice)
    response["HX-Push-Url"] = reverse("workbench:review")
    return response


def _nothing(request: ScopedRequest, run: LinkRun | None, notice: dict[str, Any] | None = None) -> HttpResponse:
    """Nothing waits: how many were judged, and where to go from here."""
    last = review_queue.last_decision(request.actor, run) if run else None
    context = page.frame(request.actor, run) | {
        "empty": True,
        "notice": notice,
        "undo": page.undo_of(last),
        "announce": "没有待判的记录。",
    }
    return whole_or_part(request, context)


def _pair_of(decision: Decision, run: LinkRun | None) -> int | None:
    """The place of a decided pair in the present queue."""
    if run is None:
        return None
    units = (decision.lower_id, decision.higher_id)
    pairs = CandidatePair.objects.filter(run=run, unit_id__in=units, candidate_id__in=units)
    return pairs.values_list("pk", flat=True).first()


def _to(request: ScopedRequest, address: str) -> HttpResponse:
    if not is_swap(request):
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
