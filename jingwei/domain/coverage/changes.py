"""The verdict in one line, and the smallest change that would cover a unit."""

from jingwei.domain.coverage.facts import UnitFacts
from jingwei.domain.coverage.parameters import Parameters
from jingwei.domain.coverage.reach import Reached
from jingwei.domain.coverage.terms import CoverageFit, CoverageState, CoveredAs

_HEADLINES = {
    CoverageState.CLOSED: "不在营，不要求组建",
    CoverageState.SHOULD: "应{fit}，尚未建立",
    CoverageState.COVERED: "已组织覆盖：{reached}",
    CoverageState.CANVASS: "党员数未知，待摸排",
    CoverageState.FEW: "有党员，尚未组建；适用{fit}",
    CoverageState.WORK: "无党员，仅工作覆盖：{reached}",
    CoverageState.BLANK: "无党员，未覆盖；适用{fit}",
}


def smallest_change(
    state: CoverageState, fit: CoverageFit, facts: UnitFacts, reached: Reached, values: Parameters
) -> str:
    """What to do next; empty where nothing is asked."""
    if state is CoverageState.CLOSED:
        return "核对是否确已不在营，由上级党组织调整或撤销" if reached.covering else ""
    if state is CoverageState.SHOULD:
        return _build(fit, reached, values)
    if state is CoverageState.CANVASS:
        missing = "正式党员数" if facts.full_members is None else "预备党员数"
        return f"党员数名单带上{missing}，或上门摸排核实，即可判定"
    if state is CoverageState.FEW:
        return _join(fit, facts, values)
    if state is CoverageState.BLANK:
        return _reach_out(fit, values)
    return "发展或招录党员后，按人数确定组建形式" if state is CoverageState.WORK else ""


def headline(state: CoverageState, fit: CoverageFit, facts: UnitFacts, reached: Reached) -> str:
    """The verdict as a page puts it first."""
    if state is CoverageState.CANVASS and facts.full_members == 0:
        return "没有正式党员，预备党员数未知，待摸排"
    if state is CoverageState.BLANK and fit is CoverageFit.NONE:
        return "无党员，不单独要求"
    return _HEADLINES[state].format(fit=fit.zh, reached=reached.covered_as.zh)


def _build(fit: CoverageFit, reached: Reached, values: Parameters) -> str:
    steps = f"向上级党组织提出申请，批复一般不超过 {values.reply_months} 个月，再选举、备案"
    if reached.covered_as in {CoveredAs.JOINT, CoveredAs.ATTACHED} and reached.covering:
        return f"从“{reached.covering.name}”分出，{fit.zh}：{steps}"
    return f"{fit.zh}：{steps}"


def _join(fit: CoverageFit, facts: UnitFacts, values: Parameters) -> str:
    lacking = values.min_full - (facts.full_members or 0)
    alone = f"再有 {lacking} 名正式党员即应单独建立党支部"
    if fit is CoverageFit.ATTACHED:
        above = f"所属法人“{facts.parent_name}”的党组织" if facts.parent_name else "邻近单位或上级的党组织"
        return f"挂靠{above}即为组织覆盖；{alone}"
    return (
        f"与地域相邻、行业相近的单位联合组建即为组织覆盖：合计正式党员不少于 {values.min_full} 名，"
        f"一般不超过 {values.joint_max_units} 家；{alone}"
    )


def _reach_out(fit: CoverageFit, values: Parameters) -> str:
    if fit is CoverageFit.INSTRUCTOR:
        return "选派 1 名党建指导员即为工作覆盖"
    if fit is CoverageFit.FUNCTIONAL:
        return f"派驻不少于 {values.posted_members} 名党员的功能型党支部即为工作覆盖（不计组织覆盖）"
    if fit is CoverageFit.FALLBACK:
        return "由所在村（社区）党组织兜底联系（不计组织覆盖，也不计工作覆盖）"
    return ""
