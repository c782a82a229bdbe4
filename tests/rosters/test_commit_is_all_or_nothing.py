"""Killed, given up, broken or doubled: a batch is stored whole and once, or not at all."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import Thread

import pytest
from django.conf import settings
from django.db import connection

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import local_operator
from jingwei.rosters import files, rows, services
from jingwei.rosters.errors import CommitCancelled, IntakeRefused
from jingwei.rosters.models import Batch, BatchKey, RejectedRow, SourcePersonal, SourceRecord, SourceUnit
from jingwei.rosters.services import committing
from tests.city import NOW
from tests.rosters.desk import Desk, csv_of, firm

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CONTENT = csv_of([*(firm(number) for number in range(30)), firm(30, name="无", uscc="无")])
OPERATOR = local_operator()

# The process that is killed half-way: it stores the batch and dies after its first chunk.
KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connections
from jingwei.accounts.scope import acting
from jingwei.core.instance import Instance
from jingwei.core.permissions import local_operator
from jingwei.rosters import services
from jingwei.rosters.models import Batch
from jingwei.rosters.services import committing
from django.utils import timezone
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.INSTANCE = Instance(Path(sys.argv[3]))
def die(facts):
    os.kill(os.getpid(), signal.SIGKILL)
committing.write_range = die
by = local_operator()
with acting(by):
    services.commit(batch=Batch.objects.get(pk=int(sys.argv[2])), by=by, on=timezone.now())
"""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK_ROWS", 10)
    monkeypatch.setattr(committing, "_WRITTEN_AT_ONCE", 10)


def everything() -> list[int]:
    tables = (SourceUnit, SourceRecord, SourcePersonal, RejectedRow, BatchKey)
    with acting(OPERATOR):
        return [table.objects.count() for table in tables]  # type: ignore[attr-defined]


NOTHING, ALL = [0, 0, 0, 0, 0], [30, 30, 30, 1, 1]


def fail_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, call: int) -> None:
    """Let the named step fail when it is called for the n-th time."""
    original: Callable[..., object] = getattr(owner, name)
    calls = iter(range(1, 1000))

    def failing(*args: object, **kwargs: object) -> object:
        if next(calls) == call:
            raise RuntimeError("planted")
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, failing)


@pytest.mark.parametrize(
    ("step", "call"), [("stage_rows", 2), ("_store_refused", 4), ("match_units", 1), ("write_range", 2), ("_finish", 1)]
)
def test_a_failure_at_any_step_leaves_nothing_and_a_retry_stores_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str, call: int
) -> None:
    batch = desk.check(CONTENT)
    with monkeypatch.context() as patch:
        fail_at(patch, committing, step, call)
        with pytest.raises(RuntimeError, match="planted"):
            desk.commit(batch)
    assert everything() == NOTHING
    assert desk.again(batch).state == Batch.State.CHECKED
    assert desk.commit(batch).state == Batch.State.COMMITTED
    assert everything() == ALL


def test_a_killed_process_leaves_nothing_and_a_retry_stores_all(desk: Desk) -> None:
    batch = desk.check(CONTENT)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "jingwei.config.settings",
        "PYTHONPATH": str(settings.PACKAGE.parent),
        "PYTHONWARNINGS": "ignore",
    }
    database = str(connection.settings_dict["NAME"])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database, str(batch.pk), str(settings.INSTANCE.var)],
        env=environment, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert everything() == NOTHING
    assert desk.commit(batch).state == Batch.State.COMMITTED
    assert everything() == ALL


def test_two_committers_at_once_store_the_batch_once_and_get_the_same_answer(desk: Desk) -> None:
    batch = desk.check(CONTENT)
    answers: list[Batch] = []

    def work() -> None:
        try:
            answers.append(desk.commit(Batch(pk=batch.pk, place_id=batch.place_id, body_id=batch.body_id)))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.state for answer in answers] == [Batch.State.COMMITTED] * 2
    assert answers[0].counts == answers[1].counts
    assert everything() == ALL
    assert JournalEntry.objects.filter(verb="batch.commit").count() == 1


def test_two_files_of_one_list_stored_at_once_share_their_units(desk: Desk) -> None:
    batches = [desk.check(CONTENT), desk.check(csv_of([firm(number) for number in range(20, 40)]))]

    def work(batch: Batch) -> None:
        try:
            desk.commit(batch)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert everything() == [40, 50, 50, 1, 2]


def test_a_batch_given_up_while_it_is_being_stored_is_rolled_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk.check(CONTENT)
    original = committing.write_range

    def meanwhile(facts: dict[str, object]) -> None:
        def give_up() -> None:
            with acting(desk.actor):
                services.cancel(batch=batch, by=desk.actor, on=NOW)
            connection.close()

        other = Thread(target=give_up)
        other.start()
        other.join()
        original(facts)

    monkeypatch.setattr(committing, "write_range", meanwhile)
    with pytest.raises(CommitCancelled):
        desk.commit(Batch(pk=batch.pk, place_id=batch.place_id, body_id=batch.body_id))
    assert everything() == NOTHING
    assert desk.again(batch).state == Batch.State.CANCELLED


def test_a_stored_batch_cannot_be_given_up(desk: Desk) -> None:
    batch = desk.bring_in(CONTENT)
    with pytest.raises(IntakeRefused, match="已经入库"), acting(desk.actor):
        services.cancel(batch=batch, by=desk.actor, on=NOW)
    assert everything() == ALL


def test_progress_is_seen_from_outside_while_the_batch_is_being_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = desk.check(CONTENT)
    seen: list[int] = []
    original = committing.write_range

    def look(facts: dict[str, object]) -> None:
        with settings.SERVER.connect(connection.settings_dict["NAME"]) as other:
            row = other.execute("SELECT progress FROM rosters_batch WHERE id = %s", [batch.pk]).fetchone()
            seen.append(row[0])
        original(facts)

    monkeypatch.setattr(committing, "write_range", look)
    desk.commit(batch)
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] < 31


def test_rows_are_read_again_from_the_file_when_the_work_folder_was_emptied(desk: Desk) -> None:
    batch = desk.check(CONTENT)
    files.rows_path(batch.pk).unlink()
    desk.commit(batch)
    assert everything() == ALL
