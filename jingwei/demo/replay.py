"""The city's past: month after month of lists, decisions, snapshots and bulletins, each on its day."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.bulletins import services as bulletins
from jingwei.bulletins.models import Paper
from jingwei.core.permissions import Actor
from jingwei.demo import desk
from jingwei.demo.city.calendar import Month
from jingwei.demo.cycle import Cycle
from jingwei.indicators import services as indicators
from jingwei.indicators.models import Snapshot
from jingwei.indicators.selectors import latest_snapshot
from jingwei.places.models import Place

Deliver = Callable[[Path, date, datetime, Actor], None]
"""The main job of a month, given from above: folder of the lists, their date, the moment, the clerk."""
Stage = Callable[[str], AbstractContextManager[object]]
"""Shows and times one stage of a month, by its Chinese name."""


def replay(
    folder: Path, *, months: list[Month], done: Collection[str], deliver: Deliver, stage: Stage
) -> Iterator[str]:
    """Bring the city through its months, leaving out those done before; yields each month when it is complete.

    A month that was interrupted is taken up again: what it had stored stays and is not done twice.
    """
    for month in months:
        if str(month) in done:
            continue
        cycle = Cycle(month)
        clerk = person("clerk", cycle)
        deliver(folder / "files" / str(month), cycle.as_of, cycle.night, clerk)
        with stage("指标与快照"):
            snapshot = publish_month(cycle, clerk)
        with stage("镇街确认、提示函、更正"):
            data, is_first, is_last = person("data", cycle), month == months[0], month == months[-1]
            desk.work(cycle, clerk=clerk, data=data, is_first=is_first, is_last=is_last)
        if cycle.ends_quarter:
            with stage("季度通报"):
                circulate(cycle, snapshot, clerk)
        yield str(month)


def person(username: str, cycle: Cycle) -> Actor:
    """A demo account as it could act in those days."""
    return actor_for(User.objects.get(username=username), on=cycle.night.date())


def publish_month(cycle: Cycle, clerk: Actor) -> Snapshot:
    """The month's snapshot, taken an hour after the lists came."""
    with acting(clerk):
        return latest_snapshot(month=cycle.first_day) or indicators.take_snapshot(
            month=cycle.first_day, as_of=cycle.as_of, by=clerk, on=cycle.at(1, hour=3)
        )


def circulate(cycle: Cycle, snapshot: Snapshot, clerk: Actor) -> None:
    """The clerk makes the quarter's bulletin on the ninth, the head of the office signs it on the twelfth."""
    with acting(clerk):
        city = Place.objects.get(kind=Place.Kind.CITY)
        if Paper.objects.filter(kind=Paper.Kind.BULLETIN, snapshot=snapshot).exists():
            return
        paper = bulletins.make(
            kind=Paper.Kind.BULLETIN, snapshot=snapshot, place=city, by=clerk, on=cycle.at(9, hour=10)
        )
    head = person("head", cycle)
    with acting(head):
        bulletins.sign(paper=paper, by=head, on=cycle.at(12, hour=15))
