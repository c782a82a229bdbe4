"""A definition under the rules of a day: which rows each part of its figure counts, as SQL conditions."""

from collections.abc import Mapping
from dataclasses import dataclass

from jingwei.domain.indicators.definitions import Definition
from jingwei.domain.indicators.sql import Compiler, Sql, joined
from jingwei.domain.indicators.terms import COMPLEMENT, DENOMINATOR, NUMERATOR
from jingwei.domain.indicators.tree import Node
from jingwei.domain.rulebook import Rules

ONE = Sql("1")


@dataclass(frozen=True, slots=True)
class Parts:
    """Conditions of the rows of each part, none of them ever null, and what a row adds to the two sums.

    ``rows`` has the numerator, the denominator and the complement where something is divided, and every label
    of what stands beside. Numerator, complement and the label ``unknown`` of a share make up its denominator.
    """

    definition: Definition
    rows: Mapping[str, Sql]
    numerator_amount: Sql = ONE
    denominator_amount: Sql = ONE

    def amount(self, part: str) -> Sql:
        """What a row of the part adds to it."""
        return {NUMERATOR: self.numerator_amount, DENOMINATOR: self.denominator_amount}.get(part, ONE)


def parts_of(definition: Definition, rules: Rules) -> Parts:
    """Compile a counted definition for the day of the rules; raises FormulaError on an unusable rule."""
    compiler = Compiler(rules)
    numerator = _required(definition, compiler, definition.numerator)
    if definition.is_sum:
        return _sum(definition, compiler, numerator)
    if definition.denominator is None:
        return _count(definition, compiler, numerator)
    return _share(definition, compiler, numerator, compiler.sql(definition.denominator))


def _count(definition: Definition, compiler: Compiler, numerator: Sql) -> Parts:
    rows = {NUMERATOR: numerator.holds()}
    if definition.unknown:
        rows[definition.unknown] = numerator.unknown()
    return Parts(definition, rows | _beside(definition, compiler, numerator.holds()))


def _share(definition: Definition, compiler: Compiler, numerator: Sql, denominator: Sql) -> Parts:
    whole = denominator.holds()
    rows = {
        NUMERATOR: joined("AND", whole, numerator.holds()),
        DENOMINATOR: whole,
        COMPLEMENT: joined("AND", whole, numerator.fails()),
    }
    if definition.unknown:
        rows[definition.unknown] = joined("AND", whole, numerator.unknown())
    if definition.undecided:
        rows[definition.undecided] = denominator.unknown()
    return Parts(definition, rows | _beside(definition, compiler, whole))


def _sum(definition: Definition, compiler: Compiler, numerator: Sql) -> Parts:
    among = _required(definition, compiler, definition.among)
    numbers = [numerator]
    if definition.denominator is not None:
        numbers.append(compiler.sql(definition.denominator))
    unknown = joined("OR", *(number.unknown() for number in numbers))
    whole = joined("AND", among.holds(), unknown.fails())
    rows = {NUMERATOR: whole}
    if definition.denominator is not None:
        rows[DENOMINATOR] = whole
    if definition.unknown:
        rows[definition.unknown] = joined("AND", among.holds(), unknown.holds())
    if definition.undecided:
        rows[definition.undecided] = among.unknown()
    return Parts(definition, rows | _beside(definition, compiler, whole), numerator, numbers[-1])


def _beside(definition: Definition, compiler: Compiler, whole: Sql) -> dict[str, Sql]:
    return {label: joined("AND", whole, compiler.sql(node).holds()) for label, node in definition.beside.items()}


def _required(definition: Definition, compiler: Compiler, node: Node | None) -> Sql:
    if node is None:
        raise ValueError(f"{definition.id} is not counted from rows")
    return compiler.sql(node)
