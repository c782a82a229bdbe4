"""Why the entity is listed as it is: the verdicts of the base roster as cards of its page."""

from typing import Any

from jingwei.base_roster import explaining
from jingwei.base_roster.explaining import Explained, RuleView, VerdictView
from jingwei.base_roster.models import Entity, Placement
from jingwei.domain.placement import PlacementMethod, Precision
from jingwei.workbench import labels

_UNCONFIRMED = "参数，待本地确认"


def cards(explained: Explained, placement: Placement | None, entity: Entity) -> list[dict[str, Any]]:
    """Cards from what counts to what it rests on; the last one says where the entity lies."""
    verdicts, rules = explained.verdicts, explained.rules
    views = (
        explaining.counting_view(verdicts, rules),
        explaining.ownership_view(verdicts, rules),
        explaining.form_view(verdicts, rules),
        explaining.state_view(verdicts, rules),
    )
    return [*(card(view) for view in views), placement_card(placement, entity)]


def screening(explained: Explained) -> dict[str, Any]:
    """The three haves, one by one, with what each rests on."""
    screened = explained.verdicts.screening
    states = {"yes": "ok", "no": "out", "unknown": "unknown"}
    points = (("固定场所", screened.premises), ("一定数量职工", screened.staff), ("生产经营活动", screened.activity))
    view = explaining.screening_view(explained.verdicts, explained.rules)
    return {
        "result": labels.screening(screened.value.value),
        "hint": view.change,
        "points": [{"state": states[part.value.value], "label": title, "text": part.reason} for title, part in points],
    }


def card(view: VerdictView) -> dict[str, Any]:
    """One verdict as the template wants it."""
    return {
        "title": view.title,
        "hint": "",
        "kind": view.kind,
        "result": view.result,
        "text": "；".join(view.reasons),
        "rule": rule(view.rule),
        "change": view.change or None,
        "facts": [],
    }


def rule(view: RuleView | None) -> dict[str, str] | None:
    if view is None:
        return None
    mark = f"（{_UNCONFIRMED}）" if view.unconfirmed else ""
    return {"id": view.id, "text": f"{view.zh}{mark}", "source": view.source}


def placement_card(placement: Placement | None, entity: Entity) -> dict[str, Any]:
    """Where the entity lies, how exactly, and on what evidence."""
    lies = " ".join(place.name for place in (entity.county, entity.town, entity.overlay) if place)
    deep = bool(entity.town_id or entity.overlay_id)
    text = placement.evidence if placement else ""
    facts = []
    if placement:
        facts = [
            {"label": "方法", "value": method_zh(placement.method)},
            {"label": "精度", "value": Precision(placement.precision).zh},
        ]
        facts += [{"label": "不一致", "value": placement.disagreement}] if placement.disagreement else []
        facts += [{"label": "确定人", "value": placement.decided_by}] if placement.decided_by else []
    return {
        "title": "落点",
        "hint": "停在能证明的最深一级",
        "kind": "ok" if deep else "unknown",
        "result": lies or "未定",
        "text": text,
        "rule": None,
        "change": None if deep else "补全地址，或在“落点待分派”按道路确定",
        "facts": facts,
    }


def method_zh(method: str) -> str:
    return "人工确定" if method == "person" else PlacementMethod(method).zh
