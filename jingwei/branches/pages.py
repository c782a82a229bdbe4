"""What the pages of Party organizations show, as plain values for their templates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import RosterRow
from jingwei.branches.candidates import Candidate
from jingwei.branches.models import CoveredUnit, Organization, OrganizationPeriod
from jingwei.branches.resolving import BY_ORGANIZATION_NAME, BY_PERSON
from jingwei.branches.selectors import OrganizationDetail, OrganizationRow, Overview
from jingwei.core.permissions import Actor, Permission
from jingwei.core.verbs import verb_zh, word_zh
from jingwei.domain.coverage.organization_findings import Finding
from jingwei.domain.linkage import REASONS
from jingwei.domain.linkage.reasons import Basis

Piece = Mapping[str, Any]

# Organization coverage is green, work coverage blue, as everywhere.
_FORM_KINDS = {"independent": "ok", "joint": "ok", "attached": "ok", "unknown": "unknown"}
_RULES = {BY_PERSON: "人工确定", BY_ORGANIZATION_NAME: "党组织名称含单位全称"}


def url_of(organization: Organization) -> str:
    return reverse("branches:detail", args=[organization.pk])


def form_status(form: str) -> Piece:
    return {"label": Organization.Form(form).label, "kind": _FORM_KINDS.get(form, "info")}


def rows(found: Iterable[OrganizationRow]) -> list[Piece]:
    return [_row(row) for row in found]


def _row(row: OrganizationRow) -> Piece:
    organization = row.organization
    serious = [finding.kind.zh for finding in row.findings if finding.serious]
    return {
        "url": url_of(organization),
        "name": organization.name,
        "form": form_status(organization.form),
        "level": organization.get_level_display(),
        "superior": organization.superior.name if organization.superior else "",
        "superior_text": organization.superior_text,
        "place": organization.place.name if organization.place else "",
        "effective": row.effective,
        "waiting": row.waiting,
        "founded_on": organization.founded_on,
        "ended_on": organization.valid.upper,
        "findings": list(dict.fromkeys(serious)),
        "lesser": len(row.findings) - len(serious),
    }


def figures(overview: Overview) -> list[Piece]:
    """Living organizations by form, each a link to its rows, and the coverings that count."""
    total = sum(overview.by_form.values())
    by_form = [
        {
            "value": overview.by_form.get(form.value, 0),
            "label": form.label,
            "url": f"{reverse('branches:list')}?{urlencode({'form': form.value})}",
        }
        for form in Organization.Form
        if overview.by_form.get(form.value)
    ]
    every = {"value": total, "label": "存续党组织", "url": reverse("branches:list")}
    return [every, *by_form, {"value": overview.effective, "label": "覆盖单位（已对上）"}]


def actions(actor: Actor, waiting: int) -> list[Piece]:
    if not actor.may(Permission.COVERING_DECIDE):
        return []
    label = f"待确定名称 {waiting:,}" if waiting else "待确定名称"
    return [{"label": label, "icon": "help-circle", "url": reverse("branches:waiting")}]


def organization_facts(organization: Organization) -> list[Piece]:
    superior, place = organization.superior, organization.place
    return [
        {"label": "组建方式", "value": organization.get_form_display()},
        {"label": "名册所写", "value": organization.form_text},
        {"label": "类别", "value": organization.get_level_display()},
        {
            "label": "上级党组织", "value": superior.name if superior else "未能确定", "unknown": superior is None,
            "url": reverse("bodies:detail", args=[superior.pk]) if superior else None,
        },
        {"label": "名册所写上级", "value": organization.superior_text},
        {
            "label": "所在区域", "value": place.name if place else "",
            "url": reverse("places:detail", args=[place.pk]) if place else None,
        },
        {"label": "成立日期", "value": _day(organization.founded_on) or "不详", "unknown": not organization.founded_on},
        {"label": "撤销日期", "value": _day(organization.valid.upper)},
        {"label": "名单日期", "value": _day(organization.as_of)},
    ]  # fmt: skip


def unit_rows(units: Iterable[CoveredUnit], actor: Actor) -> list[Piece]:
    may_decide = actor.may(Permission.COVERING_DECIDE)
    return [
        {
            "spelt": unit.spelt,
            "name": unit.entity.name if unit.entity else "",
            "url": reverse("workbench:entity", args=[unit.entity_id]) if unit.entity else None,
            "code": unit.entity.uscc if unit.entity else "",
            "area": _area(unit.entity) if unit.entity else "",
            "full_members": unit.entity.full_members if unit.entity else None,
            "since": unit.valid.lower,
            "until": unit.valid.upper,
            "state": unit_state(unit),
            "reason": reason(unit),
            "decide_url": reverse("branches:covered", args=[unit.pk]) if may_decide else None,
        }
        for unit in units
    ]


def unit_state(unit: CoveredUnit) -> Piece:
    """Whether the covering counts, as a status."""
    if unit.waits:
        return {"label": "待确定", "kind": "warn"}
    if unit.entity_id is None:
        return {"label": "名册里没有", "kind": "unknown"}
    return {"label": "已对上", "kind": "ok"}


def reason(unit: CoveredUnit) -> str:
    """Why the name was taken for the entity, or why nobody could."""
    if unit.rule in _RULES:
        return f"{_RULES[unit.rule]}（{unit.decided_by}）" if unit.decided_by else _RULES[unit.rule]
    return REASONS[Basis(unit.rule)].zh if unit.rule in set(Basis) else ""


def finding_rows(findings: Iterable[Finding]) -> list[Piece]:
    return [
        {
            "label": finding.kind.zh, "kind": "late" if finding.serious else "warn", "text": finding.text,
            "advice": finding.advice, "article": finding.article,
        }
        for finding in findings
    ]  # fmt: skip


def events(detail: OrganizationDetail) -> list[Piece]:
    """Periods and journal, the latest first."""
    periods = [_period(period) for period in detail.periods if period.valid.lower]
    ended = [
        {"date": period.valid.upper, "title": "名单不再列入", "text": ""}
        for period in detail.periods
        if period.valid.upper and not any(other.valid.lower == period.valid.upper for other in detail.periods)
    ]
    written = [
        {
            "date": entry.at.date(),
            "title": verb_zh(entry.verb),
            "text": f"{entry.actor_name}，{'、'.join(map(word_zh, entry.fields))}".strip("，"),
        }
        for entry in detail.history
    ]
    return sorted([*periods, *ended, *written], key=lambda event: event["date"], reverse=True)


def _period(period: OrganizationPeriod) -> Piece:
    superior = period.superior.name if period.superior else period.superior_text
    return {
        "date": period.valid.lower,
        "title": f"{period.get_level_display()}，{period.get_form_display()}",
        "text": f"上级：{superior}" if superior else "上级不明",
        "now": period.valid.upper_inf,
    }


def waiting_rows(covered: Sequence[CoveredUnit], candidates: Mapping[int, list[Candidate]], back: str) -> list[Piece]:
    return [
        {
            "spelt": row.spelt,
            "organization": row.organization.name,
            "organization_url": url_of(row.organization),
            "form": row.organization.get_form_display(),
            "superior": superior_of(row.organization),
            "reason": reason(row),
            "candidates": candidate_rows(candidates.get(row.pk, ())),
            "decide_url": f"{reverse('branches:decide', args=[row.pk])}{back}",
            "more_url": f"{reverse('branches:covered', args=[row.pk])}{back}",
            "id": row.pk,
        }
        for row in covered
    ]


def superior_of(organization: Organization) -> str:
    return organization.superior.name if organization.superior else organization.superior_text


def candidate_rows(found: Iterable[Candidate]) -> list[Piece]:
    return [
        {
            "id": item.row.id,
            "name": item.row.name,
            "url": reverse("workbench:entity", args=[item.row.id]),
            "code": item.row.uscc,
            "area": _place_of(item.row),
            "members": item.row.full_members,
            "operating": item.row.operating,
            "proposed": item.proposed,
        }
        for item in found
    ]


def _place_of(row: RosterRow) -> str:
    return " ".join(part for part in (row.county, row.overlay or row.town) if part)


def _area(entity: Entity) -> str:
    below = entity.overlay or entity.town
    return " ".join(place.name for place in (entity.county, below) if place)


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
