"""What the template of the overview is given. Every number is a link to the rows it counts."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.core.permissions import Actor, Permission
from jingwei.coverage.filters import EVERY
from jingwei.coverage.forms import ORGANIZATION, WORK
from jingwei.coverage.overview import AreaTally, Overview, Tally
from jingwei.coverage.tabs import tabs
from jingwei.domain.coverage import CoverageState, CoveredAs, Parameters, peer_rates
from jingwei.domain.rulebook import Rules

_COLUMNS = (
    CoverageState.SHOULD, CoverageState.FEW, CoverageState.CANVASS, CoverageState.BLANK, CoverageState.WORK,
)  # fmt: skip
_MISSING_FOR_EFFECTIVE = (
    ("正常活动", "最近一次会议日期，来自组织生活记录"),
    ("届期有效", "本届任期起止，来自换届记录"),
    ("书记在任", "书记任职，来自党务队伍名册"),
)
_FOOTNOTE = (
    "组织覆盖：单独、联合、挂靠、党总支、党委。工作覆盖另计流动、临时、功能型、指导员、联络员、群团；村（社区）兜底两者都不计。"
    "分母为计入底数的单位；性质未知和待摸排留在分母内，并列示。应建未建按全部在营单位判定，不论是否三有。"
)


def overview_context(found: Overview, *, actor: Actor, rules: Rules, values: Parameters) -> dict[str, Any]:
    """Context of ``coverage/overview.html``."""
    where = {"county": found.county.pk} if found.county else {}
    return {
        "page_title": "两个覆盖",
        "lead_pieces": _lead(found),
        "actions": _actions(actor, where),
        "crumbs": _crumbs(found),
        "tabs": tabs("overview", found.whole.states, query=where),
        "kpis": _kpis(found.whole, where),
        "level_zh": "区县" if found.by_county else "镇街 / 园区",
        "areas": [_area(area, found) for area in found.areas],
        "total": _numbers(found.whole, where),
        "forms": _forms(found.whole, values, where),
        "missing": [{"label": label, "value": value, "unknown": True} for label, value in _MISSING_FOR_EFFECTIVE],
        "peers": [{"label": label, "value": value} for label, value in peer_rates(rules).items()],
        "footnote": _FOOTNOTE,
    }


def percent(part: int, whole: int) -> str | None:
    """Per cent with two decimals, half up; None of nothing."""
    if not whole:
        return None
    share = Decimal(part) * 100 / Decimal(whole)
    return str(share.quantize(Decimal("0.01"), ROUND_HALF_UP))


def units_url(state: str, where: Mapping[str, int], **conditions: str) -> str:
    """Address of the rows of a state, or of every state, at a place."""
    address = reverse("coverage:units", args=[state])
    asked: dict[str, str | int] = {**where, **conditions}
    return f"{address}?{urlencode(asked)}" if asked else address


def base_url(where: Mapping[str, int], **conditions: str) -> str:
    """Address of rows that stand in the denominator of the rates."""
    return units_url(EVERY, where, base="on", **conditions)


def _lead(found: Overview) -> list[dict[str, Any]]:
    where = found.county.name if found.county else "辖区"
    return [
        {"text": f"{where}共 {found.whole.entities:,} 家，计入底数 {found.whole.base:,} 家"},
        {"text": f"性质未知 {found.whole.base_unknown:,} 家", "unknown": True},
    ]


def _crumbs(found: Overview) -> list[dict[str, str]]:
    if found.county is None:
        return []
    return [
        {"label": "两个覆盖", "url": reverse("coverage:overview")},
        {"label": found.county.name, "url": ""},
    ]


def _actions(actor: Actor, where: Mapping[str, int]) -> list[dict[str, Any]]:
    if not actor.may(Permission.ROSTER_EXPORT):
        return []
    query = f"?{urlencode(where)}" if where else ""
    menu = [
        {"label": f"应建未建名单（{zh}）", "icon": "file-spreadsheet",
         "url": reverse("coverage:export", args=[CoverageState.SHOULD.value, form]) + query}
        for form, zh in (("xlsx", "Excel"), ("csv", "CSV"))
    ]  # fmt: skip
    return [{"label": "导出", "icon": "download", "menu": menu}]


def _kpis(whole: Tally, where: Mapping[str, int]) -> list[dict[str, Any]]:
    beside = [
        {"text": f"性质未知 {whole.base_unknown:,}", "url": base_url(where, unknown="on")},
        {"text": f"待摸排 {whole.base_canvass:,}", "url": units_url(CoverageState.CANVASS, where, base="on")},
    ]
    rates = [("组织覆盖率", whole.base_covered, ORGANIZATION), ("工作覆盖率", whole.base_work, WORK)]
    cards: list[dict[str, Any]] = [
        {
            "label": label, "value": percent(part, whole.base), "unit": "%",
            "rate": 100 * part / whole.base if whole.base else None,
            "fraction": [
                {"text": f"{part:,}", "url": base_url(where, form=form)},
                {"text": f"{whole.base:,}", "url": base_url(where)},
            ],
            "beside": beside,
        }
        for label, part, form in rates
    ]  # fmt: skip
    notes = {
        CoverageState.SHOULD: "正式党员 3 名以上，没有单独党组织",
        CoverageState.FEW: "有党员，不够单独组建",
        CoverageState.CANVASS: "党员数未知，不作 0",
    }
    for state, note in notes.items():
        cards.append(
            {
                "label": state.zh, "value": f"{whole.states[state]:,}", "unit": "家", "rate": None,
                "url": units_url(state, where), "note": note,
            }
        )  # fmt: skip
    return cards


def _area(area: AreaTally, found: Overview) -> dict[str, Any]:
    county = {"county": found.county.pk} if found.county else {}
    where = {"county": area.id} if found.by_county else county | {"area": area.id}
    inside = f"?{urlencode({'county': area.id})}" if found.by_county and area.id else ""
    return {"name": area.name, "url": inside, **_numbers(area.tally, where)}


def _numbers(tally: Tally, where: Mapping[str, int]) -> dict[str, Any]:
    """Cells of one line of the table of areas."""
    return {
        "rate": percent(tally.base_covered, tally.base),
        "base": _cell("计入底数", tally.base, base_url(where)),
        "covered": _cell("组织覆盖", tally.base_covered, base_url(where, form=ORGANIZATION)),
        "unknown": _cell("性质未知", tally.base_unknown, base_url(where, unknown="on")),
        "states": [_cell(state.zh, tally.states[state], units_url(state, where)) for state in _COLUMNS],
    }


def _cell(label: str, value: int, url: str) -> dict[str, Any]:
    """One number; nothing opens where nothing was counted."""
    return {"label": label, "value": value, "url": url if value else ""}


def _forms(whole: Tally, values: Parameters, where: Mapping[str, int]) -> list[dict[str, Any]]:
    """Forms of coverage from strong to weak, with what each counts as."""
    rows = []
    for form in CoveredAs:
        if form in values.organization_forms:
            counts_as = {"label": "组织覆盖", "kind": "ok"}
        elif form in values.work_forms:
            counts_as = {"label": "工作覆盖", "kind": "info"}
        else:
            counts_as = {"label": "不计", "kind": "plain"}
        cell = _cell(form.zh, whole.forms[form], units_url(EVERY, where, form=form.value))
        rows.append({"cell": cell, "counts_as": counts_as})
    return rows
