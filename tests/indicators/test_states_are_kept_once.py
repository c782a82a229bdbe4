"""A snapshot closes the states that changed and begins new ones; what stayed is not written again."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.indicators import selectors
from jingwei.indicators.models import EntityState, OrganizationState
from tests.city import SmallCity
from tests.indicators.rows import NOVEMBER, WHOLE, as_whole_city, firm, take

pytestmark = pytest.mark.django_db


def test_an_unchanged_city_writes_no_state(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take()
        before = list(EntityState.objects.values_list("pk", "last"))
        take(NOVEMBER, 30)
        assert list(EntityState.objects.values_list("pk", "last")) == before


def test_a_changed_entity_gets_a_new_state_and_the_old_one_ends_with_the_snapshot_before(
    rows: dict[str, Entity],
) -> None:
    with as_whole_city():
        first = take()
        Entity.objects.filter(pk=rows["few"].pk).update(full_members=3)
        second = take(NOVEMBER, 30)
        held = EntityState.objects.filter(entity_id=rows["few"].pk).order_by("pk")
        assert [(state.first_id, state.last_id, state.full_members) for state in held] == [
            (first.pk, first.pk, 2),
            (second.pk, None, 3),
        ]


def test_a_new_entity_begins_and_one_that_is_gone_ends(rows: dict[str, Entity], small_city: SmallCity) -> None:
    with as_whole_city():
        first = take()
        gone = rows["pending"].pk
        rows["pending"].delete()
        fresh = firm(small_city, "安澜新设有限公司")
        second = take(NOVEMBER, 30)
        assert EntityState.objects.get(entity_id=gone).last_id == first.pk
        assert EntityState.objects.get(entity_id=fresh.pk).first_id == second.pk
        assert second.entities == first.entities


def test_a_column_that_no_figure_reads_changes_no_state(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take()
        Entity.objects.update(road="站前路", as_of=date(2026, 11, 30))
        take(NOVEMBER, 30)
        assert EntityState.objects.filter(last__isnull=False).count() == 0


def test_an_organization_that_ended_is_no_longer_counted(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first = take()
        joint = Organization.objects.get(form="joint")
        joint.valid = DateRange(joint.valid.lower, date(2026, 11, 10))
        joint.save()
        second = take(NOVEMBER, 30)
        assert OrganizationState.objects.get(organization_id=joint.pk).last_id == first.pk
        assert [selectors.figures(snapshot=taken, ids=["ORG-N"])[0].numerator for taken in (first, second)] == [3, 2]


def test_an_organization_carries_its_county_its_area_and_whom_it_covers(
    rows: dict[str, Entity], small_city: SmallCity
) -> None:
    with as_whole_city():
        own = Organization.objects.get(name="安澜衡川科技有限公司党支部")
        CoveredUnit.objects.filter(organization=own).update(waits=True)
        Organization.objects.filter(form="joint").update(place=small_city.park)
        take()
        states = {state.organization_id: state for state in OrganizationState.objects.all()}
        held = states[own.pk]
        assert (held.county_id, held.town_id, held.area_id) == (
            small_city.county.pk, small_city.town.pk, small_city.town.pk,
        )  # fmt: skip
        assert (held.units, held.entity_ids) == (1, [])
        joint = next(state for state in states.values() if state.form == "joint")
        assert (joint.area_id, joint.town_id) == (small_city.park.pk, None)
        assert joint.entity_ids == [rows["joint"].pk]


def test_an_older_snapshot_still_opens_to_what_was_true_then(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first = take()
        Entity.objects.filter(pk=rows["should"].pk).update(
            name="安澜沐禾重工有限公司", covered_as="branch", coverage_state="covered"
        )
        take(NOVEMBER, 30)
        found = selectors.drill(
            actor=WHOLE, snapshot=first, indicator="COV-SHOULD", part="numerator", on=date(2026, 11, 30)
        )
        assert [row.name for row in found.rows] == ["安澜沐禾制造有限公司"]
        assert found.rows[0].facts["覆盖状态"] == "应建未建"
