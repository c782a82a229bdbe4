"""Registrations as the pages show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from jingwei.core.templatetags.jw import mask_name, mask_phone
from jingwei.domain.linkage import REASONS
from jingwei.domain.linkage.reasons import Basis
from jingwei.domain.lists import LISTS, ListKind
from jingwei.registrations.answers import flag_line
from jingwei.registrations.forms import STATE_CHOICES, ReasonForm
from jingwei.registrations.models import Registration
from jingwei.registrations.services import values_of
from jingwei.rosters.models import Batch

_STATES = {
    Registration.State.WAITING: ("warn", "clock"),
    Registration.State.HANDED_OVER: ("ok", "circle-check"),
    Registration.State.WITHDRAWN: ("plain", "circle-minus"),
}
_DECISIONS = {
    Registration.Decision.LIKELY_DUPLICATE: ("late", "alert-triangle"),
    Registration.Decision.POSSIBLE: ("warn", "help-circle"),
    Registration.Decision.NONE: ("ok", "circle-check"),
}
_MASKS = {"legal_representative": mask_name, "phone": mask_phone}


def lines(found: Iterable[Registration]) -> list[dict[str, Any]]:
    """Rows of the list."""
    return [
        {
            "url": reverse("registrations:detail", args=[each.pk]),
            "name": each.name or each.uscc,
            "code": each.uscc,
            "kind": each.get_list_kind_display(),
            "place": each.place.name,
            "decision": _tag(each.get_decision_display(), _DECISIONS[Registration.Decision(each.decision)]),
            "state": state_tag(each),
            "registered_at": each.registered_at,
            "registered_by": each.registered_by,
        }
        for each in found
    ]


def tabs(counts: Mapping[str, int], state: str) -> list[dict[str, Any]]:
    """One tab for each state, with how many there are."""
    address = reverse("registrations:list")
    return [
        {
            "label": label,
            "url": f"{address}?state={value}" if value else address,
            "current": value == state,
            "count": counts.get(value, 0) if value else sum(counts.values()),
        }
        for value, label in STATE_CHOICES
    ]


def state_tag(registration: Registration) -> dict[str, str]:
    """What became of it; a list that was given up leaves its registrations waiting."""
    batch = registration.batch
    if batch is not None and batch.state in (Batch.State.CANCELLED, Batch.State.FAILED):
        return _tag(f"待入库（批次 {batch.pk} {batch.get_state_display()}）", _STATES[Registration.State.WAITING])
    return _tag(registration.get_state_display(), _STATES[Registration.State(registration.state)])


def detail_context(found: Registration, form: ReasonForm) -> dict[str, Any]:
    """One registration; persons and phones masked."""
    kind = ListKind(found.list_kind)
    said = values_of(found)
    facts = [
        {"label": field.zh, "value": _MASKS.get(field.name, str)(said[field.name]), "mono": field.name == "uscc"}
        for field in LISTS[kind].fields
        if said.get(field.name)
    ]
    name = found.name or found.uscc
    return {
        "page_title": name,
        "lead_pieces": [
            {"text": f"{found.registered_by} 登记"}, {"text": found.place.name}, {"text": found.get_list_kind_display()},
        ],
        "crumbs": [{"label": "单条登记", "url": reverse("registrations:list")}, {"label": name, "url": ""}],
        "registration": found,
        "said": facts,
        "state": state_tag(found),
        "decision": _tag(found.get_decision_display(), _DECISIONS[Registration.Decision(found.decision)]),
        "ground": REASONS[Basis(found.basis)] if found.basis else None,
        "candidates": [
            {"name": each["name"], "url": reverse("workbench:entity", args=[each["entity"]]) if each["entity"] else ""}
            for each in found.candidates
        ],
        "flags": [flag_line(flag["field"], flag["message"], flag.get("repair"), kind) for flag in found.flags],
        "batch_url": reverse("rosters:batch", args=[found.batch_id]) if found.batch_id else "",
        "form": form if found.state == Registration.State.WAITING else None,
    }  # fmt: skip


def _tag(label: str, look: tuple[str, str]) -> dict[str, str]:
    return {"label": label, "kind": look[0], "icon": look[1]}
