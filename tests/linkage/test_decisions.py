"""A person's verdict on two rows: who may give it, what it does to the queue, how it is taken back."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from jingwei.accounts.scope import acting
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor, NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.linkage import review_queue, services
from jingwei.linkage.models import CandidatePair, Decision
from jingwei.linkage.services import AlreadyDecided
from tests.base_roster.lists import make_unit
from tests.city import NOW, SmallCity
from tests.linkage.pairs import make_pair, make_queue, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def pairs(small_city: SmallCity, clerk: Actor) -> list[CandidatePair]:
    with acting(clerk):
        return make_queue(small_city, make_run(small_city), 4)


def decide(pair: CandidatePair, verdict: str, by: Actor, reason: str = "") -> Decision:
    return services.decide(
        run=pair.run, unit_id=pair.unit_id, other_id=pair.candidate_id, verdict=verdict, reason=reason, by=by, on=NOW
    )


def queue(pair: CandidatePair) -> list[int]:
    first = CandidatePair.objects.get(pk=review_queue.first(pair.run))
    return [item.pk for item in review_queue.upcoming(first)]


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_firm_verdict_takes_the_pair_out_of_the_queue(clerk: Actor, pairs: list[CandidatePair], verdict: str) -> None:
    with acting(clerk):
        decide(pairs[0], verdict, clerk)
        assert queue(pairs[1]) == [pair.pk for pair in pairs[1:]]


def test_an_unsure_pair_goes_to_the_end_of_the_queue(clerk: Actor, pairs: list[CandidatePair]) -> None:
    with acting(clerk):
        decide(pairs[0], "unsure", clerk)
        assert queue(pairs[1]) == [pairs[1].pk, pairs[2].pk, pairs[3].pk, pairs[0].pk]
        decide(pairs[0], "same", clerk)
        assert queue(pairs[1]) == [pair.pk for pair in pairs[1:]]


def test_of_a_row_with_two_candidates_the_second_is_asked_after_the_first_was_refused(
    small_city: SmallCity, clerk: Actor, pairs: list[CandidatePair]
) -> None:
    with acting(clerk):
        other = make_unit(small_city, "market", name="安澜第九机械厂")
        second = make_pair(pairs[0].run, pairs[0].unit, other, place=2)
        assert second.pk not in queue(pairs[0])
        decision = decide(pairs[0], "different", clerk)
        assert review_queue.after(pairs[0]) == second.pk
        services.undo(decision=decision, reason="看错了", by=clerk, on=NOW)
        assert queue(pairs[0])[0] == pairs[0].pk
        assert second.pk not in queue(pairs[0])


def test_joining_one_candidate_leaves_the_others_unasked(
    small_city: SmallCity, clerk: Actor, pairs: list[CandidatePair]
) -> None:
    with acting(clerk):
        other = make_unit(small_city, "market", name="安澜第九机械厂")
        second = make_pair(pairs[0].run, pairs[0].unit, other, place=2)
        decide(pairs[0], "same", clerk)
        second.refresh_from_db()
        assert second.standing == "skipped"
        with pytest.raises(AlreadyDecided, match="同一主体"):
            decide(second, "same", clerk)


def test_the_second_of_two_people_is_told_who_decided_what(
    small_city: SmallCity, clerk: Actor, pairs: list[CandidatePair]
) -> None:
    colleague = small_city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=small_city.city)
    with acting(clerk):
        decide(pairs[0], "same", clerk)
    with acting(colleague), pytest.raises(AlreadyDecided, match=f"{clerk.name}已把这一对判为“同一主体”"):
        decide(pairs[0], "different", colleague)
    assert Decision.objects.count() == 1


def test_a_double_click_is_recorded_once(clerk: Actor, pairs: list[CandidatePair]) -> None:
    with acting(clerk):
        first, second = decide(pairs[0], "unsure", clerk), decide(pairs[0], "unsure", clerk)
        assert first == second
        decide(pairs[0], "same", clerk)
        with pytest.raises(AlreadyDecided):
            decide(pairs[0], "same", clerk)
        assert JournalEntry.objects.filter(verb="linkage.decide").count() == 2


def test_only_a_named_person_with_the_permission_and_the_scope_decides(
    small_city: SmallCity, clerk: Actor, pairs: list[CandidatePair]
) -> None:
    organizer = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.city)
    elsewhere = small_city.actor(Role.CLERK, place=small_city.county)
    with acting(clerk):
        for stranger in (organizer, elsewhere, local_operator()):
            with pytest.raises(NotPermitted):
                decide(pairs[0], "same", stranger)
        assert Decision.objects.count() == 0


def test_an_undo_needs_a_reason_and_happens_once(clerk: Actor, pairs: list[CandidatePair]) -> None:
    with acting(clerk):
        decision = decide(pairs[0], "same", clerk)
        with pytest.raises(Refused, match="原因"):
            services.undo(decision=decision, reason=" ", by=clerk, on=NOW)
        services.undo(decision=decision, reason="看错了", by=clerk, on=NOW)
        with pytest.raises(Refused, match="已撤销"):
            services.undo(decision=decision, reason="看错了", by=clerk, on=NOW)
        assert queue(pairs[0])[0] == pairs[0].pk
        assert decide(pairs[0], "different", clerk).pk != decision.pk


def test_a_pair_of_an_older_run_is_not_decided_any_more(
    small_city: SmallCity, clerk: Actor, pairs: list[CandidatePair]
) -> None:
    with acting(clerk):
        make_run(small_city, "proposed")
        with pytest.raises(Refused, match="新的一批"):
            decide(pairs[0], "same", clerk)


@pytest.mark.parametrize(
    "statement", ["UPDATE linkage_decision SET verdict = 'different'", "DELETE FROM linkage_decision"]
)
def test_the_database_lets_nobody_change_or_remove_a_decision(
    clerk: Actor, pairs: list[CandidatePair], statement: str
) -> None:
    with acting(clerk):
        decide(pairs[0], "same", clerk)
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_decision_is_seen_by_those_who_see_both_rows(
    small_city: SmallCity, clerk: Actor, pairs: list[CandidatePair]
) -> None:
    with acting(clerk):
        decide(pairs[0], "same", clerk)
    with acting(small_city.actor(Role.CLERK, place=small_city.county)):
        assert Decision.objects.count() == 0
