"""Reads of the pages that need several apps at once."""

from datetime import date

from django.db.models import Max, Q

from jingwei.base_roster.finding import LIMIT
from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor
from jingwei.rosters.models import Batch
from jingwei.workbench.gathering import gather


def latest_batches(actor: Actor) -> dict[str, date]:
    """List -> date of its newest committed batch in scope. One query."""
    committed = Batch.objects.in_scope(actor).filter(state=Batch.State.COMMITTED).order_by()
    return dict(committed.values("list_kind").annotate(newest=Max("as_of")).values_list("list_kind", "newest"))


# What the tabs of a list count beyond the kept counts. Each condition follows an index to at most LIMIT rows.
DUTIES = {
    "should": Q(coverage_state=Entity.CoverageState.SHOULD),
    "few": Q(coverage_state=Entity.CoverageState.FEW),
    "canvass": Q(coverage_state=Entity.CoverageState.CANVASS, counts_in_base=True, screening=Entity.Screening.IN),
}


def duties(actor: Actor, roster: str) -> dict[str, int]:
    """How many entities of a roster ask for an organization, a grouping or a visit; at most LIMIT + 1 of each.

    One statement.
    """
    visible = Entity.objects.in_scope(actor).filter(roster=roster).order_by()
    parts = {name: visible.filter(condition)[: LIMIT + 1] for name, condition in DUTIES.items()}
    return gather({}, parts)[1]
