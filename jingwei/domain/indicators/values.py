"""From counts to a value and its text: computed with 28 digits, rounded half up once, at the end."""

from decimal import ROUND_HALF_UP, Decimal

from jingwei.domain.indicators.terms import Unit

_HUNDRED = Decimal(100)
STORED, CENT = Decimal("0.000001"), Decimal("0.01")
NONE = "—"


def value_of(unit: Unit, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """The value in its unit, not rounded: counts as they are, a percentage as 6.68702885….

    None where a part lacks or the denominator of a share is 0.
    """
    if numerator is None:
        return None
    if unit in {Unit.COUNT, Unit.PERSONS}:
        return numerator
    if not denominator:
        return None
    share = Decimal(numerator) / Decimal(denominator)
    return share * _HUNDRED if unit is Unit.PERCENT else share


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """(now − before) ÷ before in per cent, not rounded; None where it cannot be told."""
    if now is None or not before:
        return None
    return (Decimal(now) - Decimal(before)) / Decimal(before) * _HUNDRED


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """Half up, as the source documents round: 6.687 becomes 6.69, 6.685 too."""
    return value.quantize(step, ROUND_HALF_UP)


def text_of(unit: Unit, value: Decimal | None, digits: int = 2) -> str:
    """The value as it is printed: 6.69%, 1.73, 1,248; a dash where there is none."""
    if value is None:
        return NONE
    if unit in {Unit.COUNT, Unit.PERSONS}:
        return f"{rounded(value, Decimal(1)):,}"
    text = f"{rounded(value, Decimal(1).scaleb(-digits)):,}"
    return f"{text}%" if unit is Unit.PERCENT else text
