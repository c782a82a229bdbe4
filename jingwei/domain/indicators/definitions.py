"""The definitions of all indicators: definitions.yaml read, its formulas parsed and checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from jingwei.domain.indicators.columns import Type
from jingwei.domain.indicators.formula import parse
from jingwei.domain.indicators.terms import Period, Population, Unit
from jingwei.domain.indicators.tokens import FormulaError
from jingwei.domain.indicators.tree import Node

_FIELDS = frozenset(
    {
        "group", "zh", "meaning", "unit", "population", "period", "among", "numerator", "denominator", "numerator_zh",
        "denominator_zh", "unknown", "undecided", "beside", "of", "against", "missing", "target", "source", "rules",
    }
)  # fmt: skip
_SHARES = frozenset({Unit.PERCENT, Unit.RATIO})
_SUMMED = {Unit.COUNT: False, Unit.PERSONS: True}


class DefinitionError(ValueError):
    """A definition is not well formed; the message (Chinese) names indicator, field and fault."""


@dataclass(frozen=True, slots=True)
class Against:
    """What an indicator is compared with: the month so many months earlier, or the month that a rule names."""

    months: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator.

    Without ``missing`` and ``of`` it counts the rows of which ``numerator`` holds, out of those of which
    ``denominator`` holds; or, where the numerator is a number, adds it up over the rows of ``among``.
    ``beside`` counts rows of the denominator (of the numerator where there is none) by label.
    ``unknown`` labels rows of the denominator whose numerator is unknown, ``undecided`` rows of which it is
    unknown whether they belong to the denominator. ``of`` and ``against`` make it a comparison in time.
    ``target`` is the id of a rule that holds a city's target in the indicator's unit, if there is one.
    """

    id: str
    group: str
    zh: str
    meaning: str
    unit: Unit
    population: Population
    period: Period
    source: str
    rules: tuple[str, ...]
    numerator: Node | None = None
    denominator: Node | None = None
    among: Node | None = None
    beside: Mapping[str, Node] = field(default_factory=dict)
    numerator_zh: str = ""
    denominator_zh: str = ""
    unknown: str = ""
    undecided: str = ""
    of: str = ""
    against: Against | None = None
    missing: str = ""
    target: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_comparison(self) -> bool:
        return self.against is not None

    @property
    def is_sum(self) -> bool:
        """Whether it adds up numbers of rows rather than counting rows."""
        return self.numerator is not None and self.numerator.type is Type.NUMBER

    @property
    def is_counted(self) -> bool:
        """Whether its figures come from rows: neither missing nor a comparison."""
        return self.numerator is not None

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of all that stands beside its figures."""
        return (*(label for label in (self.unknown, self.undecided) if label), *self.beside)


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, Definition]:
    """Every definition by id, in the order of the file."""
    return read(_text(), "definitions.yaml")


@lru_cache(maxsize=1)
def version() -> str:
    """12 hexadecimal digits that change with any word of the definitions; kept with snapshots."""
    return sha256(_text().encode()).hexdigest()[:12]


def read(text: str, file: str) -> Mapping[str, Definition]:
    """Definitions of one YAML text; raises DefinitionError."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise DefinitionError(f"口径文件 {file}：{fault}") from fault
    if not isinstance(raw, dict):
        raise DefinitionError(f"口径文件 {file}：应为“指标编号：内容”的形式")
    found = {str(name): _definition(str(name), body) for name, body in raw.items()}
    for item in found.values():
        if item.of and (item.of not in found or not found[item.of].is_counted):
            raise DefinitionError(f"指标 {item.id} 的 of：没有可比较的指标 {item.of}")
    return MappingProxyType(found)


def _text() -> str:
    return files("jingwei.domain.indicators").joinpath("definitions.yaml").read_text("utf-8")


def _definition(name: str, body: Any) -> Definition:
    where = f"指标 {name}"
    if not isinstance(body, dict):
        raise DefinitionError(f"{where}：应为键值形式")
    extra = sorted(set(body) - _FIELDS)
    if extra:
        raise DefinitionError(f"{where}：不认识的字段 {'、'.join(extra)}")
    population = Population(_choice(body, "population", where, Population, Population.ENTITY))
    parsed = {key: _formula(body, key, population, where) for key in ("numerator", "denominator", "among")}
    beside = {
        str(label): _parsed(str(formula), f"{where} 的 beside {label}", population)
        for label, formula in (body.get("beside") or {}).items()
    }
    item = Definition(
        id=name, group=_required(body, "group", where), zh=_required(body, "zh", where), meaning=_required(body, "meaning", where),
        unit=Unit(_choice(body, "unit", where, Unit, None)), population=population,
        period=Period(_choice(body, "period", where, Period, Period.MOMENT)),
        source=_required(body, "source", where), rules=tuple(map(str, body.get("rules") or ())),
        beside=MappingProxyType(beside), numerator_zh=str(body.get("numerator_zh") or ""),
        denominator_zh=str(body.get("denominator_zh") or ""), unknown=str(body.get("unknown") or ""),
        undecided=str(body.get("undecided") or ""), of=str(body.get("of") or ""), against=_against(body, where),
        missing=str(body.get("missing") or ""), target=str(body.get("target") or ""),
        texts=MappingProxyType({key: " ".join(str(body[key]).split()) for key in parsed if body.get(key)}), **parsed,
    )  # fmt: skip
    fault = next((text for broken, text in _FAULTS if broken(item)), None)
    if fault:
        raise DefinitionError(f"{where}：{fault}")
    return item


def _required(body: Mapping[str, Any], key: str, where: str) -> str:
    text = str(body.get(key) or "").strip()
    if not text:
        raise DefinitionError(f"{where}：缺 {key}")
    return text


def _choice(body: Mapping[str, Any], key: str, where: str, kinds: Any, default: str | None) -> str:
    text = str(body.get(key) or default or "")
    if text not in set(kinds):
        raise DefinitionError(f"{where} 的 {key}：应为 {'、'.join(kinds)} 之一")
    return text


def _formula(body: Mapping[str, Any], key: str, population: Population, where: str) -> Node | None:
    return _parsed(str(body[key]), f"{where} 的 {key}", population) if body.get(key) else None


def _parsed(text: str, where: str, population: Population) -> Node:
    try:
        return parse(text, population)
    except FormulaError as fault:
        raise DefinitionError(f"{where} {fault}") from fault


def _against(body: Mapping[str, Any], where: str) -> Against | None:
    raw = body.get("against")
    if raw is None:
        return None
    if isinstance(raw, dict) and set(raw) == {"months"} and isinstance(raw["months"], int) and raw["months"] > 0:
        return Against(months=raw["months"])
    if isinstance(raw, dict) and set(raw) == {"rule"}:
        return Against(rule=str(raw["rule"]))
    raise DefinitionError(f"{where} 的 against：应为 months: 月数 或 rule: 规则编号")


def _kinds(item: Definition) -> int:
    return sum((bool(item.missing), item.is_comparison, item.is_counted))


def _numerator_unnamed(item: Definition) -> bool:
    """Whether the numerator may be unknown and no label says so."""
    numbers = [node for node in (item.numerator, item.denominator) if node is not None and item.is_sum]
    looked_at = numbers or ([item.numerator] if item.numerator is not None else [])
    return any(node.may_be_unknown for node in looked_at) and not item.unknown


def _rows_unnamed(item: Definition) -> bool:
    rows = item.among if item.is_sum else item.denominator
    return rows is not None and rows.may_be_unknown and not item.undecided


def _mixed(item: Definition) -> bool:
    return (
        item.numerator is not None and item.denominator is not None and item.numerator.type is not item.denominator.type
    )


_FAULTS: tuple[tuple[Callable[[Definition], bool], str], ...] = (
    (lambda item: _kinds(item) != 1, "numerator、against、missing 应有且只有一项"),
    (lambda item: bool(item.of) != item.is_comparison, "of 与 against 应同时写"),
    (lambda item: item.is_comparison and item.unit not in _SHARES, "比较的单位应为 percent 或 ratio"),
    (lambda item: item.numerator is not None and item.numerator.type not in {Type.CONDITION, Type.NUMBER},
     "numerator 应为条件或数"),
    (_mixed, "numerator 与 denominator 应同为条件或同为数"),
    (lambda item: (item.among is not None) != item.is_sum, "among 用于且必须用于求和"),
    (lambda item: item.is_counted and (item.denominator is not None) != (item.unit in _SHARES),
     "percent、ratio 应有 denominator，count、persons 不应有"),
    (lambda item: item.is_counted and _SUMMED.get(item.unit, item.is_sum) != item.is_sum, "count 数行，persons 求和"),
    (_numerator_unnamed, "numerator 可能未知，应写 unknown"),
    (_rows_unnamed, "分母可能未知，应写 undecided"),
    (lambda item: any(node.type is not Type.CONDITION for node in item.beside.values()), "beside 应为条件"),
)  # fmt: skip
