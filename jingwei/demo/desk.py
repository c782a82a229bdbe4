"""What the people of office and towns do with a month: confirm, write letters, record answers, mend facts."""

from decimal import Decimal

from django.db import transaction

from jingwei.accounts.scope import acting
from jingwei.base_roster import services as roster
from jingwei.base_roster.models import Entity
from jingwei.branches import services as branches
from jingwei.branches.models import CoveredUnit
from jingwei.core.permissions import ROLES, Actor, Role
from jingwei.coverage import services as coverage
from jingwei.coverage.models import Cause, NoticeLetter
from jingwei.demo.cycle import Cycle
from jingwei.indicators import services as indicators
from jingwei.indicators.models import Confirmation
from jingwei.indicators.selectors import unconfirmed
from jingwei.places.models import Place

LETTERS, CAUSES, CORRECTIONS, COVERINGS = 5, 4, 2, 3
TARGETS = (("COV-OWN3", Decimal(95)), ("COV-ORG", Decimal(35)), ("COV-WORK", Decimal(40)))
ANSWERS = (
    (NoticeLetter.Answer.AGREED, "已与业主商定，报镇街审批"),
    (NoticeLetter.Answer.LATER, "正在物色书记人选，下季度组建"),
    (NoticeLetter.Answer.WRONG_FACT, "一名党员组织关系已转出"),
    (NoticeLetter.Answer.REFUSED, "拟随母公司党组织统一管理"),
)
"""Answers in turn; every fifth letter stays without one."""


def work(cycle: Cycle, *, clerk: Actor, data: Actor, is_first: bool, is_last: bool) -> None:
    """Everything people do with the month, all of it or nothing; a month that is confirmed is done.

    After the last month nobody changes a fact, so that the city as it stands is the city that was published.
    """
    with transaction.atomic():
        with acting(clerk):
            if Confirmation.objects.filter(month=cycle.first_day).exists():
                return
        if is_first or cycle.month.number == 1:
            with acting(data):
                aim(cycle, data)
        with acting(clerk):
            if not is_last:
                settle_names(cycle, clerk)
            waiting = unconfirmed(month=cycle.first_day, on=cycle.at(4, hour=9).date())
        confirm(cycle, waiting, is_last=is_last)
        with acting(clerk):
            write_letters(cycle, clerk)
            record_answers(cycle, clerk)
            state_causes(cycle, clerk)
            if not is_last:
                mend_facts(cycle, clerk)


def aim(cycle: Cycle, data: Actor) -> None:
    """The data officer sets the targets of the year."""
    city = Place.objects.get(kind=Place.Kind.CITY)
    for indicator, value in TARGETS:
        indicators.set_target(
            indicator=indicator, place=city, value=value, since=cycle.first_day,
            source=f"安澜市两新工委 {cycle.month.year} 年工作要点（虚构）", by=data, on=cycle.at(2, hour=9),
        )  # fmt: skip


def settle_names(cycle: Cycle, clerk: Actor) -> None:
    """A few names in the list of organizations that could only be guessed are confirmed."""
    waiting = CoveredUnit.objects.filter(waits=True, entity__isnull=False, valid__upper_inf=True).order_by("pk")
    for covered in waiting.select_related("entity")[:COVERINGS]:
        branches.decide_covering(covered=covered, entity=covered.entity, by=clerk, on=cycle.at(3, hour=10))


def confirm(cycle: Cycle, waiting: list[Place], *, is_last: bool) -> None:
    """Towns confirm what the system shows; each month one is late, of the last month two are still open."""
    late = {cycle.month.number * 7 % len(waiting)} if waiting else set()
    open_ones = {len(waiting) - 1, len(waiting) - 2} if is_last else late
    for number, place in enumerate(waiting):
        if number not in open_ones:
            organizer = organizer_of(place)
            with acting(organizer):
                indicators.confirm_month(
                    month=cycle.first_day,
                    place=place,
                    by=organizer,
                    on=cycle.at(4, hour=9 + number * 8 // len(waiting)),
                )


def organizer_of(place: Place) -> Actor:
    """The organizer of a town, who has no account in the demo."""
    inside = tuple(Place.objects.within(place).values_list("pk", flat=True))
    return Actor(
        user_id=None, name=f"{place.name}组织员", title="组织员", unit_name=place.name, place_ids=inside,
        town_ids=(place.pk,), permissions=ROLES[Role.TOWN_ORGANIZER].permissions, roles=frozenset({Role.TOWN_ORGANIZER}),
    )  # fmt: skip


def write_letters(cycle: Cycle, clerk: Actor) -> None:
    """Letters to the first units that should have an organization and were not written to."""
    due = Entity.objects.filter(coverage_state=Entity.CoverageState.SHOULD, letters__isnull=True).order_by("pk")
    for entity in due[:LETTERS]:
        coverage.issue_letter(entity=entity, by=clerk, on=cycle.at(6, hour=10))


def record_answers(cycle: Cycle, clerk: Actor) -> None:
    """Answers to the letters of the months before; one in five never answers."""
    sent = NoticeLetter.objects.open().filter(issued_on__lt=cycle.night.date()).order_by("pk")
    for letter in sent:
        turn = letter.pk % (len(ANSWERS) + 1)
        if turn < len(ANSWERS):
            answer, note = ANSWERS[turn]
            coverage.record_answer(letter=letter, answer=answer, note=note, by=clerk, on=cycle.at(7, hour=11))


def state_causes(cycle: Cycle, clerk: Actor) -> None:
    """Why units have no organization, as the towns reported it."""
    should = Entity.objects.filter(coverage_state=Entity.CoverageState.SHOULD, causes__isnull=True).order_by("-pk")
    for number, entity in enumerate(should[:CAUSES]):
        kind = list(Cause.Kind)[(entity.pk + number) % len(Cause.Kind)]
        coverage.state_cause(entity=entity, kind=kind, note="镇街走访了解", by=clerk, on=cycle.at(7, hour=15))


def mend_facts(cycle: Cycle, clerk: Actor) -> None:
    """Units that answered that the count was wrong: one full member fewer."""
    wrong = NoticeLetter.objects.filter(answer=NoticeLetter.Answer.WRONG_FACT, answered_on__gte=cycle.night.date())
    for letter in wrong.select_related("entity").order_by("pk")[:CORRECTIONS]:
        full = letter.entity.full_members
        if full:
            roster.correct_fact(
                entity=letter.entity, kind="full_members", value=str(full - 1), reason=f"{letter.number}答复：{letter.answer_note}",
                by=clerk, on=cycle.at(8, hour=10),
            )  # fmt: skip
