"""What the pages of indicators show, as plain values for their templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from jingwei.core.permissions import Actor
from jingwei.domain.indicators import COMPLEMENT, DENOMINATOR, NUMERATOR, Cut, Definition, Population, Unit, definitions
from jingwei.domain.indicators.cuts import CUTS
from jingwei.domain.indicators.tree import rules_of
from jingwei.domain.indicators.wording import wording
from jingwei.domain.rulebook import Rules, RuleValue
from jingwei.indicators.models import Snapshot
from jingwei.indicators.readings import Difference, Drill, Reading

Piece = Mapping[str, Any]

UNCONFIRMED = "参数，待本地确认"
_NOUNS = {Population.ENTITY: "家", Population.ORGANIZATION: "个", Population.LETTER: "件"}


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: live figures or a snapshot, one cut."""

    snapshot: Snapshot | None
    cut: Cut = Cut.TOTAL

    def address(self, name: str, pk: str = "", **more: str) -> str:
        """Address of a page that looks at the same snapshot and cut."""
        query = {key: value for key, value in more.items() if value}
        if self.snapshot is not None:
            query["snapshot"] = self.snapshot.number
        if self.cut is not Cut.TOTAL:
            query["cut"] = self.cut.value
        url = reverse(f"indicators:{name}", args=[pk] if pk else [])
        return f"{url}?{urlencode(query)}" if query else url

    def rows(self, reading: Reading, part: str) -> str:
        """Address of the rows of a part of a figure."""
        within = str(reading.within or "")
        return self.address("rows", reading.indicator, part=part, member=reading.member, within=within)


def versions(looked: Looked, held: Sequence[Snapshot], *, pk: str = "") -> list[Piece]:
    """Live and the latest snapshots, to choose from."""
    name = "detail" if pk else "list"
    choices = [None, *held]
    return [
        {
            "label": f"{choice.month:%Y-%m}{f'（修订 {choice.revision}）' if choice.revision > 1 else ''}"
            if choice
            else "实时",
            "url": Looked(choice, looked.cut).address(name, pk),
            "current": (choice.pk if choice else None) == (looked.snapshot.pk if looked.snapshot else None),
        }
        for choice in choices
    ]


def basis(looked: Looked, actor: Actor) -> str:
    """One line on what the figures stand on."""
    if looked.snapshot is not None:
        taken = looked.snapshot
        return f"快照 {taken.number}，截至 {taken.as_of.year} 年 {taken.as_of.month} 月 {taken.as_of.day} 日，全市"
    return "实时数据，全市" if actor.everything else "实时数据，本人管辖范围"


def groups(readings: Sequence[Reading], looked: Looked, targets: Mapping[str, Decimal]) -> list[Piece]:
    """All indicators by group, in the order of the definitions."""
    found: dict[str, list[Piece]] = {}
    for reading in readings:
        definition = definitions()[reading.indicator]
        found.setdefault(definition.group, []).append(line(reading, definition, looked, targets.get(definition.id)))
    return [{"title": title, "key": f"group-{at}", "rows": rows} for at, (title, rows) in enumerate(found.items())]


def line(reading: Reading, definition: Definition, looked: Looked, target: Decimal | None = None) -> Piece:
    """One figure with everything that opens from it."""
    return {
        "id": definition.id,
        "url": looked.address("detail", definition.id),
        "zh": definition.zh,
        "meaning": definition.meaning,
        "source": definition.source,
        "member": reading.member,
        "member_zh": reading.member_zh,
        "text": reading.text,
        "noun": _noun(definition) if reading.value is not None else "",
        "missing": reading.missing,
        "rate": reading.value if definition.unit is Unit.PERCENT and not definition.is_comparison else None,
        "target": target,
        "target_text": _plain(target, definition.unit),
        "pieces": pieces(reading, definition, looked),
        "numerator_url": looked.rows(reading, NUMERATOR) if reading.numerator is not None else "",
    }


def pieces(reading: Reading, definition: Definition, looked: Looked) -> list[Piece]:
    """Numerator, denominator and what stands beside them, each with its rows."""
    found: list[Piece] = []
    if reading.denominator is not None and reading.numerator is not None:
        first, second = part_names(definition)
        found.append({"text": f"{first} {reading.numerator:,}", "url": looked.rows(reading, NUMERATOR)})
        found.append({"text": f"{second} {reading.denominator:,}", "url": looked.rows(reading, DENOMINATOR)})
    return found + [
        {"text": f"{label} {count:,}", "url": looked.rows(reading, label), "unknown": True}
        for label, count in reading.beside.items()
    ]


def part_names(definition: Definition) -> tuple[str, str]:
    """What the two parts of a figure are called."""
    if definition.is_comparison:
        return "本期", "基期"
    return definition.numerator_zh or "分子", definition.denominator_zh or "分母"


def cuts(looked: Looked, definition: Definition) -> list[Piece]:
    """The cuts an indicator can be divided by."""
    population = definitions()[definition.of].population if definition.of else definition.population
    return [
        {
            "label": cut.zh,
            "url": Looked(looked.snapshot, cut).address("detail", definition.id),
            "current": cut is looked.cut,
        }
        for cut in CUTS[population]
        if cut is not Cut.TOTAL
    ]


def definition_facts(definition: Definition, rules: Rules) -> list[Piece]:
    """The definition as a list of facts: words, formula, source, version."""
    first, second = part_names(definition)
    named = {"among": "范围", "numerator": first, "denominator": second}
    nodes = {"among": definition.among, "numerator": definition.numerator, "denominator": definition.denominator}
    facts: list[Piece] = [{"label": "口径", "value": definition.meaning}]
    facts += [{"label": named[key], "value": wording(node, rules)} for key, node in nodes.items() if node is not None]
    facts += [{"label": f"另列 {label}", "value": wording(node, rules)} for label, node in definition.beside.items()]
    if definition.of:
        facts.append({"label": "比较", "value": f"{definitions()[definition.of].zh}（{definition.of}）"})
    if definition.missing:
        facts.append({"label": "缺少", "value": definition.missing, "unknown": True})
    facts += [
        {"label": "单位", "value": definition.unit.zh},
        {"label": "时期", "value": definition.period.zh},
        {"label": "来源", "value": definition.source},
        {"label": "编号", "value": "、".join(definition.rules), "mono": True},
    ]
    return facts


def parameters(definition: Definition, rules: Rules) -> list[Piece]:
    """The rules whose values the definition takes."""
    nodes = [definition.among, definition.numerator, definition.denominator, *definition.beside.values()]
    ids = dict.fromkeys(rule for node in nodes if node is not None for rule in rules_of(node))
    held = [rules[rule] for rule in ids]
    if definition.against and definition.against.rule:
        held.append(rules[definition.against.rule])
    return [_parameter(value) for value in held]


def _parameter(value: RuleValue) -> Piece:
    shown = "、".join(map(str, value.value)) if isinstance(value.value, tuple) else str(value.value)
    return {
        "zh": value.zh,
        "id": value.id,
        "value": shown if value.unit != "words" else "",
        "since": value.since,
        "source": f"{value.source.title}{value.source.article}",
        "unconfirmed": UNCONFIRMED if value.unconfirmed else "",
    }


def rule_target(definition: Definition, rules: Rules) -> Decimal | None:
    """The target that the rulebook holds, in the indicator's unit."""
    if not definition.target:
        return None
    share = Decimal(str(rules.number(definition.target)))
    return share * 100 if definition.unit is Unit.PERCENT else share


def drill_context(drill: Drill, looked: Looked) -> Piece:
    """Head, totals and rows of a drill."""
    definition = definitions()[drill.indicator]
    facts = list(drill.rows[0].facts) if drill.rows else []
    outside = drill.outside
    return {
        "part_zh": drill.part_zh,
        "total": _number(drill.total),
        "shown": _number(drill.shown),
        "outside": _number(outside) if outside else "",
        "unit_zh": drill.unit_zh,
        "count": drill.count,
        "note": drill.note,
        "is_sum": definition.is_sum and drill.part in {NUMERATOR, DENOMINATOR},
        "columns": facts,
        "rows": [
            {
                "name": row.name, "code": row.code, "url": _row_url(definition, row.id), "place": row.place_zh,
                "amount": _number(row.amount), "cells": [{"label": name, "text": row.facts[name]} for name in facts],
            }
            for row in drill.rows
        ],
    }  # fmt: skip


def part_tabs(reading: Reading | None, definition: Definition, looked: Looked, part: str) -> list[Piece]:
    """The parts of a figure as tabs above its rows."""
    if reading is None:
        return []
    first, second = part_names(definition)
    tabs = [(NUMERATOR, first, reading.numerator)]
    if reading.denominator is not None:
        tabs.append((DENOMINATOR, second, reading.denominator))
    if (
        reading.denominator is not None
        and definition.is_counted
        and not definition.is_sum
        and reading.numerator is not None
    ):
        rest = reading.denominator - reading.numerator - reading.beside.get(definition.unknown, 0)
        tabs.append((COMPLEMENT, "其余", rest))
    tabs += [(label, label, Decimal(count)) for label, count in reading.beside.items()]
    return [
        {"label": label, "count": count, "url": looked.rows(reading, name), "current": name == part}
        for name, label, count in tabs
    ]


def difference_rows(found: Sequence[Difference], definition: Definition) -> list[Piece]:
    """Rows that entered or left, with their causes."""
    names = dict(zip((NUMERATOR, DENOMINATOR), part_names(definition), strict=True))
    return [
        {
            "name": item.name,
            "url": _row_url(definition, item.id),
            "part": names[item.part],
            "sign": "＋" if item.entered else "－",
            "amount": _number(item.amount),
            "causes": "；".join(item.causes_zh),
        }
        for item in found
    ]


def compared(now: Sequence[Reading], before: Sequence[Reading], *, changed_only: bool) -> list[Piece]:
    """Totals of two snapshots side by side."""
    held = {reading.indicator: reading for reading in before}
    lines: list[Piece] = []
    for reading in now:
        old = held.get(reading.indicator)
        same = old is not None and (old.numerator, old.denominator) == (reading.numerator, reading.denominator)
        if reading.value is None or (changed_only and same):
            continue
        lines.append(
            {
                "zh": reading.zh,
                "id": reading.indicator,
                "before": old.text if old else "—",
                "before_fraction": old.fraction if old else "",
                "now": reading.text,
                "now_fraction": reading.fraction,
                "opens": definitions()[reading.indicator].is_counted and not same,
            }
        )
    return lines


def list_actions() -> list[Piece]:
    """What can be done from the list."""
    return [
        {"label": "月度确认", "icon": "clipboard-check", "url": reverse("indicators:confirm")},
        {"label": "快照", "icon": "history", "url": reverse("indicators:snapshots")},
    ]


def _row_url(definition: Definition, pk: int) -> str:
    """The page of a row where there is one below this app's reach."""
    names = {"entity": "workbench:entity", "organization": "branches:detail", "letter": "coverage:letter"}
    return reverse(names[definition.population.value], args=[pk])


def _noun(definition: Definition) -> str:
    return {Unit.COUNT: _NOUNS[definition.population], Unit.PERSONS: "人"}.get(definition.unit, "")


def _plain(value: Decimal | None, unit: Unit) -> str:
    """A target as it was set, without the zeros it is stored with: 70%, 1.5."""
    if value is None:
        return ""
    return f"{value.normalize():f}{'%' if unit is Unit.PERCENT else ''}"


def _number(value: Decimal) -> str:
    whole = value.to_integral_value()
    return f"{whole:,}" if whole == value else f"{value:,.2f}"
