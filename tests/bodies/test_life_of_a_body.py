from datetime import date

import pytest
from django.db import IntegrityError, transaction

from jingwei.bodies.models import Body
from jingwei.bodies.services import adjust_body, create_body, dissolve_body
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from tests.city import NOW, SmallCity

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


def test_a_new_body_begins_on_its_day_and_is_journaled(small_city: SmallCity) -> None:
    body = create_body(
        kind="department", name="商务局", place=small_city.county, founded_on=date(2020, 5, 1), by=OPERATOR, on=NOW
    )
    assert body.valid.lower == date(2020, 5, 1)
    entry = JournalEntry.objects.get(verb="body.create")
    assert (entry.subject_id, entry.place_id) == (str(body.pk), small_city.county.pk)


def test_a_place_has_each_name_once(small_city: SmallCity) -> None:
    with pytest.raises(Refused, match="已有名为"):
        create_body(
            kind="department", name=small_city.office.name, place=small_city.city, founded_on=None, by=OPERATOR, on=NOW
        )


def test_an_adjustment_keeps_what_was_before_in_the_journal(small_city: SmallCity) -> None:
    adjust_body(body=small_city.industry, by=OPERATOR, on=NOW, industries=["G", "I65"], note="")
    entry = JournalEntry.objects.get(verb="body.adjust")
    assert (entry.fields, entry.detail) == (["industries"], {"before": {"industries": ["G"]}})


def test_an_adjustment_that_changes_nothing_leaves_no_trace(small_city: SmallCity) -> None:
    adjust_body(body=small_city.industry, by=OPERATOR, on=NOW, industries=["G"])
    assert not JournalEntry.objects.exists()


def test_no_body_stands_above_itself_by_service_or_by_hand(small_city: SmallCity) -> None:
    adjust_body(body=small_city.county_office, by=OPERATOR, on=NOW, superior=small_city.office)
    with pytest.raises(Refused, match="自己"):
        adjust_body(body=small_city.office, by=OPERATOR, on=NOW, superior=small_city.county_office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=small_city.office.pk).update(superior=small_city.county_office)


def test_a_body_ends_on_its_day(small_city: SmallCity) -> None:
    dissolve_body(body=small_city.industry, effective=date(2026, 11, 1), by=OPERATOR, on=NOW)
    assert small_city.industry not in Body.objects.active_on(date(2026, 11, 1))
    assert small_city.industry in Body.objects.active_on(date(2026, 10, 31))
    with pytest.raises(Refused, match="已经撤销"):
        dissolve_body(body=small_city.industry, effective=date(2026, 12, 1), by=OPERATOR, on=NOW)


def test_a_body_with_living_subordinates_cannot_end(small_city: SmallCity) -> None:
    adjust_body(body=small_city.county_office, by=OPERATOR, on=NOW, superior=small_city.office)
    with pytest.raises(Refused, match="下级机构"):
        dissolve_body(body=small_city.office, effective=date(2026, 11, 1), by=OPERATOR, on=NOW)


def test_industries_are_codes_of_the_national_standard(small_city: SmallCity) -> None:
    with pytest.raises(Refused, match="行业代码"):
        adjust_body(body=small_city.industry, by=OPERATOR, on=NOW, industries=["交通"])


def test_a_county_clerk_leaves_bodies_of_the_city_alone(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.county)
    with pytest.raises(NotPermitted):
        dissolve_body(body=small_city.office, effective=date(2026, 11, 1), by=clerk, on=NOW)
    dissolve_body(body=small_city.county_office, effective=date(2026, 11, 1), by=clerk, on=NOW)
