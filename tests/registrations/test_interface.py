"""``POST /api/v1/registrations``: what a department's system may ask, and what it is told."""

import json
from typing import Any

import pytest
from django.test import Client

from jingwei.accounts.models import User
from jingwei.accounts.scope import acting
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.domain.lists import LISTS
from jingwei.registrations import services
from jingwei.registrations.description import ANSWERS
from jingwei.registrations.intake import KINDS
from jingwei.registrations.limits import Gate
from jingwei.registrations.models import MatchBasis, Registration, SystemToken
from tests.city import NOW
from tests.registrations.conftest import CARRIERS, WEAVERS, WEAVERS_CODE, Roster

ADDRESS = "/api/v1/registrations"
TOWN = "990102001"
TAILORS = {"name": "安澜市青禾服装有限公司", "legal_representative": "顾南星"}


class System:
    """A department's system with its token; ``ask`` gives status and body."""

    def __init__(self, actor: Actor, per_minute: int = 600) -> None:
        user = User.objects.get(pk=actor.user_id)
        self.token, self.text = services.issue_token(
            name="市监登记系统", user=user, by=local_operator(), on=NOW, per_minute=per_minute
        )

    def ask(self, unit: dict[str, Any] | None = None, key: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        body = json.dumps(({"unit": unit} if unit is not None else {}) | more)
        return post(body, self.text, key)


def post(body: str | bytes, token: str = "", key: str = "") -> tuple[int, dict[str, Any]]:
    headers = {
        name: text for name, text in (("Authorization", token and f"Bearer {token}"), ("Idempotency-Key", key)) if text
    }
    answer = Client().post(ADDRESS, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.fixture
def system(roster: Roster) -> System:
    return System(roster.organizer)


def test_asking_alone_stores_nothing(system: System, roster: Roster) -> None:
    status, answer = system.ask({"name": WEAVERS, "uscc": WEAVERS_CODE})
    assert (status, answer["decision"], answer["basis_zh"]) == (200, "likely_duplicate", "代码一致")
    [candidate] = answer["candidates"]
    assert (candidate["entity"], candidate["url"]) == (roster.near.pk, f"/entities/{roster.near.pk}/")
    assert {"text": "代码相同", "bits": 8.0} in candidate["evidence"]
    assert answer["registration"] is None
    assert not Registration.objects.exists()


def test_of_an_entity_elsewhere_a_system_is_told_name_code_and_whom_to_ask(system: System) -> None:
    _, answer = system.ask({"name": CARRIERS, "legal_representative": "孟知秋", "address": "白鹭县石桥镇渡口街3号"})
    [candidate] = answer["candidates"]
    assert candidate == {
        "in_scope": False, "entity": None, "url": None, "name": CARRIERS, "uscc": "", "place": "白鹭县 石桥镇",
        "contact": "白鹭县 石桥镇", "bits": None, "likelihood": None, "evidence": [],
    }  # fmt: skip


def test_a_registration_is_stored_once_whatever_the_network_does(system: System) -> None:
    first = system.ask(TAILORS, key="单-1", dry_run=False, place=TOWN)
    again = system.ask(TAILORS, key="单-1", dry_run=False, place=TOWN)
    assert (first[0], again[0]) == (201, 200)
    assert first[1]["registration"] == again[1]["registration"]
    assert Registration.objects.get().token == system.token
    assert system.ask({"name": "安澜市白芷药房"}, key="单-1", dry_run=False, place=TOWN)[1]["error"] == "key_reused"


def test_a_likely_duplicate_is_refused_with_its_candidates_until_a_reason_is_given(system: System) -> None:
    unit = {"name": WEAVERS, "uscc": WEAVERS_CODE}
    status, answer = system.ask(unit, key="k", dry_run=False, place=TOWN)
    assert (status, answer["error"], len(answer["candidates"])) == (409, "likely_duplicate", 1)
    status, answer = system.ask(unit, key="k", dry_run=False, place=TOWN, confirmed_distinct="证照已换发")
    assert (status, answer["registration"]["state"]) == (201, "waiting")


def test_a_faulty_code_is_flagged_with_its_repairs(system: System) -> None:
    _, answer = system.ask({"name": WEAVERS, "uscc": WEAVERS_CODE[:12] + "7" + WEAVERS_CODE[13:]})
    [flag] = answer["flags"]
    assert (flag["field"], answer["basis"]) == ("uscc", "code_repair")
    assert WEAVERS_CODE in flag["repair"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{", ""),
        ("[]", ""),
        ('"文字"', ""),
        ("{}", "unit"),
        ('{"unit": {}, "other": 1}', "other"),
        ('{"unit": "甲"}', "unit"),
        ('{"unit": {"name": 1}}', "unit.name"),
        ('{"unit": {"age": "1"}}', "unit.age"),
        ('{"unit": {"name": "甲乙"}, "kind": "tax"}', "kind"),
        ('{"unit": {"name": "甲乙"}, "dry_run": "no"}', "dry_run"),
        ('{"unit": {"name": "甲乙"}, "dry_run": false}', "Idempotency-Key"),
    ],
)
def test_a_malformed_request_is_refused_by_the_name_of_its_field(system: System, body: str, field: str) -> None:
    status, answer = post(body, system.text)
    assert (status, answer["error"]) == (400, "malformed")
    assert field in [problem["field"] for problem in answer["problems"]]
    assert all(problem["message"] for problem in answer["problems"])


@pytest.mark.parametrize("place", ["", "999999"])
def test_a_place_that_nobody_knows_is_refused(system: System, place: str) -> None:
    status, answer = system.ask(TAILORS, key="k", dry_run=False, place=place)
    assert (status, answer["problems"][0]["field"]) == (400, "place")


def test_a_unit_that_cannot_be_used_is_refused_by_the_name_of_its_field(system: System) -> None:
    status, answer = system.ask({"name": "无"})
    assert (status, [problem["field"] for problem in answer["problems"]]) == (422, ["unit.name"])
    assert system.ask({"name": "甲" * 401})[0] == 422


def test_only_a_token_in_use_opens_the_door(system: System, roster: Roster) -> None:
    assert post('{"unit": {"name": "甲乙"}}')[0] == 401
    assert post('{"unit": {"name": "甲乙"}}', "jw_guess")[0] == 401
    services.revoke_token(token=system.token, by=local_operator(), on=NOW)
    assert system.ask(TAILORS)[0] == 401


def test_a_session_in_a_browser_is_no_token(roster: Roster) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=roster.clerk.user_id), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS, "{}", content_type="application/json").status_code == 401


def test_a_system_may_not_do_more_than_its_account(roster: Roster) -> None:
    viewer = System(roster.city.actor(Role.INDUSTRY_REGULATOR, place=roster.city.city))
    assert viewer.ask(TAILORS)[0] == 403
    system = System(roster.organizer)
    status, answer = system.ask(TAILORS, key="k", dry_run=False, place="990121101")
    assert (status, answer["error"]) == (403, "not_permitted")


def test_a_system_that_asks_too_often_waits(roster: Roster) -> None:
    system = System(roster.organizer, per_minute=2)
    assert [system.ask(TAILORS)[0] for _ in range(3)] == [200, 200, 429]


def test_a_gate_opens_again_after_a_minute() -> None:
    now = [0.0]
    gate = Gate(clock=lambda: now[0])
    assert [gate.passes(1, 1), gate.passes(1, 1), gate.passes(2, 1)] == [True, False, True]
    now[0] = 60.0
    assert gate.passes(1, 1)


def test_without_keys_a_system_is_told_to_wait_and_not_that_nobody_is_there(system: System) -> None:
    with acting(local_operator()):
        MatchBasis.objects.all().delete()
    assert system.ask(TAILORS)[0] == 503


def test_other_methods_are_refused(roster: Roster) -> None:
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_only_who_gives_rights_issues_tokens_and_they_are_kept_as_hashes(roster: Roster) -> None:
    user = User.objects.get(pk=roster.organizer.user_id)
    with acting(roster.clerk), pytest.raises(NotPermitted):
        services.issue_token(name="系统", user=user, by=roster.clerk, on=NOW)
    system = System(roster.organizer)
    assert system.text not in str(SystemToken.objects.values_list().get())


def test_the_description_names_every_field_and_every_answer(roster: Roster, system: System) -> None:
    described = Client().get("/api/v1/openapi.json").json()["paths"][ADDRESS]["post"]
    request = described["requestBody"]["content"]["application/json"]["schema"]
    fields = {field.name for kind in KINDS for field in LISTS[kind].fields}
    assert set(request["properties"]["unit"]["properties"]) == fields
    assert set(described["responses"]) == {str(status) for status in ANSWERS}
    found = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    answer = system.ask({"name": WEAVERS, "uscc": WEAVERS_CODE})[1]
    assert set(answer) == set(found)
    assert set(answer["candidates"][0]) == set(found["candidates"]["items"]["properties"])
