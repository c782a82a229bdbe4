"""Since when an organization has been due, from the dated counts of members and the lives of organizations."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import connection

from jingwei.base_roster.models import Fact
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.domain.coverage import own_levels
from jingwei.domain.coverage.duty import Count, Span, due_since
from jingwei.domain.intake import parse_count
from jingwei.domain.lists import ListKind
from jingwei.domain.rulebook import Rules

# What a person stated stands before the list of the same day.
_COUNTS = """
SELECT entity_id, as_of, value, list_kind FROM base_roster_fact
 WHERE entity_id = ANY(%s) AND kind = 'full_members' AND as_of <= %s AND list_kind = ANY(%s)
 ORDER BY entity_id, as_of, list_kind = %s, id
"""


def due_days(entity_ids: Collection[int], *, day: date, rules: Rules) -> dict[int, date | None]:
    """Entity id -> the first day of its present duty; None where the dated facts show no duty. Two queries."""
    if not entity_ids:
        return {}
    ids = list(entity_ids)
    counts, own = _counts(ids, day), _own(ids, rules)
    return {pk: due_since(counts[pk], own[pk], day, rules) for pk in ids}


def _counts(ids: list[int], day: date) -> defaultdict[int, list[Count]]:
    """Counts in force from their days on: the list's, or a person's until he withdraws it or the list says another."""
    found: defaultdict[int, list[Count]] = defaultdict(list)
    listed: dict[int, int | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [ids, day, [ListKind.PARTY_COUNT.value, Fact.MANUAL], Fact.MANUAL])
        for entity_id, as_of, value, list_kind in cursor:
            if list_kind != Fact.MANUAL:
                listed[entity_id] = parse_count(value)
            full = parse_count(value) if value else listed.get(entity_id)
            found[entity_id].append(Count(as_of, full))
    return found


def _own(ids: list[int], rules: Rules) -> defaultdict[int, list[Span]]:
    """Days on which each entity was covered by an organization that was then one of its own."""
    rows = CoveredUnit.objects.filter(
        entity_id__in=ids,
        waits=False,
        organization__periods__form=Organization.Form.INDEPENDENT,
        organization__periods__level__in=own_levels(rules),
    ).values_list("entity_id", "valid", "organization__periods__valid")
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for entity_id, covered, lived in rows:
        if covered.isempty or lived.isempty:
            continue
        since = max((day for day in (covered.lower, lived.lower) if day), default=None)
        until = min((day for day in (covered.upper, lived.upper) if day), default=None)
        if since is None or until is None or since < until:
            found[entity_id].append(Span(since, until))
    return found
