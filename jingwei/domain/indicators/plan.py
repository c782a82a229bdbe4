"""One pass over a population for many indicators: every distinct condition becomes one bit of a row's marks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from jingwei.domain.indicators.definitions import Definition
from jingwei.domain.indicators.parts import ONE, Parts, parts_of
from jingwei.domain.indicators.sql import Sql, joined
from jingwei.domain.indicators.terms import Population
from jingwei.domain.rulebook import Rules

# Bits in one number; a bigint has 63 beside its sign.
WIDTH = 62


@dataclass(frozen=True, slots=True)
class Plan:
    """Conditions and numbers that the indicators of one population need, each of them once.

    Bit i of the marks says that ``conditions[i]`` holds; they are spread over numbers of WIDTH bits.
    """

    population: Population
    rules: Rules
    parts: Mapping[str, Parts]
    conditions: tuple[Sql, ...]
    amounts: tuple[Sql, ...]

    def bit(self, indicator: str, part: str) -> int:
        """The bit of the rows that a part of an indicator counts."""
        return self.conditions.index(self.parts[indicator].rows[part])

    def amount(self, indicator: str, part: str) -> int | None:
        """Which of ``amounts`` a row adds to the part; None where every row adds one."""
        amount = self.parts[indicator].amount(part)
        return None if amount == ONE else self.amounts.index(amount)

    @property
    def words(self) -> int:
        """How many numbers the marks take."""
        return -(-len(self.conditions) // WIDTH)

    def marks(self) -> Iterator[Sql]:
        """SQL of each number of the marks."""
        for start in range(0, len(self.conditions), WIDTH):
            held = self.conditions[start : start + WIDTH]
            bits = [Sql(f"CASE WHEN {c.text} THEN {1 << at} ELSE 0 END", c.parameters) for at, c in enumerate(held)]
            total = joined("+", Sql("CAST(0 AS bigint)"), *bits)
            yield Sql(f"CAST({total.text} AS bigint)", total.parameters)

    @property
    def stamp(self) -> str:
        """16 hexadecimal digits that change when any condition or number does, by a rule or by the day too."""
        texts = [f"{piece.text} {piece.parameters}" for piece in (*self.conditions, *self.amounts)]
        return sha256("\n".join(texts).encode()).hexdigest()[:16]


def plan(definitions: Iterable[Definition], population: Population, rules: Rules) -> Plan:
    """The plan for those of the definitions that count rows of the population, on the day of the rules."""
    parts = {
        item.id: parts_of(item, rules) for item in definitions if item.is_counted and item.population is population
    }
    conditions = dict.fromkeys(row for held in parts.values() for row in held.rows.values())
    amounts = dict.fromkeys(
        amount
        for held in parts.values()
        for amount in (held.numerator_amount, held.denominator_amount)
        if amount != ONE
    )
    return Plan(population, rules, parts, tuple(conditions), tuple(amounts))
