"""What the template of an entity's page is given."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from jingwei.base_roster.explaining import Explained, explain
from jingwei.base_roster.models import Entity, EntitySource, Identifier, Placement, Succession
from jingwei.base_roster.reading import whole_roster
from jingwei.base_roster.selectors import EntityDetail
from jingwei.core.permissions import Actor, Permission
from jingwei.coverage import labels as coverage_labels
from jingwei.coverage.labels import Status
from jingwei.domain.linkage import REASONS
from jingwei.domain.linkage.reasons import Basis
from jingwei.workbench import (
    entity_coverage,
    entity_facts,
    entity_nets,
    entity_reading,
    entity_verdicts,
    labels,
    merging_pages,
    neighbours,
)
from jingwei.workbench.entity_coverage import EntityCoverage
from jingwei.workbench.entity_facts import source_zh
from jingwei.workbench.roster_pages import ROSTERS

_MOST_EVENTS = 12


def entity_context(detail: EntityDetail, *, query: QueryDict, actor: Actor, on: date) -> dict[str, Any]:
    """Context of ``entity_detail.html``. Reads what the verdicts need: four to seven queries.

    ``query`` names the list the page was opened from, if any.
    """
    entity = detail.entity
    with whole_roster():
        explained = explain(entity, on=on, facts=detail.facts)
        held = entity_coverage.read(entity, rules=explained.rules, on=on)
    records = entity_reading.records_of(explained.statements, detail.sources)
    evidence = entity_reading.evidence(
        entity=entity, records=records, identifiers=detail.identifiers, rules=explained.rules
    )
    events = history(detail, entity_coverage.events(held))
    coverage = entity_coverage.card(entity, held, rules=explained.rules, actor=actor, on=on)
    return {
        "page_title": entity.name,
        "crumbs": _crumbs(entity),
        "position": neighbours.position(actor=actor, query=query, pk=entity.pk, rules=explained.rules),
        "actions": _actions(entity, explained, actor, coverage["letter_url"]),
        "statuses": _statuses(entity, held),
        "notices": _notices(detail),
        "identifiers": _identifiers(detail),
        "evidence": evidence if records else None,
        "coverage": coverage,
        "organizations": entity_coverage.organizations(held, actor),
        "nets": entity_nets.nets(entity, held.area.get("name", "")),
        **entity_facts.context(entity, detail.facts, explained.account.corrections, actor),
        "sites": [_site_line(site) for site in detail.sites],
        "site_count": detail.site_count,
        "sources": [_source_line(link, actor) for link in detail.sources],
        "hidden_sources": len(explained.statements) - len(detail.sources),
        "verdicts": entity_verdicts.cards(explained, detail.placement, entity),
        "screening": entity_verdicts.screening(explained),
        "relations": _relations(detail),
        "history": events[:_MOST_EVENTS],
    }


def history(detail: EntityDetail, others: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """What happened to the entity, latest first: facts, links, placement, successions, and ``others``."""
    events = [
        *others,
        *entity_facts.changes(detail.facts),
        *_joinings(detail.sources),
        *_placings(detail.placement),
        *_successions(detail.entity, detail.successions),
    ]
    if detail.entity.founded_on:
        events.append({"date": detail.entity.founded_on, "title": "设立登记", "text": ""})
    events.sort(key=lambda event: _day(event["date"]), reverse=True)
    if events:
        events[0]["now"] = True
    return events


def _day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _joinings(links: Sequence[EntitySource]) -> Iterable[dict[str, Any]]:
    """Lists that were tied to the entity, those of one day together."""
    by_day: dict[tuple[date, str], list[str]] = defaultdict(list)
    for link in links:
        by_day[_day(link.approved_at), link.approved_by].append(source_zh(link.unit.list_kind))
    for (day, person), names in by_day.items():
        yield {"date": day, "title": f"归入{'、'.join(dict.fromkeys(names))}名单的记录", "text": f"{person}批准"}


def _placings(placement: Placement | None) -> Iterable[dict[str, Any]]:
    if placement and placement.decided_by:
        place = placement.place.name if placement.place else "未定"
        yield {
            "date": placement.computed_at,
            "title": f"落点定为{place}",
            "text": f"{placement.decided_by}：{placement.evidence}",
        }


def _successions(entity: Entity, successions: Sequence[Succession]) -> Iterable[dict[str, Any]]:
    for item in successions:
        if item.since is None:
            continue
        other = item.later if item.earlier_id == entity.pk else item.earlier
        verb = "由后继主体承继" if item.earlier_id == entity.pk else "承继原主体"
        yield {"date": item.since, "title": item.get_kind_display(), "text": f"{verb}：{other.name}"}


def _crumbs(entity: Entity) -> list[dict[str, str]]:
    kind = ROSTERS.get(entity.roster)
    crumbs = [{"label": kind.title, "url": kind.url}] if kind else []
    if kind and entity.town and entity.county:
        where = f"{kind.url}?county={entity.county_id}&town={entity.town_id}"
        crumbs.append({"label": entity.town.name, "url": where})
    return [*crumbs, {"label": f"{kind.title[:-2] if kind else '主体'}详情", "url": ""}]


def _actions(entity: Entity, explained: Explained, actor: Actor, letter_url: str) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if actor.may(Permission.PLACEMENT_DECIDE):
        url = reverse("workbench:assign_place", args=[entity.pk])
        actions.append({"label": "确定落点", "icon": "map-pin", "url": url})
    if actor.may(Permission.OWNERSHIP_DECIDE) and explained.verdicts.ownership.question_key:
        url = reverse("workbench:ownership", args=[entity.pk])
        actions.append({"label": "认定所有制", "icon": "edit", "url": url})
    if entity_facts.may_correct(entity, actor):
        actions.append({"label": "更正事实", "icon": "edit", "menu": entity_facts.correction_menu(entity)})
    actions += merging_pages.menu(entity, actor)
    if letter_url:
        actions.append({"label": "发提示函", "icon": "send", "url": letter_url, "primary": True})
    return actions


def _statuses(entity: Entity, held: EntityCoverage) -> list[Status]:
    plain: Status = {"label": labels.legal_form(entity.legal_form), "kind": "plain", "icon": "none"}
    number: Status = {"label": f"主体 {entity.number}", "kind": "plain", "icon": "none"}
    return [
        plain,
        labels.ownership(entity.ownership),
        labels.screening(entity.screening),
        labels.state(entity.state, operating=entity.operating),
        coverage_labels.state(held.decision.state.value),
        number,
    ]


def _notices(detail: EntityDetail) -> list[dict[str, str]]:
    notices = []
    for item in detail.successions:
        if item.earlier_id == detail.entity.pk:
            url = reverse("workbench:entity", args=[item.later_id])
            text = f"本主体已由“{item.later.name}”承继（{item.get_kind_display()}）。"
            notices.append({"kind": "info", "text": text, "url": url, "label": "查看后继主体"})
    if detail.placement and detail.placement.disagreement:
        text = f"地址与其他依据不一致：{detail.placement.disagreement}"
        notices.append({"kind": "", "text": text, "url": "", "label": ""})
    return notices


def _identifiers(detail: EntityDetail) -> list[dict[str, Any]]:
    """Code, old numbers, former names, and the parent or the branch offices."""
    entity = detail.entity
    of = defaultdict(list)
    for item in detail.identifiers:
        of[item.kind].append(item)
    code = next((item for item in of[Identifier.Kind.USCC] if item.value == entity.uscc), None)
    old = [*of[Identifier.Kind.REGISTRATION], *of[Identifier.Kind.TAX]]
    names = of[Identifier.Kind.FORMER_NAME]
    lines: list[dict[str, Any]] = [
        {"label": "统一社会信用代码", "value": entity.uscc, "mono": True, "note": _source_note(code)},
        {"label": "原注册号、税号", "value": "、".join(item.value for item in old), "mono": True, "note": _source_note(*old)},
        {"label": "曾用名", "value": "、".join(item.value for item in names), "note": _source_note(*names)},
    ]  # fmt: skip
    if entity.parent or entity.parent_name:
        lines.append({"label": "所属法人", "value": entity.parent.name if entity.parent else entity.parent_name,
                      "note": "" if entity.parent else "名册中没有该法人"})  # fmt: skip
    else:
        value = f"{detail.site_count} 处" if detail.site_count else ""
        lines.append({"label": "分支机构", "value": value, "note": "不另计为主体" if detail.site_count else ""})
    return lines


def _source_note(*items: Identifier | None) -> str:
    """Where identifiers come from, with their days where known."""
    notes = []
    for item in items:
        if item is not None:
            since = item.valid.lower if item.valid else None
            notes.append(
                f"{since.isoformat()} 起" if since else f"{source_zh(item.list_kind)} {item.as_of.isoformat()}"
            )
    return "、".join(dict.fromkeys(notes))


def _site_line(site: Entity) -> dict[str, Any]:
    return {
        "name": site.name,
        "url": reverse("workbench:entity", args=[site.pk]),
        "code": site.uscc,
        "place": site.town.name if site.town else None,
        "address": f"{site.road}{f' {site.road_number} 号' if site.road_number else ''}" if site.road else None,
        "state": labels.state(site.state, operating=site.operating),
    }


def _source_line(link: EntitySource, actor: Actor) -> dict[str, Any]:
    record = link.unit.last_record
    batch = record.batch if record else None
    reason = REASONS.get(Basis(link.rule)) if link.rule in Basis._value2member_map_ else None
    return {
        "department": source_zh(link.unit.list_kind),
        "url": reverse("rosters:batch", args=[batch.pk]) if batch and actor.may(Permission.BATCH_VIEW) else None,
        "batch": batch.file.name if batch else "",
        "row": record.row if record else None,
        "name": record.name if record else "",
        "basis": reason.zh if reason else link.rule,
        "review": "待核" if reason and reason.review else "",
        "date": link.unit.last_as_of,
        "move_url": reverse("workbench:move_unit", args=[link.entity_id, link.unit_id])
        if actor.may(Permission.LINK_APPROVE)
        else "",
    }


def _relations(detail: EntityDetail) -> list[dict[str, Any]]:
    """Parent, predecessors and successors."""
    entity = detail.entity
    relations = []
    if entity.parent:
        url = reverse("workbench:entity", args=[entity.parent_id])
        relations.append({"label": "所属法人", "value": entity.parent.name, "url": url})
    for item in detail.successions:
        other, label = (item.later, "后继主体") if item.earlier_id == entity.pk else (item.earlier, "原主体")
        relations.append({"label": label, "value": other.name, "url": reverse("workbench:entity", args=[other.pk])})
    if entity.body:
        relations.append({"label": "经办单位", "value": entity.body.name, "url": ""})
    if entity.industry_body:
        relations.append({"label": "行业党委", "value": entity.industry_body.name, "url": ""})
    return relations
