"""The words of the product: Chinese, identifier and meaning, kept in glossary.toml.

Enum labels come from here, so that a word stands in one place only and pages, exports and docs agree.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple


class UnknownTerm(KeyError):
    """The identifier does not stand in the glossary."""


class Term(NamedTuple):
    """One entry: `identifier` is `name` or `group.name`, `meaning` is a short English sentence."""

    identifier: str
    zh: str
    meaning: str


class Labelled(StrEnum):
    """An enum whose Chinese labels stand in the glossary group of the class name in snake case."""

    @property
    def zh(self) -> str:
        """Chinese label; raises UnknownTerm when the glossary lacks it."""
        return term(f"{group_of(type(self))}.{self.value}").zh

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, Chinese label) in the order of definition."""
        return [(member.value, member.zh) for member in cls]


@lru_cache(maxsize=64)
def group_of(enum: type[Labelled]) -> str:
    """The glossary group that holds the labels of an enum."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", enum.__name__).lower()


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Term]:
    """Every term by identifier."""
    text = files("jingwei.domain").joinpath("glossary.toml").read_text("utf-8")
    return {
        identifier: Term(identifier, body["zh"], body["meaning"])
        for group, members in tomllib.loads(text).items()
        for identifier, body in _flattened(group, members)
    }


def term(identifier: str) -> Term:
    """The term of an identifier; raises UnknownTerm."""
    try:
        return terms()[identifier]
    except KeyError:
        raise UnknownTerm(identifier) from None


def zh(identifier: str) -> str:
    """The Chinese word of an identifier; raises UnknownTerm."""
    return term(identifier).zh


def identifiers(chinese: str) -> tuple[str, ...]:
    """Every identifier a Chinese word stands for, in the order of the file."""
    return tuple(item.identifier for item in terms().values() if item.zh == chinese)


def _flattened(group: str, members: Mapping[str, Mapping[str, str]]) -> list[tuple[str, Mapping[str, str]]]:
    # The group "term" holds the words that belong to no enum; they are named without a group.
    prefix = "" if group == "term" else f"{group}."
    return [(f"{prefix}{name}", body) for name, body in members.items()]
