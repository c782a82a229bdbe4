"""The jobs of coverage: one follows the journal, one compares at night."""

import logging

import pytest

from jingwei.accounts.scope import acting
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.coverage import services, tasks
from jingwei.coverage.models import Verdict
from tests.city import NOW, SmallCity
from tests.coverage.units import columns_of, compute, make_unit

pytestmark = pytest.mark.django_db


def test_the_follower_decides_what_a_rebuilt_roster_left_open(small_city: SmallCity) -> None:
    with acting(local_operator()):
        unit = make_unit(small_city, "安澜应建有限公司", 3, 0)
        journal.record(verb="base_roster.rebuild", subject_type="entity", subject_id="*", by=local_operator(), on=NOW)
    JournalEntry.objects.update(seq=1, hash="0" * 64)
    tasks.follow(timestamp=0)
    with acting(local_operator()):
        assert columns_of(unit) == ("none", "should")
    assert JournalEntry.objects.filter(verb="coverage.compute").count() == 1


def test_the_nightly_check_speaks_only_of_differences(small_city: SmallCity, caplog: pytest.LogCaptureFixture) -> None:
    with acting(local_operator()):
        make_unit(small_city, "安澜应建有限公司", 3, 0)
        compute()
    with caplog.at_level(logging.ERROR):
        tasks.nightly_check(timestamp=0)
        assert caplog.records == []
        with acting(local_operator()):
            Verdict.objects.update(fit="joint")
        tasks.nightly_check(timestamp=0)
    assert "differs from its facts for 1 entities" in caplog.text


def test_a_rebuild_needs_the_whole_city_and_is_journaled(small_city: SmallCity) -> None:
    clerk, county = (small_city.actor(Role.CLERK, place=place) for place in (small_city.city, small_city.county))
    with acting(county), pytest.raises(NotPermitted):
        services.rebuild(by=county, on=NOW)
    with acting(clerk):
        make_unit(small_city, "安澜应建有限公司", 3, 0)
        assert services.rebuild(by=clerk, on=NOW) == 1
    assert JournalEntry.objects.get(verb="coverage.rebuild").detail == {"computed": 1, "grouped": 0}
