"""The kept counts follow every change of an entity by themselves."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.scope import acting
from jingwei.base_roster import counts
from jingwei.base_roster.derivation import REGISTERS, SOURCE_BITS
from jingwei.base_roster.filters import CONFIRMED, RosterFilters, source_values
from jingwei.base_roster.models import Entity, EntityCount
from jingwei.core.permissions import local_operator
from jingwei.domain.lists import ListKind
from tests.base_roster.entities import make_entity, some_city
from tests.city import SmallCity

pytestmark = pytest.mark.django_db
WHOLE = local_operator()


def test_added_changed_and_removed_entities_leave_no_drift(small_city: SmallCity) -> None:
    with acting(WHOLE):
        made = some_city(small_city)
        assert counts.drift() == 0
        Entity.objects.update(screening="in", sources=7)
        Entity.objects.filter(pk=made[0].pk).update(county=small_city.other_county, town=None, place=None)
        made[1].delete()
        assert counts.drift() == 0
        assert counts.total(actor=WHOLE, filters=RosterFilters(screening="in")) == counts.KeptTotal(7, 5)


def test_a_change_of_other_columns_adds_no_row(small_city: SmallCity) -> None:
    with acting(WHOLE):
        firm = make_entity(small_city, "安澜甲有限公司")
        before = EntityCount.objects.count()
        firm.staff = 12
        firm.save()
        assert EntityCount.objects.count() == before


def test_joining_the_rows_of_a_cell_changes_no_total(small_city: SmallCity) -> None:
    with acting(WHOLE):
        for number in range(5):
            make_entity(small_city, f"安澜第{number}有限公司")
        counts.compact()
        assert EntityCount.objects.count() == 1
        assert counts.drift() == 0


def test_a_recount_mends_what_went_wrong(small_city: SmallCity) -> None:
    with acting(WHOLE):
        some_city(small_city)
        EntityCount.objects.filter(roster="enterprise").delete()
        assert counts.drift() > 0
        counts.recount()
        assert counts.drift() == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bits=st.integers(0, (1 << len(ListKind)) - 1))
def test_confirmed_means_two_of_three_sources_in_the_database_as_in_the_code(small_city: SmallCity, bits: int) -> None:
    with acting(WHOLE):
        Entity.objects.all().delete()
        make_entity(small_city, "安澜乙有限公司", sources=bits)
        kept = counts.total(actor=WHOLE, filters=RosterFilters(evidence=CONFIRMED))
    known = (
        any(bits & SOURCE_BITS[kind] for kind in REGISTERS),
        bool(bits & SOURCE_BITS[ListKind.TAX]),
        bool(bits & SOURCE_BITS[ListKind.SOCIAL]),
    )
    assert kept is not None
    assert bool(kept.entities) == (sum(known) >= 2) == (bits in source_values(CONFIRMED))
