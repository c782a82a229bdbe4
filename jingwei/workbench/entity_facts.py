"""What is known of one entity, fact by fact: the value in force, where it comes from, what else was said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from jingwei.base_roster.corrections import CORRECTABLE, OWNERSHIP, Correction, shown
from jingwei.base_roster.derivation import PRECEDENCE
from jingwei.base_roster.fact_history import fact_history
from jingwei.base_roster.models import Entity, Fact
from jingwei.base_roster.reading import standing_corrections
from jingwei.core.permissions import Actor, Permission
from jingwei.domain.industry import name_of
from jingwei.domain.lists import LISTS, ListKind

_FIELD_ZH = {field.name: field.zh for listed in reversed(tuple(LISTS.values())) for field in listed.fields}
_FIELD_ORDER = {
    name: at for at, name in enumerate(dict.fromkeys(f.name for item in LISTS.values() for f in item.fields))
}
_FIRST = {kind.value: at for at, kind in enumerate(PRECEDENCE)}
# Their change is part of an entity's history; other fields change from list to list by spelling alone.
_TOLD = {"state", "full_members", "company_type", "name"}
# What verdicts rest on stands in front, also where it is not known; the rest folds out.
_CHIEF = (
    "state", "company_type", OWNERSHIP, "industry_code", "address", "founded_on", "staff", "insured", "full_members",
    "probationary_members",
)  # fmt: skip
_WANTED = ("state", "industry_code", "address", "staff", "full_members", "probationary_members")
Line = dict[str, Any]


def context(
    entity: Entity, facts: Sequence[Fact], corrections: Mapping[str, Correction], actor: Actor
) -> dict[str, Any]:
    """The chief facts and the others; ``corrections`` are those that stand."""
    may = may_correct(entity, actor)
    lines = [
        line | {"correct_url": _correct_url(entity, line["kind"]) if may else ""}
        for line in facts_lines(facts, corrections)
    ]
    chief = sorted((line for line in lines if line["kind"] in _CHIEF), key=lambda line: _CHIEF.index(line["kind"]))
    return {
        "facts": chief,
        "more_facts": [line for line in lines if line["kind"] not in _CHIEF],
        "may_correct": may,
    }


def facts_lines(facts: Sequence[Fact], corrections: Mapping[str, Correction]) -> list[Line]:
    """One line for each kind of fact: the value in force, what another list says, all other values.

    In force is the clerk's correction, else the newest value of the list whose word goes first, as in the
    verdicts. ``facts`` come newest first. Personal fields are never among them.
    """
    by_kind: dict[str, list[Fact]] = {name: [] for name in _WANTED}
    for fact in sorted(facts, key=lambda fact: _FIRST.get(fact.list_kind, len(_FIRST))):
        by_kind.setdefault(fact.kind, []).append(fact)
    kinds = sorted(by_kind, key=lambda name: _FIELD_ORDER.get(name, len(_FIELD_ORDER)))
    return [_line(kind, by_kind[kind], corrections.get(kind)) for kind in kinds]


def _line(kind: str, held: Sequence[Fact], correction: Correction | None) -> Line:
    said = [fact for fact in held if fact.list_kind != Fact.MANUAL]
    line: Line = {"kind": kind, "label": label(kind), "value": None, "source": "", "date": None, "note": ""}
    others = list(held)
    if correction:
        listed = f"；{source_zh(said[0].list_kind)}为{_value(said[0])}" if said else ""
        note = f"{correction.by}：{correction.reason}{listed}"
        line |= {"value": shown(kind, correction.value), "source": "经办人更正", "date": correction.as_of, "note": note}
        others = [fact for fact in held if (fact.list_kind, fact.value) != (Fact.MANUAL, correction.value)]
    elif said:
        newest = said[0]
        against = next(
            (fact for fact in said if fact.value != newest.value and fact.list_kind != newest.list_kind), None
        )
        note = f"{source_zh(against.list_kind)}为{_value(against)}" if against else newest.reason
        line |= {"value": _value(newest), "source": source_zh(newest.list_kind), "date": newest.as_of, "note": note}
        others = [fact for fact in held if fact is not newest]
    return line | {"earlier": [_earlier(fact) for fact in others]}


def _earlier(fact: Fact) -> Line:
    return {"value": _value(fact), "source": source_zh(fact.list_kind), "date": fact.as_of}


def changes(facts: Sequence[Fact]) -> Iterable[Line]:
    """Where the same list said something else than before, and where a clerk spoke instead of the lists."""
    before: dict[tuple[str, str], Fact] = {}
    for fact in reversed(facts):
        if fact.list_kind == Fact.MANUAL:
            title = (
                f"更正{label(fact.kind)}为 {shown(fact.kind, fact.value)}"
                if fact.value
                else f"撤回{label(fact.kind)}的更正"
            )
            yield {"date": fact.as_of, "title": title, "text": f"{fact.stated_by}：{fact.reason}"}
            continue
        key = (fact.kind, fact.list_kind)
        earlier = before.get(key)
        before[key] = fact
        if earlier and earlier.value != fact.value and fact.kind in _TOLD:
            moved = f"{earlier.value} → {fact.value}"
            if fact.kind == "name":
                yield {"date": fact.as_of, "title": "更名", "text": moved}
            else:
                title = f"{label(fact.kind)}：{moved}"
                yield {"date": fact.as_of, "title": title, "text": f"{source_zh(fact.list_kind)}名单"}


def may_correct(entity: Entity, actor: Actor) -> bool:
    place_id = entity.overlay_id if entity.overlay_id in actor.place_ids else entity.place_id
    return actor.may(Permission.FACT_CORRECT) and actor.covers(place_id=place_id, body_id=entity.body_id)


def correction_menu(entity: Entity) -> list[dict[str, str]]:
    """Every fact that may be corrected, known or not."""
    return [
        {"label": wanted.zh, "icon": "edit", "url": _correct_url(entity, kind)} for kind, wanted in CORRECTABLE.items()
    ]


def _correct_url(entity: Entity, kind: str) -> str:
    return reverse("workbench:correct", args=[entity.pk, kind]) if kind in CORRECTABLE else ""


def label(kind: str) -> str:
    """Chinese name of a fact."""
    return _FIELD_ZH.get(kind) or (CORRECTABLE[kind].zh if kind in CORRECTABLE else kind)


def source_zh(list_kind: str) -> str:
    """Chinese name of the list a fact comes from; other sources speak for themselves."""
    if list_kind == Fact.MANUAL:
        return "经办人更正"
    return LISTS[ListKind(list_kind)].zh if list_kind in ListKind._value2member_map_ else list_kind


def _value(fact: Fact) -> str:
    if not fact.value:
        return "撤回更正"
    if fact.kind == "industry_code":
        return f"{fact.value} {name_of(fact.value)}".strip()
    return shown(fact.kind, fact.value)


def correction_context(entity: Entity, kind: str, *, actor: Actor, on: date) -> dict[str, Any]:
    """Context of ``correct.html``: the dated history of a fact, newest first, and the correction that stands."""
    facts = list(Fact.objects.filter(entity=entity).order_by("-as_of", "-pk"))
    standing = {item.kind: item for item in standing_corrections(facts)}
    line = _line(kind, [fact for fact in facts if fact.kind == kind], standing.get(kind))
    address = reverse("workbench:entity", args=[entity.pk])
    history = fact_history(actor=actor, entity=entity, kind=CORRECTABLE[kind].said_in, on=on)
    return {
        "page_title": f"更正{CORRECTABLE[kind].zh}",
        "lead": entity.name,
        "crumbs": [{"label": entity.name, "url": address}, {"label": f"更正{CORRECTABLE[kind].zh}", "url": ""}],
        "now": line if line["value"] is not None else None,
        "history": history.entries,
        "contradictions": history.contradictions,
        "withdraw_url": reverse("workbench:withdraw", args=[entity.pk, kind]) if kind in standing else "",
        "cancel_url": address,
    }
