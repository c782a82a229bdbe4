"""What the quality page shows: figures with intervals, what each rests on, and what is not known."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from jingwei.base_roster.services.deciding import Outcome
from jingwei.core.permissions import Actor, Permission, require
from jingwei.domain.linkage import REASONS, Basis
from jingwei.linkage import review_queue
from jingwei.linkage.models import Decision, LinkRun, QualitySample, SampledPair
from jingwei.linkage.quality import NON_LINKS, Interval, Stratum, estimate, strata_of
from jingwei.workbench.review import texts
from jingwei.workbench.review.asked import Asked

_NON_LINK_LABELS = {
    QualitySample.LIKELY: ("待判，可能性过半", "比对过、没有归户，证据合计不小于 0"),
    QualitySample.UNLIKELY: ("待判，可能性不到一半", "比对过、没有归户，证据合计小于 0 或没有计分"),
}
Context = dict[str, Any]


def samples(actor: Actor, run: LinkRun | None) -> list[QualitySample]:
    """Samples of the run, newest first. One query."""
    require(actor, Permission.LINK_APPROVE)
    return list(QualitySample.objects.filter(run=run)) if run else []


def context(*, run: LinkRun | None, samples: Sequence[QualitySample], chosen: QualitySample | None) -> Context:
    """Context of the quality page. Two queries."""
    strata = strata_of(chosen) if chosen else []
    total = estimate(strata)
    return {
        "page_title": "对碰质量",
        "lead": "随机抽取已归户和未归户的记录对，由人独立判断，估计精确率和召回率",
        "crumbs": [{"label": "大数据对碰", "url": reverse("linkage:runs")}, {"label": "对碰质量", "url": ""}],
        "run": run,
        "samples": samples,
        "chosen": chosen,
        "judge_url": reverse("workbench:sample", args=[chosen.pk]) if chosen else "",
        "open": sum(stratum.open for stratum in strata),
        "links": [_row(stratum) for stratum in strata if stratum.key not in NON_LINKS],
        "non_links": [_row(stratum) for stratum in strata if stratum.key in NON_LINKS],
        "total": total,
        "precision": _shown(total.precision),
        "recall": _shown(total.recall),
        "unjudged": [label(key)[0] for key in total.unjudged],
        "reviewed": _reviewed(run) if run else [],
        "next_seed": (samples[0].seed + 1 if samples else 1) % 1_000_000,
    }


def judging_frame(asked: Asked) -> Context:
    """Head of the page on which a drawn pair is judged."""
    assert asked.drawn is not None
    address = f"{reverse('workbench:quality')}?sample={asked.drawn.sample_id}"
    return {
        "page_title": "抽样判定",
        "lead": "只看两条记录本身，独立判断；结果计入质量，不改动名册",
        "crumbs": [
            {"label": "大数据对碰", "url": reverse("linkage:runs")},
            {"label": "对碰质量", "url": address},
            {"label": "抽样判定", "url": ""},
        ],
        "keys": tuple(line for line in texts.KEYS if line[0] not in (("Z",), ("/",))),
    }


def contradiction(drawn: SampledPair) -> str:
    """What to say where a verdict speaks against the roster."""
    if drawn.linked:
        return "你的判断与系统相反：系统已把两条记录归为一户。抽样不改动名册；确认无误的，可在下面把它们分开。"
    return "你的判断与系统相反：系统没有把两条记录归为一户。抽样不改动名册；确认无误的，可在下面把它们归为一户。"


def acted(outcome: Outcome) -> str:
    return texts.told(outcome, str(outcome.decision.unit.last_record))


def label(key: str) -> tuple[str, str]:
    """Name and meaning of a stratum."""
    if key in _NON_LINK_LABELS:
        return _NON_LINK_LABELS[key]
    reason = REASONS[Basis(key)]
    return reason.zh, reason.description


def _row(stratum: Stratum) -> Context:
    name, meaning = label(stratum.key)
    return {"name": name, "meaning": meaning, "stratum": stratum, "share": _shown(stratum.share_same)}


def _shown(interval: Interval | None) -> Context | None:
    """Percentages as text, and as figures for the drawing."""
    if interval is None:
        return None
    return {
        "value": f"{interval.value * 100:.1f}%",
        "range": f"{interval.low * 100:.1f}%–{interval.high * 100:.1f}%",
        "low": round(interval.low * 100, 2),
        "width": round(max(interval.high - interval.low, 0.004) * 100, 2),
        "at": round(interval.value * 100, 2),
    }


def _reviewed(run: LinkRun) -> list[Context]:
    """Verdicts of the queue by ground: not drawn by chance, so they stand beside the estimate and not in it."""
    tallies: dict[str, dict[str, int]] = {}
    for rule, verdict, pairs in review_queue.judged_by_rule(run):
        if rule:
            tallies.setdefault(rule, {})[verdict] = pairs
    return [
        {"name": label(rule)[0], **{verdict.value: held.get(verdict.value, 0) for verdict in Decision.Verdict}}
        for rule, held in sorted(tallies.items())
    ]
