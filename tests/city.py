"""A small invented city for tests: two counties, three towns, one park, a few bodies and people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.models import Grant, User
from jingwei.accounts.selectors import actor_for
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor, Role
from jingwei.places.models import Place, PlaceCode

ALWAYS = DateRange(date(2000, 1, 1), None)
TODAY = date(2026, 10, 31)
NOW = datetime(2026, 10, 31, 2, 0, tzinfo=UTC)


def make_place(kind: str, name: str, parent: Place | None, *, code: str = "", **extra: object) -> Place:
    place = Place.objects.create(kind=kind, name=name, parent=parent, valid=ALWAYS, path="0", **extra)
    # The database has found the path; here it is known too.
    place.path = f"{parent.path}.{place.pk}" if parent else str(place.pk)
    if code:
        PlaceCode.objects.create(place=place, code=code, valid=ALWAYS)
    return place


def make_body(kind: str, name: str, place: Place, **extra: object) -> Body:
    return Body.objects.create(kind=kind, name=name, place=place, valid=ALWAYS, **extra)


@dataclass(frozen=True)
class SmallCity:
    city: Place
    county: Place
    other_county: Place
    town: Place
    other_town: Place
    far_town: Place
    community: Place
    park: Place
    office: Body
    county_office: Body
    industry: Body

    def user(self, username: str, role: Role, *, place: Place | None = None, body: Body | None = None) -> User:
        user = User(username=username, name=username, created_at=NOW, body=self.office)
        user.set_password("安澜-test-password-1")
        user.save()
        Grant.objects.create(
            user=user, role=role, place=place, body=body, valid=ALWAYS, granted_by="测试", granted_at=NOW
        )
        return user

    def actor(self, role: Role, *, place: Place | None = None, body: Body | None = None) -> Actor:
        """An actor with one grant; row-level security still has to be told with ``acting(actor)``."""
        username = f"{role}-{place.pk if place else ''}-{body.pk if body else ''}"
        user = User.objects.filter(username=username).first() or self.user(username, role, place=place, body=body)
        return actor_for(user, on=TODAY)


def build_small_city() -> SmallCity:
    kind = Place.Kind
    city = make_place(kind.CITY, "安澜市", None, code="990100")
    county = make_place(kind.COUNTY, "青岚区", city, code="990102", short_name="青岚")
    other = make_place(kind.COUNTY, "白鹭县", city, code="990121", short_name="白鹭")
    town = make_place(kind.TOWN, "书院街道", county, code="990102001")
    return SmallCity(
        city=city,
        county=county,
        other_county=other,
        town=town,
        other_town=make_place(kind.TOWN, "临江街道", county, code="990102002"),
        far_town=make_place(kind.TOWN, "石桥镇", other, code="990121101"),
        community=make_place(kind.COMMUNITY, "竹园社区", town, code="990102001001"),
        park=make_place(kind.PARK, "高新产业园", county, takes_responsibility=True),
        office=make_body(Body.Kind.SOCIAL_WORK_DEPARTMENT, "安澜市委社会工作部", city),
        county_office=make_body(Body.Kind.SOCIAL_WORK_DEPARTMENT, "青岚区委社会工作部", county),
        industry=make_body(Body.Kind.INDUSTRY_COMMITTEE, "安澜市交通运输行业党委", city, industries=["G"]),
    )
