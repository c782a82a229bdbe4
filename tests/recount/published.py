"""A small invented city taken the whole way: lists, matching, roster, organizations, coverage, snapshot."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster import services as base_roster
from jingwei.branches import services as branches
from jingwei.cli.importing import home_of, import_file
from jingwei.cli.link import link_command
from jingwei.core.permissions import Actor, local_operator
from jingwei.coverage import services as coverage
from jingwei.demo.city import generate
from jingwei.demo.loading import load_geography
from jingwei.demo.people import create_accounts
from jingwei.indicators import services as indicators
from jingwei.indicators.models import Snapshot
from jingwei.linkage import services as linkage
from jingwei.places.models import Place, PlaceCode
from tests.accounts.browser import PASSWORD

DAY = date(2026, 10, 31)
NOON = datetime(2026, 10, 31, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class PublishedCity:
    """Where the files of the city lie, who works there, and what was published of it."""

    folder: Path
    lists: Path
    places: Path
    bodies: Path
    clerk: Actor
    snapshot: Snapshot

    def link(self, out: Path) -> Path:
        """Match the lists without the database; returns the folder with links.csv and party_units.csv."""
        assert link_command(self.lists, out=out) == 0
        return out

    def code_of(self, place_id: str) -> str:
        """The code under which the office's tables know a place; empty for none."""
        return self._codes()[int(place_id)] if place_id else ""

    def _codes(self) -> dict[int, str]:
        """Division codes, and for what lies over the tree its own."""
        with acting(self.clerk):
            systems = [PlaceCode.System.DIVISION, PlaceCode.System.OVERLAY]
            held = PlaceCode.objects.filter(system__in=systems, place__in=Place.objects.active_on(DAY))
            return dict(held.values_list("place_id", "code"))


def publish_city(folder: Path, *, registered: int, seed: int = 2026) -> PublishedCity:
    """Generate the city in ``folder`` and publish its first month through the services."""
    generate(folder, registered=registered, seed=seed)
    operator = local_operator()
    with acting(operator):
        load_geography(folder, by=operator, on=NOON, stage=lambda _: None)
        create_accounts(password=PASSWORD, by=operator, on=NOON)
        clerk = actor_for(User.objects.get(username="clerk"), on=DAY)
    lists = folder / "files" / "2026-10"
    for path in sorted(lists.iterdir()):
        assert import_file(path, day=DAY, by=clerk, on=NOON).state == "committed"
    with acting(clerk):
        place, body = home_of(clerk)
        assert place is not None
        assert body is not None
        run = linkage.propose(as_of=DAY, by=clerk, on=NOON, place_id=place.pk, body_id=body.pk)
        run = linkage.approve(run=run, by=clerk, on=NOON)
        base_roster.build(run=run, by=clerk, on=NOON)
    with acting(clerk):
        branches.take_lists(run=run, by=clerk, on=NOON)
        coverage.compute(on=NOON, day=DAY)
    with acting(clerk):
        snapshot = indicators.take_snapshot(month=DAY.replace(day=1), as_of=DAY, by=clerk, on=NOON)
    return PublishedCity(folder, lists, folder / "places", folder / "bodies" / "机构.csv", clerk, snapshot)
