"""What a person decides of two rows happens in the roster at once, and is taken back as a whole."""

from datetime import timedelta

import pytest

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.merging_pictures import picture
from jingwei.base_roster.models import Entity, EntitySource, Merge
from jingwei.base_roster.services import deciding
from jingwei.base_roster.services.deciding import Effect, Outcome
from jingwei.core.permissions import Actor, Role
from jingwei.core.refusal import Refused
from jingwei.linkage.models import CandidatePair, LinkRun
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import entity_of, make_unit
from tests.city import NOW, SmallCity
from tests.linkage.pairs import make_pair, make_run, propose_link

pytestmark = pytest.mark.django_db
CODE, OTHER = "91990102MA0000015T", "91990102MA000002XU"


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


@pytest.fixture
def firm(small_city: SmallCity, clerk: Actor) -> SourceUnit:
    with acting(clerk):
        return make_unit(small_city, "market", name="安澜衡川电子科技有限公司", uscc=CODE, state="存续")


@pytest.fixture
def row(small_city: SmallCity, clerk: Actor) -> SourceUnit:
    """An insurance row that waits outside the roster."""
    with acting(clerk):
        return make_unit(small_city, "social_insurance", name="衡川电子科技", insured="71")


def built(
    city: SmallCity, by: Actor, *pairs: tuple[SourceUnit, SourceUnit], alone: tuple[SourceUnit, ...] = ()
) -> LinkRun:
    """A run that has taken effect, with these pairs waiting and these units standing in the roster."""
    run = make_run(city)
    units = {unit.pk: unit for unit in alone}
    for place, (waiting, candidate) in enumerate(pairs, start=1):
        units |= {candidate.pk: candidate}
        make_pair(run, waiting, candidate, place=place)
    for number, unit in enumerate(units.values(), start=1):
        propose_link(run, unit, number, "own")
    for waiting in {waiting.pk: waiting for waiting, _ in pairs}.values():
        if waiting.pk not in units:
            propose_link(run, waiting, 100 + waiting.pk, "name_doubtful", needs_review=True)
    services.build(run=run, by=by, on=NOW)
    run.refresh_from_db()
    return run


def decide(run: LinkRun, unit: SourceUnit, other: SourceUnit, verdict: str, by: Actor) -> Outcome:
    return deciding.decide(
        run=run, unit_id=unit.pk, other_id=other.pk, verdict=verdict, by=by, on=NOW + timedelta(hours=1)
    )


def whole_picture() -> dict[object, object]:
    """Every row of the roster but what a computation stamps on it."""
    rows = picture(list(Entity.objects.values_list("pk", flat=True)))
    return {key: {name: value for name, value in row.items() if name != "computed_at"} for key, row in rows.items()}


def test_a_waiting_row_joins_the_entity_at_once_and_leaves_no_trace_when_undone(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        run = built(small_city, clerk, (row, firm))
        before = whole_picture()
        outcome = decide(run, row, firm, "same", clerk)
        entity = entity_of(row)
        assert (outcome.effect, entity) == (Effect.JOINED, entity_of(firm))
        assert (entity.sources, entity.staff) == (5, 71)
        assert EntitySource.objects.get(unit=row).rule == "decided"
        deciding.undo(decision=outcome.decision, reason="看错了", by=clerk, on=NOW + timedelta(hours=2))
        assert whole_picture() == before
        assert not EntitySource.objects.filter(unit=row).exists()


def test_a_register_row_that_stood_alone_is_taken_up_and_comes_back_under_its_number(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit
) -> None:
    with acting(clerk):
        twin = make_unit(small_city, "market", name="安澜衡川电子公司", uscc=OTHER, state="存续")
        run = built(small_city, clerk, (twin, firm), alone=(twin,))
        number = entity_of(twin).pk
        outcome = decide(run, twin, firm, "same", clerk)
        assert entity_of(twin) == entity_of(firm)
        assert Entity.objects.count() == 1
        deciding.undo(decision=outcome.decision, reason="看错了", by=clerk, on=NOW + timedelta(hours=2))
        assert entity_of(twin).pk == number
        assert Entity.objects.count() == 2


def test_a_refused_row_founds_its_own_entity_after_its_last_candidate(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        other = make_unit(small_city, "market", name="安澜第九机械厂", uscc=OTHER)
        run = built(small_city, clerk, (row, firm), (row, other))
        assert decide(run, row, firm, "different", clerk).effect is Effect.NONE
        outcome = decide(run, row, other, "different", clerk)
        assert outcome.effect is Effect.FOUNDED
        assert entity_of(row).name == "衡川电子科技"
        deciding.undo(decision=outcome.decision, reason="看错了", by=clerk, on=NOW + timedelta(hours=2))
        assert not EntitySource.objects.filter(unit=row).exists()
        assert Entity.objects.count() == 2


def test_a_refused_row_of_a_party_list_founds_nothing(small_city: SmallCity, clerk: Actor, firm: SourceUnit) -> None:
    with acting(clerk):
        counts = make_unit(small_city, "party_member_counts", name="衡川电子科技", full_members="4")
        run = built(small_city, clerk, (counts, firm))
        assert decide(run, counts, firm, "different", clerk).effect is Effect.NONE
        assert Entity.objects.count() == 1


def test_an_unsure_verdict_leaves_the_roster_alone(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        run = built(small_city, clerk, (row, firm))
        before = whole_picture()
        assert decide(run, row, firm, "unsure", clerk).effect is Effect.NONE
        assert whole_picture() == before


def test_rows_of_one_entity_that_are_found_different_are_parted(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        run = make_run(small_city)
        propose_link(run, firm, 1, "own")
        propose_link(run, row, 1, "name_evidence")
        services.build(run=run, by=clerk, on=NOW)
        run.refresh_from_db()
        before = whole_picture()
        outcome = decide(run, row, firm, "different", clerk)
        assert (outcome.effect, Entity.objects.count()) == (Effect.PARTED, 2)
        deciding.undo(decision=outcome.decision, reason="看错了", by=clerk, on=NOW + timedelta(hours=2))
        assert whole_picture() == before


def test_a_verdict_given_before_the_approval_takes_effect_with_the_build(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        run = make_run(small_city, "proposed")
        lonely = make_unit(small_city, "tax", name="云栖连锁")
        for unit, cluster, rule, waits in (
            (firm, 1, "own", False),
            (row, 2, "name_doubtful", True),
            (lonely, 3, "name_doubtful", True),
        ):
            propose_link(run, unit, cluster, rule, needs_review=waits)
        make_pair(run, row, firm)
        make_pair(run, lonely, firm)
        assert decide(run, row, firm, "same", clerk).effect is Effect.LATER
        assert decide(run, lonely, firm, "different", clerk).effect is Effect.NONE
        LinkRun.objects.filter(pk=run.pk).update(state="approved", approved_by="测试", approved_at=NOW)
        result = services.build(run=run, by=clerk, on=NOW + timedelta(hours=2))
        assert result.decided == 2
        assert entity_of(row) == entity_of(firm) != entity_of(lonely)


def test_what_was_found_different_is_not_joined_by_a_detour(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        tax = make_unit(small_city, "tax", name="衡川电子", uscc=CODE)
        run = make_run(small_city)
        for unit in (firm, tax):
            propose_link(run, unit, 1)
        propose_link(run, row, 2, "name_doubtful", needs_review=True)
        make_pair(run, row, firm)
        make_pair(run, row, tax, place=2)
        services.build(run=run, by=clerk, on=NOW)
        run.refresh_from_db()
        decide(run, row, firm, "different", clerk)
        with pytest.raises(Refused, match="不能归为一户"):
            decide(run, row, tax, "same", clerk)


def test_an_undo_is_refused_once_the_row_has_gone_on(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        tax = make_unit(small_city, "tax", name="衡川电子")
        run = built(small_city, clerk, (row, firm), (tax, firm))
        CandidatePair.objects.filter(unit=tax).update(place=1, standing="waiting")
        first = decide(run, row, firm, "same", clerk)
        second = decide(run, tax, firm, "same", clerk)
        with pytest.raises(Refused, match="后来"):
            deciding.undo(decision=first.decision, reason="看错了", by=clerk, on=NOW)
        first.decision.refresh_from_db()
        assert not first.decision.is_undone
        deciding.undo(decision=second.decision, reason="看错了", by=clerk, on=NOW)
        deciding.undo(decision=first.decision, reason="看错了", by=clerk, on=NOW)
        assert EntitySource.objects.count() == 1


def test_undoing_the_merge_of_a_verdict_takes_the_verdict_back(
    small_city: SmallCity, clerk: Actor, firm: SourceUnit, row: SourceUnit
) -> None:
    with acting(clerk):
        twin = make_unit(small_city, "civil_affairs", name="安澜衡川电子科技服务中心", uscc=OTHER)
        run = built(small_city, clerk, (twin, firm), alone=(twin,))
        decision = decide(run, twin, firm, "same", clerk).decision
        merge = Merge.objects.get(decision=decision.pk)
        deciding.undo_merge(merge=merge, reason="两家单位", by=clerk, on=NOW + timedelta(hours=2))
        decision.refresh_from_db()
        assert decision.undone_reason == "两家单位"
        assert entity_of(twin) != entity_of(firm)
