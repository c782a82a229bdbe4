"""Layout files: read as YAML, with the rulebook's values put where a text says so."""

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import yaml

from jingwei.domain.indicators import FormulaError, Population, parse
from jingwei.domain.indicators.columns import Column
from jingwei.domain.indicators.tree import Compare, Field, Join, Member, Node, Not, Sum, Within
from jingwei.domain.rulebook import Rules

_MARK = re.compile(r"\$(\w+)")


class LayoutError(ValueError):
    """A layout file is not well formed; the message names the file and the entry, in Chinese."""


def read(name: str) -> dict[str, Any]:
    """The packaged layout file of this name."""
    return load(name, files("jingwei.domain.papers").joinpath(f"layouts/{name}.yaml").read_text("utf-8"))


def load(name: str, text: str) -> dict[str, Any]:
    """A layout as plain data; raises LayoutError where the text is no table of entries."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise LayoutError(f"{name}: 不是有效的 YAML") from fault
    if not isinstance(data, dict):
        raise LayoutError(f"{name}: 应为若干条目")
    return data


def parameters(data: Mapping[str, Any], rules: Rules) -> dict[str, str]:
    """Values of the layout's parameters on the day of the rules: each names a table of the rulebook and its key."""
    return {name: rules.table(rule)[key] for name, (rule, key) in data.get("parameters", {}).items()}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the value of each ``$name``; raises LayoutError on a name that stands for nothing."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise LayoutError(f"没有参数 {match[0]}")
        return values[match[1]]

    return _MARK.sub(value, text)


def condition(
    where: str, text: str | None, values: Mapping[str, str], population: Population = Population.ENTITY
) -> Node | None:
    """A formula as its tree; ``where`` names the entry for the message. Raises LayoutError."""
    if text is None:
        return None
    try:
        return parse(filled(str(text), values), population)
    except FormulaError as fault:
        raise LayoutError(f"{where}: {fault}") from fault


def uncertain_facts(node: Node | None) -> tuple[str, ...]:
    """Chinese names of the columns whose unknown values leave the formula undecided, each once."""
    return tuple(dict.fromkeys(column.zh for column in _columns(node) if column.may_be_unknown))


def _columns(node: Node | None) -> tuple[Column, ...]:
    match node:
        case Field():
            return (node.column,)
        case Sum() | Compare():
            return (*_columns(node.left), *_columns(node.right))
        case Member() | Within():
            return (node.field.column,)
        case Not():
            return _columns(node.node)
        case Join():
            return tuple(column for part in node.parts for column in _columns(part))
    return ()
