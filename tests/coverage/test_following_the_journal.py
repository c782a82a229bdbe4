"""Coverage follows what the journal tells, once and in order."""

import pytest

from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit
from jingwei.branches.services import decide_covering
from jingwei.core import journal
from jingwei.core.models import JournalCursor, JournalEntry
from jingwei.core.permissions import local_operator
from jingwei.coverage.following import READER, changes_of, follow_journal
from jingwei.coverage.models import Verdict
from tests.base_roster.entities import make_entity
from tests.base_roster.lists import build_roster
from tests.base_roster.lists import make_unit as make_row
from tests.city import NOW, SmallCity
from tests.coverage.units import columns_of, make_organization, make_unit

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


def follow() -> int:
    """Seal what was written, as the job of the base does each minute, then follow it."""
    for number, entry in enumerate(JournalEntry.objects.filter(seq=None).order_by("pk"), start=_last()):
        JournalEntry.objects.filter(pk=entry.pk).update(seq=number, hash="0" * 64)
    return follow_journal(by=OPERATOR, on=NOW)


def _last() -> int:
    return JournalEntry.objects.filter(seq__isnull=False).count() + 1


def test_a_built_roster_is_decided_and_the_next_look_does_nothing(whole_city: SmallCity) -> None:
    rows = [
        make_row(whole_city, "market", name="安澜书院物流有限公司", address="青岚区书院街道竹园路 9 号", state="存续"),
        make_row(
            whole_city, "party_member_counts", name="安澜书院物流有限公司", full_members="4", probationary_members="0"
        ),
    ]
    build_roster(whole_city, [rows], OPERATOR)
    assert follow() == 1
    entity = Entity.objects.get()
    assert columns_of(entity) == ("none", "should")
    assert Verdict.objects.get().due_since is not None
    assert follow() == 0


def test_an_answer_on_a_covered_unit_moves_the_entities_it_meant_and_means(whole_city: SmallCity) -> None:
    meant, other = make_unit(whole_city, "安澜甲有限公司", 1, 0), make_unit(whole_city, "安澜乙有限公司", 1, 0)
    make_organization(whole_city, "安澜联合党支部", meant, form="joint")
    journal.record(verb="base_roster.rebuild", subject_type="entity", subject_id="*", by=OPERATOR, on=NOW)
    follow()
    assert columns_of(meant) == ("joint", "covered")
    decide_covering(covered=CoveredUnit.objects.get(), entity=other, by=OPERATOR, on=NOW)
    assert follow() == 2
    assert (columns_of(meant), columns_of(other)) == (("none", "few"), ("joint", "covered"))


@pytest.mark.parametrize("verb", ["fact.correct", "fact.withdraw"])
def test_a_corrected_fact_moves_its_entity_alone(whole_city: SmallCity, verb: str) -> None:
    unit, other = make_unit(whole_city, "安澜甲有限公司", 3, 0), make_unit(whole_city, "安澜乙有限公司", 3, 0)
    journal.record(verb=verb, subject_type="entity", subject_id=unit.pk, by=OPERATOR, on=NOW)
    assert follow() == 1
    assert (columns_of(unit)[1], columns_of(other)[1]) == ("should", "canvass")


def test_entries_that_do_not_concern_coverage_only_move_the_cursor(whole_city: SmallCity) -> None:
    make_entity(whole_city, "安澜未知有限公司", full_members=3)
    journal.record(verb="session.begin", subject_type="user", subject_id=1, by=OPERATOR, on=NOW)
    assert follow() == 0
    assert JournalCursor.objects.get(pk=READER).seq == JournalEntry.objects.latest("seq").seq
    assert not Verdict.objects.exists()


def test_each_run_is_followed_in_the_order_of_the_journal() -> None:
    entries = [
        JournalEntry(seq=4, verb="base_roster.build", subject_type="link_run", subject_id="7"),
        JournalEntry(seq=5, verb="placement.assign", subject_type="entity", subject_id="9"),
        JournalEntry(seq=6, verb="covering.decide", subject_type="covered_unit", subject_id="3", detail={"before": None, "after": 5}),
    ]  # fmt: skip
    changes = changes_of(entries)
    assert (changes.runs, changes.everything, changes.entities, changes.groups, changes.last) == (
        [7],
        True,
        {5},
        True,
        6,
    )
