"""Why a row entered or left a figure: what is different in the columns that the figure looks at, in words."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from jingwei.domain.coverage import CoverageState, CoveredAs
from jingwei.domain.coverage.organization_kind import OrganizationForm, OrganizationLevel
from jingwei.domain.indicators import Cut, Population
from jingwei.domain.indicators.cuts import IDS
from jingwei.domain.indicators.definitions import Definition
from jingwei.domain.indicators.tree import fields_of
from jingwei.domain.legal_form import LegalForm, Roster
from jingwei.domain.ownership import Ownership
from jingwei.domain.registration_state import RegistrationState
from jingwei.domain.screening import Screening

Line = Mapping[str, Any]


class Cause(NamedTuple):
    """A stable code and a Chinese clause."""

    code: str
    zh: str


# A projected column stands for those it is decided from: they tell more than the column itself.
_BEHIND: Mapping[str, tuple[str, ...]] = {
    "counts_in_base": ("operating", "ownership", "screening", "legal_form", "roster"),
    "coverage_state": ("operating", "covered_as", "full_members", "probationary_members"),
    "evidence": ("sources",),
}
_CUT_COLUMNS = {
    Cut.TAG: ("industry_code",), Cut.SIZE: ("staff",), Cut.FORM: ("legal_form",), Cut.ROSTER: ("roster",),
}  # fmt: skip
# In the order in which causes are told: column, code, what it is called.
_TOLD: tuple[tuple[str, str, str], ...] = (
    ("operating", "operating", "登记状态"),
    ("county_id", "moved", "区县"),
    ("area_id", "moved", "镇街、园区"),
    ("ownership", "ownership", "所有制"),
    ("screening", "screening", "三有初筛"),
    ("legal_form", "form", "法律形式"),
    ("roster", "form", "名册"),
    ("covered_as", "coverage", "覆盖形式"),
    ("full_members", "members", "正式党员"),
    ("probationary_members", "members", "预备党员"),
    ("staff", "staff", "职工数"),
    ("industry_code", "industry", "行业代码"),
    ("industry_body_id", "industry", "行业党委"),
    ("sources", "sources", "部门名单"),
    ("founded_on", "founded", "成立日期"),
    ("form", "organization_form", "组建方式"),
    ("level", "organization_level", "类别"),
    ("units", "units", "覆盖单位数"),
    ("coverage_state", "coverage_state", "覆盖状态"),
)
_ZH: Mapping[str, Mapping[str, str]] = {
    "ownership": {item.value: item.zh for item in Ownership},
    "screening": {item.value: item.zh for item in Screening},
    "legal_form": {item.value: item.zh for item in LegalForm},
    "roster": {item.value: item.zh for item in Roster},
    "covered_as": {item.value: item.zh for item in CoveredAs},
    "coverage_state": {item.value: item.zh for item in CoverageState},
    "form": {item.value: item.zh for item in OrganizationForm},
    "level": {item.value: item.zh for item in OrganizationLevel},
}
_STATES = {item.value: item.zh for item in RegistrationState}
_ARRIVED = {Population.ENTITY: "新纳入名册", Population.ORGANIZATION: "新建党组织", Population.LETTER: "新发提示函"}
_GONE = {
    Population.ENTITY: "已不在名册（合并或退出）",
    Population.ORGANIZATION: "党组织终止",
    Population.LETTER: "不再列入",
}
RULE = Cause("rule", "口径或规则参数变化")


def columns_looked_at(definition: Definition, cut: Cut) -> frozenset[str]:
    """Columns that decide whether a row stands in a figure of the cut, with those behind them."""
    nodes = [definition.numerator, definition.denominator, definition.among]
    names = {name for node in nodes if node is not None for name in fields_of(node)}
    names |= {IDS[cut]} if cut in IDS else set(_CUT_COLUMNS.get(cut, ()))
    return frozenset(names.union(*(_BEHIND.get(name, ()) for name in names)))


def causes_of(
    before: Line | None, now: Line | None, *, population: Population, columns: Collection[str],
    name_of: Callable[[str, int | None], str],
) -> tuple[Cause, ...]:  # fmt: skip
    """Why the row stands in one state and not in the other, the main cause first; ``RULE`` where nothing differs."""
    if before is None and now is not None:
        founded = now.get("founded_on")
        since = f"（{founded:%Y-%m-%d} 成立）" if founded else ""
        return (Cause("arrived", _ARRIVED[population] + since),)
    if now is None or before is None:
        return (Cause("gone", _GONE[population]),)
    if population is Population.LETTER:
        return (Cause("answered", "已答复"),)
    return tuple(_differing(before, now, columns, name_of)) or (RULE,)


def _differing(
    before: Line, now: Line, columns: Collection[str], name_of: Callable[[str, int | None], str]
) -> Iterator[Cause]:
    seen: set[str] = set()
    for column, code, zh in _TOLD:
        if column not in columns or column not in now or before[column] == now[column]:
            continue
        if column == "coverage_state" and seen:
            continue  # what it is decided from has been told
        seen.add(code)
        if column == "operating":
            yield _closed(before, now)
        elif column.endswith("_id"):
            yield Cause(code, f"{zh}由{name_of(column, before[column])}改为{name_of(column, now[column])}")
        elif column == "sources":
            yield Cause(code, "所在部门名单有变化")
        else:
            was, is_ = _said(column, before[column]), _said(column, now[column])
            yield Cause(code, f"{zh}由{was}变为{is_}".rstrip())


def _closed(before: Line, now: Line) -> Cause:
    was, is_ = _STATES.get(before["state"], before["state"]), _STATES.get(now["state"], now["state"])
    return Cause("closed" if before["operating"] else "reopened", f"登记状态由{was}变为{is_}")


def _said(column: str, value: Any) -> str:
    if value is None or value == "":
        return "未知"
    return _ZH.get(column, {}).get(value, f" {value} ")
