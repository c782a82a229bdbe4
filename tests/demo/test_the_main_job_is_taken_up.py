"""A main job that is interrupted, or lacks an approver or lists, stores what it can and is taken up later."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.cli.main_job import run_job
from jingwei.core.permissions import Actor
from jingwei.coverage import services as coverage
from jingwei.demo.city import generate
from jingwei.indicators.models import Snapshot
from jingwei.linkage.models import LinkRun
from tests.demo.settled import DAY, settle

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "city"
    generate(folder, registered=300)
    return folder


@pytest.fixture
def clerk(demo_folder: Path, settings: pytest.FixtureRequest) -> Actor:
    settings.DEMO = True  # type: ignore[attr-defined]
    return settle(demo_folder)


def test_a_run_that_was_cut_off_after_the_approval_is_taken_up(
    demo_folder: Path, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(coverage, "compute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_job(demo_folder / "files" / "2026-10", day=DAY, on=timezone.now(), approver=clerk)
    monkeypatch.undo()
    report = run_job(demo_folder / "files" / "2026-10", day=DAY, on=timezone.now(), approver=clerk)
    with acting(clerk):
        assert LinkRun.objects.count() == Snapshot.objects.count() == 1
        assert coverage.differences(on=timezone.now()) == []
    assert report.snapshot


def test_without_a_named_person_the_run_only_proposes(demo_folder: Path, clerk: Actor) -> None:
    early = timezone.now() - timedelta(minutes=5)
    report = run_job(demo_folder / "files" / "2026-10", day=DAY, on=early, approver=None)
    assert report.approved_by == ""
    assert Counter(item.state for item in report.files) == {"committed": len(report.files)}
    with acting(clerk):
        assert Entity.objects.count() == Snapshot.objects.count() == 0
    approved = run_job(demo_folder / "files" / "2026-10", day=DAY, on=timezone.now(), approver=clerk)
    with acting(clerk):
        assert LinkRun.objects.count() == 1
        assert approved.entities == Entity.objects.count() > 0


def test_any_subset_of_lists_will_do_and_what_is_missing_is_told(
    demo_folder: Path, clerk: Actor, tmp_path: Path
) -> None:
    for name in ("民政.xlsx", "党组织.xlsx"):
        (tmp_path / name).write_bytes((demo_folder / "files" / "2026-10" / name).read_bytes())
    report = run_job(tmp_path, day=DAY, on=timezone.now(), approver=clerk)
    assert report.missing == ["市场监管", "税务", "社保", "司法", "党员数"]
    assert report.snapshot
    with acting(clerk):
        assert not Entity.objects.filter(full_members__isnull=False).exists()
        assert not Entity.objects.filter(coverage_state="blank").exists()
