"""Pages of the matching: the runs, and one run with its grounds, to be approved by a named clerk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.core.permissions import Permission
from jingwei.linkage import selectors, services
from jingwei.linkage.models import LinkRun

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
    context = {
        "page_title": f"{found.as_of:%Y-%m-%d} 的对碰",
        "crumbs": [{"label": "大数据对碰", "url": reverse("linkage:runs")}, {"label": str(found.as_of), "url": ""}],
        "run": found,
        "grounds": grounds,
        "rows": sum(ground.rows for ground in grounds),
        "waiting": sum(ground.review for ground in grounds),
        "effective": sum(ground.rows - ground.review for ground in grounds),
        "may_approve": found.state == LinkRun.State.PROPOSED and request.actor.may(Permission.LINK_APPROVE),
    }
    return render(request, "linkage/run.html", context)


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
