"""What a letter says and rests on, frozen at the moment of writing; its number in the series of the year."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max

from jingwei.base_roster.models import Entity, EntitySource
from jingwei.base_roster.reading import whole_roster
from jingwei.core.calendar import work_calendar
from jingwei.coverage.computing import rules_of
from jingwei.coverage.models import NoticeLetter, Verdict
from jingwei.domain.coverage import CoverageDecision
from jingwei.domain.coverage.letters import LetterFacts, paragraphs, reply_days, title
from jingwei.domain.lists import ListKind

NUMBER_LOCK = 7_310_005


def letter_facts(entity: Entity, decision: CoverageDecision, *, today: date) -> dict[str, Any]:
    """Everything that is printed, as plain JSON; a letter reads the same however facts and wording change later."""
    rules = rules_of(today)
    assert entity.full_members is not None, "the duty rests on a known count"
    facts = LetterFacts(
        name=entity.name,
        full_members=entity.full_members,
        probationary_members=entity.probationary_members,
        counted_on=counted_on(entity),
        issued_on=today,
        reply_due_on=work_calendar().after_working_days(today, reply_days(rules)),
    )
    verdict = Verdict.objects.filter(pk=entity.pk).values_list("due_since", flat=True).first()
    return {
        "title": title(),
        "name": facts.name,
        "uscc": entity.uscc,
        "full_members": facts.full_members,
        "probationary_members": facts.probationary_members,
        "counted_on": facts.counted_on.isoformat(),
        "fit": decision.fit.value,
        "article": decision.article,
        "reasons": list(decision.reasons),
        "due_since": verdict.isoformat() if verdict else None,
        "reply_due_on": facts.reply_due_on.isoformat(),
        "paragraphs": list(paragraphs(facts, decision, rules)),
    }


def counted_on(entity: Entity) -> date:
    """The day of the newest list that counts the entity's members."""
    with whole_roster():
        lists = EntitySource.objects.filter(entity=entity, unit__list_kind=ListKind.PARTY_COUNT)
        day: date | None = lists.aggregate(day=Max("unit__last_as_of"))["day"]
    return day or entity.as_of


def next_number(year: int) -> str:
    """The next number of the year's one series over the whole city; a letter is never deleted."""
    with whole_roster(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
        return f"两新函〔{year}〕{NoticeLetter.objects.filter(issued_on__year=year).count() + 1} 号"
