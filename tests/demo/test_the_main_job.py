"""The whole way: files of an invented city in, base roster out, measured against the sealed truth."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import Entity, EntitySource
from jingwei.cli.main_job import JobReport, run_job
from jingwei.core import journal
from jingwei.core.permissions import Actor, local_operator
from jingwei.demo.city import generate
from jingwei.demo.loading import load_geography
from jingwei.demo.people import create_accounts
from jingwei.rosters.models import RejectedRow, SourceRecord

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
DAY = date(2026, 10, 31)


@pytest.fixture
def demo_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "city"
    generate(folder, registered=600)
    return folder


@pytest.fixture
def clerk(demo_folder: Path, settings: pytest.FixtureRequest) -> Actor:
    settings.DEMO = True  # type: ignore[attr-defined]
    operator = local_operator()
    with acting(operator):
        load_geography(demo_folder, by=operator, on=timezone.now(), stage=lambda _: None)
        create_accounts(password="anlan-demo-00001", by=operator, on=timezone.now())
    return actor_for(User.objects.get(username="clerk"), on=timezone.localdate())


def run(folder: Path, clerk: Actor) -> JobReport:
    return run_job(folder / "files" / "2026-10", day=DAY, approver=clerk)


def truth_rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "truth" / "2026-10" / "rows.csv").open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_row_is_accounted_for_and_the_roster_is_close_to_the_truth(demo_folder: Path, clerk: Actor) -> None:
    report = run(demo_folder, clerk)
    truth = truth_rows(demo_folder)
    with acting(clerk):
        assert SourceRecord.objects.count() + RejectedRow.objects.count() == len(truth)
        assert {item.state for item in report.files} == {"committed"}
        true_units = {row["entity_id"] for row in truth if row["entity_id"].startswith("E")}
        assert abs(Entity.objects.count() - len(true_units)) <= 0.05 * len(true_units)
        assert Entity.objects.filter(town__isnull=False).count() > 0.6 * Entity.objects.count()
        assert roster.differences(on=timezone.now()) == []


def test_a_second_run_of_the_same_files_changes_nothing(demo_folder: Path, clerk: Actor) -> None:
    run(demo_folder, clerk)
    with acting(clerk):
        before = sorted(EntitySource.objects.values_list("unit_id", "entity_id"))
    again = run(demo_folder, clerk)
    with acting(clerk):
        assert sorted(EntitySource.objects.values_list("unit_id", "entity_id")) == before
        assert SourceRecord.objects.count() + RejectedRow.objects.count() == len(truth_rows(demo_folder))
    assert {item.state for item in again.files} == {"committed"}


def test_the_job_leaves_a_chain_that_proves_itself(demo_folder: Path, clerk: Actor) -> None:
    run(demo_folder, clerk)
    while journal.seal():
        pass
    check = journal.verify()
    assert check.broken_at is None
    assert check.rows > 10


def test_without_a_named_person_the_run_only_proposes(demo_folder: Path, clerk: Actor) -> None:
    report = run_job(demo_folder / "files" / "2026-10", day=DAY, approver=None)
    assert report.approved_by == ""
    assert Counter(item.state for item in report.files) == {"committed": len(report.files)}
    with acting(clerk):
        assert Entity.objects.count() == 0


def test_no_personal_value_is_stored_in_the_clear(demo_folder: Path, clerk: Actor) -> None:
    run(demo_folder, clerk)
    with (demo_folder / "files" / "2026-10" / "市场监管.csv").open(encoding="gb18030", newline="") as handle:
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
