"""A logged-in browser for tests, and a worker that does what the pages have queued."""

from collections.abc import Iterable
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from jingwei.accounts.models import User
from jingwei.rosters import tasks
from tests.rosters.desk import OCTOBER

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser_of(user: User) -> Client:
    """A browser whose user has shown his second factor."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = StaticDevice.objects.create(user=user, name="测试").persistent_id
    session.save()
    return client


def upload(client: Client, content: bytes, name: str = "市场监管.csv", *, place: int, as_of: date = OCTOBER) -> str:
    """Send a file by the form of step 1; the address of its batch."""
    form = {"file": SimpleUploadedFile(name, content), "as_of": as_of.isoformat(), "place": place, "list_kind": ""}
    answer = client.post("/imports/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def waiting_jobs() -> Iterable[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(status="todo").order_by("id")


def run_jobs() -> int:
    """Do the queued jobs as a worker would; how many there were."""
    assert tasks.read_batch.name in app.tasks
    jobs = list(waiting_jobs())
    for job in jobs:
        app.tasks[job.task_name](**job.args)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.id])
    return len(jobs)
