"""What the template of the home page is given. Every number is a link to the rows it counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.base_roster.counts import Figures
from jingwei.core.permissions import Actor, Permission
from jingwei.domain.lists import LISTS, ListKind
from jingwei.rosters.models import Batch
from jingwei.workbench.maps import area_map
from jingwei.workbench.selectors import COUNTED_ROSTERS, Area, HomeData, sum_of

_ROSTER_ZH = {"enterprise": "企业", "social": "社会组织", "small": "小个专"}
_BATCH_STATUS = {
    Batch.State.READING: ("info", "clock"),
    Batch.State.CHECKED: ("warn", "clipboard-check"),
    Batch.State.COMMITTING: ("info", "clock"),
    Batch.State.COMMITTED: ("ok", ""),
    Batch.State.FAILED: ("late", ""),
    Batch.State.CANCELLED: ("plain", ""),
}
_FOOTNOTE = (
    "三有：有固定场所、有一定数量职工、有生产经营活动。计入底数：三有齐备、法律形式应计入且不是公有；性质未知的计入并列出。"
    "两方以上印证：登记、税务、社保中至少两方有记录。"
)


def home_context(data: HomeData, actor: Actor, roster: str) -> dict[str, Any]:
    """Context of the home page; without any entity only the first step to take.

    Distribution and funnel show one roster, so that each of their numbers opens its own rows.
    """
    if not data.figures.total:
        return {"page_title": "工作台", "start": _start(data, actor)}
    return {
        "page_title": "工作台",
        "lead_pieces": _lead(data),
        "kpis": _kpis(data),
        "distribution": _distribution(data, roster),
        "funnel": _funnel(data, actor, roster),
        "batches": _batches(data.batches),
        "footnote": _FOOTNOTE,
    }


def rows_url(roster: str, **conditions: str | int) -> str:
    """Address of the rows of a roster that fit the conditions."""
    url = reverse("workbench:roster", args=[roster])
    return f"{url}?{urlencode(conditions)}" if conditions else url


def share(part: int, whole: int) -> float:
    """Per cent with one decimal; 0 of nothing is 0."""
    return round(100 * part / whole, 1) if whole else 0.0


def _start(data: HomeData, actor: Actor) -> dict[str, str | None]:
    may = actor.may(Permission.BATCH_IMPORT)
    waiting = next((batch for batch in data.batches if batch.state == Batch.State.CHECKED), None)
    if data.runs:
        url, label, text = (
            reverse("linkage:run", args=[data.runs[0].pk]),
            "查看并批准对碰",
            "名单已对碰，批准后生成名册。",
        )
    elif waiting:
        url, label, text = reverse("rosters:batch", args=[waiting.pk]), "核对名单", "有名单已读取，核对后入库。"
    else:
        url, label, text = (
            reverse("rosters:upload"),
            "导入名单",
            "先导入市场监管、税务、社保等部门的名单，原样上传即可。",
        )
    return {
        "title": "名册还是空的",
        "text": text if may else "经办人导入部门名单后，这里会显示底数。",
        "action_url": url if may else None,
        "action_label": label,
    }


def _lead(data: HomeData) -> list[dict[str, Any]]:
    committed: dict[str, Batch] = {}
    for batch in data.batches:
        if batch.state == Batch.State.COMMITTED:
            committed.setdefault(batch.list_kind, batch)
    days = [f"{LISTS[ListKind(kind)].zh} {batch.as_of:%m-%d}" for kind, batch in committed.items() if kind]
    pieces: list[dict[str, Any]] = [{"text": f"{'、'.join(days)} 批次"}] if days else []
    return [*pieces, {"text": "小个专单列，不计入两新组织底数"}]


def _kpis(data: HomeData) -> list[dict[str, Any]]:
    """Five figures, each with the rosters it is made of; the parts link to their rows."""
    both = data.rosters["enterprise"] + data.rosters["social"]
    everything = data.figures
    return [
        _kpi(data, "登记主体", f"{everything.total:,}", "家", "total", rosters=COUNTED_ROSTERS),
        _kpi(
            data, "两方以上印证", f"{share(both.confirmed, both.total)}", "%", "confirmed", conditions={"evidence": "confirmed"},
            rate=share(both.confirmed, both.total), fraction=f"{both.confirmed:,} ÷ {both.total:,}",
        ),
        _kpi(
            data, "三有组织", f"{both.screened_in:,}", "家", "screened_in", conditions={"screening": "in"},
            unknown=f"待判 {both.pending:,} 家",
        ),
        _kpi(
            data, "计入底数", f"{both.in_base:,}", "家", "in_base", conditions={"base": "on"},
            rate=100.0, known=100 - share(both.in_base_unknown, both.in_base),
            unknown=f"性质未知 {both.in_base_unknown:,} 家，计入分母",
        ),
        _kpi(
            data, "落点到镇街、园区", f"{share(everything.placed, everything.total)}", "%", "placed", conditions={"placed": "on"},
            rosters=COUNTED_ROSTERS, rate=share(everything.placed, everything.total),
            fraction=f"园区楼宇 {everything.overlay:,} · 社区 {everything.community:,} · 镇街 {everything.town:,}",
            unknown=f"仅区县 {everything.county:,} · 未定 {everything.nowhere:,}",
        ),
    ]  # fmt: skip


def _kpi(
    data: HomeData, label: str, value: str, unit: str, figure: str, *, conditions: Mapping[str, str] | None = None,
    rosters: Sequence[str] = COUNTED_ROSTERS[:2], **more: Any,
) -> dict[str, Any]:  # fmt: skip
    pieces = [
        {
            "text": f"{_ROSTER_ZH[roster]} {getattr(data.rosters[roster], figure):,}",
            "url": rows_url(roster, **(conditions or {})),
        }
        for roster in rosters
    ]
    return {"label": label, "value": value, "unit": unit, "rate": None, "pieces": pieces} | more


def _distribution(data: HomeData, roster: str) -> dict[str, Any] | None:
    """One roster by county or town, in administrative order, with the rest that lies in none of them."""
    if not data.areas:
        return None
    zh = "区县" if data.level == "county" else "镇街"
    rows = [_area_row(area, data.level, roster) for area in data.areas]
    rest = _rest(data, roster)
    if rest.total:
        label = "未定区县" if data.level == "county" else "未落到镇街"
        rows.append({"label": label, "cells": _cells(rest, roster, None)})
    names = (zh, "登记", "三有", "性质未知", "落点", "已落点", "待分派")
    shown = [f"{area.place.name} {area.rosters[roster].screened_in:,} 家" for area in data.areas]
    return {
        "title": f"各{zh}底数",
        "hint": f"{len(data.areas)} 个{zh}，按行政次序",
        "views": [
            {"label": _ROSTER_ZH[name], "url": f"?roster={name}", "current": name == roster} for name in COUNTED_ROSTERS
        ],
        "summary": f"各{zh}三有{_ROSTER_ZH[roster]}：{'，'.join(shown)}",
        "columns": [{"label": name, "numeric": at > 0 and name != "落点"} for at, name in enumerate(names)],
        "rows": rows,
        "total": _cells(data.rosters[roster], roster, {}),
        "map": area_map(data.areas, roster, {area.place.pk: area_url(area, data.level, roster) for area in data.areas}),
    }


def _rest(data: HomeData, roster: str) -> Figures:
    """What lies in none of the areas; the rows of the table add up to the whole."""
    placed = sum_of(area.rosters[roster] for area in data.areas)
    return Figures(*(getattr(data.rosters[roster], name) - getattr(placed, name) for name in Figures.__slots__))


def _area_row(area: Area, level: str, roster: str) -> dict[str, Any]:
    cells = _cells(area.rosters[roster], roster, _where(area, level))
    return {"label": area.place.name, "url": area_url(area, level, roster), "cells": cells}


def area_url(area: Area, level: str, roster: str) -> str:
    """Address of the rows of a county or town."""
    return rows_url(roster, **_where(area, level))


def _where(area: Area, level: str) -> dict[str, int]:
    return (
        {"county": area.place.pk} if level == "county" else {"county": area.place.parent_id or 0, "town": area.place.pk}
    )


def _cells(figures: Figures, roster: str, where: Mapping[str, int] | None) -> list[dict[str, Any]]:
    """The figures of a row; those of a place that a list can be narrowed to link to their rows."""
    placed = share(figures.placed, figures.total)

    def cell(number: int, **conditions: str) -> dict[str, Any]:
        linked = where is not None and number
        return {
            "text": f"{number:,}",
            "url": rows_url(roster, **where, **conditions) if linked and where is not None else None,
        }

    return [
        cell(figures.total),
        cell(figures.screened_in, screening="in"),
        cell(figures.unknown, ownership="unknown"),
        {"text": "", "rate": placed},
        {"text": f"{placed}%", "strong": True},
        cell(figures.unplaced, unplaced="on"),
    ]


def _funnel(data: HomeData, actor: Actor, roster: str) -> dict[str, Any]:
    """From registration to the placed base: what is left at each step and what dropped out."""
    held = data.rosters[roster]
    steps: tuple[tuple[str, str, int, bool, dict[str, str]], ...] = (
        ("登记入库", f"在营 {held.operating:,} 家", held.total, True, {}),
        ("两方以上印证", f"其余 {held.total - held.confirmed:,} 家只有一方记录", held.confirmed, True,
         {"evidence": "confirmed"}),
        ("三有初筛", f"另有待判 {held.pending:,} 家", held.screened_in, True, {"screening": "in"}),
        ("计入底数", f"其中性质未知 {held.in_base_unknown:,} 家", held.in_base, False, {"base": "on"}),
        ("落到镇街、园区", f"另有 {held.in_base - held.in_base_placed:,} 家只到区县", held.in_base_placed, False,
         {"base": "on", "placed": "on"}),
    )  # fmt: skip
    before = (held.total, held.total, held.total, held.screened_in, held.in_base)
    return {
        "title": "从登记到底数",
        "hint": _ROSTER_ZH[roster],
        "steps": [
            {
                "label": label, "note": note, "count": count, "grey": grey, "known": None,
                "rate": share(count, held.total), "share": f"{share(count, above)}%" if at else "",
                "url": rows_url(roster, **conditions),
            }
            for at, ((label, note, count, grey, conditions), above) in enumerate(zip(steps, before, strict=True))
        ],
        "next_steps": _next_steps(data, actor),
    }  # fmt: skip


def _next_steps(data: HomeData, actor: Actor) -> list[dict[str, Any]]:
    """What this person can do now to make the base better."""
    steps: list[dict[str, Any]] = []
    checked = [batch for batch in data.batches if batch.state == Batch.State.CHECKED]
    if checked and actor.may(Permission.BATCH_COMMIT):
        steps.append({"count": len(checked), "text": "个批次待核对", "url": reverse("rosters:batches")})
    if data.runs:
        url = reverse("linkage:run", args=[data.runs[0].pk])
        steps.append({"count": len(data.runs), "text": "次对碰待批准", "url": url})
    unplaced = data.figures.unplaced
    if unplaced and actor.may(Permission.PLACEMENT_DECIDE):
        steps.append(
            {"count": unplaced, "text": "家待分派落点，按道路一次定一批", "url": reverse("workbench:placement")}
        )
    unknown = data.rosters["enterprise"].in_base_unknown
    if unknown:
        url = rows_url("enterprise", base="on", ownership="unknown")
        steps.append({"count": unknown, "text": "家企业所有制未知，补税务登记类型或逐家认定", "url": url})
    if data.rosters["enterprise"].pending:
        url = rows_url("enterprise", screening="unknown", operating="on")
        steps.append({"count": data.rosters["enterprise"].pending, "text": "家企业三有待判", "url": url})
    return steps


def _batches(batches: Sequence[Batch]) -> dict[str, Any] | None:
    """The latest batches with what became of them; absent for those who may not see batches."""
    if not batches:
        return None
    return {
        "title": "最近批次",
        "hint": "部门名单",
        "url": reverse("rosters:batches"),
        "rows": [_batch_line(batch) for batch in batches],
    }


def _batch_line(batch: Batch) -> dict[str, Any]:
    kind, icon = _BATCH_STATUS[Batch.State(batch.state)]
    return {
        "department": batch.get_list_kind_display() if batch.list_kind else "名单未定",
        "url": reverse("rosters:batch", args=[batch.pk]),
        "as_of": batch.as_of,
        "rows": batch.counts.get("rows"),
        "rejected": batch.counts.get("rejected"),
        "status": {"label": batch.get_state_display(), "kind": kind, "icon": icon},
    }
