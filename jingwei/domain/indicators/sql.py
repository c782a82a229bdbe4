"""A formula's tree as SQL with parameters; the same text runs on PostgreSQL and, with ``?``, on DuckDB."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jingwei.domain.indicators.columns import listed_sql
from jingwei.domain.indicators.tokens import FormulaError
from jingwei.domain.indicators.tree import (
    AsOf,
    Certainly,
    Compare,
    Condition,
    Field,
    Join,
    Known,
    Listed,
    Member,
    Node,
    Not,
    Number,
    Rule,
    Sum,
    Text,
    Within,
)
from jingwei.domain.rulebook import RuleNotInForce, Rules, UnknownRule

_SIGNS = {"!=": "<>"}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with ``%s`` for each parameter."""

    text: str
    parameters: tuple[Any, ...] = ()

    @property
    def for_duckdb(self) -> str:
        return self.text.replace("%s", "?")

    def holds(self) -> "Sql":
        """The condition is true: never null."""
        return Sql(f"({self.text}) IS TRUE", self.parameters)

    def fails(self) -> "Sql":
        """The condition is false: never null."""
        return Sql(f"({self.text}) IS FALSE", self.parameters)

    def unknown(self) -> "Sql":
        """The condition or number is unknown: never null."""
        return Sql(f"({self.text}) IS NULL", self.parameters)


NOTHING = Sql("FALSE")
EVERYTHING = Sql("TRUE")


def joined(word: str, *parts: Sql) -> Sql:
    """Pieces in brackets with a word between them."""
    return Sql(
        f" {word} ".join(f"({part.text})" for part in parts),
        tuple(parameter for part in parts for parameter in part.parameters),
    )


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns trees into SQL under the rules of the figure's day. ``rules.on`` is that day.

    Raises FormulaError when a rule of the formula does not exist or is not in force.
    """

    rules: Rules

    def sql(self, node: Node) -> Sql:
        match node:
            case Field():
                piece = Sql(node.column.sql)
            case Text() | Number():
                piece = Sql("%s", (node.value,))
            case Rule():
                piece = Sql("%s", (self._number(node.id),))
            case AsOf():
                piece = Sql("%s", (self.rules.on,))
            case Sum():
                inner = self._between(node.sign, node.left, node.right)
                piece = Sql(f"({inner.text})", inner.parameters)
            case _:
                piece = self._condition(node)
        return piece

    def _condition(self, node: Condition) -> Sql:
        match node:
            case Compare():
                piece = self._between(_SIGNS.get(node.sign, node.sign), node.left, node.right)
            case Member():
                piece = self._member(node)
            case Known():
                inner = self.sql(node.node)
                piece = Sql(f"({inner.text}) IS {'NOT ' if node.known else ''}NULL", inner.parameters)
            case Within():
                first = first_day(self.rules.on, node.period, node.last)
                piece = Sql(f"{node.field.column.sql} BETWEEN %s AND %s", (first, self.rules.on))
            case Listed():
                piece = Sql(listed_sql(node.mask))
            case Not():
                inner = self.sql(node.node)
                piece = Sql(f"NOT ({inner.text})", inner.parameters)
            case Certainly():
                piece = self.sql(node.node).holds()
            case Join():
                piece = joined(node.word.upper(), *(self.sql(part) for part in node.parts))
        return piece

    def _between(self, sign: str, left: Node, right: Node) -> Sql:
        first, second = self.sql(left), self.sql(right)
        return Sql(f"{first.text} {sign} {second.text}", first.parameters + second.parameters)

    def _member(self, node: Member) -> Sql:
        words = self._words(node.rule) if node.rule else node.words
        if not words:
            return NOTHING
        marks = ", ".join(["%s"] * len(words))
        return Sql(f"{node.field.column.sql} IN ({marks})", words)

    def _number(self, rule_id: str) -> float:
        try:
            return self.rules.number(rule_id)
        except (UnknownRule, RuleNotInForce, TypeError) as fault:
            raise FormulaError(f"规则 {rule_id} 在 {self.rules.on:%Y-%m-%d} 没有可用的数") from fault

    def _words(self, rule_id: str) -> tuple[str, ...]:
        try:
            return self.rules.words(rule_id)
        except (UnknownRule, RuleNotInForce, TypeError) as fault:
            raise FormulaError(f"规则 {rule_id} 在 {self.rules.on:%Y-%m-%d} 没有可用的词表") from fault


def first_day(day: date, period: str, last: int | None) -> date:
    """First day of the period the day lies in, or of so many periods that end with the day."""
    if last is None:
        months = _MONTHS.get(period)
        return day if months is None else date(day.year, (day.month - 1) // months * months + 1, 1)
    if period == "day":
        return day - timedelta(days=last - 1)
    return months_before(day, last * _MONTHS[period]) + timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
