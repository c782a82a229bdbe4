"""The demo's past: months brought through the services, each on its days."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Fact
from jingwei.branches.models import Organization
from jingwei.bulletins.models import Paper
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import local_operator
from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.demo.city.calendar import Month
from jingwei.demo.cycle import Cycle, months_until
from jingwei.indicators.models import Confirmation, Snapshot, Target
from jingwei.indicators.selectors import unconfirmed
from jingwei.linkage.models import LinkRun
from tests.demo.replayed import bring, generate_months
from tests.demo.settled import settle

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]
MONTHS = months_until(Month(2026, 10), 3)
CITY_TIME = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 10, 1)


@pytest.fixture(scope="module", autouse=True)
def brought(lasting_demo: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A city brought through three months, read by every test here."""
    folder = generate_months(tmp_path_factory.mktemp("replay") / "city", MONTHS, registered=700)
    settle(folder, on=Cycle(MONTHS[0]).at(0, hour=9))
    assert bring(folder, MONTHS) == ["2026-08", "2026-09", "2026-10"]
    while journal.seal():
        pass


def test_a_past_is_real_from_lists_to_signed_bulletin() -> None:
    with acting(local_operator()):
        taken = Snapshot.objects.order_by("month")
        assert [held.as_of for held in taken] == [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]
        assert {held.revision for held in taken} == {1}
        assert [held.taken_at for held in taken] == [Cycle(month).at(1, hour=3) for month in MONTHS]
        assert LinkRun.objects.filter(took_effect_at__isnull=False).count() == 3
        paper = Paper.objects.get(kind="bulletin")
        assert paper.snapshot.as_of == date(2026, 9, 30)
        assert (paper.signed_at, paper.signed_by) == (Cycle(MONTHS[1]).at(12, hour=15), "演示部长")


def test_people_work_on_each_month_in_its_days() -> None:
    with acting(local_operator()):
        letters = NoticeLetter.objects.order_by("issued_on")
        assert letters[0].issued_on == date(2026, 9, 6)
        assert NoticeLetter.objects.exclude(answer="").exists()
        assert Cause.objects.exists()
        assert Target.objects.filter(since=date(2026, 8, 1)).exists()
        corrected = Fact.objects.filter(stated_by="演示经办")
        assert {fact.as_of for fact in corrected} <= {date(2026, 9, 8), date(2026, 10, 8)}
        assert Organization.objects.exists()


def test_of_the_last_month_two_towns_have_not_confirmed() -> None:
    with acting(local_operator()):
        assert len(unconfirmed(month=LAST, on=date(2026, 11, 10))) == 2
        assert Confirmation.objects.filter(month=LAST).exists()


def test_the_journal_goes_forward_only() -> None:
    moments = list(JournalEntry.objects.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert journal.verify().broken_at is None


def test_a_months_work_begins_at_two_in_the_night_after_it() -> None:
    cycle = Cycle(Month(2026, 9))
    assert cycle.night == datetime.combine(date(2026, 10, 1), time(2), CITY_TIME)
    assert cycle.at(12, hour=15).date() == date(2026, 10, 12)
    assert cycle.ends_quarter
    assert not Cycle(Month(2026, 10)).ends_quarter
