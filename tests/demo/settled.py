"""A generated city with its places, bodies and accounts in the database, ready for its lists."""

from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.core.permissions import Actor, local_operator
from jingwei.demo.loading import load_geography
from jingwei.demo.people import create_accounts

DAY = date(2026, 10, 31)


def settle(folder: Path, *, on: datetime | None = None) -> Actor:
    """Load the city in ``folder`` and return its clerk."""
    operator, on = local_operator(), on or timezone.now()
    with acting(operator):
        load_geography(folder, by=operator, on=on, stage=lambda _: None)
        create_accounts(password="anlan-demo-00001", by=operator, on=on)
        return actor_for(User.objects.get(username="clerk"), on=timezone.localdate(on))
