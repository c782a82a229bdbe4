"""What every view may rely on."""

from django.http import HttpRequest

from jingwei.core.permissions import Actor


class ActorRequest(HttpRequest):
    """A request that knows on whose behalf it came; the middleware of ``accounts`` says so."""

    actor: Actor
