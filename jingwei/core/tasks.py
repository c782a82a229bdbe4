"""Jobs of the base."""

from django.db import close_old_connections
from procrastinate import JobContext
from procrastinate.contrib.django import app

from jingwei.core import journal


@app.periodic(cron="* * * * *")
@app.task(name="core.seal_journal")
def seal_journal(timestamp: int) -> None:
    """Number and chain what was committed since the last minute."""
    close_old_connections()
    while journal.seal():
        pass


@app.periodic(cron="*/2 * * * *")
@app.task(name="core.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Queue the jobs of a worker that died again; every task of the product may run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
