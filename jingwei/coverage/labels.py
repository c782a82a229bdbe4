"""Words, icons and colours of coverage, the same on every page."""

from collections.abc import Collection, Mapping
from typing import TypedDict

from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.domain.coverage import CoverageFit, CoverageState, CoveredAs, NoOrganization


class Status(TypedDict):
    """A word with its kind (ok, warn, late, info, unknown, plain) and icon; "" is the kind's own, "none" none."""

    label: str
    kind: str
    icon: str


_STATES: Mapping[CoverageState, tuple[str, str]] = {
    CoverageState.CLOSED: ("plain", ""),
    CoverageState.SHOULD: ("late", "alert-triangle"),
    CoverageState.COVERED: ("ok", ""),
    CoverageState.CANVASS: ("unknown", ""),
    CoverageState.FEW: ("warn", "arrows-join-2"),
    CoverageState.WORK: ("info", ""),
    CoverageState.BLANK: ("plain", ""),
}


def state(value: str) -> Status:
    """What coverage asks of an entity."""
    known = CoverageState(value)
    kind, icon = _STATES[known]
    return {"label": known.zh, "kind": kind, "icon": icon}


def covered_as(value: str, organization_forms: Collection[str]) -> Status:
    """What reaches an entity: green counts as an organization, blue as work alone."""
    known = CoveredAs(value)
    if known is CoveredAs.NONE:
        return {"label": known.zh, "kind": "plain", "icon": "none"}
    return {"label": known.zh, "kind": "ok" if value in organization_forms else "info", "icon": "none"}


def fit(value: str | None) -> str:
    return CoverageFit(value).zh if value else ""


def no_organization(value: str | None) -> str:
    return NoOrganization(value).zh if value else ""


def cause(value: str | None) -> str:
    return str(Cause.Kind(value).label) if value else ""


def answer(value: str) -> str:
    return str(NoticeLetter.Answer(value).label)


def closure(value: str) -> str:
    return str(NoticeLetter.Closure(value).label)


def letter_state(*, answered: str, closed: str, overdue: bool) -> Status:
    """Where a letter stands: answered, closed without an answer, or waiting."""
    if answered:
        kind = "ok" if answered == NoticeLetter.Answer.AGREED else "info"
        return {"label": answer(answered), "kind": kind, "icon": ""}
    if closed:
        return {"label": closure(closed), "kind": "ok" if closed == NoticeLetter.Closure.BUILT else "plain", "icon": ""}
    if overdue:
        return {"label": "逾期未复", "kind": "late", "icon": "hourglass"}
    return {"label": "待答复", "kind": "warn", "icon": "clock"}
