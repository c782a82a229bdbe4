"""What a person decided in one month holds in the next: the engine is told, and nobody is asked again."""

from datetime import date

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import Entity
from jingwei.base_roster.services import deciding
from jingwei.core.permissions import Actor, Role
from jingwei.linkage import review_queue, services
from jingwei.linkage.models import CandidatePair, LinkRun, ProposedLink
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import entity_of, make_unit, repeat_unit
from tests.city import NOW, TODAY, SmallCity

pytestmark = pytest.mark.django_db
CODE = "91990102MA0000015T"
NEXT_MONTH = date(2026, 11, 30)


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def rows(small_city: SmallCity, clerk: Actor) -> tuple[SourceUnit, SourceUnit]:
    """Two rows of one code that agree in nothing else."""
    with acting(clerk):
        firm = make_unit(small_city, "market", name="安澜衡川电子科技有限公司", uscc=CODE)
        return firm, make_unit(small_city, "tax", name="青岚骑联配送服务有限公司", uscc=CODE)


def match(city: SmallCity, by: Actor, as_of: date = TODAY) -> LinkRun:
    run = services.propose(as_of=as_of, by=by, on=NOW, place_id=city.city.pk, body_id=city.office.pk)
    roster.build(run=services.approve(run=run, by=by, on=NOW), by=by, on=NOW)
    return LinkRun.objects.get(pk=run.pk)


def decide(pair: CandidatePair, verdict: str, by: Actor) -> None:
    deciding.decide(
        run=LinkRun.objects.get(pk=pair.run_id), unit_id=pair.unit_id, other_id=pair.candidate_id, verdict=verdict,
        by=by, on=NOW,
    )  # fmt: skip


def next_month(city: SmallCity, by: Actor, *units: SourceUnit) -> LinkRun:
    for unit in units:
        unit.refresh_from_db()
        repeat_unit(city, unit, NEXT_MONTH)
    return match(city, by, NEXT_MONTH)


def test_a_doubt_of_the_engine_waits_with_its_evidence(
    small_city: SmallCity, clerk: Actor, rows: tuple[SourceUnit, SourceUnit]
) -> None:
    firm, other = rows
    with acting(clerk):
        run = match(small_city, clerk)
        pair = CandidatePair.objects.get(run=run)
        assert (pair.unit, pair.candidate, pair.place, pair.standing) == (other, firm, 1, "waiting")
        assert sum(millibits for _, _, millibits in pair.contributions) == pair.millibits
        assert pair.get_gain_display() == "补用工人数"
        assert pair.worth // 10_000 == pair.gain


def test_what_was_found_the_same_is_one_entity_next_month_without_a_question(
    small_city: SmallCity, clerk: Actor, rows: tuple[SourceUnit, SourceUnit]
) -> None:
    firm, other = rows
    with acting(clerk):
        decide(CandidatePair.objects.get(run=match(small_city, clerk)), "same", clerk)
        run = next_month(small_city, clerk, firm, other)
        link = ProposedLink.objects.get(run=run, unit=other)
        assert (link.rule, link.needs_review) == ("decided", False)
        assert review_queue.first(run) is None
        assert entity_of(firm) == entity_of(other)


def test_what_was_found_different_is_not_asked_again(
    small_city: SmallCity, clerk: Actor, rows: tuple[SourceUnit, SourceUnit]
) -> None:
    firm, other = rows
    with acting(clerk):
        decide(CandidatePair.objects.get(run=match(small_city, clerk)), "different", clerk)
        assert Entity.objects.count() == 2
        run = next_month(small_city, clerk, firm, other)
        assert not CandidatePair.objects.filter(run=run).exists()
        assert entity_of(firm) != entity_of(other)


def test_what_nobody_was_sure_of_is_asked_again_at_the_end(
    small_city: SmallCity, clerk: Actor, rows: tuple[SourceUnit, SourceUnit]
) -> None:
    with acting(clerk):
        third = make_unit(small_city, "social_insurance", name="白鹭云栖茶馆连锁店", uscc=CODE)
        first, second = CandidatePair.objects.filter(run=match(small_city, clerk), place=1).order_by("turn", "pk")
        decide(first, "unsure", clerk)
        run = next_month(small_city, clerk, *rows, third)
        waiting = CandidatePair.objects.filter(run=run, standing="waiting").order_by("turn", "pk")
        assert [pair.unit_id for pair in waiting] == [second.unit_id, first.unit_id]


def test_an_undone_verdict_is_asked_again_next_month(
    small_city: SmallCity, clerk: Actor, rows: tuple[SourceUnit, SourceUnit]
) -> None:
    with acting(clerk):
        run = match(small_city, clerk)
        pair = CandidatePair.objects.get(run=run)
        outcome = deciding.decide(
            run=run, unit_id=pair.unit_id, other_id=pair.candidate_id, verdict="same", by=clerk, on=NOW
        )
        deciding.undo(decision=outcome.decision, reason="看错了", by=clerk, on=NOW)
        assert review_queue.first(next_month(small_city, clerk, *rows)) is not None


def test_a_run_says_what_it_changed_against_the_one_before(
    small_city: SmallCity, clerk: Actor, rows: tuple[SourceUnit, SourceUnit]
) -> None:
    firm, other = rows
    with acting(clerk):
        first = match(small_city, clerk)
        assert first.changes == {}
        decide(CandidatePair.objects.get(run=first), "same", clerk)
        changes = next_month(small_city, clerk, firm, other).changes
        assert (changes["before"], changes["new_links"], changes["merged"], changes["split"]) == (first.pk, 2, 1, 0)
        assert [(old, new) for old, new, *_ in changes["classes"]] == [("code_unguarded", "decided")]
