"""Forms with one line or one sheet a unit: each field says, as data, where its value comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jingwei.domain.indicators.columns import COLUMNS
from jingwei.domain.indicators.terms import Population
from jingwei.domain.indicators.tree import Node
from jingwei.domain.papers import checks, layout_files
from jingwei.domain.papers.checks import Check, Result
from jingwei.domain.papers.grids import Gap
from jingwei.domain.papers.layout_files import LayoutError
from jingwei.domain.rulebook import Rules

# What may be said of the organization that covers a unit, of the place it lies in, and of why it has none.
ORGANIZATION_PARTS = frozenset({"name", "form", "level", "founded_on", "superior", "units"})
PLACE_PARTS = frozenset({"county", "town", "overlay", "overlay_kind", "area"})
CAUSE_PARTS = frozenset({"kind", "note", "stated_on"})
_NAMED = frozenset({"name", "code"})


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column of the unit; ``labels`` is the glossary group that has the words for its values."""

    name: str
    labels: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the unit; unknown leaves the cell empty."""

    node: Node


@dataclass(frozen=True, slots=True)
class Choices:
    """The word of the first condition that holds; ``rest`` where none does, empty where that is not known."""

    cases: tuple[tuple[Node, str], ...]
    rest: str


@dataclass(frozen=True, slots=True)
class FactText:
    """What a department's list says of the unit, the first of ``lists`` that says anything.

    ``words`` turns what the text contains into a word of the form, the first that fits.
    """

    kind: str
    lists: tuple[str, ...]
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """A part of something tied to the unit: its organization, its place, the cause stated for it."""

    of: str
    part: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing the product holds says it; the fact and the list that would bring it."""

    fact: str


FieldSource = ColumnText | Amount | Choices | FactText | Related | Missing


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field with its heading, and where its value comes from."""

    id: str
    zh: str
    group: str
    source: FieldSource


@dataclass(frozen=True, slots=True)
class Record:
    """A form of one unit on the day of the rules it was read for."""

    id: str
    title: str
    among: Node
    fields: tuple[RecordField, ...]
    checks: tuple[tuple[Check, str], ...]
    notes: tuple[str, ...]


def record(name: str, rules: Rules) -> Record:
    """The packaged form of this name under the rules of a day; raises LayoutError."""
    return parse_record(name, layout_files.read(name), rules)


def parse_record(name: str, data: Mapping[str, Any], rules: Rules) -> Record:
    """A form out of the data of its file; raises LayoutError that names the entry at fault."""
    values = layout_files.parameters(data, rules)
    among = layout_files.condition(f"{name} among", data["among"], values)
    if among is None:
        raise LayoutError(f"{name}: 缺少 among")
    fields = tuple(
        RecordField(item["id"], item["zh"], group["group"], _source(f"{name} {item['zh']}", item, values))
        for group in data["fields"]
        for item in group["fields"]
    )
    found = tuple((checks.parse(item["text"]), item["zh"]) for item in data.get("checks", ()))
    known = {field.id for field in fields}
    strange = {term for check, _ in found for term in check.names} - known
    if strange:
        raise LayoutError(f"{name}: 校核式中没有 {'、'.join(sorted(strange))}")
    return Record(name, data["title"], among, fields, found, tuple(data.get("notes", ())))


def missing(form: Record) -> tuple[Gap, ...]:
    """The facts that no list brings, each with the fields that stay empty for want of it."""
    lacking: dict[str, list[RecordField]] = {}
    for field in form.fields:
        if isinstance(field.source, Missing):
            lacking.setdefault(field.source.fact, []).append(field)
    return tuple(
        Gap(
            "、".join(dict.fromkeys(field.group for field in fields)),
            "、".join(field.zh for field in fields),
            fact,
            None,
        )
        for fact, fields in lacking.items()
    )


def check(form: Record, values: Sequence[str]) -> tuple[Result, ...]:
    """Try the checks of the form on the values of one unit, in the order of its fields."""
    numbers = {field.id: _number(value) for field, value in zip(form.fields, values, strict=True)}
    names = {field.id: field.zh for field in form.fields}
    return tuple(checks.evaluate(item, numbers, names, zh=zh) for item, zh in form.checks)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.isdecimal() else None


def _source(where: str, item: Mapping[str, Any], values: Mapping[str, str]) -> FieldSource:
    if "missing" in item:
        return Missing(item["missing"])
    if "fact" in item:
        return FactText(item["fact"], tuple(item["lists"]), tuple(item.get("words", {}).items()))
    if "choose" in item:
        cases = ((_condition(where, text, values), zh) for zh, text in item["choose"].items())
        return Choices(tuple(cases), item["rest"])
    if "sum" in item:
        return Amount(_condition(where, item["sum"], values))
    if "column" in item:
        return _column(where, item)
    return _related(where, item)


def _condition(where: str, text: str, values: Mapping[str, str]) -> Node:
    node = layout_files.condition(where, text, values)
    if node is None:
        raise LayoutError(f"{where}: 缺少条件")
    return node


def _column(where: str, item: Mapping[str, Any]) -> ColumnText:
    name = item["column"]
    if name not in _NAMED and name not in COLUMNS[Population.ENTITY]:
        raise LayoutError(f"{where}: 没有列 {name}")
    return ColumnText(name, item.get("labels", ""))


def _related(where: str, item: Mapping[str, Any]) -> Related:
    for of, parts in (("organization", ORGANIZATION_PARTS), ("place", PLACE_PARTS), ("cause", CAUSE_PARTS)):
        if item.get(of) in parts:
            return Related(of, item[of])
    raise LayoutError(f"{where}: 没有说明取自哪里")
