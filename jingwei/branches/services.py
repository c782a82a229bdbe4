"""Take the lists of Party organizations into effect; settle which entity a covered unit's name means."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from jingwei.base_roster.models import Entity
from jingwei.branches.models import CoveredUnit, Organization
from jingwei.branches.reading import read_lists
from jingwei.branches.resolving import BY_PERSON
from jingwei.branches.storing import Changes, compare, write
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require, require_scope
from jingwei.linkage.models import LinkRun

_JOURNALED = (
    "organizations", "merged", "founded", "changed", "dissolved", "reopened", "mended", "begun", "ended", "resolved",
)  # fmt: skip


@dataclass(frozen=True)
class TakeResult:
    """What taking the lists of a run led to.

    ``organizations`` are named by the newest lists, after ``merged`` rows that repeated another one;
    ``founded``, ``changed``, ``dissolved`` and ``reopened`` are organizations, ``mended`` those of which the
    list only says something better; ``begun``, ``ended`` and ``resolved`` are coverings. ``effective`` coverings count now, ``waiting`` ones have an entity that a person
    has to confirm, ``unmatched`` ones a name that nobody could match.
    """

    organizations: int = 0
    merged: int = 0
    founded: int = 0
    changed: int = 0
    dissolved: int = 0
    reopened: int = 0
    mended: int = 0
    begun: int = 0
    ended: int = 0
    resolved: int = 0
    effective: int = 0
    waiting: int = 0
    unmatched: int = 0

    @property
    def is_change(self) -> bool:
        """Whether anything was written beyond the day of the lists."""
        organizations = self.founded + self.changed + self.dissolved + self.reopened + self.mended
        return organizations + self.begun + self.ended + self.resolved > 0


@transaction.atomic
def take_lists(*, run: LinkRun, by: Actor, on: datetime) -> TakeResult:
    """Let the 党组织 lists of a run that took effect become organizations and coverings.

    Taking a run twice, or one that a later run has replaced, changes nothing. Only links by fixed rules
    take effect; the others wait for a person. Raises ``NotPermitted`` before the run has taken effect.
    """
    require_scope(by, Permission.LINK_APPROVE, place_id=run.place_id, body_id=run.body_id)
    run = LinkRun.objects.select_for_update().get(pk=run.pk)
    if run.took_effect_at is None:
        raise NotPermitted("这次对碰尚未生效，不能更新党组织。", permission=Permission.LINK_APPROVE)
    if LinkRun.objects.filter(pk__gt=run.pk, took_effect_at__isnull=False, place=run.place, body=run.body).exists():
        return TakeResult()
    lists = read_lists(run, by)
    changes = compare(lists, on=on)
    write(changes)
    result = TakeResult(organizations=len(lists.organizations), merged=lists.merged, **changes.counts, **_standing())
    if result.is_change:
        _record(changes, result, run=run, by=by, on=on)
    return result


def _standing() -> dict[str, int]:
    """How many coverings stand, and how far they are settled."""
    undecided = Q(decided_by="")
    return CoveredUnit.objects.filter(valid__upper_inf=True).aggregate(
        effective=Count("pk", Q(waits=False, entity__isnull=False)),
        waiting=Count("pk", Q(waits=True, entity__isnull=False)),
        unmatched=Count("pk", Q(entity__isnull=True) & undecided),
    )


def _record(changes: Changes, result: TakeResult, *, run: LinkRun, by: Actor, on: datetime) -> None:
    """One journal row for each organization that changed or ended, and one for the lists as a whole."""
    for verb, organization, fields in changes.journal:
        journal.record(
            verb=verb, subject_type="organization", subject_id=organization.pk, by=by, on=on, fields=fields,
            place_id=organization.place_id, body_id=organization.body_id,
        )  # fmt: skip
    names = {"founded": "new_organizations"}
    detail = {names.get(name, name): value for name, value in vars(result).items() if value and name in _JOURNALED}
    journal.record(
        verb="branches.take", subject_type="link_run", subject_id=run.pk, by=by, on=on, detail=detail,
        place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip


@transaction.atomic
def decide_covering(*, covered: CoveredUnit, entity: Entity | None, by: Actor, on: datetime) -> CoveredUnit:
    """A person says which entity a covered unit's name means; None says that the roster holds none.

    The answer stands before every later match of the same name; the same answer twice changes nothing. Raises ``NotPermitted`` without the
    permission, or where the organization or the entity lies outside the person's scope.
    """
    require(by, Permission.COVERING_DECIDE)
    covered = CoveredUnit.objects.select_for_update(of=("self",)).get(pk=covered.pk)
    organization = Organization.objects.in_scope(by).filter(pk=covered.organization_id).first()
    if organization is None:
        raise NotPermitted("该党组织不在你的管辖范围。", permission=Permission.COVERING_DECIDE)
    if entity is not None and not Entity.objects.in_scope(by).filter(pk=entity.pk).exists():
        raise NotPermitted("该主体不在你的管辖范围。", permission=Permission.COVERING_DECIDE)
    before, after = covered.entity_id, entity.pk if entity else None
    if covered.decided_by and before == after:
        return covered
    covered.entity, covered.rule, covered.score, covered.waits = entity, BY_PERSON, 1.0, False
    covered.decided_by, covered.recorded_at = by.name, on
    covered.save(update_fields=["entity", "rule", "score", "waits", "decided_by", "recorded_at"])
    journal.record(
        verb="covering.decide", subject_type="covered_unit", subject_id=covered.pk, by=by, on=on, fields=["entity"],
        detail={"before": before, "after": after, "organization": organization.pk},
        place_id=organization.place_id, body_id=organization.body_id,
    )  # fmt: skip
    return covered
