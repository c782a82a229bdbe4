"""Joins by code, each guarded by something else that agrees."""

import pytest

from jingwei.domain.linkage import Basis
from jingwei.domain.lists import ListKind
from tests.domain.linkage.rows import FIRM, OTHER_FIRM, TRADER, Row, linked, market, social, tax

NAME = "安澜市绿源纺织有限公司"
ADDRESS = "安澜市东湾区青柳路12号"


def test_an_equal_code_and_name_join() -> None:
    one, two = linked(market(NAME, FIRM), tax(NAME, FIRM))
    assert one.entity == two.entity == "E000001"
    assert (one.basis, two.basis, two.review) == (Basis.OWN, Basis.CODE_EXACT, False)


def test_an_equal_code_joins_a_renamed_firm_whose_person_agrees() -> None:
    one, two = linked(
        market("安澜市宏图贸易有限公司", FIRM, legal_representative="苏晚晴"),
        tax(NAME, FIRM, legal_representative="苏晚晴"),
    )
    assert (two.entity, two.basis) == (one.entity, Basis.CODE_EXACT)


def test_an_equal_code_with_nothing_else_in_common_is_left_to_a_person() -> None:
    one, two = linked(market("安澜市宏图贸易有限公司", FIRM), social(NAME, FIRM))
    assert two.entity != one.entity
    assert (two.basis, two.review) == (Basis.CODE_UNGUARDED, True)


def test_an_equal_code_joins_a_row_without_a_name_but_asks_for_review() -> None:
    one, two = linked(market(NAME, FIRM), social("", FIRM))
    assert (two.entity, two.basis, two.review) == (one.entity, Basis.CODE_ONLY, True)


def test_an_old_tax_number_joins_by_the_organization_code_inside() -> None:
    one, two = linked(market(NAME, FIRM), tax(NAME, "990199" + FIRM[8:17]))
    assert (two.entity, two.basis) == (one.entity, Basis.ORGANIZATION_CODE)


def test_an_old_tax_number_of_a_stranger_does_not_join() -> None:
    one, two = linked(market("安澜市宏图贸易有限公司", FIRM), tax(NAME, "990199" + FIRM[8:17]))
    assert two.entity != one.entity
    assert two.review


@pytest.mark.parametrize("index", [1, 5, 9, 16, 17])
def test_one_wrong_character_is_repaired_to_the_entity_that_is_there(index: int) -> None:
    wrong = FIRM[:index] + ("7" if FIRM[index] != "7" else "8") + FIRM[index + 1 :]
    one, two = linked(market(NAME, FIRM), tax(NAME, wrong))
    assert (two.entity, two.basis, two.review) == (one.entity, Basis.CODE_REPAIR, False)


def test_a_faulty_code_in_the_register_is_met_from_the_other_side() -> None:
    wrong = FIRM[:17] + ("7" if FIRM[17] != "7" else "8")
    one, two = linked(market(NAME, wrong), tax(NAME, FIRM))
    assert (two.entity, two.basis) == (one.entity, Basis.CODE_REPAIR)


def test_an_old_registration_number_joins() -> None:
    number = "110108000000016"
    one, two = linked(
        market(NAME, FIRM, registration_number=number, address=ADDRESS), tax("绿源", number, address=ADDRESS)
    )
    assert (two.entity, two.basis) == (one.entity, Basis.REGISTRATION_NUMBER)


@pytest.mark.parametrize("placeholder", ["无", "/", "0", "000000000000000000", "暂无", "9.19901E+17"])
def test_no_placeholder_ever_joins(placeholder: str) -> None:
    names = ("安澜市绿源纺织有限公司", "安澜市宏图贸易有限公司", "安澜市晨曦印务有限公司")
    placed = linked(*(social(name, placeholder) for name in names), *(tax(name, placeholder) for name in names[1:]))
    assert len({place.entity for place in placed[:3]}) == 3


def test_rows_of_one_code_in_one_list_are_duplicates_when_the_name_agrees() -> None:
    one, two = linked(market(NAME, FIRM), market("安澜市绿源纺织有限责任公司", FIRM))
    assert one.entity == two.entity
    assert Basis.CODE_DUPLICATE in (one.basis, two.basis)


def test_a_branch_filed_under_its_parents_code_stays_apart_and_is_reviewed() -> None:
    parent, branch, again = linked(
        market(NAME, FIRM), market(f"{NAME}东湾分公司", FIRM), tax(f"{NAME}东湾分公司", FIRM)
    )
    assert parent.entity != branch.entity
    assert (branch.basis, branch.review) == (Basis.CODE_SHARED, True)
    assert again.entity == branch.entity


def test_a_branch_that_gives_its_parents_code_finds_its_own_record_by_name() -> None:
    parent, branch, filed = linked(
        market(NAME, FIRM, address=ADDRESS),
        market(f"{NAME}东湾分公司", OTHER_FIRM, address="安澜市东湾区白鹭路3号"),
        tax(f"{NAME}东湾分公司", FIRM, address="安澜市东湾区白鹭路3号"),
    )
    assert (filed.entity, filed.basis, filed.review) == (branch.entity, Basis.NAME_OTHER_CODE, False)
    assert parent.entity != branch.entity


def test_rows_without_an_anchor_join_each_other_by_valid_code() -> None:
    one, two, three = linked(
        tax(NAME, FIRM), social(NAME, FIRM), Row(ListKind.PARTY_COUNT, {"name": NAME, "uscc": FIRM})
    )
    assert one.entity == two.entity == three.entity


def test_a_valid_code_of_another_firm_keeps_the_same_name_apart() -> None:
    one, two = linked(
        market(NAME, FIRM, legal_representative="苏晚晴"), tax(NAME, OTHER_FIRM, legal_representative="苏晚晴")
    )
    assert one.entity != two.entity
    assert (two.basis, two.review) == (Basis.CODE_CONFLICT, True)


def test_numbers_that_tell_sisters_apart_keep_them_apart_under_one_code() -> None:
    one, two = linked(market("老槐树面馆3号店", TRADER), market("老槐树面馆5号店", TRADER))
    assert one.entity != two.entity
