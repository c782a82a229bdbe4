"""One transaction per request, under the scope of whoever sent it."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jingwei.accounts.gates import Stage, stage_of, step_missing
from jingwei.accounts.models import User
from jingwei.accounts.scope import apply_scope
from jingwei.accounts.selectors import actor_for
from jingwei.core.errors import forbidden
from jingwei.core.permissions import Actor, NotPermitted
from jingwei.core.requests import ActorRequest

Handler = Callable[[HttpRequest], HttpResponse]
VISITOR = Actor(user_id=None, name="访客")
WITHOUT_TRANSACTION = ("/static/", "/health")


class ScopedRequest(ActorRequest):
    """A request after this middleware: it knows its actor, and how far his log-in has come."""

    stage: Stage


class ScopedTransaction:
    """Resolve the actor, set his scope, roll back on errors, ask for the missing step of the log-in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: ScopedRequest) -> HttpResponse:
        request.actor, request.stage = VISITOR, Stage.VISITOR
        if request.path.startswith(WITHOUT_TRANSACTION):
            request.stage = Stage.COMPLETE
            return self.get_response(request)
        with transaction.atomic():
            self._recognize(request)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def _recognize(self, request: ScopedRequest) -> None:
        """Until the log-in is complete, the actor has a name only: no permission and no scope."""
        user = request.user
        if not isinstance(user, User):
            return
        actor = actor_for(user, on=timezone.localdate())
        request.stage = stage_of(user, actor)
        if request.stage is Stage.COMPLETE:
            request.actor = actor
            apply_scope(actor)
        else:
            request.actor = Actor(user_id=actor.user_id, name=actor.name, title=actor.title, unit_name=actor.unit_name)

    def process_view(
        self, request: ScopedRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        return step_missing(request, view, request.stage)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal becomes page 403; whatever was written before any error is rolled back."""
        transaction.set_rollback(True)
        return forbidden(request, exception) if isinstance(exception, NotPermitted) else None
