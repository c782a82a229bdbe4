"""What coverage does when the journal tells of a change below it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from jingwei.base_roster.services import latest_day
from jingwei.branches.services import take_lists
from jingwei.core import journal
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import Actor
from jingwei.coverage import services
from jingwei.linkage.models import LinkRun

READER = "coverage.follow"
# The journal names each organization that changed, so a month of lists is many entries.
MOST_AT_ONCE = 20_000
OF_ENTITIES = frozenset(
    {
        "fact.correct",
        "fact.withdraw",
        "covering.decide",
        "entity.found",
        "entity.merge",
        "entity.unmerge",
        "entity.move_unit",
    }
)
OF_PLACES = frozenset({"placement.assign", "placement.answer_road"})


@dataclass
class Changes:
    """What some entries of the journal ask for: runs whose lists took effect, all entities or single ones, groups."""

    runs: list[int] = field(default_factory=list)
    everything: bool = False
    entities: set[int] = field(default_factory=set)
    groups: bool = False
    last: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.runs or self.everything or self.entities or self.groups)


def changes_of(entries: Iterable[JournalEntry]) -> Changes:
    """Read entries of the journal in order."""
    found = Changes()
    for entry in entries:
        found.last = entry.seq or found.last
        if entry.verb == "base_roster.build":
            found.runs.append(int(entry.subject_id))
            found.everything = True
        elif entry.verb == "base_roster.rebuild":
            found.everything = True
        elif entry.verb in OF_PLACES:
            found.groups = True
        elif entry.verb in OF_ENTITIES:
            found.entities |= entities_of(entry)
    return found


def entities_of(entry: JournalEntry) -> set[int]:
    """Entities that an entry speaks of: its subject, and those that rows spoke of before and speak of now."""
    named = {pk for pk in (entry.detail.get("before"), entry.detail.get("after")) if isinstance(pk, int)}
    if entry.subject_type == "entity" and entry.subject_id.isdigit():
        named.add(int(entry.subject_id))
    return named


@transaction.atomic
def follow_journal(*, by: Actor, on: datetime) -> int:
    """Let what the journal tells take effect on coverage, and move on; returns how many entities were decided.

    Lists of organizations first, then the decisions, then the groups. Whatever fails is tried again: the
    cursor moves in the same transaction. Running twice changes nothing.
    """
    changes = changes_of(journal.unread(reader=READER, limit=MOST_AT_ONCE))
    if not changes.last:
        return 0
    journal.advance(reader=READER, seq=changes.last)
    if changes.is_empty:
        return 0
    for run in LinkRun.objects.filter(pk__in=changes.runs, took_effect_at__isnull=False).order_by("pk"):
        take_lists(run=run, by=by, on=on)
    day = latest_day(on)
    computed = compute_changes(changes, day=day, by=by, on=on)
    grouped = services.group(day=day, on=on)
    journal.record(
        verb="coverage.compute", subject_type="entity", subject_id="*", by=by, on=on,
        detail={"computed": computed, "grouped": grouped},
    )  # fmt: skip
    return computed


def compute_changes(changes: Changes, *, day: date, by: Actor, on: datetime) -> int:
    """Decide what the changes concern, and close the letters that this leaves without a duty."""
    ids = None if changes.everything else sorted(changes.entities)
    computed = services.compute(on=on, day=day, entity_ids=ids)
    services.close_letters(day=day, entity_ids=ids, by=by, on=on)
    return computed
