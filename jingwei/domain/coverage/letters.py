"""The words of a notice letter (提示函). What a letter said is kept with it; later wording changes no old letter."""

from dataclasses import dataclass
from datetime import date

from jingwei.domain.coverage.parameters import LETTER_REPLY_DAYS, MIN_FULL, article, parameters
from jingwei.domain.coverage.rules import CoverageDecision
from jingwei.domain.rulebook import Rules


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter to one unit rests on. `counted_on` is the day of the list that counts the members."""

    name: str
    full_members: int
    probationary_members: int | None
    counted_on: date
    issued_on: date
    reply_due_on: date


def reply_days(rules: Rules) -> int:
    """Working days within which an answer is asked for."""
    return int(rules.number(LETTER_REPLY_DAYS))


def title() -> str:
    return "关于及时建立党组织的提示函"


def paragraphs(facts: LetterFacts, decision: CoverageDecision, rules: Rules) -> tuple[str, ...]:
    """The body of the letter, without greeting and signature."""
    values = parameters(rules)
    probationary = "" if facts.probationary_members is None else f"、预备党员 {facts.probationary_members} 名"
    missing = "尚未单独建立党组织" if decision.organization_covered else "尚未建立党组织"
    return (
        f"据 {_day_zh(facts.counted_on)}党员数名单，你单位有正式党员 {facts.full_members} 名{probationary}，{missing}。",
        f"按照{_cited(rules)}，正式党员 {values.min_full} 名以上的单位应当成立党的基层组织，"
        f"这项要求与职工人数多少无关。你单位适用“{decision.fit.zh}”。",
        f"请向上级党组织提出申请；上级批复一般不超过 {values.reply_months} 个月，批复后选举并备案。"
        "组建中需要指导的，可与我单位联系。",
        f"请于 {_day_zh(facts.reply_due_on)}前将办理意见填入回执送我单位。党员数与实际不符的，请一并说明，我单位核实后更正。",
    )


def _cited(rules: Rules) -> str:
    """The article that asks for an organization; how large it has to be stands elsewhere."""
    return article(MIN_FULL, rules).split("，")[0]


def _day_zh(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
