"""What the template of a roster list is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from jingwei.base_roster.counts import Figures
from jingwei.base_roster.filters import SHORTEST_NAME, Sort, read_text
from jingwei.base_roster.models import SavedView
from jingwei.base_roster.selectors import MOST_EXPORTED, RosterPage, RosterRow
from jingwei.core.permissions import Actor, Permission
from jingwei.domain.industry import name_of
from jingwei.domain.lists import LISTS, ListKind
from jingwei.domain.rulebook import Rules
from jingwei.workbench import labels
from jingwei.workbench.dashboard.texts import capped
from jingwei.workbench.forms import FIRST_FIELDS, MORE_FIELDS, PAGE_SIZES, RosterForm

EVERY = "all"


@dataclass(frozen=True, slots=True)
class RosterKind:
    """One roster: its title, what its rows are called, its columns."""

    slug: str
    title: str
    noun: str
    columns: tuple[str, ...]
    footnote: str = ""

    @property
    def filter_value(self) -> str:
        return "" if self.slug == EVERY else self.slug

    @property
    def url(self) -> str:
        return reverse("workbench:search") if self.slug == EVERY else reverse("workbench:roster", args=[self.slug])


_MARKS_NOTE = (
    "印证：实线为该部门名单有记录，虚线为无记录。覆盖方式：绿色计入组织覆盖，蓝色只计入工作覆盖，虚线框为党员数未知、待摸排。"
    "职工数、党员数没有来源的记为未知，不记为 0。"
)
ROSTERS: Mapping[str, RosterKind] = {
    kind.slug: kind
    for kind in (
        RosterKind(
            "enterprise", "企业名册", "家",
            ("place", "industry", "ownership", "staff", "full_members", "sources", "coverage", "state", "updated"),
            f"{_MARKS_NOTE}律师事务所等在社会组织名册，个体工商户、合作社在小个专名册；分支机构挂在所属法人之下，不另计。",
        ),
        RosterKind(
            "social", "社会组织名册", "家",
            ("place", "kind", "ownership", "staff", "full_members", "sources", "coverage", "state", "updated"),
            f"{_MARKS_NOTE}律师事务所、基层法律服务所由司法行政部门登记，列在此册。",
        ),
        RosterKind(
            "small", "小个专名册", "户",
            ("place", "industry", "kind", "staff", "full_members", "sources", "coverage", "state", "updated"),
            _MARKS_NOTE,
        ),
        RosterKind(
            EVERY, "搜索", "家",
            ("place", "kind", "ownership", "full_members", "sources", "coverage", "state", "updated"),
            _MARKS_NOTE,
        ),
    )
}  # fmt: skip
_COLUMNS = {
    "identity": ("名称 / 统一社会信用代码", False, Sort.NAME),
    "place": ("镇街 / 园区", False, None),
    "industry": ("行业（GB/T 4754）", False, None),
    "kind": ("类型", False, None),
    "ownership": ("所有制 / 三有", False, None),
    "staff": ("职工", True, Sort.STAFF),
    "full_members": ("正式党员", True, None),
    "sources": ("印证", False, None),
    "coverage": ("覆盖方式", False, None),
    "state": ("状态", False, None),
    "updated": ("更新", True, Sort.RECENT),
}
_TABS: tuple[tuple[str, str, str], ...] = (
    ("全部", "", "total"),
    ("三有", "screening=in", "screened_in"),
    ("应建未建", "coverage=should", "should"),
    ("有党员未组建", "coverage=few", "few"),
    ("待摸排", "base=on&coverage=canvass", "canvass"),
    ("三有待判", "screening=unknown&operating=on", "pending"),
    ("性质未知", "ownership=unknown", "unknown"),
    ("未落点", "unplaced=on", "unplaced"),
)
_TAB_FIELDS = ("screening", "ownership", "operating", "unplaced", "coverage", "base", "page", "sort")


def rows_context(
    *, kind: RosterKind, query: QueryDict, form: RosterForm, page: RosterPage, actor: Actor
) -> dict[str, Any]:
    """Context of ``_roster_rows.html``: chips, totals, rows, pages."""
    conditions = form.conditions()
    row_of = partial(row_context, coverage=CoverageWords.of(form.rules), asked=_asked(kind, query))
    return {
        "noun": kind.noun,
        "page": _paged(page, row_of),
        "at_least": page.at_least,
        "page_size": page.size,
        "page_sizes": PAGE_SIZES,
        "chips": [{"label": text, "remove_url": _address(query, without=(name, "page"))} for name, text in conditions],
        "clear_url": kind.url,
        "totals": _totals(kind, page),
        "columns": [_column(name, query, page) for name in ("identity", *kind.columns)],
        "column_keys": set(kind.columns),
        "batch_actions": _batch_actions(kind, actor),
        "empty": _nothing(kind, conditions, form, actor),
    }


def frame_context(
    *, kind: RosterKind, query: QueryDict, form: RosterForm, actor: Actor, figures: Figures | None,
    duties: Mapping[str, int], views: Sequence[SavedView], batches: Mapping[str, date],
) -> dict[str, Any]:  # fmt: skip
    """Context of the page around the rows: title, tabs, filters, saved views, export."""
    conditions = form.conditions()
    return {
        "page_title": kind.title,
        "lead_pieces": _lead(figures, batches, kind),
        "actions": _actions(kind, query, actor),
        "tabs": _search_tabs(query) if kind.slug == EVERY else _tabs(query, figures, duties, kind),
        "filter_fields": form.shown(FIRST_FIELDS),
        "more_fields": form.shown(MORE_FIELDS),
        "more_open": any(name in MORE_FIELDS for name, _ in conditions),
        "save_view_url": reverse("workbench:save_view", args=[kind.slug]) if conditions and kind.filter_value else None,
        "saved_views": [_view_line(view) for view in views],
        "footnote": kind.footnote,
    }


@dataclass(frozen=True, slots=True)
class CoverageWords:
    """What the rulebook of the day says of coverage, as the rows of a list need it."""

    organization_forms: tuple[str, ...]
    bar: int

    @classmethod
    def of(cls, rules: Rules) -> "CoverageWords":
        return cls(rules.words("coverage.organization_forms"), int(rules.number("branch.min_full_members")))


def row_context(row: RosterRow, at: int, *, coverage: CoverageWords, asked: QueryDict) -> dict[str, Any]:
    """One line of the table; its link says where in which list it stands (``at`` counts from 0)."""
    place = row.overlay or row.town
    registration = labels.state(row.state, operating=row.operating)
    return {
        "id": row.id,
        "url": f"{reverse('workbench:entity', args=[row.id])}?{asked.urlencode()}&at={at}",
        "name": row.name,
        "code": row.uscc,
        "place": place,
        "county": row.county or "",
        "industry": name_of(row.industry_code) or row.industry_code,
        "industry_code": row.industry_code,
        "kind": labels.legal_form(row.legal_form),
        "ownership": labels.ownership(row.ownership),
        "staff": row.staff,
        "full_members": row.full_members,
        "reaches_bar": row.full_members is not None and row.full_members >= coverage.bar,
        "sources": labels.sources(row.sources, row.roster),
        "screening": labels.screening(row.screening),
        "coverage": labels.covered_as(row.covered_as, row.coverage_state, coverage.organization_forms),
        "state": labels.coverage_state(row.coverage_state, registration),
        "updated": row.as_of,
    }


def _paged(page: RosterPage, row_of: Callable[[RosterRow, int], dict[str, Any]]) -> Page[Any]:
    """The page as Django's own, so that the shared footer can show it; its rows are already cut."""
    paginator: Paginator[Any] = _KnownPaginator(page.count, page.size, page.pages)
    first = (page.number - 1) * page.size
    return Page([row_of(row, first + at) for at, row in enumerate(page.rows)], page.number, paginator)


def _asked(kind: RosterKind, query: QueryDict) -> QueryDict:
    """The conditions and the order of a list, without its pages, as an entity's address carries them."""
    asked = query.copy()
    for name in ("page", "size", *(name for name, value in query.items() if not value)):
        asked.pop(name, None)
    asked["in"] = kind.slug
    return asked


class _KnownPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator whose count and pages were found elsewhere."""

    def __init__(self, count: int, size: int, pages: int) -> None:
        super().__init__((), size)
        self.count = count
        self.num_pages = pages


def _address(query: QueryDict, *, without: Sequence[str] = (), **values: str) -> str:
    changed = query.copy()
    for name in without:
        changed.pop(name, None)
    for name, value in values.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def _column(name: str, query: QueryDict, page: RosterPage) -> dict[str, Any]:
    """A header; beyond the limit the list stands in its own order only."""
    label, numeric, sort = _COLUMNS[name]
    column: dict[str, Any] = {"key": name, "label": label, "numeric": numeric}
    if sort is None:
        return column
    if page.sort is sort:
        column["sort"] = "ascending" if sort is Sort.NAME else "descending"
    if page.sort is sort or not page.is_cut:
        column["sort_url"] = _address(query, without=("page",), sort=sort.value)
    return column


def _totals(kind: RosterKind, page: RosterPage) -> list[dict[str, Any]]:
    totals: list[dict[str, Any]] = []
    if page.unknown:
        totals.append({"text": f"性质未知 {page.unknown:,} {kind.noun}", "unknown": True})
    if page.is_cut:
        totals.append({"text": f"只列前 {page.pages * page.size:,} {kind.noun}，请增加条件或导出"})
    return totals


def _nothing(
    kind: RosterKind, conditions: Sequence[tuple[str, str]], form: RosterForm, actor: Actor
) -> dict[str, str | None]:
    """What an empty list says: take a condition off, or bring in the first list."""
    typed = (form.cleaned_data.get("q") or "").strip()
    if typed and read_text(typed).is_empty:
        return {
            "icon_name": "search", "title": "请再多输入一些",
            "text": f"名称至少 {SHORTEST_NAME} 个字，代码至少 4 位，拼音首字母至少 2 个。",
            "action_url": kind.url, "action_label": "清除筛选",
        }  # fmt: skip
    if kind.slug == EVERY and not typed:
        return {"icon_name": "search", "title": "输入名称、代码或拼音首字母", "text": "会在全部名册中查找。"}
    if conditions:
        return {
            "icon_name": "filter-search", "title": f"没有符合条件的{'单位' if kind.slug == EVERY else kind.title[:-2]}",
            "text": f"当前有 {len(conditions)} 个筛选条件，可先去掉“{conditions[-1][1]}”。",
            "action_url": kind.url, "action_label": "清除筛选",
        }  # fmt: skip
    may = actor.may(Permission.BATCH_IMPORT)
    return {
        "icon_name": "inbox", "title": f"{kind.title}还没有数据", "text": "部门名单入库并对碰后，单位会出现在这里。",
        "action_url": reverse("rosters:upload") if may else None, "action_label": "导入名单",
    }  # fmt: skip


def _tabs(
    query: QueryDict, figures: Figures | None, duties: Mapping[str, int], kind: RosterKind
) -> list[dict[str, Any]]:
    """Fixed views; the one whose conditions are exactly those of the address is current."""
    now = {name: query.get(name, "") for name in _TAB_FIELDS if query.get(name) and name not in {"page", "sort"}}
    others = query.copy()
    for name in _TAB_FIELDS:
        others.pop(name, None)
    plain = not any(value for name, value in others.items() if name != "size")
    tabs = []
    for label, conditions, figure in _TABS:
        wanted = QueryDict(conditions).dict()
        url = f"{kind.url}?{conditions}" if conditions else kind.url
        count = capped(duties[figure]) if figure in duties else getattr(figures, figure, None)
        tabs.append({"label": label, "url": url, "count": count, "current": plain and now == wanted})
    return tabs


def _search_tabs(query: QueryDict) -> list[dict[str, Any]]:
    """The same text in each roster."""
    asked = QueryDict(mutable=True)
    asked["q"] = query.get("q", "")
    return [
        {
            "label": "全部名册" if kind.slug == EVERY else kind.title,
            "url": f"{kind.url}?{asked.urlencode()}",
            "current": kind.slug == EVERY,
        }
        for kind in (ROSTERS[EVERY], *(ROSTERS[slug] for slug in ROSTERS if slug != EVERY))
    ]


def _lead(figures: Figures | None, batches: Mapping[str, date], kind: RosterKind) -> list[dict[str, Any]]:
    """Which lists the roster rests on, and how many stand in the base."""
    pieces: list[dict[str, Any]] = []
    order = [list_kind.value for list_kind in ListKind]
    days = [f"{LISTS[ListKind(name)].zh} {batches[name]:%m-%d}" for name in order if name in batches]
    if days:
        pieces.append({"text": f"{'、'.join(days)} 批次"})
    if figures:
        pieces.append({"text": f"计入底数 {figures.in_base:,} {kind.noun}", "url": f"{kind.url}?base=on"})
        url = f"{kind.url}?base=on&ownership=unknown"
        pieces.append({"text": f"其中性质未知 {figures.in_base_unknown:,} {kind.noun}", "url": url})
    return pieces


def _actions(kind: RosterKind, query: QueryDict, actor: Actor) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if actor.may(Permission.BATCH_IMPORT) and kind.filter_value:
        actions.append({"label": "导入", "icon": "upload", "url": reverse("rosters:upload")})
    if actor.may(Permission.ROSTER_EXPORT) and kind.filter_value:
        asked = _address(query, without=("page", "size", "sort"))
        menu = [
            {"label": f"{label}（当前条件，至多 {MOST_EXPORTED // 10_000} 万行）", "icon": "file-spreadsheet",
             "url": reverse("workbench:export", args=[kind.slug, form]) + asked}
            for form, label in (("xlsx", "Excel"), ("csv", "CSV"))
        ]  # fmt: skip
        actions.append({"label": "导出", "icon": "download", "menu": menu})
    return actions


def _batch_actions(kind: RosterKind, actor: Actor) -> list[dict[str, Any]]:
    """What can be done with chosen rows, by permission."""
    actions: list[dict[str, Any]] = []
    if not kind.filter_value:
        return actions
    if actor.may(Permission.LETTER_ISSUE):
        url = reverse("workbench:letters", args=[kind.slug])
        actions.append({"label": "发提示函", "icon": "send", "url": url})
    if actor.may(Permission.ROSTER_EXPORT):
        url = reverse("workbench:export_chosen", args=[kind.slug])
        actions.append({"label": "导出所选", "icon": "download", "url": url, "download": True})
    return actions


def _view_line(view: SavedView) -> dict[str, str]:
    roster, _, query = view.query.partition("?")
    return {
        "label": view.name,
        "url": f"{ROSTERS[roster].url}?{query}",
        "delete_url": reverse("workbench:delete_view", args=[view.pk]),
    }
