"""Reads of the runs: the list, one run with its grounds, and a sample of rows for each ground."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.linkage import REASONS
from jingwei.domain.lists import LISTS, ListKind
from jingwei.linkage.models import LinkRun

SAMPLE = 3

# The other row of a link is the cluster's register row, else its lowest unit.
_SAMPLES = """
WITH ranked AS (
  SELECT rule, unit_id, cluster, needs_review,
         row_number() OVER (PARTITION BY rule ORDER BY md5(unit_id::text)) AS place
    FROM linkage_proposedlink WHERE run_id = %(run)s AND part = 0 AND rule <> 'own'
)
SELECT ranked.rule, record.name, record.uscc, unit.list_kind, anchor.name, anchor.uscc, anchor.list_kind
  FROM ranked
  JOIN rosters_sourceunit unit ON unit.id = ranked.unit_id
  JOIN rosters_sourcerecord record ON record.id = unit.last_record_id
  LEFT JOIN LATERAL (
    SELECT other_record.name, other_record.uscc, other.list_kind
      FROM linkage_proposedlink beside
      JOIN rosters_sourceunit other ON other.id = beside.unit_id
      JOIN rosters_sourcerecord other_record ON other_record.id = other.last_record_id
     WHERE beside.run_id = %(run)s AND beside.part = 0 AND beside.cluster = ranked.cluster
       AND beside.unit_id <> ranked.unit_id
     ORDER BY other.list_kind NOT IN ('market', 'civil_affairs', 'justice'), other.id LIMIT 1
  ) anchor ON true
 WHERE ranked.place <= %(sample)s
 ORDER BY ranked.rule, ranked.place
"""


@dataclass(frozen=True)
class SampleLink:
    """Two rows that a ground put together; the second is None where the row stands alone."""

    name: str
    uscc: str
    list_kind: str
    other_name: str | None
    other_uscc: str | None
    other_list_kind: str | None

    @property
    def list_zh(self) -> str:
        return LISTS[ListKind(self.list_kind)].zh

    @property
    def other_list_zh(self) -> str:
        return LISTS[ListKind(self.other_list_kind)].zh if self.other_list_kind else ""


@dataclass(frozen=True)
class Ground:
    """One ground of a run: what it means, how many rows, how many wait, and a sample."""

    key: str
    zh: str
    description: str
    rows: int
    review: int
    takes_effect: bool
    sample: tuple[SampleLink, ...]


def runs(*, actor: Actor) -> QuerySet[LinkRun]:
    """Runs in scope, newest first."""
    require(actor, Permission.BATCH_VIEW)
    return LinkRun.objects.in_scope(actor).order_by("-pk")


def grounds(*, run: LinkRun, actor: Actor) -> list[Ground]:
    """The run's grounds in the order of the catalogue; one query."""
    require(actor, Permission.BATCH_VIEW)
    samples: dict[str, list[SampleLink]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLES, {"run": run.pk, "sample": SAMPLE})
        for rule, *rest in cursor.fetchall():
            samples.setdefault(rule, []).append(SampleLink(*rest))
    found = []
    for basis, reason in REASONS.items():
        tally = run.counts.get(basis.value)
        if tally:
            rows, review = tally["rows"], tally["review"]
            sample = tuple(samples.get(basis.value, ()))
            found.append(Ground(basis.value, reason.zh, reason.description, rows, review, reason.batch, sample))
    return found
