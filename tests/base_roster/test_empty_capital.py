"""An empty capital makes a branch office only where the register was asked for the capital."""

import pytest

from jingwei.accounts.scope import acting
from jingwei.core.permissions import Actor, Role
from tests.base_roster.lists import build_roster, entity_of, make_unit
from tests.city import SmallCity

# A shop under the name of a cooperative: nothing but the missing capital tells it from a firm of its own.
SHOP = "安澜云栖供销社书院直销门市"
ASKED = ("name", "uscc", "capital")


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.mark.parametrize(
    ("row", "form"),
    [
        ({"columns": ASKED}, "branch_office"),
        ({"columns": ASKED, "capital": "0万元"}, "branch_office"),
        ({"columns": ASKED, "capital": "50万元"}, "unknown"),
        ({"columns": ("name", "uscc")}, "unknown"),
        ({"columns": ASKED, "capital": "待查", "flags": ("capital",)}, "unknown"),
    ],
)
def test_a_name_under_another_bodys_name_is_a_branch_office_where_the_capital_column_is_empty(
    small_city: SmallCity, clerk: Actor, row: dict[str, object], form: str
) -> None:
    with acting(clerk):
        unit = make_unit(small_city, "market", name=SHOP, **row)
        build_roster(small_city, [[unit]], clerk)
        assert entity_of(unit).legal_form == form


def test_the_capital_column_of_another_list_says_nothing(small_city: SmallCity, clerk: Actor) -> None:
    with acting(clerk):
        market = make_unit(small_city, "market", name=SHOP)
        tax = make_unit(small_city, "tax", name=SHOP, columns=ASKED)
        build_roster(small_city, [[market, tax]], clerk)
        assert entity_of(market).legal_form == "unknown"
