"""Draw links and non-links of a run by chance, and keep what people find when they look at them."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jingwei.core import journal
from jingwei.core.permissions import Actor
from jingwei.core.refusal import Refused
from jingwei.domain.linkage import REASONS
from jingwei.linkage.models import Decision, LinkRun, QualitySample, SampledPair
from jingwei.linkage.services.approving import require_named

EACH = 50
LARGEST_SEED = 999_999
# A link's other side is the register row of its cluster, else the lowest unit. The order is by a hash of
# seed and unit, so that nobody can choose and everybody gets the same sample for the same seed.
_DRAW = """
WITH links AS (
  SELECT rule AS stratum, true AS linked, unit_id, cluster, NULL::bigint AS other_id
    FROM linkage_proposedlink WHERE run_id = %(run)s AND part = 0 AND NOT needs_review AND rule = ANY(%(rules)s)
), non_links AS (
  SELECT CASE WHEN millibits >= 0 THEN %(likely)s ELSE %(unlikely)s END AS stratum, false AS linked, unit_id,
         NULL::bigint AS cluster, candidate_id AS other_id
    FROM linkage_candidatepair WHERE run_id = %(run)s AND place = 1 AND standing <> 'same'
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY md5(%(seed)s || unit_id)) AS number,
         count(*) OVER (PARTITION BY stratum) AS population
    FROM (SELECT * FROM links UNION ALL SELECT * FROM non_links) AS every
)
SELECT ranked.stratum, ranked.linked, ranked.unit_id, coalesce(ranked.other_id, anchor.unit_id), ranked.population
  FROM ranked
  LEFT JOIN LATERAL (
    SELECT beside.unit_id FROM linkage_proposedlink beside JOIN rosters_sourceunit u ON u.id = beside.unit_id
     WHERE beside.run_id = %(run)s AND beside.part = 0 AND beside.cluster = ranked.cluster
       AND beside.unit_id <> ranked.unit_id AND NOT beside.needs_review
     ORDER BY u.list_kind NOT IN ('market', 'civil_affairs', 'justice'), beside.unit_id LIMIT 1
  ) anchor ON ranked.linked
 WHERE ranked.number <= %(each)s AND coalesce(ranked.other_id, anchor.unit_id) IS NOT NULL
 ORDER BY md5(%(seed)s || ranked.unit_id || ranked.stratum)
"""


@transaction.atomic
def draw(*, run: LinkRun, seed: int, by: Actor, on: datetime, each: int = EACH) -> QualitySample:
    """Draw up to ``each`` links of every deterministic ground and as many non-links of two kinds.

    The same run and seed give the same sample. Raises ``Refused`` where the run has neither.
    """
    require_named(by, run, "质量抽样须由能登录的经办人发起。")
    if not 0 <= seed <= LARGEST_SEED:
        raise Refused(f"随机种子须在 0 到 {LARGEST_SEED} 之间。")
    rows = _drawn(run, seed, each)
    if not rows:
        raise Refused("这次对碰没有可抽的归户或待判记录。")
    strata: dict[str, dict[str, int]] = {}
    for stratum, _, _, _, population in rows:
        strata.setdefault(stratum, {"population": population, "drawn": 0})["drawn"] += 1
    sample = QualitySample.objects.create(run=run, seed=seed, strata=strata, drawn_by=by.name, drawn_at=on)
    SampledPair.objects.bulk_create(
        SampledPair(sample=sample, number=number, stratum=stratum, linked=linked, unit_id=unit_id, other_id=other_id)
        for number, (stratum, linked, unit_id, other_id, _) in enumerate(rows, start=1)
    )
    journal.record(
        verb="linkage.draw_sample", subject_type="quality_sample", subject_id=sample.pk, by=by, on=on,
        detail={"rows": len(rows)}, place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip
    return sample


@transaction.atomic
def judge(*, drawn: SampledPair, verdict: str, by: Actor, on: datetime) -> SampledPair:
    """Keep what a person sees in a drawn pair; the roster does not change by it.

    Who judged it may judge it again. Raises ``Refused`` where somebody else has judged it before.
    """
    run = drawn.sample.run
    require_named(by, run, "抽样判定须由能登录的经办人作出。")
    held = SampledPair.objects.select_for_update(of=("self",)).get(pk=drawn.pk)
    if held.verdict and held.judged_by != by.name:
        raise Refused(f"{held.judged_by}已把这一对判为“{held.get_verdict_display()}”。")
    held.verdict, held.judged_by, held.judged_at = Decision.Verdict(verdict).value, by.name, on
    held.save(update_fields=["verdict", "judged_by", "judged_at"])
    journal.record(
        verb="linkage.judge_sample", subject_type="sampled_pair", subject_id=held.pk, by=by, on=on,
        detail={"verdict": verdict}, place_id=run.place_id, body_id=run.body_id,
    )  # fmt: skip
    return held


def _drawn(run: LinkRun, seed: int, each: int) -> list[tuple[Any, ...]]:
    rules = [basis.value for basis, reason in REASONS.items() if reason.links and reason.batch]
    facts: dict[str, Any] = {
        "run": run.pk, "rules": rules, "likely": QualitySample.LIKELY, "unlikely": QualitySample.UNLIKELY,
        "seed": f"{seed}:", "each": each,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
