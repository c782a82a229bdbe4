"""Lists of Party organizations as rows of the small city, and the way from rows to organizations."""

from datetime import date

from jingwei.base_roster import services as roster
from jingwei.branches import services
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.branches.services import TakeResult
from jingwei.core.permissions import Actor
from jingwei.linkage import services as linkage
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import SourceRecord, SourceUnit
from tests.base_roster.lists import make_batch, make_unit
from tests.city import NOW, TODAY, SmallCity

NEXT = date(2026, 11, 30)
TEA = "安澜书院茶业有限公司"
CHIPS = "安澜衡川电子科技有限公司"
LAW = "安澜守正律师事务所"


def firm(city: SmallCity, name: str, **values: str) -> SourceUnit:
    """One register row; by default of an operating firm in the town of the small city."""
    given = {"address": "安澜市青岚区书院街道竹园路 9 号", "state": "存续", "company_type": "有限责任公司"}
    return make_unit(city, "market", name=name, **(given | values))


def party(
    city: SmallCity, name: str, *units: str, form: str = "单独组建", superior: str = "安澜市交通运输行业党委",
    founded: str = "2019-07-01", as_of: date = TODAY, number: int = 1,
) -> SourceUnit:  # fmt: skip
    """One row of the list of Party organizations; ``number`` tells rows of one name apart."""
    unit, _ = SourceUnit.objects.get_or_create(
        list_kind="party_organizations", place=city.city, body=city.office, source_key=name, number=number
    )
    values = {
        "organization_name": name, "form": form, "superior": superior, "founded_on": founded,
        "covered_units": "、".join(units),
    }  # fmt: skip
    unit.last_record = SourceRecord.objects.create(
        batch=make_batch(city, "party_organizations", as_of), row=1, unit=unit, name=name, content_hash=b"",
        values=values,
    )  # fmt: skip
    unit.last_as_of = as_of
    unit.save()
    return unit


def members(city: SmallCity, name: str, full: int, probationary: int = 0) -> SourceUnit:
    """One row of the list of member counts."""
    return make_unit(
        city, "party_member_counts", name=name, full_members=str(full), probationary_members=str(probationary)
    )


def run_of(city: SmallCity, by: Actor, day: date = TODAY) -> LinkRun:
    """Match everything, approve it, build the roster: the run has taken effect."""
    run = linkage.propose(as_of=day, by=by, on=NOW, place_id=city.city.pk, body_id=city.office.pk)
    run = linkage.approve(run=run, by=by, on=NOW)
    roster.build(run=run, by=by, on=NOW)
    run.refresh_from_db()
    return run


def take(city: SmallCity, by: Actor, day: date = TODAY) -> TakeResult:
    return services.take_lists(run=run_of(city, by, day), by=by, on=NOW)


def covered(organization: str, day: date = TODAY) -> list[tuple[str, str | None, bool]]:
    """(name as spelt, entity, waits) of what an organization covers on a day."""
    rows = CoveredUnit.objects.filter(organization__name=organization, valid__contains=day).order_by("pk")
    return [(row.spelt, row.entity.name if row.entity else None, row.waits) for row in rows.select_related("entity")]


def organization(name: str) -> Organization:
    return Organization.objects.get(name=name)
