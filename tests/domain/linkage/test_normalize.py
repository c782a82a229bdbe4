"""Names, addresses, persons and phones in the forms in which they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.domain.linkage import normalize

PLACES = normalize.learn_places({"东澜省": 20, "安澜市": 30, "东湾区": 12, "西岭区": 1}, 40)


def parts(name: str) -> normalize.NameParts:
    (folded,) = normalize.fold_bracketed_names([name])
    return normalize.split_name(folded.text, PLACES, folded.brackets)


def site(address: str) -> normalize.AddressParts:
    return normalize.split_address(normalize.fold_addresses([address])[0])


def test_places_are_learned_from_what_many_texts_begin_with() -> None:
    assert {"东澜省", "东澜", "安澜市", "安澜", "东湾区", "东湾"} == PLACES


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=6))
def test_a_column_keeps_its_length_whatever_its_texts_hold(texts: list[str]) -> None:
    for fold in (normalize.fold_texts, normalize.fold_names, normalize.fold_addresses):
        assert len(fold(texts)) == len(texts)


@pytest.mark.parametrize(
    "name",
    [
        "安澜市绿源纺织有限公司",
        "安澜市绿源纺织有限责任公司",
        "绿源纺织股份有限公司",
        "东澜省安澜绿源纺织集团有限公司",
        "绿源纺织",
    ],
)
def test_the_core_is_the_name_without_places_and_legal_form(name: str) -> None:
    assert parts(name).core == "绿源纺织"


@pytest.mark.parametrize(
    ("name", "core", "place"),
    [
        ("绿源（安澜）纺织有限公司", "绿源纺织", "安澜"),
        ("东澜绿源纺织(东湾区)有限责任公司", "绿源纺织", "东澜东湾区"),
        ("绿源（北山）纺织有限公司", "绿源北山纺织", ""),
        ("绿（安澜）纺织有限公司", "绿安澜纺织", ""),
        ("绿源安澜纺织有限公司", "绿源安澜纺织", ""),
        ("（安澜）绿源纺织有限公司", "绿源纺织", "安澜"),
    ],
)
def test_a_known_place_in_brackets_behind_the_brand_is_no_part_of_the_core(name: str, core: str, place: str) -> None:
    found = parts(name)
    assert (found.core, found.place, found.placed) == (core, place, place != "")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("绿源纺织有限责任公司", "有限公司"),
        ("绿源纺织集团股份有限公司青柳路店", "集团股份有限公司"),
        ("绿源农民专业合作社", "农民专业合作社"),
        ("老槐树面馆", ""),
        ("安澜有限公司", ""),
    ],
)
def test_the_legal_form_that_the_core_lacks_is_kept_apart(name: str, form: str) -> None:
    assert parts(name).form == form


def test_a_road_and_its_house_number_stand_apart_too() -> None:
    found = site("安澜市东湾区青柳街道梧桐路12-3号2栋")
    assert (found.road, found.house) == ("梧桐路", "12-3")
    assert (site("安澜市东湾区李家村").road, site("安澜市东湾区李家村").house) == ("", "")


@pytest.mark.parametrize("remark", ["（新）", "(停业)", "（已注销）", "-1", "（总部）"])
def test_a_remark_behind_a_name_is_dropped(remark: str) -> None:
    assert parts(f"绿源纺织有限公司{remark}").key == "绿源纺织有限公司"


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("绿源纺织有限公司青柳路店", "青柳路店"),
        ("绿源纺织有限公司东湾分公司青柳营业部", "青柳营业部"),
        ("绿源纺织有限公司收购站", "收购站"),
        ("安澜银行股份有限公司青柳支行", "青柳支行"),
        ("晨曦律师事务所东湾分所", "东湾分所"),
        ("绿源纺织有限公司", ""),
        ("绿源连锁企业管理有限公司", ""),
        ("老槐树面馆", ""),
    ],
)
def test_a_branch_is_told_from_its_parent(name: str, branch: str) -> None:
    assert parts(name).branch == branch


def test_only_a_legal_form_makes_a_full_name_strong() -> None:
    assert parts("绿源纺织有限公司").strong
    assert not parts("老槐树面馆").strong


@pytest.mark.parametrize(
    "address",
    [
        "东澜省安澜市东湾区青柳街道梧桐路12号301室",
        "安澜市东湾区梧桐路１２号",
        "东湾区梧桐路12#",
        "明珠大厦梧桐路12号（东湾区）",
    ],
)
def test_writings_of_one_address_give_one_district_and_one_site(address: str) -> None:
    found = site(address)
    assert (found.district, found.site) == ("东湾区", "梧桐路12")


def test_a_hyphen_keeps_house_numbers_apart() -> None:
    assert site("东湾区梧桐路12-3号").site != site("东湾区梧桐路123号").site


def test_a_housing_estate_is_no_district() -> None:
    assert site("阳光小区3栋").district == ""
    assert site("绿园区阳光小区3栋").district == "绿园区"


@pytest.mark.parametrize("text", ["", "无", "王", "暂无"])
def test_a_person_that_proves_nothing_is_none(text: str) -> None:
    assert normalize.fold_person(text) is None


@pytest.mark.parametrize(
    ("raw", "phone"),
    [
        ("100 1234 5678", "10012345678"),
        ("+86-10012345678", "10012345678"),
        ("0999-8765432", "8765432"),
        ("8765432", "8765432"),
        ("00000000000", None),
        ("12345", None),
        ("无", None),
    ],
)
def test_a_phone_is_its_identifying_digits(raw: str, phone: str | None) -> None:
    assert normalize.fold_phone(raw) == phone
