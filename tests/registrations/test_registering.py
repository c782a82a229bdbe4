"""A registration is stored once, is never lost, and joins the ordinary intake."""

import csv
import io

import pytest
from django.db import DatabaseError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.domain.lists import ListKind
from jingwei.registrations import services
from jingwei.registrations.intake import Unusable
from jingwei.registrations.models import Registration
from jingwei.rosters import files
from jingwei.rosters.models import Batch
from jingwei.rosters.services import check, commit, read
from tests.city import NOW
from tests.registrations.conftest import WEAVERS, WEAVERS_CODE, Roster

TAILORS = {"name": "安澜市青禾服装有限公司", "legal_representative": "顾南星", "phone": "13900002222"}


def register(
    roster: Roster, by: Actor | None = None, key: str = "k-1", reason: str = "", **values: str
) -> Registration:
    actor = by or roster.organizer
    with acting(actor):
        made, _ = services.register(
            kind=ListKind.MARKET, values=values or TAILORS, place=roster.city.town, by=actor, on=NOW, key=key,
            distinct_reason=reason,
        )  # fmt: skip
    return made


def test_a_new_unit_is_stored_with_what_the_matching_found(roster: Roster) -> None:
    made = register(roster)
    assert (made.state, made.decision, made.registered_by) == ("waiting", "none", roster.organizer.name)
    assert services.values_of(made) == TAILORS
    assert "legal_representative" not in made.values
    assert "顾南星".encode() not in bytes(made.sealed)


def test_the_same_form_sent_twice_is_stored_once(roster: Roster) -> None:
    assert register(roster) == register(roster)
    assert JournalEntry.objects.filter(verb="registration.save").count() == 1


def test_a_key_is_not_taken_for_other_content(roster: Roster) -> None:
    register(roster)
    with pytest.raises(services.KeyReused):
        register(roster, name="安澜市白芷药房")


def test_a_likely_duplicate_is_stored_only_with_a_reason_why_it_is_another(roster: Roster) -> None:
    with pytest.raises(services.Duplicate) as refusal:
        register(roster, name=WEAVERS, uscc=WEAVERS_CODE)
    assert refusal.value.found.match.decision == "likely_duplicate"
    assert not Registration.objects.exists()
    made = register(roster, name=WEAVERS, uscc=WEAVERS_CODE, reason="同名，证照已换发")
    assert (made.decision, made.distinct_reason) == ("likely_duplicate", "同名，证照已换发")


def test_a_unit_without_a_usable_name_and_code_is_refused_at_its_field(roster: Roster) -> None:
    with pytest.raises(Unusable) as refusal:
        register(roster, name="无", phone="13900002222")
    assert [problem.field for problem in refusal.value.problems] == ["name"]


def test_nobody_registers_where_he_has_no_say(roster: Roster) -> None:
    with acting(roster.organizer), pytest.raises(NotPermitted):
        services.register(
            kind=ListKind.MARKET, values=TAILORS, place=roster.city.far_town, by=roster.organizer, on=NOW, key="k"
        )
    viewer = roster.city.actor(Role.INDUSTRY_REGULATOR, place=roster.city.city)
    with pytest.raises(NotPermitted):
        register(roster, viewer)
    with pytest.raises(NotPermitted):
        register(roster, local_operator())


def test_other_towns_do_not_see_it(roster: Roster) -> None:
    made = register(roster)
    neighbour = roster.city.actor(Role.TOWN_ORGANIZER, place=roster.city.other_town)
    with acting(neighbour):
        assert not Registration.objects.filter(pk=made.pk).exists()
    with acting(roster.clerk):
        assert Registration.objects.filter(pk=made.pk).exists()


def test_what_was_said_can_neither_be_changed_nor_removed(roster: Roster) -> None:
    made = register(roster)
    with acting(roster.clerk):
        for change in (lambda: Registration.objects.update(name="别的"), made.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_withdrawn_registration_says_by_whom_and_why_and_twice_is_once(roster: Roster) -> None:
    made = register(roster)
    with acting(roster.organizer):
        with pytest.raises(Refused):
            services.withdraw(registration=made, by=roster.organizer, on=NOW, reason=" ")
        for _ in range(2):
            services.withdraw(registration=made, by=roster.organizer, on=NOW, reason="登记错了")
    assert (made.state, made.withdrawn_reason, made.settled_by) == ("withdrawn", "登记错了", roster.organizer.name)
    assert JournalEntry.objects.filter(verb="registration.withdraw").count() == 1


def hand_over(roster: Roster) -> Batch:
    with acting(roster.clerk):
        return services.hand_over(kind=ListKind.MARKET, place=roster.city.town, by=roster.clerk, on=NOW)


def sheet_of(batch: Batch) -> list[dict[str, str]]:
    text = b"".join(files.pieces_of(files.path_of(batch.file.sha256))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_handed_over_registrations_are_a_list_of_the_intake(roster: Roster) -> None:
    made = register(roster)
    batch = hand_over(roster)
    made.refresh_from_db()
    assert (made.state, made.batch_id, made.settled_by) == ("handed_over", batch.pk, roster.clerk.name)
    with acting(roster.clerk):
        read(batch=batch, by=roster.clerk)
        batch.refresh_from_db()
        check(batch=batch, by=roster.clerk)
        commit(batch=Batch.objects.get(pk=batch.pk), by=roster.clerk, on=NOW)
        batch.refresh_from_db()
        [record] = batch.records.all()
    assert (batch.state, record.name) == ("committed", TAILORS["name"])
    assert ProcrastinateJob.objects.filter(task_name="rosters.read_batch").exists()


def test_the_next_list_is_whole_and_leaves_out_what_was_withdrawn(roster: Roster) -> None:
    register(roster)
    hand_over(roster)
    register(roster, key="k-2", name="安澜市白芷药房")
    gone = register(roster, key="k-3", name="安澜市岚汀茶馆")
    with acting(roster.organizer):
        services.withdraw(registration=gone, by=roster.organizer, on=NOW, reason="登记错了")
    assert [row["企业名称"] for row in sheet_of(hand_over(roster))] == [TAILORS["name"], "安澜市白芷药房"]


def test_a_list_that_was_given_up_loses_nothing(roster: Roster) -> None:
    made = register(roster)
    first = hand_over(roster)
    with acting(roster.clerk):
        with pytest.raises(Refused):
            services.hand_over(kind=ListKind.MARKET, place=roster.city.town, by=roster.clerk, on=NOW)
        Batch.objects.filter(pk=first.pk).update(state=Batch.State.CANCELLED)
    second = hand_over(roster)
    made.refresh_from_db()
    assert made.batch_id == second.pk != first.pk


def test_only_who_may_import_hands_over(roster: Roster) -> None:
    register(roster)
    with acting(roster.organizer), pytest.raises(NotPermitted):
        services.hand_over(kind=ListKind.MARKET, place=roster.city.town, by=roster.organizer, on=NOW)
