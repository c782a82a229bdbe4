"""Entities with members and organizations, stored as the apps below would store them."""

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.base_roster.models import Entity, Fact
from jingwei.branches.models import CoveredUnit, Organization, OrganizationPeriod
from jingwei.coverage import services
from tests.base_roster.entities import make_entity
from tests.city import NOW, TODAY, SmallCity

FIRST_LIST = date(2026, 7, 31)


def make_unit(
    city: SmallCity, name: str, full: int | None = None, probationary: int | None = None, **columns: Any
) -> Entity:
    """An entity whose members the list of the first month counts, as far as they are given."""
    entity = make_entity(city, name, full_members=full, probationary_members=probationary, **columns)
    if full is not None:
        counted(entity, full, FIRST_LIST)
    return entity


def counted(entity: Entity, full: int | None, day: date, *, by: str = "") -> Fact:
    """A dated count, by the list or as a person stated it; without a number he takes his word back."""
    value = "" if full is None else str(full)
    return Fact.objects.create(
        entity=entity, kind="full_members", value=value, list_kind=Fact.MANUAL if by else "party_member_counts", as_of=day, stated_by=by, reason=by, recorded_at=NOW,
    )  # fmt: skip


def make_organization(
    city: SmallCity, name: str, *units: Entity, form: str = "independent", level: str = "branch",
    since: date = FIRST_LIST, until: date | None = None,
) -> Organization:  # fmt: skip
    """An organization that covers the units for its whole life."""
    life = DateRange(since, until)
    organization = Organization.objects.create(
        name=name, form=form, level=level, valid=life, place=city.town, as_of=TODAY, recorded_at=NOW
    )
    OrganizationPeriod.objects.create(organization=organization, form=form, level=level, valid=life, recorded_at=NOW)
    for unit in units:
        CoveredUnit.objects.create(
            organization=organization, entity=unit, spelt=unit.name, valid=life, recorded_at=NOW, rule="code_exact"
        )
    return organization


def compute(*entities: Entity) -> int:
    """Decide coverage on the test's day, of all entities or of some."""
    return services.compute(on=NOW, day=TODAY, entity_ids=[entity.pk for entity in entities] or None)


def columns_of(entity: Entity) -> tuple[str, str]:
    entity.refresh_from_db()
    return entity.covered_as, entity.coverage_state
