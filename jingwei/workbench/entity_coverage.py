"""What coverage says of one entity: the verdict with its rule, the organizations that reach it, letters and cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from jingwei.base_roster import explaining
from jingwei.base_roster.models import Entity
from jingwei.bodies.models import Body
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Actor, Permission
from jingwei.coverage import labels
from jingwei.coverage.labels import Status
from jingwei.coverage.models import Cause, NoticeLetter, Verdict
from jingwei.coverage.reading import facts_of
from jingwei.domain.coverage import CoverageDecision, CoverageState, Covering, decide
from jingwei.domain.rulebook import Rules
from jingwei.workbench.entity_nets import OF_AREA, area_of
from jingwei.workbench.gathering import gather

Row = dict[str, Any]
# Icon and colour of the headline; the words say the same.
_KINDS = {
    CoverageState.SHOULD: "late",
    CoverageState.COVERED: "ok",
    CoverageState.FEW: "warn",
    CoverageState.WORK: "info",
    CoverageState.BLANK: "plain",
    CoverageState.CANVASS: "unknown",
    CoverageState.CLOSED: "plain",
}
_UNCOVERED = frozenset({CoverageState.SHOULD, CoverageState.FEW, CoverageState.WORK, CoverageState.BLANK, CoverageState.CANVASS})  # fmt: skip


_UNIT = (
    "organization_id", "organization__name", "organization__form", "organization__level",
    "organization__superior_id", "organization__superior__name", "organization__superior_text",
    "organization__place_id", "organization__body_id", "spelt", "waits", "rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Membership:
    """An organization that covers the entity, or did, or is thought to (``waits``). None is an open end."""

    organization_id: int
    name: str
    form: str
    level: str
    superior_id: int | None
    superior: str
    place_id: int | None
    body_id: int | None
    spelt: str
    waits: bool
    since: date | None
    until: date | None
    lives: bool

    @property
    def holds(self) -> bool:
        """Whether it takes effect on the day that was asked for."""
        return self.lives and not self.waits


@dataclass(frozen=True)
class EntityCoverage:
    """The decision of the day on an entity, and what is kept beside it, newest first.

    ``verdict`` is the stored one, or nothing; ``area`` the body that answers for Party building where the
    entity lies, if the table of bodies has one.
    """

    decision: CoverageDecision
    memberships: Sequence[Membership]
    verdict: Row
    causes: Sequence[Row]
    letters: Sequence[Row]
    area: Row


def read(entity: Entity, *, rules: Rules, on: date) -> EntityCoverage:
    """Everything about coverage, decided afresh. One statement within ``whole_roster``.

    Whoever sees the entity may know who covers it, also where the organization lies out of his scope.
    """
    units = CoveredUnit.objects.filter(entity=entity).annotate(
        since=F("valid__startswith"),
        until=F("valid__endswith"),
        now=Q(valid__contains=on, organization__valid__contains=on),
    )
    area = area_of(entity)
    bodies = Body.objects.active_on(on).filter(place=area.pk if area else None, kind__in=OF_AREA)
    held, _ = gather(
        {
            "units": units.order_by("-valid", "pk").values(*_UNIT, "since", "until", "now"),
            "verdicts": Verdict.objects.filter(entity=entity).values("due_since", "proposal"),
            "causes": Cause.objects.filter(entity=entity).values("kind", "note", "stated_by", "stated_on"),
            "letters": NoticeLetter.objects.filter(entity=entity).values(),
            "bodies": bodies.values("kind", "name"),
        }
    )
    memberships = [_membership(unit) for unit in held["units"]]
    decision = decide(facts_of(entity, _coverings(memberships)), rules)
    chief = min(held["bodies"], key=lambda body: OF_AREA.index(body["kind"]), default={})
    verdict = next(iter(held["verdicts"]), {})
    return EntityCoverage(decision, memberships, verdict, held["causes"], held["letters"], chief)


def _membership(unit: Row) -> Membership:
    return Membership(
        unit["organization_id"], unit["organization__name"], unit["organization__form"], unit["organization__level"],
        unit["organization__superior_id"], unit["organization__superior__name"] or unit["organization__superior_text"],
        unit["organization__place_id"], unit["organization__body_id"], unit["spelt"], unit["waits"],
        day_of(unit["since"]), day_of(unit["until"]), unit["now"],
    )  # fmt: skip


def _coverings(memberships: Sequence[Membership]) -> tuple[Covering, ...]:
    """What the decision is made from: an organization once, however often its list names the entity."""
    found = {
        held.organization_id: Covering(held.organization_id, held.name, held.form, held.level, held.since)
        for held in memberships
        if held.holds
    }
    return tuple(found[pk] for pk in sorted(found))


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def card(entity: Entity, held: EntityCoverage, *, rules: Rules, actor: Actor, on: date) -> dict[str, Any]:
    """Context of ``_coverage.html``."""
    decision = held.decision
    view = explaining.rule_view(decision.rule, rules)
    return {
        "kind": _KINDS[decision.state],
        "hint": f"{on.month:02}-{on.day:02} 按现行规则判定",
        "result": decision.headline,
        "status": labels.state(decision.state.value),
        "reasons": decision.reasons,
        "warnings": decision.warnings,
        "rule": {
            "id": decision.rule,
            "text": f"{view.zh if view else ''}{'（参数，待本地确认）' if decision.unconfirmed else ''}",
            "source": decision.article,
        },
        "change": decision.change,
        "facts": [*_forms(decision), *_no_organization(entity, held, actor)],
        "letters": [_letter(letter, on) for letter in held.letters],
        "letter_url": _letter_url(entity, held, actor),
    }


def _forms(decision: CoverageDecision) -> list[dict[str, Any]]:
    """What the form brings with it, and the next best one."""
    lines: list[dict[str, Any]] = [
        {"label": "计入", "value": _counted(decision)},
        {"label": "班子", "value": "；".join(decision.notes)},
        {"label": "次选", "value": decision.second.zh if decision.second else "没有其他适用形式"},
    ]
    return [line for line in lines if line["value"]]


def _counted(decision: CoverageDecision) -> str:
    if decision.organization_covered:
        return f"组织覆盖（{decision.covered_as.zh}）"
    return f"仅工作覆盖（{decision.covered_as.zh}）" if decision.work_covered else "组织和工作都未覆盖"


def _no_organization(entity: Entity, held: EntityCoverage, actor: Actor) -> list[dict[str, Any]]:
    """The kind of having none and its cause are two things: the first is computed, the second somebody says."""
    decision = held.decision
    lines: list[dict[str, Any]] = [
        {"label": "未建状态", "value": decision.status.zh if decision.status else ""},
        {"label": "应建起算", "value": held.verdict.get("due_since") or ""},
        {"label": "联建分组", "value": held.verdict.get("proposal") or ""},
    ]
    lines = [line for line in lines if line["value"]]
    if decision.state in _UNCOVERED:
        url = reverse("coverage:cause", args=[entity.pk]) if actor.may(Permission.CAUSE_STATE) else ""
        lines.append({"label": "未建原因", "missing": "未填", "edit_url": url, "value": ""} | _cause(held.causes))
    return lines


def _cause(causes: Sequence[Row]) -> dict[str, str]:
    if not causes:
        return {}
    newest = causes[0]
    note = f"（{newest['note']}）" if newest["note"] else ""
    return {"value": f"{labels.cause(newest['kind'])}{note}", "note": f"{newest['stated_by']}，{newest['stated_on']}"}


def _letter(letter: Row, on: date) -> dict[str, Any]:
    due = day_of(letter["reply_due_on"])
    overdue = due is not None and due < on
    return {
        "number": letter["number"],
        "url": reverse("coverage:letter", args=[letter["id"]]),
        "issued_on": day_of(letter["issued_on"]),
        "due": due,
        "state": labels.letter_state(answered=letter["answer"], closed=letter["closed_because"], overdue=overdue),
    }


def _letter_url(entity: Entity, held: EntityCoverage, actor: Actor) -> str:
    """Where a letter can be issued now; empty while one waits for its answer."""
    waiting = any(not letter["answer"] and not letter["closed_because"] for letter in held.letters)
    if held.decision.state is not CoverageState.SHOULD or waiting or not actor.may(Permission.LETTER_ISSUE):
        return ""
    return reverse("coverage:issue", args=[entity.pk])


def organizations(held: EntityCoverage, actor: Actor) -> list[dict[str, Any]]:
    """Lines of the organizations that cover the entity or did, the living first."""
    return [
        _organization(unit, actor) for unit in sorted(held.memberships, key=lambda unit: (not unit.lives, unit.waits))
    ]


def _organization(unit: Membership, actor: Actor) -> dict[str, Any]:
    seen = actor.covers(place_id=unit.place_id, body_id=unit.superior_id) or actor.covers(body_id=unit.body_id)
    waits: Status = {"label": "待核", "kind": "warn", "icon": "clock"}
    return {
        "name": unit.name,
        "url": reverse("branches:detail", args=[unit.organization_id]) if seen else "",
        "form": Organization.Form(unit.form).label,
        "level": Organization.Level(unit.level).label,
        "superior": unit.superior,
        "since": unit.since,
        "until": unit.until,
        "spelt": unit.spelt,
        "waits": waits if unit.waits else None,
    }


def events(held: EntityCoverage) -> list[dict[str, Any]]:
    """What happened: organizations that began or ended to cover it, letters, answers."""
    found: list[dict[str, Any]] = []
    for unit in held.memberships:
        if unit.since and not unit.waits:
            kind = f"{Organization.Form(unit.form).label}{Organization.Level(unit.level).label}"
            found.append({"date": unit.since, "title": f"由{kind}覆盖", "text": unit.name})
        if unit.until and not unit.waits:
            found.append({"date": unit.until, "title": "不再由党组织覆盖", "text": unit.name})
    for letter in held.letters:
        issued = f"{letter['number']}，{letter['issued_by']}"
        found.append({"date": day_of(letter["issued_on"]), "title": "发出提示函", "text": issued})
        if letter["answered_on"]:
            title = f"提示函答复：{labels.answer(letter['answer'])}"
            found.append({"date": day_of(letter["answered_on"]), "title": title, "text": letter["answer_note"]})
    return found
