"""What the templates of the lists of coverage are given."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from jingwei.core.permissions import Actor, Permission
from jingwei.coverage import labels
from jingwei.coverage.filters import EVERY
from jingwei.coverage.forms import UnitsForm
from jingwei.coverage.joint_groups import read_name
from jingwei.coverage.selectors import CoveragePage, CoverageRow
from jingwei.coverage.tabs import tabs
from jingwei.domain.coverage import CoverageState

_HEADS = {
    "name": ("名称 / 统一社会信用代码", False),
    "place": ("镇街 / 园区", False),
    "staff": ("职工", True),
    "members": ("正式党员", True),
    "probationary": ("预备党员", True),
    "fit": ("适用形式", False),
    "covered": ("现有覆盖", False),
    "age": ("应建天数", True),
    "group": ("联建分组（示意）", False),
    "cause": ("未建原因", False),
    "letter": ("提示函", False),
    "base": ("底数", False),
    "organization": ("党组织", False),
    "state": ("覆盖状态", False),
}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    CoverageState.SHOULD: ("place", "staff", "members", "fit", "covered", "age", "cause", "letter"),
    CoverageState.FEW: ("place", "members", "probationary", "fit", "covered", "group", "cause"),
    CoverageState.CANVASS: ("place", "staff", "members", "probationary", "covered", "base"),
    CoverageState.BLANK: ("place", "staff", "base", "cause"),
    CoverageState.WORK: ("place", "staff", "covered", "base", "cause"),
    CoverageState.COVERED: ("place", "members", "probationary", "covered", "organization", "base"),
    EVERY: ("place", "staff", "members", "covered", "state", "base"),
}
_LEADS: Mapping[str, str] = {
    CoverageState.SHOULD: "正式党员 3 名以上、没有单独党组织的在营单位，不论是否三有；最早应建的在前",
    CoverageState.FEW: "有党员而不够单独组建的单位；示意分组，非正式方案",
    CoverageState.CANVASS: "没有名单给出党员数的单位；未知不作 0",
    CoverageState.BLANK: "已知没有党员、也没有工作覆盖的单位",
    CoverageState.WORK: "已知没有党员、已有工作覆盖的单位",
    CoverageState.COVERED: "已有党组织覆盖的单位；是否正常活动见组织生活",
    EVERY: "辖区全部单位的覆盖情况",
}


class _KnownPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator whose count and pages were found elsewhere."""

    def __init__(self, count: int, size: int, pages: int) -> None:
        super().__init__((), size)
        self.count = count
        self.num_pages = pages


def units_context(
    *, state: str, form: UnitsForm, page: CoveragePage, query: QueryDict, size: int, actor: Actor,
    organization_forms: Collection[str], day: date,
) -> dict[str, Any]:  # fmt: skip
    """Context of ``coverage/units.html``."""
    rows = [_row(row, actor=actor, organization_forms=organization_forms, day=day) for row in page.rows]
    conditions, title = form.conditions(), title_of(state)
    return {
        "page_title": title,
        "lead": _LEADS[state],
        "crumbs": [
            {"label": "两个覆盖", "url": reverse("coverage:overview")},
            {"label": title, "url": ""},
        ],
        "actions": _actions(state, query, actor),
        "tabs": tabs(state),
        "filter_fields": form.shown(),
        "chips": [{"label": text, "remove_url": _without(query, name)} for name, text in conditions],
        "clear_url": reverse("coverage:units", args=[state]),
        "columns": [{"label": label, "numeric": numeric} for label, numeric in (_HEADS[key] for key in ("name", *_COLUMNS[state]))],
        "column_keys": set(_COLUMNS[state]),
        "page": Page(rows, page.number, _KnownPaginator(page.count, size, page.pages)),
        "at_least": page.at_least,
        "may_state_cause": actor.may(Permission.CAUSE_STATE),
        "may_issue": actor.may(Permission.LETTER_ISSUE),
        "filtered": bool(conditions),
    }  # fmt: skip


def title_of(state: str) -> str:
    """The title of a list."""
    return "全部单位" if state == EVERY else CoverageState(state).zh


def _actions(state: str, query: QueryDict, actor: Actor) -> list[dict[str, Any]]:
    if not actor.may(Permission.ROSTER_EXPORT):
        return []
    asked = _without(query, "page")
    menu = [
        {"label": f"{zh}（当前条件）", "icon": "file-spreadsheet",
         "url": reverse("coverage:export", args=[state, form]) + asked}
        for form, zh in (("xlsx", "Excel"), ("csv", "CSV"))
    ]  # fmt: skip
    return [{"label": "导出", "icon": "download", "menu": menu}]


def _row(row: CoverageRow, *, actor: Actor, organization_forms: Collection[str], day: date) -> dict[str, Any]:
    group = read_name(row.proposal or "")
    return {
        "url": reverse("workbench:entity", args=[row.id]),
        "name": row.name,
        "code": row.uscc,
        "place": row.overlay or row.town,
        "county": row.county or "",
        "staff": row.staff,
        "full_members": row.full_members,
        "probationary_members": row.probationary_members,
        "fit": labels.fit(row.fit),
        "covered": labels.covered_as(row.covered_as, organization_forms),
        "state": labels.state(row.coverage_state),
        "due_since": row.due_since,
        "age": row.age(day),
        "group": group.zh if group else "",
        "cause": labels.cause(row.cause),
        "cause_url": reverse("coverage:cause", args=[row.id]),
        "letter": _letter(row.letter, day),
        "issue_url": reverse("coverage:issue", args=[row.id]),
        "in_base": row.counts_in_base,
        "organization": row.organization,
    }


def _letter(held: dict[str, Any] | None, day: date) -> dict[str, Any] | None:
    if held is None:
        return None
    due = date.fromisoformat(held["reply_due_on"])
    return {
        "number": held["number"],
        "url": reverse("coverage:letter", args=[held["id"]]),
        "state": labels.letter_state(answered=held["answer"], closed=held["closed_because"], overdue=due < day),
        "is_open": not held["answer"] and not held["closed_because"],
    }


def _without(query: QueryDict, name: str) -> str:
    """The address without a condition, back on the first page."""
    changed = query.copy()
    for gone in (name, "page"):
        changed.pop(gone, None)
    return f"?{changed.urlencode()}"
