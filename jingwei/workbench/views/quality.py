"""How right the matching is: draw a sample, judge it blind, read the figures."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.base_roster.services import deciding
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.linkage import review_queue, services
from jingwei.workbench.review import page, quality
from jingwei.workbench.review.asked import Asked, of_sample
from jingwei.workbench.review.swapping import VerdictForm, is_swap, number_of, whole_or_part


@require_GET
def overview(request: ScopedRequest) -> HttpResponse:
    """Figures of the newest sample of the present run, or of the one asked for."""
    require(request.actor, Permission.LINK_APPROVE)
    run = review_queue.current_run(request.actor)
    samples = quality.samples(request.actor, run)
    wanted = number_of(request.GET.get("sample", ""))
    chosen = next((sample for sample in samples if sample.pk == wanted), samples[0] if samples else None)
    return render(request, "linkage/quality.html", quality.context(run=run, samples=samples, chosen=chosen))


@require_POST
def draw(request: ScopedRequest) -> HttpResponse:
    """Draw a sample of the present run by the seed that was typed."""
    run = review_queue.current_run(request.actor)
    if run is None:
        raise Http404("还没有对碰")
    seed = number_of(request.POST.get("seed", ""))
    try:
        services.draw(run=run, seed=-1 if seed is None else seed, by=request.actor, on=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("workbench:quality")


@require_GET
def pair(request: ScopedRequest, sample: int, number: int | None = None) -> HttpResponse:
    """A drawn pair: the one asked for, else the first that nobody has judged."""
    asked = of_sample(request.actor, sample, number)
    if asked is None:
        messages.success(request, "这次抽样已全部判完。")
        return redirect(f"{reverse('workbench:quality')}?sample={sample}")
    return _show(request, asked)


@require_POST
def judge(request: ScopedRequest, sample: int, number: int) -> HttpResponse:
    """Keep a verdict on a drawn pair; where it speaks against the roster, stay and say so."""
    form = VerdictForm(request.POST)
    asked = of_sample(request.actor, sample, number)
    if not form.is_valid() or asked is None or asked.drawn is None:
        raise Http404("判定不完整")
    verdict = form.cleaned_data["verdict"]
    try:
        drawn = services.judge(drawn=asked.drawn, verdict=verdict, by=request.actor, on=timezone.now())
    except Refused as refusal:
        return _show(request, asked, {"kind": "err", "text": str(refusal)})
    if drawn.is_contradicted:
        return _stay(request, sample, number, {"kind": "", "text": quality.contradiction(drawn)})
    following = of_sample(request.actor, sample, None)
    done = {"kind": "ok", "text": f"已记为“{drawn.get_verdict_display()}”。"}
    if following is None or following.drawn is None:
        return _finished(request, sample)
    return _stay(request, sample, following.drawn.number, done)


@require_POST
def act(request: ScopedRequest, sample: int, number: int) -> HttpResponse:
    """Correct the roster by a verdict on a drawn pair that speaks against it."""
    asked = of_sample(request.actor, sample, number)
    if asked is None or asked.drawn is None or not asked.drawn.is_contradicted:
        raise Http404("这一对没有要改正的")
    try:
        outcome = deciding.decide(
            run=asked.run, unit_id=asked.unit_id, other_id=asked.other_id, verdict=asked.drawn.verdict,
            reason="质量抽样发现", by=request.actor, on=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        return _stay(request, sample, number, {"kind": "err", "text": str(refusal)})
    return _stay(request, sample, number, {"kind": "ok", "text": quality.acted(outcome)})


def _stay(request: ScopedRequest, sample: int, number: int, notice: dict[str, str]) -> HttpResponse:
    address = reverse("workbench:sample_pair", args=[sample, number])
    if not is_swap(request):
        level = {"ok": messages.SUCCESS, "err": messages.ERROR}.get(notice["kind"], messages.WARNING)
        messages.add_message(request, level, notice["text"])
        return redirect(address)
    asked = of_sample(request.actor, sample, number)
    assert asked is not None
    response = _show(request, asked, notice)
    response["HX-Push-Url"] = address
    return response


def _show(request: ScopedRequest, asked: Asked, notice: dict[str, str] | None = None) -> HttpResponse:
    context = page.frame(request.actor, asked.run) | quality.judging_frame(asked)
    return whole_or_part(request, context | page.sample_context(request.actor, asked, notice=notice))


def _finished(request: ScopedRequest, sample: int) -> HttpResponse:
    address = f"{reverse('workbench:quality')}?sample={sample}"
    messages.success(request, "这次抽样已全部判完。")
    if not is_swap(request):
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
