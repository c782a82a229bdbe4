"""The body a list means by the name of a superior."""

import pytest

from jingwei.bodies.models import Body
from jingwei.branches.superiors import Superiors
from tests.city import TODAY, SmallCity, make_body

pytestmark = pytest.mark.django_db
TRADE = Body.Kind.INDUSTRY_COMMITTEE
AREA = Body.Kind.AREA_COMMITTEE


def found(text: str) -> int | None:
    superior = Superiors(TODAY).find(text)
    return superior.body_id if superior else None


def test_a_body_is_found_by_its_full_name_with_or_without_the_party_before_it(small_city: SmallCity) -> None:
    body = make_body(AREA, "中共安澜市青岚区书院街道工作委员会", small_city.town)
    assert found("中共安澜市青岚区书院街道工作委员会") == body.pk
    assert found("安澜市青岚区书院街道工作委员会 ") == body.pk


def test_a_body_is_found_by_its_short_name_with_its_place_before_it(small_city: SmallCity) -> None:
    body = make_body(AREA, "中共安澜市青岚区书院街道工作委员会", small_city.town, short_name="书院街道党工委")
    for text in ("书院街道党工委", "青岚区书院街道党工委", "青岚书院街道党工委", "安澜市青岚区书院街道党工委"):
        assert found(text) == body.pk, text


def test_a_short_name_that_several_share_means_none_until_its_place_is_named(small_city: SmallCity) -> None:
    ours = make_body(TRADE, "中共安澜市青岚区物业服务行业委员会", small_city.county, short_name="物业服务行业党委")
    theirs = make_body(
        TRADE, "中共安澜市白鹭县物业服务行业委员会", small_city.other_county, short_name="物业服务行业党委"
    )
    assert found("物业服务行业党委") is None
    assert found("安澜市物业服务行业党委") is None
    assert found("青岚区物业服务行业党委") == ours.pk
    assert found("白鹭物业服务行业党委") == theirs.pk


def test_a_body_that_is_no_more_and_a_name_nobody_has_are_not_found(small_city: SmallCity) -> None:
    body = make_body(AREA, "中共安澜市旧城区委员会", small_city.county)
    body.valid = ("2000-01-01", "2020-01-01")
    body.save()
    assert found("中共安澜市旧城区委员会") is None
    assert found("某某综合党委") is None
    assert found("") is None


def test_a_body_of_the_whole_city_lends_no_place(small_city: SmallCity) -> None:
    superiors = Superiors(TODAY)
    city, county = superiors.find(small_city.industry.name), superiors.find(small_city.county_office.name)
    assert city is not None
    assert city.place_id is None
    assert county is not None
    assert county.place_id == small_city.county.pk
