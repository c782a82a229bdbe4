"""``POST /api/v1/registrations``: a department's system matches one unit, or stores its registration."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from jingwei.accounts.gates import Stage, reachable_at
from jingwei.accounts.scope import apply_scope
from jingwei.core.permissions import Actor, NotPermitted, Permission, require
from jingwei.core.refusal import Refused
from jingwei.places.models import Place
from jingwei.registrations import selectors, services
from jingwei.registrations.answers import as_json, problems_json, registration_json
from jingwei.registrations.description import description
from jingwei.registrations.intake import Problem, Unusable, check
from jingwei.registrations.limits import Gate
from jingwei.registrations.matching import KeysMissing
from jingwei.registrations.selectors import Caller
from jingwei.registrations.wanted import Malformed, Wanted, read

_gate = Gate()
_SCHEME = "Bearer "


class _Answer(Exception):
    """Ends a request early with a refusal."""

    def __init__(self, status: int, error: str, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.status, self.body = status, problems_json(error, message, problems)


@csrf_exempt  # a token in a header is sent by no browser on its own
@reachable_at(Stage.VISITOR)
def registrations(request: HttpRequest) -> HttpResponse:
    """Match, or with ``dry_run`` false store once; every refusal names what is wrong."""
    try:
        status, body = _answered(request)
    except _Answer as early:
        status, body = early.status, early.body
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    elif status == 405:
        answer["Allow"] = "POST"
    elif status == 429:
        answer["Retry-After"] = "60"
    return answer


@require_GET
@reachable_at(Stage.VISITOR)
def openapi(request: HttpRequest) -> JsonResponse:
    """The description of the interface, for machines."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def _answered(request: HttpRequest) -> tuple[int, dict[str, Any]]:
    if request.method != "POST":
        raise _Answer(405, "method", "只接受 POST。")
    caller = _caller(request)
    actor = selectors.actor_of(caller, on=timezone.localdate())
    apply_scope(actor)
    try:
        require(actor, Permission.REGISTRATION_SAVE)
        return _done(request, read(request.body), caller, actor)
    except Malformed as wrong:
        raise _Answer(400, "malformed", "请求的格式不对。", tuple(wrong.problems)) from wrong
    except Unusable as wrong:
        problems = tuple(Problem(f"unit.{name}", text) for name, text in wrong.problems)
        raise _Answer(422, "unusable", "登记内容不能采用。", problems) from wrong
    except KeysMissing as refusal:
        raise _Answer(503, "not_ready", str(refusal)) from refusal
    except NotPermitted as refusal:
        raise _Answer(403, "not_permitted", refusal.reason) from refusal
    except services.KeyReused as refusal:
        raise _Answer(409, "key_reused", str(refusal)) from refusal
    except Refused as refusal:
        raise _Answer(422, "unusable", str(refusal)) from refusal


def _done(request: HttpRequest, wanted: Wanted, caller: Caller, actor: Actor) -> tuple[int, dict[str, Any]]:
    now = timezone.now()
    if wanted.dry_run:
        found = check(wanted.kind, wanted.values, on=timezone.localdate(now))
        return 200, as_json(found.match, found.checked.flags, None)
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise _Answer(
            400, "malformed", "请求的格式不对。", (Problem("Idempotency-Key", "保存登记须在请求头给出防重键"),)
        )
    try:
        made, match = services.register(
            kind=wanted.kind, values=wanted.values, place=_place(wanted), by=actor, on=now, key=key,
            distinct_reason=wanted.confirmed_distinct, token_id=caller.token_id,
        )  # fmt: skip
    except services.Duplicate as refusal:
        found = refusal.found
        body = problems_json("likely_duplicate", str(refusal), [Problem("confirmed_distinct", "请写明理由")])
        return 409, body | as_json(found.match, found.checked.flags, None)
    if match is None:
        return 200, {"registration": registration_json(made)}
    return 201, as_json(match, (), made)


def _caller(request: HttpRequest) -> Caller:
    said = request.headers.get("Authorization", "")
    caller = selectors.caller_of(said.removeprefix(_SCHEME).strip()) if said.startswith(_SCHEME) else None
    if caller is None:
        raise _Answer(401, "not_authenticated", "没有令牌，或令牌已停用。请在 Authorization 请求头给出 Bearer 令牌。")
    if not _gate.passes(caller.token_id, caller.per_minute):
        raise _Answer(429, "too_many", f"每分钟不超过 {caller.per_minute} 次，请稍后再试；成批的请用名单导入。")
    return caller


def _place(wanted: Wanted) -> Place:
    found = Place.objects.active_on(timezone.localdate()).filter(codes__code=wanted.place).distinct()[:2]
    if not wanted.place or len(found) != 1:
        problem = Problem("place", "没有这个区划代码" if wanted.place else "保存登记须给出属地的区划代码")
        raise _Answer(400, "malformed", "请求的格式不对。", (problem,))
    return found[0]
