"""A snapshot never changes; a correction is another snapshot of the month with its reason."""

from datetime import date
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from jingwei.base_roster.models import Entity
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.domain.indicators import definitions, version
from jingwei.indicators import publishing, selectors, services
from jingwei.indicators.models import EntityState, Figure, Snapshot
from tests.city import NOW, SmallCity
from tests.indicators.rows import NOVEMBER, OCTOBER, WHOLE, as_whole_city, take

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE indicators_snapshot SET entities = 1",
        "DELETE FROM indicators_snapshot",
        "UPDATE indicators_figure SET value = 100",
        "DELETE FROM indicators_figure",
        "DELETE FROM indicators_entitystate",
        "UPDATE indicators_entitystate SET staff = 5",
        "UPDATE indicators_entitystate SET last_id = first_id, staff = 5",
        "DELETE FROM indicators_organizationstate",
        "UPDATE indicators_organizationstate SET units = 9",
    ],
)
def test_what_was_published_cannot_be_changed(rows: dict[str, Entity], statement: str) -> None:
    with as_whole_city():
        take()
        with pytest.raises(IntegrityError, match="已发布的快照不可更改"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_state_ends_once_and_does_not_begin_again(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take()
        state = EntityState.objects.earliest("pk")
        EntityState.objects.filter(pk=state.pk).update(last=state.first_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            EntityState.objects.filter(pk=state.pk).update(last=None)


def test_the_number_tells_day_and_revision_and_the_versions_are_kept(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        first = take()
        second = take(reason="更正一户党员数")
    assert (first.number, first.revision) == ("S20261031-01", 1)
    assert (second.number, second.revision, second.reason) == ("S20261031-02", 2, "更正一户党员数")
    assert first.definitions == version()
    assert first.entities == len(rows)
    assert selectors.latest_snapshot(month=OCTOBER) == second


def test_a_second_snapshot_of_a_month_needs_a_reason(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take()
        with pytest.raises(Refused, match="请写明原因"):
            take(reason="  ")


def test_a_month_is_not_revised_once_a_later_one_is_published(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take(NOVEMBER, 30)
        with pytest.raises(Refused, match="2026-11 已有快照"):
            take(OCTOBER, 31, reason="晚到的更正")


@pytest.mark.parametrize("month", [date(2026, 10, 2), date(2026, 9, 1)])
def test_the_day_lies_in_the_month(rows: dict[str, Entity], month: date) -> None:

    with as_whole_city(), pytest.raises(Refused, match="截至日期应在该月之内"):
        services.take_snapshot(month=month, as_of=date(2026, 10, 31), by=WHOLE, on=NOW)


def test_only_the_whole_city_is_published_by_whoever_may(rows: dict[str, Entity], small_city: SmallCity) -> None:
    for role, place in ((Role.CLERK, small_city.county), (Role.SOCIAL_WORK_DEPARTMENT, small_city.city)):
        with as_whole_city(), pytest.raises(NotPermitted):
            take(by=small_city.actor(role, place=place))
    assert not Snapshot.objects.exists()


def test_taking_is_journaled_with_number_and_counts(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        taken = take()
    entry = JournalEntry.objects.get(verb="snapshot.take")
    assert entry.detail == {"number": taken.number, "entities": len(rows), "figures": Figure.objects.count()}


def test_the_hash_of_a_figure_is_that_of_its_sorted_ids(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        take()
        base = sorted(entity.pk for entity in rows.values() if entity.counts_in_base)
        covered = sorted(rows[name].pk for name in ("own", "joint", "park", "social"))
        text = f"{','.join(map(str, covered))}\n{','.join(map(str, base))}"
        figure = Figure.objects.get(indicator="COV-ORG", cut="total")
    assert figure.rows == sha256(text.encode()).hexdigest()


def test_the_hash_of_a_snapshot_tells_any_other_figure(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        taken = take()
    values = [selectors.published_value(figure) for figure in Figure.objects.filter(snapshot=taken)]
    assert publishing.hash_of(values) == taken.hash
    assert publishing.hash_of(values[1:]) != taken.hash


def test_every_indicator_has_a_total_and_those_without_facts_say_what_lacks(rows: dict[str, Entity]) -> None:
    with as_whole_city():
        found = {reading.indicator: reading for reading in selectors.figures(snapshot=take())}
    assert list(found) == list(definitions())
    for name, item in definitions().items():
        if item.missing:
            assert (found[name].missing, found[name].value, found[name].text) == (item.missing, None, "—")
