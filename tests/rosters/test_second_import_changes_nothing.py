import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts.scope import acting
from jingwei.domain.lists import ListKind
from jingwei.rosters import services
from jingwei.rosters.models import Batch, SourceRecord
from jingwei.rosters.selectors import UnitRow, current_units
from tests.city import NOW
from tests.rosters.desk import OCTOBER, SEPTEMBER, Desk, csv_of, firm, units

pytestmark = pytest.mark.django_db


def contents(desk: Desk) -> list[tuple[int, str, str, dict[str, str], dict[str, str]]]:
    def plain(unit: UnitRow) -> tuple[int, str, str, dict[str, str], dict[str, str]]:
        return unit.unit_id, unit.name, unit.uscc, unit.values, unit.personal

    with acting(desk.actor):
        return [plain(unit) for unit in current_units(actor=desk.actor, with_personal=True)]


def test_the_same_file_is_answered_with_the_batch_that_stored_it(desk: Desk) -> None:
    content = csv_of([firm(1), firm(2)])
    first = desk.bring_in(content)
    second = desk.send(content, "市场监管 (1).csv")
    assert second.pk == first.pk
    assert second.state == Batch.State.COMMITTED
    assert Batch.objects.count() == 1


def test_a_file_that_is_still_being_handled_is_answered_with_its_batch(desk: Desk) -> None:
    content = csv_of([firm(1)])
    assert desk.send(content).pk == desk.send(content).pk


def test_a_given_up_file_may_be_sent_again(desk: Desk) -> None:
    content = csv_of([firm(1)])
    first = desk.send(content)
    with acting(desk.actor):
        services.cancel(batch=first, by=desk.actor, on=NOW)
    assert desk.send(content).pk != first.pk


def test_the_same_file_as_another_list_is_another_batch(desk: Desk) -> None:
    content = csv_of([firm(1)])
    desk.bring_in(content)
    assert desk.send(content, kind=ListKind.TAX).state == Batch.State.READING


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(0, 8), min_size=1, max_size=12), seed=st.integers(0, 999))
def test_the_same_content_in_another_file_changes_no_unit(desk: Desk, numbers: list[int], seed: int) -> None:
    rows = [firm(number, uscc="" if number % 3 == 0 else None) for number in numbers]
    mixed = random.Random(seed).sample(rows, len(rows))
    with transaction.atomic():
        desk.bring_in(csv_of(rows), as_of=OCTOBER)
        before, known = contents(desk), units()
        second = desk.bring_in(csv_of(mixed, encoding="gb18030"), as_of=OCTOBER)
        assert contents(desk) == before
        assert units() == known
        assert (second.counts["new"], second.counts["changed"], second.counts["same"]) == (0, 0, len(rows))
        assert not SourceRecord.objects.filter(batch=second, same_as_before=False).exists()
        transaction.set_rollback(True)


def test_a_later_list_of_the_same_content_only_brings_the_day_forward(desk: Desk) -> None:
    desk.bring_in(csv_of([firm(1)]), as_of=SEPTEMBER)
    before = contents(desk)
    desk.bring_in(csv_of([firm(1)], encoding="utf-16"), as_of=OCTOBER)
    assert contents(desk) == before
    assert [unit[3] for unit in units()] == [OCTOBER]
