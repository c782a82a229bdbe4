"""What the template of the review is given."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jingwei.base_roster.attaching import REGISTERS
from jingwei.base_roster.filters import RosterFilters
from jingwei.base_roster.models import Entity, EntitySource
from jingwei.base_roster.selectors import RosterRow, roster_page
from jingwei.core.permissions import Actor, Permission
from jingwei.domain.linkage import REASONS, Basis, model
from jingwei.domain.lists import LISTS, ListKind
from jingwei.linkage import comparing, review_queue
from jingwei.linkage.models import CandidatePair, Decision, LinkRun
from jingwei.linkage.reading import UnitRecord, records_of
from jingwei.linkage.review_queue import Progress
from jingwei.linkage.waterfall import bits, percent, waterfall
from jingwei.workbench.review import texts
from jingwei.workbench.review.asked import Asked, entities_of

_MOST_FOUND = 6
_SECOND_FIELDS = ("uscc", "legal_representative", "address")
Context = dict[str, Any]


def frame(actor: Actor, run: LinkRun | None) -> Context:
    """What every page of the review shows around the pair."""
    crumbs = [{"label": "大数据对碰", "url": reverse("linkage:runs")}]
    if run is not None:
        crumbs.append({"label": f"{run.as_of:%Y-%m-%d} 批次", "url": reverse("linkage:run", args=[run.pk])})
    return {
        "page_title": "人工判定",
        "lead": "同一主体的两条记录由人判定，系统只列证据，不自动合并",
        "crumbs": [*crumbs, {"label": "人工判定", "url": ""}],
        "keys": texts.KEYS,
        "run": run,
    }


def queue_context(actor: Actor, asked: Asked, *, search: str = "", notice: Context | None = None) -> Context:
    """One pair of the queue with everything beside it. About ten queries."""
    pair = asked.pair
    assert pair is not None
    candidates = review_queue.candidates(pair)
    second = _second(asked, candidates)
    records = records_of([asked.unit_id, asked.other_id, *([second.candidate_id] if second else [])])
    progress = review_queue.progress(pair)
    still_open = sum(item.standing == CandidatePair.Standing.LATER for item in candidates)
    context = _pair_context(asked, records, still_open)
    if not context["complete"]:
        return context | {"notice": notice, "progress": progress}
    decision, last = review_queue.decision_and_last(actor, asked.run, asked.unit_id, asked.other_id)
    waits = pair.standing == CandidatePair.Standing.WAITING
    return context | {
        "progress": progress,
        "total": progress.total,
        "position": progress.decided + progress.before + 1,
        "waits": waits,
        "decision": _decision(decision),
        "queue": _queue(pair, progress) if progress.waiting else [],
        "second": _second_card(second, records) if second else None,
        "undo": undo_of(last),
        "previous_url": _address(progress.previous),
        "next_url": _address(progress.next),
        "decide_url": reverse("workbench:review_decide", args=[pair.pk]),
        "pair_url": reverse("workbench:review_pair", args=[pair.pk]),
        "other": asked.other_id if asked.is_chosen else None,
        "search": search,
        "found": _found(actor, asked, search) if search else None,
        "notice": notice,
        "announce": _announcement(context, progress, notice),
    }


def sample_context(actor: Actor, asked: Asked, *, notice: Context | None = None) -> Context:
    """One drawn pair. About seven queries."""
    drawn = asked.drawn
    assert drawn is not None
    records = records_of([asked.unit_id, asked.other_id])
    context = _pair_context(asked, records, 0)
    sample = drawn.sample
    total = sum(stratum["drawn"] for stratum in sample.strata.values())
    numbers = (drawn.number - 1 or None, drawn.number + 1 if drawn.number < total else None)
    previous, following = (
        reverse("workbench:sample_pair", args=[sample.pk, number]) if number else None for number in numbers
    )
    judged = sample.pairs.exclude(verdict="").count()
    return context | {
        "drawn": drawn,
        "sample": sample,
        "position": drawn.number,
        "total": total,
        "judged": judged,
        "judged_share": 100 * judged / total,
        "waits": True,
        "previous_url": previous,
        "next_url": following,
        "decide_url": reverse("workbench:sample_judge", args=[sample.pk, drawn.number]),
        "act_url": reverse("workbench:sample_act", args=[sample.pk, drawn.number]),
        "may_act": drawn.is_contradicted and not _decided(asked),
        "notice": notice,
        "announce": f"抽样第 {drawn.number} 条，共 {total} 条。",
    }


def _pair_context(asked: Asked, records: dict[int, UnitRecord], still_open: int) -> Context:
    unit, other = records.get(asked.unit_id), records.get(asked.other_id)
    if unit is None or other is None:
        return {"complete": False}
    held = entities_of(asked)
    weighed = asked.evidence
    # Whoever judges a sample must not see first what the matching made of it.
    blind = asked.drawn is not None and not asked.drawn.verdict
    left = _side(other, held.get(asked.other_id), "主记录")
    right = _side(unit, held.get(asked.unit_id), "待归入" if asked.drawn is None else "对照")
    return {
        "complete": True,
        "why": texts.why(asked),
        "left": left,
        "right": right,
        "sides": (left, right),
        "lines": comparing.lines(other, unit),
        "blind": blind,
        "waterfall": waterfall(weighed.contributions) if weighed and not blind else None,
        "model": model.standard(),
        "accept": bits(model.standard().accept),
        "rule": None if blind else _rule(asked, weighed),
        "verdicts": texts.verdicts(asked, unit, other, held, still_open),
    }


def _side(record: UnitRecord, entity: Entity | None, part: str) -> Context:
    return {
        "list": record.list_zh,
        "part": part,
        "title": record.title,
        "as_of": record.as_of,
        "row": record.row,
        "file": record.file_name,
        "batch_url": reverse("rosters:batch", args=[record.batch_id]),
        "entity": entity,
        "is_closed": record.is_closed,
        "raw": comparing.raw_lines(record),
    }


def _rule(asked: Asked, weighed: CandidatePair | None) -> Context | None:
    """The ground in words, for what was not weighed."""
    key = weighed.rule if weighed else asked.drawn.stratum if asked.drawn else ""
    return {"zh": REASONS[Basis(key)].zh, "text": REASONS[Basis(key)].description} if key in _BASES else None


def _second(asked: Asked, candidates: Sequence[CandidatePair]) -> CandidatePair | None:
    """The best candidate beside the one that is shown."""
    return next((item for item in candidates if item.candidate_id != asked.other_id), None)


def _second_card(pair: CandidatePair, records: dict[int, UnitRecord]) -> Context | None:
    other, unit = records.get(pair.candidate_id), records.get(pair.unit_id)
    if other is None or unit is None:
        return None
    words = {line.field: line for line in comparing.lines(other, unit)}
    return {
        "title": other.title,
        "list": other.list_zh,
        "row": other.row,
        "total": bits(pair.millibits) if pair.millibits is not None else "",
        "standing": pair.get_standing_display(),
        "facts": [(words[name].zh, words[name].word) for name in _SECOND_FIELDS if name in words],
        "url": reverse("workbench:review_pair", args=[pair.pk]),
    }


def _queue(pair: CandidatePair, progress: Progress) -> list[Context]:
    """The pair and those after it, each with its number in the queue."""
    items, number = [], progress.decided + progress.before
    for item in review_queue.upcoming(pair):
        number = number + 1 if number < progress.total else progress.decided + 1
        record = item.unit.last_record
        assert record is not None
        items.append(
            {
                "number": number,
                "url": reverse("workbench:review_pair", args=[item.pk]),
                "title": str(record) or "（无名称）",
                "list": LISTS[ListKind(item.unit.list_kind)].zh,
                "as_of": record.batch.as_of,
                "percent": percent(item.millibits) if item.millibits is not None else "",
                "gain": item.get_gain_display(),
                "current": item.pk == pair.pk,
            }
        )
    return items


def _decision(found: Decision | None) -> Context | None:
    if found is None:
        return None
    return {
        "by": found.decided_by,
        "at": found.decided_at,
        "verdict": found.get_verdict_display(),
        "reason": found.reason,
        "is_firm": found.verdict != Decision.Verdict.UNSURE,
        "undo_url": reverse("workbench:review_undo", args=[found.pk]),
    }


def _decided(asked: Asked) -> bool:
    found = review_queue.decision_on(asked.unit_id, asked.other_id)
    return found is not None and found.verdict != Decision.Verdict.UNSURE


def undo_of(last: Decision | None) -> Context | None:
    if last is None:
        return None
    at = timezone.localtime(last.decided_at)
    return {
        "url": reverse("workbench:review_undo", args=[last.pk]),
        "text": f"{at:%H:%M} 判为“{last.get_verdict_display()}”：{last.unit.last_record} 与 {_other_name(last)}",
    }


def _other_name(decision: Decision) -> str:
    other = decision.lower if decision.unit_id == decision.higher_id else decision.higher
    return str(other.last_record)


def _found(actor: Actor, asked: Asked, search: str) -> list[Context]:
    """Entities that a typed text may mean, each by the unit that speaks for it best."""
    if not actor.may(Permission.ROSTER_VIEW):
        return []
    rows = roster_page(actor=actor, filters=RosterFilters(text=search), number=1, size=_MOST_FOUND).rows
    units = _units_of([row.id for row in rows])
    assert asked.pair is not None
    address = reverse("workbench:review_pair", args=[asked.pair.pk])
    return [
        _found_row(row, f"{address}?with={units[row.id]}")
        for row in rows
        if units.get(row.id, asked.unit_id) != asked.unit_id
    ]


def _found_row(row: RosterRow, url: str) -> Context:
    return {"name": row.name, "code": row.uscc, "where": row.town or row.county or "", "url": url}


def _units_of(entity_ids: Sequence[int]) -> dict[int, int]:
    """Entity -> the unit to compare with: its register row, else the first. One query."""
    registers = {kind.value for kind in REGISTERS}
    links = EntitySource.objects.filter(entity_id__in=entity_ids).order_by("pk")
    found: dict[int, tuple[bool, int]] = {}
    for entity_id, unit_id, kind in links.values_list("entity_id", "unit_id", "unit__list_kind"):
        held = found.get(entity_id)
        if held is None or (kind in registers and not held[0]):
            found[entity_id] = (kind in registers, unit_id)
    return {entity_id: unit_id for entity_id, (_, unit_id) in found.items()}


def _announcement(context: Context, progress: Progress, notice: Context | None) -> str:
    said = notice["text"] if notice else ""
    number = progress.decided + progress.before + 1
    return f"{said}第 {number} 条，共 {progress.total} 条：{context['right']['title']}。"


def _address(pk: int | None) -> str | None:
    return reverse("workbench:review_pair", args=[pk]) if pk else None


_BASES = {basis.value for basis in Basis}
