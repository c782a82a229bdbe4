"""Words, icons and colours of verdicts, the same on every page."""

from collections.abc import Collection, Mapping
from typing import TypedDict

from jingwei.base_roster.derivation import SOURCE_BITS
from jingwei.base_roster.models import Entity
from jingwei.coverage import labels as coverage_labels
from jingwei.coverage.labels import Status
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.lists import LISTS, ListKind
from jingwei.domain.registration_state import RegistrationState


class SourceMark(TypedDict):
    """One character for a department's list, and whether the list knows the entity."""

    mark: str
    label: str
    state: str


_OWNERSHIP: Mapping[str, Status] = {
    "non_public": {"label": "非公", "kind": "info", "icon": "none"},
    "public": {"label": "公有", "kind": "plain", "icon": "none"},
    "unknown": {"label": "性质未知", "kind": "unknown", "icon": "none"},
}
_SCREENING: Mapping[str, Status] = {
    "in": {"label": "三有", "kind": "ok", "icon": ""},
    "out": {"label": "不符合", "kind": "plain", "icon": "circle-minus"},
    "unknown": {"label": "待判", "kind": "unknown", "icon": ""},
}
_MARKS = {
    ListKind.MARKET: "市",
    ListKind.TAX: "税",
    ListKind.SOCIAL: "社",
    ListKind.CIVIL: "民",
    ListKind.JUSTICE: "司",
}
_SHOWN = {
    "social": (ListKind.CIVIL, ListKind.JUSTICE, ListKind.TAX, ListKind.SOCIAL),
}
_USUALLY = (ListKind.MARKET, ListKind.TAX, ListKind.SOCIAL)


def ownership(value: str) -> Status:
    return _OWNERSHIP[value]


def screening(value: str) -> Status:
    return _SCREENING[value]


def state(value: str, *, operating: bool) -> Status:
    """The state of registration; what is not known to have ended counts as operating."""
    known = RegistrationState(value)
    if known is RegistrationState.UNKNOWN:
        return {"label": "状态未知", "kind": "unknown", "icon": ""}
    if operating:
        return {"label": known.zh, "kind": "ok", "icon": ""}
    return {"label": known.zh, "kind": "plain", "icon": "circle-minus"}


def covered_as(value: str, coverage_state: str, organization_forms: Collection[str]) -> Status:
    """The form of coverage: green counts as an organization, blue as work alone; what is not known is dashed."""
    if value == Entity.CoveredAs.NONE and coverage_state == Entity.CoverageState.CANVASS:
        return {"label": "待摸排", "kind": "unknown", "icon": "none"}
    return coverage_labels.covered_as(value, organization_forms)


def coverage_state(value: str, registration: Status) -> Status:
    """What coverage asks of an entity now; of one that no longer operates, why."""
    return registration if value == Entity.CoverageState.CLOSED else coverage_labels.state(value)


def legal_form(value: str) -> str:
    return LegalForm(value).zh


def sources(bits: int, roster: str) -> list[SourceMark]:
    """The lists that matter for a roster, each with whether it knows the entity."""
    shown = _SHOWN.get(roster, _USUALLY)
    extra = tuple(kind for kind in _MARKS if kind not in shown and bits & SOURCE_BITS[kind])
    return [
        {
            "mark": _MARKS[kind],
            "label": LISTS[kind].zh,
            "state": "present" if bits & SOURCE_BITS[kind] else "absent",
        }
        for kind in shown + extra
    ]
