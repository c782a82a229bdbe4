"""Let an approved run build the base roster."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jingwei.base_roster.attaching import attach
from jingwei.base_roster.services.building import Progress, compute_changed, silent
from jingwei.base_roster.services.deciding import follow_decisions
from jingwei.base_roster.successions import relate_successors
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require_scope
from jingwei.linkage.models import LinkRun
from jingwei.linkage.services import note_effect


@dataclass(frozen=True)
class BuildResult:
    """What a build did: entities founded by it, entities computed, people's decisions it brought into effect."""

    founded: int
    computed: int
    decided: int = 0


@transaction.atomic
def build(*, run: LinkRun, by: Actor, on: datetime, progress: Progress = silent) -> BuildResult:
    """Let an approved run take effect: attach its units, compute what it can have changed, follow people's decisions.

    Everything is computed where the rules, the places or the committees are others than before. All or
    nothing; a run that took effect before changes nothing. Raises ``NotPermitted`` when nobody has approved the run.
    """
    require_scope(by, Permission.LINK_APPROVE, place_id=run.place_id, body_id=run.body_id)
    run = LinkRun.objects.select_for_update().get(pk=run.pk)
    if run.state != LinkRun.State.APPROVED:
        raise NotPermitted("这次对碰尚未批准，不能生成名册。", permission=Permission.LINK_APPROVE)
    if run.took_effect_at is not None:
        return BuildResult(**run.effect)
    founded = attach(run=run, by_name=run.approved_by, on=on)
    computed = compute_changed(on=on, day=run.as_of, progress=progress)
    decided = follow_decisions(run=run, by=by, on=on)
    relate_successors()
    note_effect(run=run, effect={"founded": founded, "computed": computed, "decided": decided}, on=on)
    journal.record(
        verb="base_roster.build", subject_type="link_run", subject_id=run.pk, by=by, on=on,
        detail={"founded": founded, "computed": computed, "decided": decided}, place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip
    return BuildResult(founded, computed, decided)
