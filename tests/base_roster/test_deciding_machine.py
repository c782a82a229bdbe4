"""Whatever people decide and undo, the queue follows from the verdicts in force, and undoing all restores all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from jingwei.accounts.scope import acting
from jingwei.base_roster import services
from jingwei.base_roster.models import EntitySource
from jingwei.base_roster.services import deciding
from jingwei.core.permissions import Actor, Role
from jingwei.core.refusal import Refused
from jingwei.linkage.models import CandidatePair, Decision
from tests.base_roster.lists import make_unit
from tests.base_roster.test_deciding import whole_picture
from tests.city import NOW, SmallCity
from tests.linkage.pairs import make_pair, make_run, propose_link

PAIRS = 5


class Deciding(RuleBasedStateMachine):
    """Three waiting rows and three firms; two rows have two candidates each."""

    city: SmallCity
    clerk: Actor

    @initialize()
    def roster(self) -> None:
        self.savepoint = transaction.savepoint()
        self.hours = 0
        self.run_ = make_run(self.city)
        firms = [make_unit(self.city, "market", name=f"安澜第{number}机械有限公司") for number in range(3)]
        rows = [make_unit(self.city, "tax", name=f"第{number}机械") for number in range(3)]
        for cluster, firm in enumerate(firms):
            propose_link(self.run_, firm, cluster, "own")
        for row in rows:
            propose_link(self.run_, row, 100 + row.pk, "name_doubtful", needs_review=True)
        chosen = ((0, 0, 1), (0, 1, 2), (1, 1, 1), (1, 0, 2), (2, 2, 1))
        self.pairs = [make_pair(self.run_, rows[row], firms[firm], place=place) for row, firm, place in chosen]
        services.build(run=self.run_, by=self.clerk, on=NOW)
        self.run_.refresh_from_db()
        self.before = whole_picture()

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    @rule(number=st.integers(0, PAIRS - 1), verdict=st.sampled_from(["same", "different", "unsure"]))
    def decide(self, number: int, verdict: str) -> None:
        pair = self.pairs[number]
        with self.tolerant():
            deciding.decide(
                run=self.run_, unit_id=pair.unit_id, other_id=pair.candidate_id, verdict=verdict, by=self.clerk,
                on=self.now(),
            )  # fmt: skip

    @rule(last=st.booleans())
    def undo(self, last: bool) -> None:
        made = Decision.objects.filter(undone_at__isnull=True)
        decision = made.last() if last else made.first()
        if decision is not None:
            with self.tolerant():
                deciding.undo(decision=decision, reason="试验", by=self.clerk, on=self.now())

    @rule()
    def undo_everything(self) -> None:
        for decision in Decision.objects.filter(undone_at__isnull=True).order_by("-pk"):
            deciding.undo(decision=decision, reason="试验", by=self.clerk, on=self.now())
        assert whole_picture() == self.before
        standing = CandidatePair.objects.order_by("pk").values_list("standing", flat=True)
        assert list(standing) == ["waiting", "later", "waiting", "later", "waiting"]

    @invariant()
    def rows_of_one_verdict_lie_together(self) -> None:
        entities = dict(EntitySource.objects.values_list("unit_id", "entity_id"))
        for decision in Decision.objects.filter(undone_at__isnull=True):
            one, other = entities.get(decision.lower_id), entities.get(decision.higher_id)
            if decision.verdict == "same":
                assert one == other is not None
            if decision.verdict == "different":
                assert one is None or one != other

    @invariant()
    def at_most_one_candidate_of_a_row_waits(self) -> None:
        waiting = list(CandidatePair.objects.filter(standing="waiting").values_list("unit_id", flat=True))
        assert len(waiting) == len(set(waiting))

    @contextmanager
    def tolerant(self) -> Iterator[None]:
        """A refusal leaves everything as it was."""
        before = whole_picture()
        try:
            with transaction.atomic():
                yield
        except Refused:
            assert whole_picture() == before

    def now(self) -> object:
        self.hours += 1
        return NOW + timedelta(hours=self.hours)


@pytest.mark.django_db
def test_whatever_is_decided_and_undone_the_roster_follows(small_city: SmallCity) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    Deciding.city, Deciding.clerk = small_city, clerk
    quick = settings(
        max_examples=10, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    with acting(clerk):
        run_state_machine_as_test(Deciding, settings=quick)  # type: ignore[no-untyped-call]
