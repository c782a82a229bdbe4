import pytest
from django.db import ProgrammingError, transaction

from jingwei.accounts.scope import acting
from jingwei.core.permissions import NotPermitted, Permission, Role
from jingwei.rosters import services
from jingwei.rosters.models import Batch, BatchKey, RejectedRow, SourcePersonal, SourceRecord, SourceUnit
from jingwei.rosters.selectors import batch_detail, batches, current_units
from tests.city import NOW, SmallCity
from tests.rosters.desk import OCTOBER, Desk, csv_of, firm

pytestmark = pytest.mark.django_db

TABLES = (Batch, BatchKey, SourceUnit, SourceRecord, SourcePersonal, RejectedRow)
CONTENT = csv_of([firm(1), firm(2, name="无", uscc="无")])
IMPORTERS = {role for role in Role if role == Role.CLERK}


@pytest.mark.parametrize("role", sorted(set(Role) - IMPORTERS))
def test_a_role_without_the_permission_can_neither_send_nor_store(
    desk: Desk, small_city: SmallCity, role: Role
) -> None:
    batch = desk.check(CONTENT)
    actor = small_city.actor(role, place=small_city.county)
    with acting(actor):
        with pytest.raises(NotPermitted, match="导入名单"):
            services.receive_file(
                source=[b"x"], name="x.csv", list_kind=None, as_of=OCTOBER, place=small_city.county, body=None,
                by=actor, on=NOW,
            )  # fmt: skip
        for act in (services.commit, services.cancel):
            with pytest.raises(NotPermitted):
                act(batch=batch, by=actor, on=NOW)
        for step in (services.read, services.check, services.start_reading, services.start_commit):
            with pytest.raises(NotPermitted):
                step(batch=batch, by=actor)
    assert desk.again(batch).state == Batch.State.CHECKED


def test_a_clerk_cannot_send_a_list_for_a_place_that_is_not_his(desk: Desk, small_city: SmallCity) -> None:
    for place in (small_city.city, small_city.other_county):
        with pytest.raises(NotPermitted, match="管辖范围"), acting(desk.actor):
            services.receive_file(
                source=[CONTENT], name="市场监管.csv", list_kind=None, as_of=OCTOBER, place=place,
                body=small_city.county_office, by=desk.actor, on=NOW,
            )  # fmt: skip


def test_a_neighbour_sees_and_touches_nothing_even_without_the_application_s_own_filter(
    desk: Desk, small_city: SmallCity
) -> None:
    batch = desk.bring_in(CONTENT)
    neighbour = small_city.actor(Role.CLERK, place=small_city.other_county)
    with acting(neighbour):
        assert [table.objects.count() for table in TABLES] == [0] * len(TABLES)  # type: ignore[attr-defined]
        assert Batch.objects.filter(pk=batch.pk).update(state=Batch.State.CANCELLED) == 0
        assert list(current_units(actor=neighbour)) == []
        with pytest.raises(Batch.DoesNotExist):
            batch_detail(actor=neighbour, pk=batch.pk)
        with pytest.raises(NotPermitted):
            services.cancel(batch=batch, by=neighbour, on=NOW)


def test_the_city_sees_what_a_county_imported(desk: Desk, small_city: SmallCity) -> None:
    desk.bring_in(CONTENT)
    above = small_city.actor(Role.CLERK, place=small_city.city)
    with acting(above):
        assert [table.objects.count() for table in TABLES] == [1] * len(TABLES)  # type: ignore[attr-defined]
        assert batches(actor=above).count() == 1
        assert len(list(current_units(actor=above, place_id=small_city.county.pk))) == 1
        assert list(current_units(actor=above, place_id=small_city.other_county.pk)) == []


def test_without_a_scope_nothing_is_visible(desk: Desk, small_city: SmallCity) -> None:
    desk.bring_in(CONTENT)
    nobody = small_city.actor(Role.ADMINISTRATOR, body=small_city.industry)
    with acting(nobody):
        assert [table.objects.count() for table in TABLES] == [0] * len(TABLES)  # type: ignore[attr-defined]


def test_somebody_who_acts_for_a_body_imports_for_it_without_a_place(small_city: SmallCity, desk: Desk) -> None:
    actor = small_city.actor(Role.CLERK, body=small_city.industry)
    batch = Desk(small_city, actor, None, small_city.industry).bring_in(CONTENT)
    assert (batch.place_id, batch.body_id, batch.state) == (None, small_city.industry.pk, Batch.State.COMMITTED)
    with acting(desk.actor):
        assert not SourceUnit.objects.exists()


def test_lists_of_two_offices_are_apart(small_city: SmallCity, desk: Desk) -> None:
    desk.bring_in(CONTENT)
    clerk = small_city.actor(Role.CLERK, place=small_city.other_county)
    other = Desk(small_city, clerk, small_city.other_county, small_city.office)
    assert other.bring_in(CONTENT).counts["new"] == 1
    with acting(small_city.actor(Role.CLERK, place=small_city.city)):
        assert SourceUnit.objects.count() == 2


def test_records_can_be_neither_changed_nor_removed(desk: Desk) -> None:
    desk.bring_in(CONTENT)
    for act in (lambda: SourceRecord.objects.update(name="x"), lambda: SourcePersonal.objects.all().delete()):
        with acting(desk.actor), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()
    assert desk.actor.may(Permission.BATCH_COMMIT)
