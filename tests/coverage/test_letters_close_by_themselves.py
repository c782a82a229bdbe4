"""A letter without an answer is closed on the day on which no organization is due any more."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Role, local_operator
from jingwei.coverage import services
from jingwei.coverage.filters import CoverageFilters, LetterState
from jingwei.coverage.following import follow_journal
from jingwei.coverage.models import OPEN, NoticeLetter
from tests.base_roster.entities import elsewhere
from tests.city import NOW, TODAY, SmallCity
from tests.coverage.units import compute, make_organization, make_unit
from tests.workbench.pages import client_as

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()
LATER = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def letter(whole_city: SmallCity) -> NoticeLetter:
    """A letter whose time for an answer has passed on ``LATER``."""
    unit = make_unit(whole_city, "安澜应建有限公司", 4, 1)
    compute()
    return services.issue_letter(entity=unit, by=OPERATOR, on=NOW)


def follow(letter: NoticeLetter) -> NoticeLetter:
    """The entity's facts changed: the journal says so, and coverage follows it."""
    journal.record(verb="fact.correct", subject_type="entity", subject_id=letter.entity_id, by=OPERATOR, on=LATER)
    JournalEntry.objects.filter(verb="fact.correct").update(seq=JournalEntry.objects.count() + 1, hash="0" * 64)
    assert follow_journal(by=OPERATOR, on=LATER) == 1
    letter.refresh_from_db()
    return letter


def closing(letter: NoticeLetter) -> tuple[date | None, str]:
    return letter.closed_on, letter.get_closed_because_display()


def overdue() -> int:
    return NoticeLetter.objects.filter(OPEN, reply_due_on__lt=LATER.date()).count()


def test_an_own_branch_closes_the_letter_and_it_is_not_overdue_any_more(
    whole_city: SmallCity, letter: NoticeLetter
) -> None:
    assert overdue() == 1
    make_organization(whole_city, "安澜应建有限公司党支部", letter.entity, since=TODAY)
    assert closing(follow(letter)) == (LATER.date(), "已建立党组织")
    assert overdue() == 0
    assert (letter.answer, letter.facts["full_members"]) == ("", 4)
    entry = JournalEntry.objects.get(verb="letter.close")
    assert (entry.subject_id, entry.detail) == (str(letter.pk), {"kind": "built"})


def test_fewer_members_close_it_as_no_longer_due(letter: NoticeLetter) -> None:
    Entity.objects.update(full_members=2)
    assert closing(follow(letter)) == (LATER.date(), "不再应建")


def test_an_end_of_business_closes_it(letter: NoticeLetter) -> None:
    Entity.objects.update(operating=False, state="cancelled")
    assert closing(follow(letter)) == (LATER.date(), "已停止经营")


def test_a_joint_branch_leaves_the_duty_and_the_letter(whole_city: SmallCity, letter: NoticeLetter) -> None:
    make_organization(whole_city, "安澜联合党支部", letter.entity, form="joint", since=TODAY)
    assert closing(follow(letter)) == (None, "")
    assert overdue() == 1


def test_an_answered_letter_stays_answered(whole_city: SmallCity, letter: NoticeLetter) -> None:
    services.record_answer(letter=letter, answer="agreed", note="", by=OPERATOR, on=NOW)
    make_organization(whole_city, "安澜应建有限公司党支部", letter.entity, since=TODAY)
    assert closing(follow(letter)) == (None, "")


def test_a_letter_of_another_entity_stays_open_until_that_one_is_decided(
    whole_city: SmallCity, letter: NoticeLetter
) -> None:
    far = elsewhere(whole_city, "白鹭应建有限公司", full_members=3)
    other = services.issue_letter(entity=far, by=OPERATOR, on=NOW)
    Entity.objects.filter(pk=letter.entity_id).update(full_members=2)
    follow(letter)
    other.refresh_from_db()
    assert closing(other) == (None, "")


def test_after_a_closed_letter_a_new_one_can_be_issued_and_the_late_answer_kept(letter: NoticeLetter) -> None:
    Entity.objects.update(full_members=2)
    follow(letter)
    Entity.objects.update(full_members=5)
    compute()
    assert services.issue_letter(entity=letter.entity, by=OPERATOR, on=LATER).number.endswith("2 号")
    answered = services.record_answer(letter=letter, answer="wrong_fact", note="", by=OPERATOR, on=LATER)
    assert (answered.answer, answered.closed_because) == ("wrong_fact", "not_due")


def test_a_rebuild_closes_letters_too(letter: NoticeLetter) -> None:
    Entity.objects.update(full_members=2)
    services.rebuild(by=OPERATOR, on=LATER)
    letter.refresh_from_db()
    assert letter.closed_because == NoticeLetter.Closure.NOT_DUE


def test_the_lists_tell_closed_letters_from_waiting_ones(letter: NoticeLetter) -> None:
    def listed(state: LetterState) -> int:
        return Entity.objects.filter(CoverageFilters(state="all", letter=state).condition(LATER.date())).count()

    before = [listed(state) for state in (LetterState.OVERDUE, LetterState.CLOSED)]
    Entity.objects.update(full_members=2)
    follow(letter)
    assert before == [1, 0]
    assert [listed(state) for state in LetterState if listed(state)] == [1]
    assert listed(LetterState.CLOSED) == 1


def test_the_pages_say_why_nobody_waits(small_city: SmallCity) -> None:
    with acting(OPERATOR):
        unit = make_unit(small_city, "安澜应建有限公司", 4, 1)
        compute()
        letter = services.issue_letter(entity=unit, by=OPERATOR, on=NOW)
        Entity.objects.update(full_members=2)
        follow(letter)
    client = client_as(small_city, Role.CLERK, place=small_city.county)
    assert "不再应建" in client.get(f"/coverage/letters/{letter.pk}/").content.decode()
    assert letter.number in client.get("/coverage/letters/?state=closed").content.decode()
    assert letter.number not in client.get("/coverage/letters/?state=waiting").content.decode()
    assert "不再应建" in client.get(f"/entities/{unit.pk}/").content.decode()


def test_the_database_refuses_a_closing_without_a_reason(letter: NoticeLetter) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeLetter.objects.update(closed_on=TODAY)
