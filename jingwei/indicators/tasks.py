"""Jobs of the indicators."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from jingwei.accounts.scope import acting
from jingwei.core.permissions import local_operator
from jingwei.indicators import services


@app.periodic(cron="* * * * *")
@app.task(name="indicators.refresh_live")
def refresh_live(timestamp: int) -> None:
    """Keep the live counts at hand: make those parts of the city anew that changed since the last minute."""
    close_old_connections()
    with acting(local_operator("实时数值")):
        services.refresh_live(on=timezone.now())
