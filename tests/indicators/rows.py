"""Entities, organizations and letters of the small city, enough for every indicator to count something."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.core.permissions import Actor, local_operator
from jingwei.coverage.models import NoticeLetter
from jingwei.indicators import services
from jingwei.indicators.models import Snapshot
from tests.base_roster.entities import make_entity
from tests.city import NOW, TODAY, SmallCity

WHOLE = local_operator("经办")
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def firm(city: SmallCity, name: str, **columns: Any) -> Entity:
    """A firm of the base in the town, of 20 staff without members, unless columns say otherwise."""
    usual = {
        "ownership": "non_public", "screening": "in", "counts_in_base": True, "sources": 7, "staff": 20,
        "full_members": 0, "probationary_members": 0, "coverage_state": "blank", "industry_code": "C39",
    }  # fmt: skip
    return make_entity(city, name, **(usual | columns))


def some_rows(city: SmallCity) -> dict[str, Entity]:
    """Rows by a short name: covered and not, known and not, in towns, in the park, in no place at all."""
    far = {"place": city.far_town, "county": city.other_county, "town": city.far_town}
    nowhere = {"place": None, "county": None, "town": None, "body": city.office}
    own = {"full_members": 5, "probationary_members": 1, "covered_as": "branch", "coverage_state": "covered"}
    unknown = {"full_members": None, "probationary_members": None, "coverage_state": "canvass"}
    return {
        "own": firm(city, "安澜衡川科技有限公司", staff=120, **own),
        "joint": firm(city, "安澜岚汀商贸有限公司", full_members=1, covered_as="joint", coverage_state="covered"),
        "should": firm(city, "安澜沐禾制造有限公司", full_members=4, coverage_state="should", staff=60),
        "few": firm(city, "安澜霁栖软件有限公司", full_members=2, coverage_state="few", industry_code="I65"),
        "canvass": firm(city, "安澜云栖物流有限公司", ownership="unknown", staff=None, **unknown),
        "park": firm(city, "安澜晨启智造有限公司", overlay=city.park, industry_body=city.industry, **(own | {"covered_as": "committee"})),
        "far": firm(city, "白鹭惠邻教育有限公司", industry_code="P83", covered_as="instructor", coverage_state="work", **far),
        "social": firm(city, "安澜市物流协会", roster="social", legal_form="social_association", sources=8, staff=40,
                       full_members=3, covered_as="attached", coverage_state="covered"),
        "nowhere": firm(city, "来源不明的电子商行", **(unknown | nowhere)),
        "public": firm(city, "安澜城建集团有限公司", ownership="public", counts_in_base=False, full_members=9,
                       covered_as="committee", coverage_state="covered"),
        "pending": firm(city, "安澜未判贸易有限公司", screening="unknown", counts_in_base=False, sources=1, **unknown),
        "closed": firm(city, "安澜已销商行有限公司", state="cancelled", operating=False, screening="out",
                       counts_in_base=False, coverage_state="closed"),
        "small": firm(city, "老街早餐店", roster="small", legal_form="sole_trader", counts_in_base=False, **unknown),
    }  # fmt: skip


def organization(city: SmallCity, name: str, *covered: Entity, **columns: Any) -> Organization:
    """A branch in the town that covers the entities, founded in spring."""
    usual: dict[str, Any] = {
        "form": "independent", "level": "branch", "place": city.town, "founded_on": date(2026, 3, 1),
        "valid": DateRange(date(2026, 3, 1), None), "as_of": TODAY, "recorded_at": NOW,
    }  # fmt: skip
    made = Organization.objects.create(name=name, **(usual | columns))
    for entity in covered:
        CoveredUnit.objects.create(
            organization=made, entity=entity, spelt=entity.name, valid=made.valid, recorded_at=NOW
        )
    return made


def letter(entity: Entity, number: str, *, answered_on: date | None = None) -> NoticeLetter:
    """A notice letter of 12 October."""
    return NoticeLetter.objects.create(
        entity=entity, number=number, rule="branch.min_full_members", facts={}, issued_on=date(2026, 10, 12),
        issued_by="经办", reply_due_on=date(2026, 10, 30), answered_on=answered_on,
        answer="agreed" if answered_on else "", answered_by="经办" if answered_on else "",
    )  # fmt: skip


def whole_city(city: SmallCity) -> dict[str, Entity]:
    """All kinds of rows at once."""
    rows = some_rows(city)
    organization(city, "安澜衡川科技有限公司党支部", rows["own"])
    organization(city, "岚汀片区联合党支部", rows["joint"], form="joint")
    organization(city, "白鹭教育党支部", place=city.far_town, form="unknown", founded_on=None)
    organization(city, "早已撤销的党支部", valid=DateRange(date(2020, 1, 1), date(2026, 1, 1)))
    letter(rows["should"], "安社函〔2026〕1 号")
    letter(rows["few"], "安社函〔2026〕2 号", answered_on=date(2026, 10, 20))
    return rows


def take(month: date = OCTOBER, day: int = 31, *, reason: str = "", by: Actor = WHOLE) -> Snapshot:
    """A snapshot of the month as of a day of it, taken that day."""
    as_of = month.replace(day=day)
    on = datetime(as_of.year, as_of.month, as_of.day, 10, tzinfo=UTC)
    return services.take_snapshot(month=month, as_of=as_of, reason=reason, by=by, on=on)


@contextmanager
def as_whole_city() -> Iterator[None]:
    """Act as the operator of the whole city."""
    with acting(WHOLE):
        yield
