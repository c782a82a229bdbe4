import pytest

from jingwei.bodies.models import Body
from jingwei.bodies.selectors import IndustryClaim, industry_claims, industry_committee_for
from tests.city import TODAY, SmallCity, make_body

CLAIMS = (
    IndustryClaim("G", 1, None), IndustryClaim("G54", 2, None), IndustryClaim("G", 3, 7), IndustryClaim("I", 4, None),
    IndustryClaim("I", 5, None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "county", "expected"),
    [
        ("G5411", None, 2),
        ("G60", None, 1),
        ("G60", 7, 3),
        ("G5411", 7, 2),
        ("G60", 8, 1),
        ("5411", None, 2),
        ("6010", None, None),
        ("i65", None, 4),
        ("A01", None, None),
        ("", None, None),
    ],
)
def test_the_longest_prefix_decides_then_the_own_county_then_age(
    code: str, county: int | None, expected: int | None
) -> None:
    assert industry_committee_for(code, claims=CLAIMS, county_id=county) == expected


@pytest.mark.django_db
def test_claims_come_from_living_committees_with_their_county(small_city: SmallCity) -> None:
    own = make_body(Body.Kind.INDUSTRY_COMMITTEE, "青岚区交通行业党委", small_city.county, industries=["G", "I65"])
    make_body(Body.Kind.DEPARTMENT, "交通局", small_city.county, industries=["G"])
    assert set(industry_claims(on=TODAY)) == {
        IndustryClaim("G", small_city.industry.pk, None),
        IndustryClaim("G", own.pk, small_city.county.pk),
        IndustryClaim("I65", own.pk, small_city.county.pk),
    }
