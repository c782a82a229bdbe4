"""The figures that the source documents print, through the engine's formulas, arithmetic and rounding."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.indicators import DENOMINATOR, NUMERATOR, Unit, definitions
from jingwei.domain.indicators.values import growth, text_of, value_of
from tests.domain.indicators.duck import count, firm, parts, table


def shown(indicator: str, numerator: int, denominator: int, digits: int = 2) -> str:
    unit = definitions()[indicator].unit
    return text_of(unit, value_of(unit, Decimal(numerator), Decimal(denominator)), digits)


def test_three_members_in_1029_of_15388_firms_are_6_69_per_cent() -> None:
    rows = [firm(id=at, full_members=3 if at < 1029 else 1) for at in range(15388)]
    held = table(rows)
    counted = parts("IND-01")
    numerator, denominator = count(held, counted, NUMERATOR), count(held, counted, DENOMINATOR)
    assert (numerator, denominator) == (1029, 15388)
    assert shown("IND-01", 1029, 15388) == "6.69%"


def test_members_of_the_staff_are_added_up_before_they_are_divided() -> None:
    held = table([firm(full_members=9, probationary_members=1, staff=700), firm(full_members=4, staff=300)])
    counted = parts("IND-02")
    assert (count(held, counted), count(held, counted, DENOMINATOR)) == (14, 1000)
    assert shown("IND-02", 14, 1000) == "1.40%"
    held = table([firm(roster="social", full_members=410, probationary_members=3, staff=10_000)])
    assert (count(held, parts("IND-03")), count(held, parts("IND-03"), DENOMINATOR)) == (413, 10_000)
    assert shown("IND-03", 413, 10_000) == "4.13%"


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "digits", "text"),
    [
        (Unit.PERCENT, 14, 17, 1, "82.4%"),
        (Unit.RATIO, 782, 451, 2, "1.73"),
        (Unit.PERCENT, 9, 10_000, 2, "0.09%"),
        (Unit.PERCENT, 64_355, 81_800, 1, "78.7%"),
        (Unit.PERCENT, 1248, 1906, 2, "65.48%"),
        (Unit.PERCENT, 151, 163, 2, "92.64%"),
        (Unit.PERCENT, 1, 1, 2, "100.00%"),
        (Unit.PERCENT, 1337, 20_000, 2, "6.69%"),
        (Unit.COUNT, 15_388, None, 2, "15,388"),
        (Unit.PERSONS, 0, None, 2, "0"),
    ],
)
def test_values_are_printed_as_the_sources_print_them(
    unit: Unit, numerator: int, denominator: int | None, digits: int, text: str
) -> None:
    value = value_of(unit, Decimal(numerator), None if denominator is None else Decimal(denominator))
    assert text_of(unit, value, digits) == text


def test_46_of_86_per_cent_are_39_6_of_all() -> None:
    assert text_of(Unit.PERCENT, Decimal(86) * Decimal(46) / 100, 1) == "39.6%"


def test_growth_is_measured_on_the_earlier_number() -> None:
    assert text_of(Unit.PERCENT, growth(Decimal(110), Decimal(100))) == "10.00%"
    assert text_of(Unit.PERCENT, growth(Decimal(90), Decimal(100))) == "-10.00%"
    assert text_of(Unit.RATIO, value_of(Unit.RATIO, Decimal(902), Decimal(451))) == "2.00"


def test_nothing_of_nothing_has_no_value() -> None:
    assert value_of(Unit.PERCENT, Decimal(0), Decimal(0)) is None
    assert growth(Decimal(5), Decimal(0)) is None
    assert text_of(Unit.PERCENT, None) == "—"
    assert value_of(Unit.COUNT, None, None) is None


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_is_half_up_of_the_exact_share(numerator: int, denominator: int) -> None:
    numerator = min(numerator, denominator)
    text = text_of(Unit.PERCENT, value_of(Unit.PERCENT, Decimal(numerator), Decimal(denominator)))
    hundredths = (numerator * 10_000 * 2 + denominator) // (2 * denominator)
    assert text == f"{hundredths // 100}.{hundredths % 100:02}%"
