"""What a job leaves behind when it ends badly: a batch whose page says so and can be used again."""

import pytest
from procrastinate.contrib.django import app

from jingwei.accounts.models import Grant, User
from jingwei.accounts.scope import acting
from jingwei.core.permissions import Role, local_operator
from jingwei.rosters import files, services, tasks
from jingwei.rosters.models import Batch, SourceRecord
from jingwei.rosters.services import committing
from tests.rosters.browser import run_jobs, waiting_jobs
from tests.rosters.desk import Desk, csv_of, firm

pytestmark = pytest.mark.django_db

CONTENT = csv_of([firm(1), firm(2)])


@pytest.fixture
def sent(desk: Desk) -> Batch:
    batch = desk.send(CONTENT)
    with acting(desk.actor):
        services.start_reading(batch=batch, by=desk.actor)
    return batch


def start_commit(desk: Desk, batch: Batch) -> None:
    with acting(desk.actor):
        services.start_commit(batch=batch, by=desk.actor)


def test_jobs_are_known_to_the_worker_by_their_names() -> None:
    assert {"rosters.read_batch", "rosters.commit_batch"} <= set(app.tasks)


def test_a_job_that_runs_twice_does_its_work_once(desk: Desk, sent: Batch) -> None:
    arguments = {"batch_id": sent.pk, "user_id": desk.actor.user_id}
    for _ in range(2):
        tasks.read_batch(**arguments)
    assert desk.again(sent).counts["rows"] == 2
    for _ in range(2):
        tasks.commit_batch(**arguments)
    assert desk.again(sent).state == Batch.State.COMMITTED
    assert SourceRecord.objects.count() == 2


def test_a_job_that_breaks_gives_the_batch_back_with_the_reason_and_fails_itself(
    desk: Desk, sent: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_jobs()
    start_commit(desk, sent)

    def broken(*_: object) -> None:
        raise RuntimeError("planted")

    with monkeypatch.context() as patch:
        patch.setattr(committing, "match_units", broken)
        with pytest.raises(RuntimeError, match="planted"):
            tasks.commit_batch(batch_id=sent.pk, user_id=desk.actor.user_id)
    batch = desk.again(sent)
    assert (batch.state, batch.error["code"]) == (Batch.State.CHECKED, "S-INTERRUPTED")
    assert "没有写入任何行" in batch.error["message"]
    start_commit(desk, batch)
    run_jobs()
    assert (desk.again(sent).state, desk.again(sent).error) == (Batch.State.COMMITTED, {})


def test_a_file_that_vanished_is_told_on_the_page(desk: Desk, sent: Batch) -> None:
    files.remove(sent.file.sha256)
    run_jobs()
    batch = desk.again(sent)
    assert (batch.state, batch.error["code"]) == (Batch.State.FAILED, "T-MISSING")


def test_a_job_has_the_rights_its_user_has_when_it_runs(desk: Desk, sent: Batch) -> None:
    run_jobs()
    start_commit(desk, sent)
    user = User.objects.get(pk=desk.actor.user_id)
    Grant.objects.filter(user=user).update(role=Role.TOWN_ORGANIZER)
    run_jobs()
    batch = desk.again(sent)
    assert (batch.state, batch.error["message"]) == (Batch.State.CHECKED, "当前身份没有“确认入库”的权限。")
    assert SourceRecord.objects.count() == 0


def test_a_batch_given_up_before_its_job_ran_stays_given_up(desk: Desk, sent: Batch) -> None:
    Batch.objects.filter(pk=sent.pk).update(state=Batch.State.CANCELLED)
    run_jobs()
    assert (desk.again(sent).state, desk.again(sent).counts) == (Batch.State.CANCELLED, {})


def test_the_operator_of_the_machine_runs_the_steps_himself_and_queues_none(desk: Desk, sent: Batch) -> None:
    operator = local_operator()
    with pytest.raises(ValueError, match="log in"), acting(operator):
        services.start_reading(batch=sent, by=operator)
    assert len(list(waiting_jobs())) == 1
