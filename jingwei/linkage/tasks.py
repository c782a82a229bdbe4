"""Jobs of the matching."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.accounts.selectors import actor_for
from jingwei.linkage import services
from jingwei.places.selectors import root


@app.task(name=services.PROPOSE_TASK)
def propose(*, user_id: int) -> None:
    """Match all current source units on behalf of a clerk; running it twice leaves one waiting run."""
    close_old_connections()
    user = User.objects.get(pk=user_id, is_active=True)
    actor = actor_for(user, on=timezone.localdate())
    with acting(actor):
        place = root() if actor.everything else None
        services.propose(
            as_of=timezone.localdate(),
            by=actor,
            on=timezone.now(),
            place_id=place.pk if place else None,
            body_id=user.body_id,
        )
