"""The whole way: files of an invented city in, roster, verdicts and papers out, measured against the sealed truth."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import Entity, EntitySource
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.bulletins.models import Paper
from jingwei.cli.job_report import JobReport
from jingwei.cli.main_job import run_job
from jingwei.core import journal
from jingwei.core.permissions import Actor, local_operator
from jingwei.coverage import services as coverage
from jingwei.coverage.following import follow_journal
from jingwei.demo.city import generate
from jingwei.indicators.models import Snapshot
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import RejectedRow, SourceRecord
from tests.demo.settled import DAY, settle

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]


@dataclass(frozen=True)
class City:
    """A city that went through the main job once."""

    folder: Path
    clerk: Actor
    report: JobReport

    @property
    def lists(self) -> Path:
        return self.folder / "files" / "2026-10"

    def again(self, *, reason: str = "") -> JobReport:
        return run_job(self.lists, day=DAY, on=timezone.now(), approver=self.clerk, reason=reason)

    def truth_rows(self) -> list[dict[str, str]]:
        with (self.folder / "truth" / "2026-10" / "rows.csv").open(encoding="utf-8-sig", newline="") as handle:
            return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def city(lasting_demo: None, tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("demo") / "city"
    generate(folder, registered=600)
    clerk = settle(folder)
    report = run_job(folder / "files" / "2026-10", day=DAY, on=timezone.now(), approver=clerk)
    return City(folder, clerk, report)


def seal_all() -> None:
    while journal.seal():
        pass


def test_every_row_is_accounted_for_and_the_roster_is_close_to_the_truth(city: City) -> None:
    truth = city.truth_rows()
    with acting(city.clerk):
        assert SourceRecord.objects.count() + RejectedRow.objects.count() == len(truth)
        assert {item.state for item in city.report.files} == {"committed"}
        true_units = {row["entity_id"] for row in truth if row["entity_id"].startswith("E")}
        assert abs(Entity.objects.count() - len(true_units)) <= 0.05 * len(true_units)
        assert Entity.objects.filter(town__isnull=False).count() > 0.6 * Entity.objects.count()
        assert roster.differences(on=timezone.now()) == []
        assert coverage.differences(on=timezone.now()) == []


def test_the_report_counts_the_city_as_it_stands(city: City) -> None:
    assert city.report.missing == []
    with acting(city.clerk):
        entities = Entity.objects.count()
        assert city.report.organizations == dict(Counter(Organization.objects.values_list("form", flat=True)))
    found = city.report
    for counts in (found.roster, found.legal_form, found.ownership, found.screening, found.coverage_state):
        assert sum(counts.values()) == found.entities == entities


def test_organizations_cover_and_the_month_is_published_with_its_papers(city: City) -> None:
    with acting(city.clerk):
        assert CoveredUnit.objects.filter(waits=False, entity__isnull=False).exists()
        assert Entity.objects.filter(coverage_state="covered").exists()
        snapshot = Snapshot.objects.get()
        assert (city.report.snapshot, snapshot.as_of, snapshot.revision) == (snapshot.number, DAY, 1)
        assert set(Paper.objects.values_list("kind", flat=True)) == {"bulletin", "monthly", "should_have"}


def test_the_follower_of_the_journal_finds_its_work_done(city: City) -> None:
    seal_all()
    operator = local_operator()
    with acting(operator):
        before = sorted(Entity.objects.values_list("pk", "covered_as", "coverage_state"))
        follow_journal(by=operator, on=timezone.now())
        assert sorted(Entity.objects.values_list("pk", "covered_as", "coverage_state")) == before


def test_a_second_run_of_the_same_files_changes_nothing(city: City) -> None:
    with acting(city.clerk):
        before = sorted(EntitySource.objects.values_list("unit_id", "entity_id"))
    again = city.again()
    with acting(city.clerk):
        assert sorted(EntitySource.objects.values_list("unit_id", "entity_id")) == before
        assert SourceRecord.objects.count() + RejectedRow.objects.count() == len(city.truth_rows())
        assert LinkRun.objects.count() == Snapshot.objects.count() == 1
        assert Paper.objects.count() == 3
    assert {item.state for item in again.files} == {"committed"}
    assert again.snapshot == city.report.snapshot


def test_a_reason_publishes_the_month_anew_beside_the_old_one(city: City) -> None:
    again = city.again(reason="更正一户党员数")
    with acting(city.clerk):
        kept = list(Snapshot.objects.order_by("revision").values_list("revision", "reason"))
        assert kept == [(1, ""), (2, "更正一户党员数")]
        assert Snapshot.objects.get(revision=2).number == again.snapshot


def test_the_job_leaves_a_chain_that_proves_itself(city: City) -> None:
    seal_all()
    check = journal.verify()
    assert check.broken_at is None
    assert check.rows > 10


def test_no_personal_value_is_stored_in_the_clear(city: City) -> None:
    with (city.lists / "市场监管.csv").open(encoding="gb18030", newline="") as handle:
        people = [row["法定代表人"] for row in csv.DictReader(handle) if len(row["法定代表人"]) >= 3][:50]
    with project.SERVER.connect(connection.settings_dict["NAME"]) as admin:
        tables = [
            row[0]
            for row in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            if not row[0].startswith(("accounts", "bodies"))
        ]
        for table in tables:
            for (text,) in admin.execute(f'SELECT t::text FROM "{table}" t').fetchall():
                assert not any(f'"{person}"' in text for person in people), table
