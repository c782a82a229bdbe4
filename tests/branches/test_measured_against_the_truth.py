"""The covered units of an invented city, imported like any other, against its sealed truth."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import EntitySource
from jingwei.bodies.models import Body
from jingwei.branches import services
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.branches.services import TakeResult
from jingwei.core.permissions import Actor, local_operator
from jingwei.demo.city import generate
from jingwei.demo.loading import load_geography
from jingwei.demo.people import create_accounts
from jingwei.linkage import services as linkage
from jingwei.linkage.models import LinkRun
from jingwei.places.models import Place
from jingwei.rosters import services as rosters
from jingwei.rosters.models import SourceRecord

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
MONTHS = {"2026-10": date(2026, 10, 31), "2026-11": date(2026, 11, 30)}
REGISTERS = ("market", "civil_affairs", "justice")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    city = tmp_path / "city"
    generate(city, registered=2500, months=2)
    return city


@pytest.fixture
def clerk(folder: Path, settings: pytest.FixtureRequest) -> Actor:
    settings.DEMO = True  # type: ignore[attr-defined]
    operator = local_operator()
    with acting(operator):
        load_geography(folder, by=operator, on=timezone.now(), stage=lambda _: None)
        create_accounts(password="anlan-demo-00001", by=operator, on=timezone.now())
    return actor_for(User.objects.get(username="clerk"), on=timezone.localdate())


def import_month(folder: Path, month: str, by: Actor) -> TakeResult:
    """Every file of the month, matched, approved, built, taken."""
    now, day = timezone.now(), MONTHS[month]
    with acting(by):
        city = Place.objects.get(kind=Place.Kind.CITY)
        office = Body.objects.get(kind=Body.Kind.SOCIAL_WORK_DEPARTMENT, place=city)
    for path in sorted((folder / "files" / month).iterdir()):
        with acting(by):
            batch = rosters.receive_file(
                source=path, name=path.name, list_kind=None, as_of=day, place=city, body=office, by=by, on=now
            )
            rosters.commit(batch=rosters.read(batch=batch, by=by), by=by, on=now)
    with acting(by):
        run = linkage.propose(as_of=day, by=by, on=now, place_id=city.pk, body_id=office.pk)
        linkage.approve(run=run, by=by, on=now)
        roster.build(run=run, by=by, on=now)
        return services.take_lists(run=LinkRun.objects.get(pk=run.pk), by=by, on=now)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass
class Truth:
    """What the month's files are about: a unit by file and row, the units of every organization."""

    rows: dict[tuple[str, int], str]
    covered: set[tuple[str, str]]

    @classmethod
    def of(cls, folder: Path, month: str) -> "Truth":
        place = folder / "truth" / month
        rows = {(row["file"], int(row["row"])): row["entity_id"] for row in read(place / "rows.csv")}
        covered = {(row["organization_id"], row["entity_id"]) for row in read(place / "covered.csv")}
        return cls(rows, covered)

    def of_record(self, record: SourceRecord) -> str:
        return self.rows[record.batch.file.name, record.row]

    def entities(self) -> dict[int, str]:
        """Entity of the product -> the unit that most of its register rows are about."""
        links = EntitySource.objects.filter(unit__list_kind__in=REGISTERS, unit__last_as_of__isnull=False)
        votes: dict[int, Counter[str]] = {}
        for link in links.select_related("unit__last_record__batch__file"):
            found = self.rows.get((link.unit.last_record.batch.file.name, link.unit.last_record.row))
            votes.setdefault(link.entity_id, Counter())[found or ""] += 1
        return {entity_id: held.most_common(1)[0][0] for entity_id, held in votes.items()}


def resolved(truth: Truth, day: date) -> Iterator[tuple[tuple[str, str], bool]]:
    """((organization, unit) in the truth's ids, whether it is true) of every covering that took effect."""
    entities = truth.entities()
    rows = CoveredUnit.objects.filter(waits=False, entity__isnull=False, valid__contains=day)
    for row in rows.select_related("organization__unit__last_record__batch__file"):
        organization = truth.of_record(row.organization.unit.last_record)
        pair = (organization, entities.get(row.entity_id, ""))
        yield pair, pair in truth.covered


def test_every_organization_stands_once_and_the_coverings_that_take_effect_are_true(folder: Path, clerk: Actor) -> None:
    result = import_month(folder, "2026-10", clerk)
    truth = Truth.of(folder, "2026-10")
    listed = [entity for (file, _), entity in truth.rows.items() if file.startswith("党组织") and entity]
    with acting(clerk):
        found = dict(resolved(truth, MONTHS["2026-10"]))
        held = Organization.objects.select_related("unit__last_record__batch__file")
        assert Counter(truth.of_record(each.unit.last_record) for each in held) == Counter(set(listed))
        known = Organization.objects.filter(superior__isnull=False).count()
    assert result.merged == len(listed) - len(set(listed)) > 0
    assert known >= 0.95 * result.organizations
    right = sum(found.values())
    assert right / len(found) >= 0.995
    assert right / len(truth.covered) >= 0.8
    assert result.effective + result.waiting + result.unmatched == result.begun


def test_the_next_month_changes_what_changed_and_stays_true(folder: Path, clerk: Actor) -> None:
    first = import_month(folder, "2026-10", clerk)
    second = import_month(folder, "2026-11", clerk)
    assert second.changed + second.begun + second.ended < 0.2 * (first.organizations + first.begun)
    truth = Truth.of(folder, "2026-11")
    with acting(clerk):
        found = dict(resolved(truth, MONTHS["2026-11"]))
        assert Organization.objects.active_on(MONTHS["2026-11"]).count() == second.organizations
    assert sum(found.values()) / len(found) >= 0.995
