"""What every view may rely on."""

from django.http import HttpRequest

from jingwei.core.permissions import Actor


class ActorRequest(HttpRequest):
    """A request that knows on whose behalf it came; the middleware of ``accounts`` says so.

    ``nav_counts`` is set by a page that has counted what waits: name of an address -> how much waits there.
    """

    actor: Actor
    nav_counts: dict[str, int]
