"""Indicators: what each figure counts, as data, and the engine that turns the definitions into SQL."""

from jingwei.domain.indicators.definitions import Against, Definition, DefinitionError, definitions, version
from jingwei.domain.indicators.formula import parse
from jingwei.domain.indicators.terms import COMPLEMENT, DENOMINATOR, NUMERATOR, Cut, Period, Population, Unit
from jingwei.domain.indicators.tokens import FormulaError

__all__ = [
    "COMPLEMENT",
    "DENOMINATOR",
    "NUMERATOR",
    "Against",
    "Cut",
    "Definition",
    "DefinitionError",
    "FormulaError",
    "Period",
    "Population",
    "Unit",
    "definitions",
    "parse",
    "version",
]
