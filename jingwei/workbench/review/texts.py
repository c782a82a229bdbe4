"""The sentences of the review: why a pair is asked, what each verdict will do, what it did."""

from typing import Any

from jingwei.base_roster.attaching import FOUNDING, REGISTERS
from jingwei.base_roster.models import Entity
from jingwei.base_roster.services.deciding import Effect, Outcome
from jingwei.domain.linkage import REASONS, Basis
from jingwei.linkage.models import CandidatePair, Decision
from jingwei.linkage.reading import UnitRecord
from jingwei.workbench.review.asked import Asked

Verdict = Decision.Verdict
# The order of the buttons, each with its key and its icon.
BUTTONS = ((Verdict.SAME, "y", "check"), (Verdict.DIFFERENT, "n", "x"), (Verdict.UNSURE, "u", "help-circle"))
KEYS = (
    (("Y", "N", "U"), "同一、不同、拿不准"),
    (("J", "K"), "下一条、上一条"),
    (("Z",), "撤销，原因必填"),
    (("D",), "查看原始行"),
    (("/",), "另找一个主体"),
    (("?",), "按键说明"),
)


def why(asked: Asked) -> str:
    """Why this pair waits for a person."""
    if asked.drawn is not None:
        return "质量抽样，请独立判断"
    if asked.is_chosen:
        return "另找的主体，系统没有把它列为本条的候选"
    assert asked.pair is not None
    reason = REASONS[Basis(asked.pair.rule)]
    return f"因“{reason.zh}”转人工；{CandidatePair.Gain(asked.pair.gain).label}"


def verdicts(
    asked: Asked, unit: UnitRecord, other: UnitRecord, held: dict[int, Entity], open_candidates: int
) -> list[dict[str, Any]]:
    """The three buttons with what each will do."""
    effects = {
        Verdict.SAME: _same(asked, unit, other, held),
        Verdict.DIFFERENT: _different(asked, unit, held, open_candidates),
        Verdict.UNSURE: "排到队列最后并作标记，留待上门核实；在此之前名册不变。",
    }
    if asked.drawn is not None:
        effects = _OF_A_SAMPLE
    return [
        {"value": verdict.value, "label": verdict.label, "key": key, "icon": icon, "text": effects[verdict]}
        for verdict, key, icon in BUTTONS
    ]


def told(outcome: Outcome, title: str) -> str:
    """What a verdict did, in one sentence."""
    name = outcome.entity.name if outcome.entity else ""
    verdict = outcome.decision.get_verdict_display()
    effects = {
        Effect.JOINED: f"“{title}”已归入“{name}”，名册已重算",
        Effect.TOGETHER: f"两条记录本来就在“{name}”一户",
        Effect.PARTED: f"“{title}”已从原来的户中移出，单独成户",
        Effect.FOUNDED: f"“{title}”没有其他候选，已单独立户",
        Effect.LATER: "批准并生成名册时归为一户",
        Effect.NONE: _quiet(outcome),
    }
    return f"已判“{verdict}”：{effects[outcome.effect]}。"


def _quiet(outcome: Outcome) -> str:
    if outcome.decision.verdict == Verdict.UNSURE:
        return "已排到队列最后"
    return "以后各期不再配对，名册不变"


def _same(asked: Asked, unit: UnitRecord, other: UnitRecord, held: dict[int, Entity]) -> str:
    ours, theirs = held.get(asked.unit_id), held.get(asked.other_id)
    if ours and theirs and ours.pk == theirs.pk:
        return "两条记录已在同一户，记下判定，以后各期沿用。可撤销。"
    if ours and theirs:
        return f"“{ours.name}”与“{theirs.name}”并为一户，名册随即重算；以后各期沿用。可撤销。"
    if ours or theirs:
        name = (theirs or ours or Entity(name=other.title)).name
        return f"{unit.list_zh}记录归入“{name}”，名册随即重算；以后各期沿用。可撤销。"
    return f"{unit.list_zh}记录与“{other.title}”归为一户，批准并生成名册时生效；以后各期沿用。可撤销。"


def _different(asked: Asked, unit: UnitRecord, held: dict[int, Entity], open_candidates: int) -> str:
    never = "两条记录以后各期不再配对；"
    ours, theirs = held.get(asked.unit_id), held.get(asked.other_id)
    if ours and theirs and ours.pk == theirs.pk:
        return f"{never}{unit.list_zh}记录移出这一户，单独成户。可撤销。"
    if asked.is_chosen:
        return f"{never}本条仍留在队列。可撤销。"
    if open_candidates:
        return f"{never}接着与下一个相近记录比较。可撤销。"
    if ours or unit.list_kind in REGISTERS:
        return f"{never}{unit.list_zh}记录在名册中单独成户。可撤销。"
    if unit.list_kind in FOUNDING:
        return f"{never}没有其他候选，{unit.list_zh}记录单独立户。可撤销。"
    return f"{never}没有其他候选，{unit.list_zh}记录留在名册之外。可撤销。"


_OF_A_SAMPLE = {
    Verdict.SAME: "只计入质量，名册不变。",
    Verdict.DIFFERENT: "只计入质量，名册不变。",
    Verdict.UNSURE: "不计入精确率，单列；名册不变。",
}
