"""The small city at the end of two quarters, with everything a paper needs; all names are invented."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity, Fact
from jingwei.bodies.models import Body
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.bulletins import services
from jingwei.bulletins.models import Paper
from jingwei.core.permissions import Actor, Role
from jingwei.indicators.models import Snapshot
from jingwei.indicators.services import take_snapshot
from jingwei.rosters import files
from tests.base_roster.entities import make_entity
from tests.city import SmallCity, make_body

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
ISSUED = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
BASE: dict[str, Any] = {"counts_in_base": True, "screening": "in", "ownership": "non_public"}


@dataclass(frozen=True)
class Quarters:
    """Two snapshots of one city and the clerk who took them."""

    city: SmallCity
    clerk: Actor
    june: Snapshot
    september: Snapshot


def build_quarters(city: SmallCity) -> Quarters:
    """Between June and September two covered firms leave the park, and one joint branch is set up in a town."""
    make_body(Body.Kind.AREA_COMMITTEE, "书院街道党工委", city.town)
    clerk = city.actor(Role.CLERK, place=city.city)
    with acting(clerk):
        _june(city)
        june = take_snapshot(month=JUNE.replace(day=1), as_of=JUNE, by=clerk, on=datetime(2026, 7, 1, tzinfo=UTC))
    with acting(clerk):
        _september(city)
        september = take_snapshot(
            month=SEPTEMBER.replace(day=1), as_of=SEPTEMBER, by=clerk, on=datetime(2026, 9, 30, 18, tzinfo=UTC)
        )
    return Quarters(city, clerk, june, september)


def _june(city: SmallCity) -> None:
    in_park = {"place": city.park, "town": None, "overlay": city.park}
    for number in range(8):
        firm(city, f"安澜云帆{number}号软件有限公司", covered_as="branch", coverage_state="covered", full_members=4,
             staff=60, **in_park)  # fmt: skip
    for number in range(2):
        firm(city, f"安澜云帆{number + 20}号软件有限公司", full_members=0, probationary_members=0,
             coverage_state="blank", staff=12, **in_park)  # fmt: skip
    for number in range(6):
        firm(city, f"安澜书院{number}号设计有限公司", covered_as="joint", coverage_state="covered", full_members=2,
             probationary_members=0, staff=30)  # fmt: skip
    for number in range(4):
        firm(city, f"安澜书院{number + 20}号设计有限公司", coverage_state="canvass", ownership="unknown")
    due = firm(city, "安澜衡川电子科技有限公司", coverage_state="should", full_members=5, probationary_members=1,
               staff=120, uscc="91990102MA0000015T")  # fmt: skip
    Fact.objects.create(entity=due, kind="full_members", value="5", list_kind="party_member_counts",
                        as_of=date(2026, 5, 20), recorded_at=datetime(2026, 5, 21, tzinfo=UTC))  # fmt: skip
    firm(city, "安澜临江餐饮管理有限公司", place=city.other_town, town=city.other_town, coverage_state="canvass")
    association(city, "安澜市青岚物流协会")
    joint = Organization.objects.create(
        name="中共安澜书院设计联合支部委员会", form="joint", level="branch", founded_on=date(2026, 3, 1),
        valid=DateRange(date(2026, 3, 1), None), place=city.town, as_of=JUNE,
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    for entity in Entity.objects.filter(covered_as="joint"):
        CoveredUnit.objects.create(organization=joint, entity=entity, spelt=entity.name, rule="name",
                                   valid=DateRange(date(2026, 3, 1), None),
                                   recorded_at=datetime(2026, 3, 2, tzinfo=UTC))  # fmt: skip


def _september(city: SmallCity) -> None:
    leaving = Entity.objects.filter(overlay=city.park, covered_as="branch").order_by("pk")[:6]
    Entity.objects.filter(pk__in=[entity.pk for entity in leaving]).update(
        place=city.other_town, town=city.other_town, overlay=None
    )
    Entity.objects.filter(name="安澜书院20号设计有限公司").update(
        covered_as="joint", coverage_state="covered", full_members=1, probationary_members=0
    )


def firm(city: SmallCity, name: str, **columns: Any) -> Entity:
    """An enterprise of the base, in the town of the small city unless told otherwise."""
    return make_entity(city, name, **(BASE | columns))


def association(city: SmallCity, name: str, **columns: Any) -> Entity:
    """A social organization with the facts that its yearly form asks for."""
    held = make_entity(
        city, name, roster="social", legal_form="social_association", staff=9, full_members=1, probationary_members=0,
        coverage_state="few", **(BASE | columns),
    )  # fmt: skip
    for kind, value in (("supervisor", "青岚区商务局"), ("address", "青岚区书院街道文昌路 8 号")):
        Fact.objects.create(entity=held, kind=kind, value=value, list_kind="civil_affairs", as_of=date(2026, 5, 1),
                            recorded_at=datetime(2026, 5, 2, tzinfo=UTC))  # fmt: skip
    return held


def make(quarters: Quarters, kind: str, **facts: Any) -> Paper:
    """A paper of the county for September, unless told otherwise."""
    usual: dict[str, Any] = {
        "snapshot": quarters.september, "place": quarters.city.county, "by": quarters.clerk, "on": ISSUED,
    }  # fmt: skip
    with acting(quarters.clerk):
        return services.make(kind=kind, **(usual | facts))


def content_of(paper: Paper, form: str) -> BytesIO:
    """One file of a paper."""
    return BytesIO(files.path_of(paper.files.get(format=form).file.sha256).read_bytes())
