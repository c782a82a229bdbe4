"""Reads rulebook files: text in, checked entries out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

import yaml

Scalar: TypeAlias = int | float | str
Frozen: TypeAlias = Scalar | tuple[Scalar, ...] | Mapping[str, Scalar]

_AREA_CODE = re.compile(r"[0-9]{6}")
_RULE_ID = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_UNITS = frozenset({"person", "unit", "share", "month", "year", "working_day", "words", "table"})
_LEVELS = frozenset({"national", "ministry", "province", "city", "practice", "product"})


class RulebookError(ValueError):
    """A rulebook file is not well formed; the message (Chinese) names file, entry and what is wrong."""


class Status(StrEnum):
    """How well the source of a value is known."""

    PRIMARY = "P"
    SECONDARY = "S"
    MEMORY = "M"
    NOT_FOUND = "N"
    SEED = "SEED"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from. `article` is empty when the source has no numbered articles."""

    title: str
    article: str
    level: str
    status: Status


@dataclass(frozen=True, slots=True)
class RuleValue:
    """The value of one rule in force: a number, a tuple of words, or a table of words."""

    id: str
    zh: str
    unit: str
    value: Frozen
    since: date
    source: Source
    place_code: str | None = None

    @property
    def unconfirmed(self) -> bool:
        """Whether a page must mark the value 参数，待本地确认: no source was found, or only remembered."""
        return self.source.status in {Status.MEMORY, Status.NOT_FOUND}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule with its values in the order of their dates, and the overrides of places."""

    id: str
    zh: str
    unit: str
    values: tuple[RuleValue, ...]
    overrides: Mapping[str, tuple[RuleValue, ...]]


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML would silently keep the last one only."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise RulebookError(f"第 {node.start_mark.line + 1} 行起：键重复 {'、'.join(sorted(twice))}")
        return super().construct_mapping(node, deep=deep)


def parse(text: str, file: str) -> tuple[Entry, ...]:
    """Entries of one YAML text; raises RulebookError with the file, the rule and the fault."""
    try:
        # Safe: _StrictLoader is a SafeLoader, it builds plain values only.
        raw = yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except (yaml.YAMLError, RulebookError) as fault:
        raise RulebookError(f"规则文件 {file}：{fault}") from fault
    if not isinstance(raw, dict):
        raise RulebookError(f"规则文件 {file}：应为“规则编号：内容”的形式")
    return tuple(_entry(str(rule_id), body, file) for rule_id, body in raw.items())


def _entry(rule_id: str, body: object, file: str) -> Entry:
    where = f"规则文件 {file} 的 {rule_id}"
    if not _RULE_ID.fullmatch(rule_id):
        raise RulebookError(f"{where}：编号应为小写字母、下划线，用点分段")
    fields = _mapping(body, where)
    zh, unit = _text(fields, "zh", where), _text(fields, "unit", where)
    if unit not in _UNITS:
        raise RulebookError(f"{where}：单位 {unit} 不在清单内")
    head = (rule_id, zh, unit)
    values = _values(head, fields.get("values"), None, where)
    overrides = {
        code: _values(head, dated, code, f"{where} 的 {code}")
        for code, dated in _mapping(fields.get("overrides") or {}, where).items()
        if _checked_area(code, where)
    }
    return Entry(rule_id, zh, unit, values, MappingProxyType(overrides))


def _checked_area(code: str, where: str) -> bool:
    if not _AREA_CODE.fullmatch(code):
        raise RulebookError(f"{where}：区划代码 {code} 应为加引号的 6 位数字")
    return True


def _values(head: tuple[str, str, str], raw: object, place_code: str | None, where: str) -> tuple[RuleValue, ...]:
    dated = _mapping(raw, f"{where} 的 values")
    found: list[RuleValue] = []
    for day, body in dated.items():
        fields = _mapping(body, f"{where} {day}")
        since = _day(day, where)
        if found and since <= found[-1].since:
            raise RulebookError(f"{where}：日期 {day} 没有按先后排列")
        if "value" not in fields:
            raise RulebookError(f"{where} {day}：缺 value")
        source = _source(fields.get("source"), f"{where} {day}")
        found.append(RuleValue(*head, _frozen(fields["value"]), since, source, place_code))
    if not found:
        raise RulebookError(f"{where}：没有任何取值")
    return tuple(found)


def _source(raw: object, where: str) -> Source:
    fields = _mapping(raw, f"{where} 的 source")
    level = _text(fields, "level", where)
    if level not in _LEVELS:
        raise RulebookError(f"{where}：来源层级 {level} 不在清单内")
    tag = _text(fields, "status", where)
    if tag not in set(Status):
        raise RulebookError(f"{where}：来源状态 {tag} 不在清单内")
    return Source(_text(fields, "title", where), str(fields.get("article") or ""), level, Status(tag))


def _mapping(raw: object, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise RulebookError(f"{where}：应为键值形式")
    return {str(key): value for key, value in raw.items()}


def _text(fields: Mapping[str, Any], key: str, where: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RulebookError(f"{where}：缺 {key}")
    return value.strip()


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise RulebookError(f"{where}：{text} 不是日期(YYYY-MM-DD)") from fault


def _frozen(value: Any) -> Frozen:
    if isinstance(value, dict):
        return MappingProxyType({str(key): item for key, item in value.items()})
    return tuple(value) if isinstance(value, list) else value
