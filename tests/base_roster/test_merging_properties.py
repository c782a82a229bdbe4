"""Whatever is merged, moved, undone and listed anew in whatever order: no unit is lost, and what is undone is as before."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jingwei.accounts.scope import apply_scope
from jingwei.base_roster import counts, services
from jingwei.base_roster.models import Entity, EntitySource, Fact, Merge
from jingwei.base_roster.services import merging
from jingwei.core.permissions import Actor, Role
from jingwei.core.refusal import Refused
from jingwei.coverage.models import Cause
from jingwei.rosters.models import SourceUnit
from tests.base_roster.lists import build_roster, make_unit, repeat_unit
from tests.base_roster.merges import everything, make_organization
from tests.city import NOW, TODAY, SmallCity
from tests.domain.uscc.strategies import code_of

KINDS = ("market", "tax", "social_insurance", "market", "tax", "civil_affairs", "party_member_counts")
CODES = [code_of("91", "990102", f"MA20000{number}") for number in range(4)]
SAID = {
    "market": {"state": "存续", "address": "安澜市青岚区书院街道竹园社区9号"},
    "tax": {"staff": "12", "company_type": "私营有限责任公司"},
    "social_insurance": {"insured": "7"},
    "civil_affairs": {"state": "正常"},
    "party_member_counts": {"full_members": "3"},
}
picks = st.integers(0, 6)


class Desk(RuleBasedStateMachine):
    """A clerk with seven units in five entities; every act is tried and may be refused."""

    city: SmallCity
    clerk: Actor

    @initialize()
    def found(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        apply_scope(self.clerk)
        self.day = TODAY
        self.units = [self._unit(number) for number in range(len(KINDS))]
        first, second, *others = self.units
        self.clusters = [[first, second], [others[0], others[4]], *([unit] for unit in others[1:4])]
        build_roster(self.city, self.clusters, self.clerk)
        self.before: dict[int, dict[str, list[object]] | None] = {}
        self.said = 0

    def _unit(self, number: int, **changed: str) -> SourceUnit:
        kind = KINDS[number]
        code = CODES[number % len(CODES)] if number % 3 == 0 else ""
        said = SAID[kind] | changed
        return make_unit(self.city, kind, name=f"安澜第{number % 5}电子有限公司", uscc=code, as_of=self.day, **said)

    def _entity(self, pick: int) -> Entity:
        entities = list(Entity.objects.order_by("pk"))
        return entities[pick % len(entities)]

    def _standing(self) -> list[Merge]:
        return list(Merge.objects.filter(undone_at=None).order_by("-pk"))

    def _say_more(self) -> None:
        """From now on undoing does not lead to what was before: something else has changed too."""
        self.before = dict.fromkeys(self.before)

    @rule(kept=picks, gone=picks)
    def merge(self, kept: int, gone: int) -> None:
        before = everything(without=("computed_at",))
        try:
            done = merging.merge(
                kept=self._entity(kept), gone=self._entity(gone), by=self.clerk, on=NOW, reason="同一家"
            )
        except Refused:
            assert everything(without=("computed_at",)) == before
        else:
            self.before[done.pk] = before

    @rule(unit=picks, to=st.one_of(st.none(), picks))
    def move(self, unit: int, to: int | None) -> None:
        before = everything(without=("computed_at",))
        target = None if to is None else self._entity(to)
        try:
            done = merging.move_unit(unit=self.units[unit], to=target, by=self.clerk, on=NOW, reason="归错了")
        except Refused:
            assert everything(without=("computed_at",)) == before
        else:
            self.before[done.pk] = before

    @precondition(lambda self: self._standing())
    @rule()
    def undo_the_last(self) -> None:
        """The last can be undone unless something was said since, and then everything is as it was."""
        last = self._standing()[0]
        try:
            merging.unmerge(merge=last, by=self.clerk, on=NOW, reason="两家")
        except Refused:
            assert self.before[last.pk] is None
        else:
            assert self.before[last.pk] in (None, everything(without=("computed_at",)))

    @precondition(lambda self: len(self._standing()) > 1)
    @rule(pick=picks)
    def undo_an_earlier(self, pick: int) -> None:
        """One that a later one builds on is refused and leaves no trace."""
        standing = self._standing()
        chosen = standing[pick % len(standing)]
        later = [each for each in standing if each.pk > chosen.pk]
        own = {chosen.kept_id, chosen.gone_id}
        before = everything(without=("computed_at",))
        try:
            merging.unmerge(merge=chosen, by=self.clerk, on=NOW, reason="两家")
        except Refused:
            assert everything(without=("computed_at",)) == before
        else:
            assert not any({each.kept_id, each.gone_id} & own for each in later if each.kind == Merge.Kind.MERGE)
            self._say_more()

    @rule(pick=picks)
    def say_something(self, pick: int) -> None:
        """A person states something that hangs on one entity."""
        entity = self._entity(pick)
        self.said += 1
        Cause.objects.create(entity=entity, kind="other", stated_on=TODAY, stated_by="张", recorded_at=NOW)
        make_organization(self.city, entity, f"第{self.said}党支部")
        self._say_more()

    @rule(changed=st.sets(picks, max_size=3))
    def next_month(self, changed: set[int]) -> None:
        """The lists come again, some rows with something new."""
        held = dict(EntitySource.objects.values_list("unit_id", "entity_id"))
        self.day += timedelta(days=30)
        for number, unit in enumerate(self.units):
            if number in changed:
                self.units[number] = self._unit(number, staff=str(self.day.month), insured=str(self.day.month))
            else:
                self.units[number] = repeat_unit(self.city, unit, self.day)
        build_roster(self.city, self.clusters, self.clerk, as_of=self.day)
        assert dict(EntitySource.objects.values_list("unit_id", "entity_id")) == held
        self._say_more()

    @invariant()
    def every_unit_is_attached_once(self) -> None:
        if hasattr(self, "units"):
            links = list(EntitySource.objects.values_list("unit_id", flat=True))
            assert sorted(links) == sorted(unit.pk for unit in self.units)

    @invariant()
    def the_roster_agrees_with_its_facts(self) -> None:
        if hasattr(self, "units"):
            assert services.differences(on=NOW) == []
            assert counts.drift() == 0
            assert not Entity.objects.exclude(pk__in=EntitySource.objects.values("entity")).exists()
            assert Fact.objects.exclude(entity__in=EntitySource.objects.values("entity")).count() == 0

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


@pytest.fixture
def clerk(small_city: SmallCity) -> Actor:
    return small_city.actor(Role.CLERK, place=small_city.city)


def test_no_sequence_of_merges_moves_and_undoings_loses_anything(small_city: SmallCity, clerk: Actor) -> None:
    desk = type("DeskOfCity", (Desk,), {"city": small_city, "clerk": clerk})
    run_state_machine_as_test(
        desk,
        settings=settings(
            max_examples=12, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
