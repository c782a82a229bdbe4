"""The typed tree of a formula. Every node knows its type and whether its value may be unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from jingwei.domain.indicators.columns import Column, Type


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the row."""

    column: Column

    @property
    def type(self) -> Type:
        return self.column.type

    @property
    def may_be_unknown(self) -> bool:
        return self.column.may_be_unknown


@dataclass(frozen=True, slots=True)
class Text:
    """A word in quotes."""

    value: str
    type: Type = Type.TEXT
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: int | float
    type: Type = Type.NUMBER
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A number of the rulebook, on the day of the figure."""

    id: str
    type: Type = Type.NUMBER
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day of the figure."""

    type: Type = Type.DATE
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Left plus or minus right; unknown if one of them is."""

    sign: str
    left: "Node"
    right: "Node"
    type: Type = Type.NUMBER

    @property
    def may_be_unknown(self) -> bool:
        return self.left.may_be_unknown or self.right.may_be_unknown


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of the same type compared."""

    sign: str
    left: "Node"
    right: "Node"
    type: Type = Type.CONDITION

    @property
    def may_be_unknown(self) -> bool:
        return self.left.may_be_unknown or self.right.may_be_unknown


@dataclass(frozen=True, slots=True)
class Member:
    """The column is one of the words: those written, or a word list of the rulebook."""

    field: Field
    words: tuple[str, ...]
    rule: str
    type: Type = Type.CONDITION

    @property
    def may_be_unknown(self) -> bool:
        return self.field.may_be_unknown


@dataclass(frozen=True, slots=True)
class Known:
    """The value is known (or, turned round, unknown). Never unknown itself."""

    node: "Node"
    known: bool
    type: Type = Type.CONDITION
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """The date lies in the day, month, quarter or year of the figure, or in so many of them up to its day."""

    field: Field
    period: str
    last: int | None
    type: Type = Type.CONDITION

    @property
    def may_be_unknown(self) -> bool:
        return self.field.may_be_unknown


@dataclass(frozen=True, slots=True)
class Listed:
    """At least one of the departments' lists names the entity; the mask has a bit for each list."""

    mask: int
    type: Type = Type.CONDITION
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; of unknown it is unknown."""

    node: "Node"
    type: Type = Type.CONDITION

    @property
    def may_be_unknown(self) -> bool:
        return self.node.may_be_unknown


@dataclass(frozen=True, slots=True)
class Certainly:
    """The condition, with unknown taken for no."""

    node: "Node"
    type: Type = Type.CONDITION
    may_be_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """Several conditions joined by one word, and or or."""

    word: str
    parts: tuple["Node", ...]
    type: Type = Type.CONDITION

    @property
    def may_be_unknown(self) -> bool:
        return any(part.may_be_unknown for part in self.parts)


Value: TypeAlias = Field | Text | Number | Rule | AsOf | Sum
Condition: TypeAlias = Compare | Member | Known | Within | Listed | Not | Certainly | Join
Node: TypeAlias = Value | Condition


def fields_of(node: Node) -> frozenset[str]:
    """Names of the columns that a formula reads."""
    found = {part.column.name for part in walk(node) if isinstance(part, Field)}
    return frozenset(found | {"sources" for part in walk(node) if isinstance(part, Listed)})


def rules_of(node: Node) -> tuple[str, ...]:
    """Ids of the rules that a formula takes numbers and words from, in its order."""
    found = [part.id if isinstance(part, Rule) else part.rule for part in walk(node) if isinstance(part, Rule | Member)]
    return tuple(dict.fromkeys(rule for rule in found if rule))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    inner: tuple[Node, ...] = ()
    match node:
        case Member() | Within():
            inner = (node.field,)
        case Known() | Not() | Certainly():
            inner = (node.node,)
        case Sum() | Compare():
            inner = (node.left, node.right)
        case Join():
            inner = node.parts
    for part in inner:
        yield from walk(part)
