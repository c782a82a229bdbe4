"""Why the entity is listed as it is: the verdicts of the base roster as cards of its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from jingwei.accounts.scope import apply_scope
from jingwei.base_roster import explaining
from jingwei.base_roster.derivation import Context, Statement, Verdicts, decide
from jingwei.base_roster.explaining import RuleView, VerdictView
from jingwei.base_roster.models import Entity, OwnershipAnswer, Placement
from jingwei.base_roster.reading import statements_by_entity
from jingwei.base_roster.surroundings import city_code
from jingwei.core.permissions import Actor
from jingwei.domain import rulebook
from jingwei.domain.ownership import Ownership, question_key
from jingwei.domain.placement import Gazetteer, PlacementMethod, Precision
from jingwei.domain.rulebook import Rules
from jingwei.places.selectors import gazetteer
from jingwei.workbench import labels

_UNCONFIRMED = "参数，待本地确认"


@dataclass(frozen=True)
class Explained:
    """The verdicts on one entity, the rules they were made by and what they were made from."""

    verdicts: Verdicts
    rules: Rules
    statements: list[Statement]


def explain(entity: Entity, *, actor: Actor, on: date) -> Explained:
    """Decide the entity anew from what all lists say, so that the page shows why. Two to four queries.

    Whoever may see the entity may know why it stands where it does, also where the lists lie out of
    his scope: he gets sentences and comparisons, never the lists' rows.
    """
    with beyond_scope(actor):
        statements = [said for _, held in statements_by_entity([entity.pk]) for said in held]
    places = gazetteer()
    rules = rulebook.at(on, _city_code(places, on))
    keys = {question_key(name) for name in (entity.name, entity.parent_name) if name}
    answers = OwnershipAnswer.objects.filter(parent_name__in=keys).values_list("parent_name", "value")
    context = Context(on, rules, places, {name: Ownership(value) for name, value in answers})
    return Explained(decide(statements, context, explaining.parent_ownership(entity)), rules, statements)


@contextmanager
def beyond_scope(actor: Actor) -> Iterator[None]:
    """Read for a moment what lies outside the actor's scope; afterwards it is what it was."""
    if actor.everything:
        yield
        return
    apply_scope(replace(actor, everything=True))
    try:
        yield
    finally:
        apply_scope(actor)


@lru_cache(maxsize=4)
def _city_code(places: Gazetteer, on: date) -> str | None:
    """The city's code, read again when the gazetteer is another one because a place has changed."""
    return city_code(on)


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
