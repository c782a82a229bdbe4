"""A replay that was cut off goes on with the next month, and does no part of a month twice."""

from pathlib import Path

import pytest

from jingwei.accounts.scope import acting
from jingwei.bulletins.models import Paper
from jingwei.core.permissions import local_operator
from jingwei.coverage.models import NoticeLetter
from jingwei.demo.city.calendar import Month
from jingwei.demo.cycle import Cycle, months_until
from jingwei.indicators.models import Confirmation, Snapshot, Target
from jingwei.linkage.models import LinkRun
from tests.demo.replayed import bring, generate_months
from tests.demo.settled import settle

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
MONTHS = months_until(Month(2026, 10), 2)


def test_months_that_are_done_are_left_out_and_one_that_was_cut_off_is_not_done_twice(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    city = generate_months(tmp_path / "city", MONTHS, registered=300)
    settle(city, on=Cycle(MONTHS[0]).at(0, hour=9))
    assert bring(city, MONTHS, until=1) == ["2026-09"]
    before = stored()
    # The month was complete, but the command died before it had noted that.
    assert bring(city, MONTHS, until=1) == ["2026-09"]
    assert stored() == before
    assert bring(city, MONTHS, done={"2026-09"}) == ["2026-10"]
    with acting(local_operator()):
        assert Snapshot.objects.count() == LinkRun.objects.count() == 2


def stored() -> dict[str, int]:
    with acting(local_operator()):
        tables = (NoticeLetter, Confirmation, Target, Snapshot, LinkRun, Paper)
        return {table.__name__: table.objects.count() for table in tables}
