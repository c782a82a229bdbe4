"""What is answered about a registration: to systems as JSON, to people as the context of a page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from jingwei.domain.intake import Flag
from jingwei.domain.linkage import REASONS
from jingwei.domain.linkage.model import likelihood, waterfall
from jingwei.domain.lists import ListKind
from jingwei.linkage.waterfall import waterfall as drawn
from jingwei.registrations.intake import Check, Problem, fields_of
from jingwei.registrations.matching import Match, Shown
from jingwei.registrations.models import Registration

_ADVICE = {
    Registration.Decision.LIKELY_DUPLICATE: "名册中很可能已有这个单位。请先核对；确认不是同一个的，写明理由后再保存。",
    Registration.Decision.POSSIBLE: "名册中有相近的单位，拿不准是不是同一个。可以保存，入库后由人工判定。",
    Registration.Decision.NONE: "名册中没有这个单位。",
}
_STATUS = {
    Registration.Decision.LIKELY_DUPLICATE: ("late", "alert-triangle"),
    Registration.Decision.POSSIBLE: ("warn", "help-circle"),
    Registration.Decision.NONE: ("ok", "circle-check"),
}


def as_json(found: Match, flags: Iterable[Flag], registration: Registration | None) -> dict[str, Any]:
    """The body of an answer; names as the description of the interface has them."""
    return {
        "decision": str(found.decision),
        "decision_zh": found.decision.label,
        "basis": found.basis and str(found.basis),
        "basis_zh": found.basis and REASONS[found.basis].zh,
        "needs_review": found.review,
        "candidates": [_candidate(each) for each in found.shown],
        "candidates_elsewhere": found.elsewhere,
        "flags": [_flag(flag) for flag in flags],
        "registration": registration_json(registration) if registration else None,
    }


def registration_json(registration: Registration) -> dict[str, Any]:
    """A stored registration as systems see it."""
    return {
        "id": registration.pk,
        "state": registration.state,
        "state_zh": registration.get_state_display(),
        "decision": registration.decision,
        "url": reverse("registrations:detail", args=[registration.pk]),
    }


def problems_json(error: str, message: str, problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """The body of a refusal."""
    return {"error": error, "message": message, "problems": [problem._asdict() for problem in problems]}


def as_context(found: Check) -> dict[str, Any]:
    """What the matching found, for the fragment of the form page."""
    match = found.match
    kind, icon = _STATUS[match.decision]
    return {
        "verdict": {"label": match.decision.label, "kind": kind, "icon": icon, "advice": _ADVICE[match.decision]},
        "ground": REASONS[match.basis] if match.basis and match.shown else None,
        "candidates": [_drawn(each) for each in match.shown],
        "elsewhere": match.elsewhere,
        "flags": [flag_line(flag.field, flag.message_zh, flag.repair, found.kind) for flag in found.checked.flags],
    }


def flag_line(field: str, message: str, repair: str | None, kind: ListKind) -> dict[str, str]:
    """One fault of the row, with the name of its field."""
    known = fields_of(kind)
    return {"field": known[field].zh if field in known else "整条", "message": message, "repair": repair or ""}


def _candidate(shown: Shown) -> dict[str, Any]:
    told = shown.told
    millibits = shown.millibits
    return {
        "in_scope": told.in_scope,
        "entity": shown.entity_id,
        "url": reverse("workbench:entity", args=[shown.entity_id]) if shown.entity_id else None,
        "name": told.name,
        "uscc": told.code,
        "place": told.place_name,
        "contact": told.body_name or told.place_name,
        "bits": None if millibits is None else millibits / 1000,
        "likelihood": None if millibits is None else round(likelihood(millibits), 6),
        "evidence": [{"text": text, "bits": bits / 1000} for text, bits in waterfall(shown.contributions)],
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {"field": flag.field, "code": str(flag.code), "message": flag.message_zh, "repair": flag.repair}


def _drawn(shown: Shown) -> dict[str, Any]:
    return {
        "name": shown.told.name,
        "code": shown.told.code,
        "place": shown.told.place_name,
        "contact": shown.told.body_name or shown.told.place_name,
        "in_scope": shown.told.in_scope,
        "url": reverse("workbench:entity", args=[shown.entity_id]) if shown.entity_id else "",
        "waterfall": drawn(shown.contributions) if shown.contributions else None,
    }
