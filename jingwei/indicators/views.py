"""Pages of indicators: the list, one indicator, its rows and changes; snapshots; monthly confirmations."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jingwei.accounts.middleware import ScopedRequest
from jingwei.core.permissions import Permission, require
from jingwei.core.refusal import Refused
from jingwei.domain.indicators import NUMERATOR, Cut, Definition, definitions
from jingwei.indicators import confirming, pages, selectors, services
from jingwei.indicators.city import city_on
from jingwei.indicators.drilling import PAGE_SIZE
from jingwei.indicators.forms import ConfirmForm, SnapshotForm, TargetForm
from jingwei.indicators.models import Snapshot
from jingwei.indicators.pages import Looked
from jingwei.indicators.readings import Reading
from jingwei.indicators.trends import trend
from jingwei.places.models import Place
from jingwei.places.selectors import root

LATEST = 6
LIST = {"label": "指标", "url": "/indicators/"}


@require_GET
def indicators(request: ScopedRequest) -> HttpResponse:
    """Every indicator with its value, its parts and its source."""
    require(request.actor, Permission.INDICATORS_VIEW)
    held = list(selectors.snapshots()[:LATEST])
    looked = _looked(request, held)
    today = timezone.localdate()
    found = _readings(request, looked, today)
    context = {
        "page_title": "指标",
        "lead": f"{pages.basis(looked, request.actor)}；每个数都能点开到明细",
        "actions": pages.list_actions(),
        "versions": pages.versions(looked, held),
        "groups": pages.groups(found, looked, selectors.city_targets(on=today)),
    }
    return render(request, "indicators/list.html", context)


@require_GET
def indicator(request: ScopedRequest, pk: str) -> HttpResponse:
    """One indicator: its figure, its groups, its line over the months, its definition."""
    require(request.actor, Permission.INDICATORS_VIEW)
    definition, today = _definition(pk), timezone.localdate()
    held = list(selectors.snapshots()[:LATEST])
    looked = _looked(request, held)
    day = looked.snapshot.as_of if looked.snapshot else today
    whole, cut = Looked(looked.snapshot), Cut.AREA if looked.cut is Cut.TOTAL else looked.cut
    found = _readings_by_cut(request, looked, today, [Cut.TOTAL, cut], [pk])
    total, city = found[Cut.TOTAL][0] if found[Cut.TOTAL] else None, city_on(day)
    target = selectors.city_targets(on=day, indicators=[pk]).get(pk)
    target = target if target is not None else pages.rule_target(definition, city.rules)
    within = Looked(looked.snapshot, cut)
    context = {
        "page_title": definition.zh,
        "lead": pages.basis(looked, request.actor),
        "crumbs": [LIST, {"label": definition.zh, "url": ""}],
        "versions": pages.versions(looked, held, pk=pk),
        "figure": pages.line(total, definition, whole, target) if total else None,
        "cuts": pages.cuts(within, definition),
        "cut_zh": cut.zh,
        "overlapping": cut is Cut.TAG,
        "rows": [pages.line(reading, definition, within, target) for reading in found[cut]],
        "trend": trend(selectors.series(indicator=pk, until=day), definition, target),
        "definition": pages.definition_facts(definition, city.rules),
        "parameters": pages.parameters(definition, city.rules),
        "target_form": TargetForm(initial={"since": today}) if _may_aim(request, definition) else None,
    }
    return render(request, "indicators/detail.html", context)


@require_GET
def rows(request: ScopedRequest, pk: str) -> HttpResponse:
    """The rows of one part of a figure, and how many lie outside the reader's scope."""
    require(request.actor, Permission.INDICATORS_VIEW)
    definition, looked = _definition(pk), _looked(request)
    part, member = request.GET.get("part", NUMERATOR), request.GET.get("member", "")
    within = _whole(request, "within", 0) or None
    try:
        drill = selectors.drill(
            actor=request.actor, snapshot=looked.snapshot, indicator=pk, part=part, on=timezone.localdate(),
            cut=looked.cut, member=member, within=within, page=_whole(request, "page", 1),
        )  # fmt: skip
    except (Refused, ValueError, KeyError) as fault:
        raise Http404(str(fault)) from fault
    reading = _of_county(request, looked, pk, within) if within else _of_member(request, looked, pk, member)
    group = f"，{reading.member_zh}" if reading and looked.cut is not Cut.TOTAL else ""
    context = {
        "page_title": f"{definition.zh}：{drill.part_zh}",
        "lead": f"{pages.basis(looked, request.actor)}{group}",
        "crumbs": [LIST, {"label": definition.zh, "url": looked.address("detail", pk)}, {"label": "明细", "url": ""}],
        "tabs": pages.part_tabs(reading, definition, looked, part),
        "drill": pages.drill_context(drill, looked),
        "page": _page(drill.count, drill.page),
    }
    return render(request, "indicators/rows.html", context)


@require_GET
def changes(request: ScopedRequest, pk: str) -> HttpResponse:
    """Which rows entered or left a figure between two snapshots, and why."""
    require(request.actor, Permission.INDICATORS_VIEW)
    definition, looked = _definition(pk), _looked(request)
    compared = get_object_or_404(Snapshot, number=request.GET.get("compared", ""))
    try:
        found = selectors.difference_rows(
            snapshot=_chosen(looked), compared=compared, indicator=pk, cut=looked.cut,
            member=request.GET.get("member", ""), actor=request.actor,
        )  # fmt: skip
    except (Refused, ValueError, KeyError) as fault:
        raise Http404(str(fault)) from fault
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page_title": f"{definition.zh}：增减明细",
        "lead": f"快照 {_chosen(looked).number} 与 {compared.number} 相比，本人管辖范围内",
        "crumbs": [LIST, {"label": definition.zh, "url": looked.address("detail", pk)}, {"label": "增减", "url": ""}],
        "page": page,
        "rows": pages.difference_rows(list(page.object_list), definition),
    }
    return render(request, "indicators/changes.html", context)


@require_POST
def target(request: ScopedRequest, pk: str) -> HttpResponse:
    """Set a target of the whole city."""
    definition, city, form = _definition(pk), root(), TargetForm(request.POST)
    if city is None or not form.is_valid():
        messages.error(request, "目标没有保存：目标值、起始日期、依据都要填写。")
        return redirect("indicators:detail", pk=pk)
    try:
        services.set_target(indicator=pk, place=city, by=request.actor, on=timezone.now(), **form.cleaned_data)
        messages.success(request, f"已设定“{definition.zh}”的目标。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("indicators:detail", pk=pk)


@require_GET
def snapshots(request: ScopedRequest) -> HttpResponse:
    """Published months, and the form that publishes one."""
    require(request.actor, Permission.INDICATORS_VIEW)
    may_take = request.actor.may(Permission.SNAPSHOT_TAKE) and request.actor.everything
    page = Paginator(selectors.snapshots(), 20).get_page(request.GET.get("page"))
    context = {
        "page_title": "快照",
        "lead": "每月发布一次，发布后不可更改；更正以修订方式另发，并写明原因",
        "crumbs": [LIST, {"label": "快照", "url": ""}],
        "page": page,
        "form": SnapshotForm(initial={"as_of": timezone.localdate()}) if may_take else None,
    }
    return render(request, "indicators/snapshots.html", context)


@require_POST
def take(request: ScopedRequest) -> HttpResponse:
    """Publish a month."""
    form = SnapshotForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写截至日期（年-月-日）。")
        return redirect("indicators:snapshots")
    as_of: date = form.cleaned_data["as_of"]
    try:
        taken = services.take_snapshot(
            month=as_of.replace(day=1),
            as_of=as_of,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            on=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("indicators:snapshots")
    messages.success(request, f"已生成快照 {taken.number}。")
    return redirect("indicators:snapshot", number=taken.number)


@require_GET
def snapshot(request: ScopedRequest, number: str) -> HttpResponse:
    """One snapshot, and what is different from the one before it."""
    require(request.actor, Permission.INDICATORS_VIEW)
    taken = get_object_or_404(Snapshot, number=number)
    before = confirming.earlier(taken)
    now = selectors.figures(snapshot=taken)
    context = {
        "page_title": f"快照 {taken.number}",
        "lead": f"截至 {taken.as_of.year} 年 {taken.as_of.month} 月 {taken.as_of.day} 日",
        "crumbs": [LIST, {"label": "快照", "url": reverse("indicators:snapshots")}, {"label": taken.number, "url": ""}],
        "snapshot": taken,
        "before": before,
        "list_url": Looked(taken).address("list"),
        "lines": pages.compared(
            now, selectors.figures(snapshot=before) if before else [], changed_only=before is not None
        ),
    }
    return render(request, "indicators/snapshot.html", context)


@require_GET
def confirmations(request: ScopedRequest) -> HttpResponse:
    """What a town is to confirm, and which have not confirmed yet."""
    require(request.actor, Permission.INDICATORS_VIEW)
    today = timezone.localdate()
    month = confirming.month_of(request.GET.get("month", ""), today)
    context = {
        "page_title": "月度确认",
        "lead": f"{month.year} 年 {month.month} 月；镇街、园区只确认系统所列数据，不另填报",
        "crumbs": [LIST, {"label": "月度确认", "url": ""}],
        **confirming.confirm_context(actor=request.actor, month=month, on=today),
        "form": ConfirmForm(),
    }
    return render(request, "indicators/confirm.html", context)


@require_POST
def confirm(request: ScopedRequest, pk: int) -> HttpResponse:
    """A town confirms its month."""
    place = get_object_or_404(Place, pk=pk)
    form, today = ConfirmForm(request.POST), timezone.localdate()
    month = confirming.month_of(request.POST.get("month", ""), today)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        services.confirm_month(month=month, place=place, note=note, by=request.actor, on=timezone.now())
        messages.success(request, f"{place.name} {month:%Y-%m} 已确认。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('indicators:confirm')}?month={month:%Y-%m}")


def _definition(pk: str) -> Definition:
    if pk not in definitions():
        raise Http404("没有这个指标")
    return definitions()[pk]


def _looked(request: ScopedRequest, held: Sequence[Snapshot] = ()) -> Looked:
    """Which snapshot and cut the address asks for; without one the rows of now."""
    number, cut = request.GET.get("snapshot", ""), request.GET.get("cut", "")
    chosen = next((taken for taken in held if taken.number == number), None) if number else None
    if number and chosen is None:
        chosen = get_object_or_404(Snapshot, number=number)
    return Looked(chosen, Cut(cut) if cut in set(Cut) else Cut.TOTAL)


def _chosen(looked: Looked) -> Snapshot:
    if looked.snapshot is None:
        raise Http404("没有指定快照")
    return looked.snapshot


def _readings(request: ScopedRequest, looked: Looked, today: date) -> list[Reading]:
    if looked.snapshot is not None:
        return selectors.figures(snapshot=looked.snapshot)
    return selectors.live(actor=request.actor, on=today)


def _readings_by_cut(
    request: ScopedRequest, looked: Looked, today: date, cuts: list[Cut], ids: list[str]
) -> dict[Cut, list[Reading]]:
    if looked.snapshot is not None:
        return {cut: selectors.figures(snapshot=looked.snapshot, cut=cut, ids=ids) for cut in cuts}
    return selectors.live_by_cut(actor=request.actor, on=today, cuts=cuts, ids=ids)


def _of_member(request: ScopedRequest, looked: Looked, pk: str, member: str) -> Reading | None:
    found = _readings_by_cut(request, looked, timezone.localdate(), [looked.cut], [pk])[looked.cut]
    return next((item for item in found if item.member == member), None)


def _of_county(request: ScopedRequest, looked: Looked, pk: str, county: int) -> Reading | None:
    """What lies in none of the areas of a county."""
    today = timezone.localdate()
    held = _readings_by_cut(request, looked, today, [Cut.COUNTY, Cut.AREA], [pk])
    return next(iter(selectors.left_of_county(county=county, readings=held, on=today)), None)


def _may_aim(request: ScopedRequest, definition: Definition) -> bool:
    may = request.actor.may(Permission.PARAMETERS_EDIT) and request.actor.everything
    return may and not definition.missing


def _page(count: int, number: int) -> Page[Any]:
    return Paginator(range(count), PAGE_SIZE).get_page(number)


def _whole(request: ScopedRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
