"""Joins by name where the code is missing."""

import duckdb
import pytest

from jingwei.domain.linkage import Basis
from tests.domain.linkage.rows import FIRM, OTHER_FIRM, TRADER, linked, market, social, tax
from tests.domain.uscc.strategies import code_of

NAME = "安澜市绿源纺织有限公司"
EAST = "安澜市东湾区青柳路12号"
WEST = "安澜市西岭区白鹭路3号"
# Enough addressed rows for the run to learn its places from.
CITY = [
    market(f"安澜市{trade}有限公司", code_of("91", "990101", f"MA2{number:05d}"), address=f"{place}{number}号")
    for number, (trade, place) in enumerate(
        [("明月灯饰", "安澜市东湾区梧桐路"), ("海棠食品", "安澜市西岭区梧桐路")] * 5, start=10
    )
]


@pytest.mark.parametrize(
    "written",
    [
        "安澜市绿源纺织有限责任公司",
        "安澜市綠源紡織有限公司",
        "安澜市绿源纺织（有限）公司",
        " 安澜市绿源 纺织有限公司",
        "绿源纺织有限公司",
        "安澜市绿源纺织",
    ],
)
def test_writings_of_one_name_in_one_district_join(written: str) -> None:
    *_, one, two = linked(*CITY, market(NAME, FIRM, address=EAST), social(written, address=EAST))
    assert two.entity == one.entity
    assert two.basis in (Basis.NAME_EVIDENCE, Basis.NAME_AREA)


def test_a_full_company_name_that_occurs_once_joins_without_an_address() -> None:
    one, two = linked(market(NAME, FIRM, address=EAST), social(NAME))
    assert (two.entity, two.basis) == (one.entity, Basis.NAME_UNIQUE)


def test_sole_traders_of_one_name_stay_apart_unless_something_else_agrees() -> None:
    shop, far, near = linked(
        market("老槐树面馆", TRADER, address=EAST, legal_representative="苏晚晴"),
        tax("老槐树面馆", address=WEST, legal_representative="孟知秋"),
        social("老槐树面馆", address=EAST),
    )
    assert shop.entity != far.entity
    assert (near.entity, near.basis) == (shop.entity, Basis.NAME_EVIDENCE)


def test_of_two_namesakes_the_one_in_the_same_district_is_taken() -> None:
    *_, east, west, row = linked(
        *CITY,
        market("绿源纺织有限公司", FIRM, address=EAST),
        market("绿源纺织有限公司", OTHER_FIRM, address=WEST),
        social("绿源纺织有限公司", address="安澜市西岭区白鹭路8号"),
    )
    assert (row.entity, row.basis) == (west.entity, Basis.NAME_AREA)
    assert east.entity != west.entity


def test_a_tie_between_two_namesakes_is_left_to_a_person_who_sees_both(engine: duckdb.DuckDBPyConnection) -> None:
    one, two, row = linked(
        market(NAME, FIRM, address=EAST),
        market(NAME, OTHER_FIRM, address=EAST),
        social(NAME, address=EAST),
        engine=engine,
    )
    shown = engine.execute("SELECT other_entity FROM linkage.review_pair ORDER BY 1").fetchall()
    assert shown == [(one.entity,), (two.entity,)]
    assert row.entity not in (one.entity, two.entity)
    assert (row.basis, row.review) == (Basis.AMBIGUOUS, True)


def test_a_former_name_joins() -> None:
    one, two = linked(
        market("安澜市宏图贸易有限公司", FIRM, former_names=NAME, address=EAST), social(NAME, address=EAST[:6])
    )
    assert (two.entity, two.basis) == (one.entity, Basis.FORMER_NAME)


def test_a_misspelt_name_joins_when_the_address_agrees() -> None:
    one, two = linked(market(NAME, FIRM, address=EAST), social("安澜市绿原纺织有限公司", address=EAST))
    assert (two.entity, two.basis) == (one.entity, Basis.SCORED)


def test_a_name_cut_short_joins_when_the_address_agrees() -> None:
    one, two = linked(market(NAME, FIRM, address=EAST), social("安澜市绿源纺织有", address=EAST))
    assert (two.entity, two.basis) == (one.entity, Basis.SCORED)


def test_a_parent_and_its_branch_never_join_by_name() -> None:
    one, two = linked(market(NAME, FIRM, address=EAST), social(f"{NAME}青柳路店", address=EAST))
    assert one.entity != two.entity


def test_sister_firms_at_one_address_stay_apart() -> None:
    one, two = linked(
        market("安澜市绿源纺织一厂有限公司", FIRM, address=EAST, legal_representative="苏晚晴"),
        tax("安澜市绿源纺织二厂有限公司", address=EAST, legal_representative="苏晚晴"),
    )
    assert one.entity != two.entity


def test_a_firm_struck_off_and_registered_anew_stays_two_entities() -> None:
    old, new = linked(
        market(NAME, "", registration_number="110108000000016", founded_on="2003-05-06", state="吊销", address=EAST),
        market(NAME, FIRM, founded_on="2016-03-04", state="存续", address=EAST),
    )
    assert old.entity != new.entity
