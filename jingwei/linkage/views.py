"""Pages of the matching: the runs, and one run with its grounds, to be approved by a named clerk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.core.permissions import Permission
from jingwei.domain.linkage import REASONS, Basis
from jingwei.linkage import review_queue, run_details, selectors, services
from jingwei.linkage.models import LinkRun
from jingwei.linkage.selectors import SampleLink

RUNS_A_PAGE = 20


@require_GET
def runs(request: ScopedRequest) -> HttpResponse:
    """Runs, newest first."""
    page = Paginator(selectors.runs(actor=request.actor), RUNS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "大数据对碰",
        "lead": "把各部门名单对成一户一条；只有确定性的依据在批准后一次生效，其余逐条等待人工判定",
        "page": page,
        "may_start": request.actor.may(Permission.BATCH_COMMIT),
    }
    return render(request, "linkage/runs.html", context)


@require_POST
def start(request: ScopedRequest) -> HttpResponse:
    """Let the worker match everything anew."""
    services.request_run(by=request.actor)
    messages.info(request, "已开始对碰，完成后出现在列表最前面。")
    return redirect("linkage:runs")


@require_GET
def run(request: ScopedRequest, pk: int) -> HttpResponse:
    """One run: its grounds with counts and a sample each, and the decision."""
    found = get_object_or_404(selectors.runs(actor=request.actor), pk=pk)
    grounds = selectors.grounds(run=found, actor=request.actor)
    combinations, others = run_details.combinations(found)
    queued = _queued(request, found)
    if queued is not None:
        request.nav_counts = {"workbench:review": queued}
    context = {
        "page_title": f"{found.as_of:%Y-%m-%d} 的对碰",
        "crumbs": [{"label": "大数据对碰", "url": reverse("linkage:runs")}, {"label": str(found.as_of), "url": ""}],
        "actions": _actions(request),
        "run": found,
        "grounds": grounds,
        "queued": queued,
        "review_url": reverse("workbench:review"),
        "combinations": combinations,
        "other_combinations": others,
        "changes": run_details.changes(found),
        "moved": run_details.moved_classes(found),
        "rows": sum(ground.rows for ground in grounds),
        "waiting": sum(ground.review for ground in grounds),
        "effective": sum(ground.rows - ground.review for ground in grounds),
        "may_approve": found.state == LinkRun.State.PROPOSED and request.actor.may(Permission.LINK_APPROVE),
    }
    return render(request, "linkage/run.html", context)


@require_GET
def rows(request: ScopedRequest, pk: int, rule: str) -> HttpResponse:
    """More rows of one class than the sample of the run's page."""
    found = get_object_or_404(selectors.runs(actor=request.actor), pk=pk)
    tally = found.counts.get(rule)
    if tally is None:
        raise Http404("这次对碰没有这一类")
    shown = min(tally["rows"], run_details.MOST_ROWS)
    page = Paginator(range(shown), run_details.ROWS_A_PAGE).get_page(request.GET.get("page"))
    links = run_details.rows_of_rule(
        actor=request.actor, run=found, rule=Basis(rule), start=page.start_index() - 1, size=len(page.object_list)
    )
    reason = REASONS[Basis(rule)]
    context = {
        "page_title": reason.zh,
        "lead": reason.description,
        "crumbs": [
            {"label": "大数据对碰", "url": reverse("linkage:runs")},
            {"label": str(found.as_of), "url": reverse("linkage:run", args=[pk])},
            {"label": reason.zh, "url": ""},
        ],
        "page": _paged(links, page),
        "cut": tally["rows"] - shown,
    }
    return render(request, "linkage/rows.html", context)


@require_POST
def approve(request: ScopedRequest, pk: int) -> HttpResponse:
    """A named clerk approves the deterministic grounds; a double click changes nothing."""
    found = get_object_or_404(selectors.runs(actor=request.actor), pk=pk)
    approved = services.approve(run=found, by=request.actor, on=timezone.now())
    if approved.state == LinkRun.State.APPROVED:
        messages.success(request, "已批准，正在生成基础名册。")
    else:
        messages.warning(request, "这次对碰已被后来的对碰替代，请批准最新的一次。")
    return redirect("linkage:run", pk=pk)


def _paged(links: list[SampleLink], page: Page[Any]) -> Page[Any]:
    """The same page with its rows ready for the template."""
    return Page(links, page.number, page.paginator)


def _queued(request: ScopedRequest, run: LinkRun) -> int | None:
    """Pairs of the run that wait for this person; None where they are not his to judge, or a later run's."""
    if not request.actor.may(Permission.LINK_APPROVE) or review_queue.current_run(request.actor) != run:
        return None
    return review_queue.waiting_count(run)


def _actions(request: ScopedRequest) -> list[dict[str, Any]]:
    if not request.actor.may(Permission.LINK_APPROVE):
        return []
    return [{"label": "对碰质量", "icon": "target", "url": reverse("workbench:quality")}]
