"""Notice letters: numbered by the year, resting on frozen facts, answered once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from jingwei.accounts.scope import acting
from jingwei.base_roster.models import Entity
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role, local_operator
from jingwei.core.refusal import Refused
from jingwei.coverage import services
from jingwei.coverage.models import NoticeLetter
from jingwei.domain import rulebook
from tests.base_roster.entities import elsewhere
from tests.city import NOW, SmallCity
from tests.coverage.units import FIRST_LIST, compute, make_organization, make_unit

pytestmark = pytest.mark.django_db
OPERATOR = local_operator()


@pytest.fixture
def due_unit(whole_city: SmallCity) -> Entity:
    unit = make_unit(whole_city, "安澜应建有限公司", 4, 1, as_of=FIRST_LIST)
    compute()
    unit.refresh_from_db()
    return unit


def issue(unit: Entity) -> NoticeLetter:
    return services.issue_letter(entity=unit, by=OPERATOR, on=NOW)


def test_a_letter_cites_the_article_and_freezes_what_it_rests_on(due_unit: Entity) -> None:
    letter = issue(due_unit)
    assert letter.rule == "branch.min_full_members"
    assert letter.facts["full_members"] == 4
    assert letter.facts["due_since"] == "2026-07-31"
    assert "《中国共产党支部工作条例（试行）》第四条" in letter.facts["paragraphs"][1]
    Entity.objects.filter(pk=due_unit.pk).update(full_members=9, name="安澜改名有限公司")
    letter.refresh_from_db()
    assert (letter.facts["full_members"], letter.facts["name"]) == (4, "安澜应建有限公司")


def test_the_answer_is_due_after_working_days_of_the_rulebook(due_unit: Entity) -> None:
    days = int(rulebook.at(NOW.date()).number("coverage.letter_reply_days"))
    letter = issue(due_unit)
    assert letter.issued_on == date(2026, 10, 31)
    assert days == 15
    # 31 October 2026 is a Saturday; fifteen working days on is Friday, 20 November.
    assert letter.reply_due_on == date(2026, 11, 20)


def test_numbers_run_through_the_year_over_the_whole_city(whole_city: SmallCity, due_unit: Entity) -> None:
    far = elsewhere(whole_city, "白鹭应建有限公司", full_members=3)
    compute(far)
    assert [issue(unit).number for unit in (due_unit, far)] == ["两新函〔2026〕1 号", "两新函〔2026〕2 号"]
    next_year = make_unit(whole_city, "安澜来年有限公司", 3, 0)
    letter = services.issue_letter(entity=next_year, by=OPERATOR, on=NOW.replace(year=2027))
    assert letter.number == "两新函〔2027〕1 号"


def test_a_clerk_of_one_county_continues_the_same_series(small_city: SmallCity) -> None:
    with acting(OPERATOR):
        far = elsewhere(small_city, "白鹭应建有限公司", full_members=3)
        near = make_unit(small_city, "安澜应建有限公司", 3, 0)
        issue(far)
    clerk = small_city.actor(Role.CLERK, place=small_city.county)
    with acting(clerk):
        letter = services.issue_letter(entity=near, by=clerk, on=NOW)
        assert NoticeLetter.objects.count() == 1
    assert letter.number == "两新函〔2026〕2 号"
    assert JournalEntry.objects.filter(verb="letter.issue").count() == 2


def test_no_second_letter_while_the_first_waits(due_unit: Entity) -> None:
    letter = issue(due_unit)
    with pytest.raises(Refused, match="还没有答复"):
        issue(due_unit)
    services.record_answer(letter=letter, answer="later", note="", by=OPERATOR, on=NOW)
    assert issue(due_unit).number.endswith("2 号")


def test_who_owes_no_organization_gets_no_letter(whole_city: SmallCity) -> None:
    few = make_unit(whole_city, "安澜两名有限公司", 2, 0)
    own = make_unit(whole_city, "安澜单建有限公司", 3, 0)
    make_organization(whole_city, "安澜党支部", own)
    for unit in (few, own):
        with pytest.raises(Refused, match="不是应建未建"):
            issue(unit)


def test_an_answer_keeps_its_day_and_who_recorded_it_and_comes_once(due_unit: Entity) -> None:
    letter = issue(due_unit)
    later = NOW.replace(month=11, day=10)
    answered = services.record_answer(
        letter=letter, answer="agreed", note="拟于年底前组建", by=OPERATOR, on=later, answered_on=date(2026, 11, 5)
    )
    assert (answered.answer, answered.answered_on, answered.answered_by) == ("agreed", date(2026, 11, 5), OPERATOR.name)
    with pytest.raises(Refused, match="已有答复"):
        services.record_answer(letter=letter, answer="refused", note="", by=OPERATOR, on=later)


@pytest.mark.parametrize("day", [date(2026, 10, 30), date(2026, 11, 11)])
def test_an_answer_lies_between_the_letter_and_today(due_unit: Entity, day: date) -> None:
    letter = issue(due_unit)
    with pytest.raises(Refused, match="答复日期"):
        services.record_answer(
            letter=letter, answer="agreed", note="", by=OPERATOR, on=NOW.replace(month=11, day=10), answered_on=day
        )


def test_the_database_refuses_an_answer_without_a_day(due_unit: Entity) -> None:
    letter = issue(due_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeLetter.objects.filter(pk=letter.pk).update(answer="agreed")


def test_it_needs_the_permission_and_the_scope(small_city: SmallCity) -> None:
    with acting(OPERATOR):
        near, far = (
            make_unit(small_city, "安澜应建有限公司", 3, 0),
            elsewhere(small_city, "白鹭有限公司", full_members=3),
        )
    town = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    clerk = small_city.actor(Role.CLERK, place=small_city.county)
    for actor, unit in ((town, near), (clerk, far)):
        with acting(actor), pytest.raises(NotPermitted):
            services.issue_letter(entity=unit, by=actor, on=NOW)


def test_the_organizer_of_a_town_records_the_answer_of_an_entity_there_and_it_is_journaled(
    small_city: SmallCity,
) -> None:
    with acting(OPERATOR):
        unit = make_unit(small_city, "安澜应建有限公司", 3, 0)
        letter = issue(unit)
    town = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.town)
    with acting(town):
        answered = services.record_answer(letter=letter, answer="agreed", note="", by=town, on=NOW)
        entry = JournalEntry.objects.get(verb="letter.answer")
    assert (answered.answer, answered.answered_by) == ("agreed", town.name)
    assert (entry.actor_id, entry.place_id, entry.detail) == (town.user_id, unit.place_id, {"kind": "agreed"})


def test_the_organizer_of_another_town_records_no_answer(small_city: SmallCity) -> None:
    with acting(OPERATOR):
        letter = issue(make_unit(small_city, "安澜应建有限公司", 3, 0))
    other = small_city.actor(Role.TOWN_ORGANIZER, place=small_city.other_town)
    with acting(other):
        assert not NoticeLetter.objects.exists()
    # Past the first lock, the second one holds.
    with acting(OPERATOR), pytest.raises(NotPermitted):
        services.record_answer(letter=letter, answer="agreed", note="", by=other, on=NOW)


def test_who_only_looks_records_no_answer(small_city: SmallCity) -> None:
    with acting(OPERATOR):
        letter = issue(make_unit(small_city, "安澜应建有限公司", 3, 0))
    onlooker = small_city.actor(Role.ORGANIZATION_DEPARTMENT, place=small_city.city)
    with acting(onlooker), pytest.raises(NotPermitted):
        services.record_answer(letter=letter, answer="agreed", note="", by=onlooker, on=NOW)
