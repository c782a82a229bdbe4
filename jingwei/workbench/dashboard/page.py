"""What the templates of the dashboard and of its large-type twin are given."""

from datetime import date
from typing import Any

from django.urls import reverse

from jingwei.core.permissions import Actor, Permission
from jingwei.domain.indicators import version
from jingwei.linkage.models import LinkRun
from jingwei.rosters.models import Batch
from jingwei.workbench.dashboard.areas import VIEWS, address, distribution
from jingwei.workbench.dashboard.board import LIVE, Board
from jingwei.workbench.dashboard.cards import kpis
from jingwei.workbench.dashboard.due import confirm_url, tasks
from jingwei.workbench.dashboard.funnel import funnel
from jingwei.workbench.dashboard.trend import trend

FOOTNOTE = (
    "组织覆盖 = 单独、联合、挂靠、总支、党委；工作覆盖另加功能型、临时、流动党员支部，指导员、联络员和群团组织（口径可由城市调整）；"
    "分母为三有且非公有的组织，性质未知、待摸排均计入并列在其旁。竖线为目标，斜纹为未知，箭头为较上月增减。"
)


def home_context(board: Board, *, view: str, table: bool) -> dict[str, Any]:
    """Context of ``home.html``."""
    return {
        "page_title": "工作台",
        "lead_pieces": lead(board),
        "actions": _actions(board, view),
        "notice": notice(board),
        "kpis": kpis(board),
        "distribution": distribution(board, view, table=table),
        "funnel": funnel(board),
        "tasks": tasks(board),
        "trend": trend(board),
        "footnote": FOOTNOTE,
    }


def month_zh(month: date) -> str:
    return f"{month.year} 年 {month.month} 月"


def lead(board: Board) -> list[dict[str, Any]]:
    """What the figures rest on: their day, the snapshot or the lists, the version of the definitions."""
    day = f"{board.day.year} 年 {board.day.month} 月 {board.day.day} 日"
    snapshot = board.snapshot
    pieces: list[dict[str, Any]] = [{"text": board.focus.title}] if board.focus.place else []
    if snapshot:
        pieces.append({"text": f"数据截至 {day}"})
        pieces.append(
            {"text": f"快照 {snapshot.number}", "url": reverse("indicators:snapshot", args=[snapshot.number])}
        )
        return [*pieces, {"text": f"指标口径 {snapshot.definitions[:7]}"}]
    pieces.append({"text": f"实时，{day}"})
    if board.waiting.lists:
        text = f"{len(board.waiting.lists)} 份名单，最近 {max(board.waiting.lists):%m-%d} 批次"
        pieces.append(
            {"text": text, "url": reverse("rosters:batches") if board.actor.may(Permission.BATCH_VIEW) else ""}
        )
    return [*pieces, {"text": f"指标口径 {version()[:7]}"}]


def _actions(board: Board, view: str) -> list[dict[str, Any]]:
    """Month chooser, the view for the meeting room, and for those who may the bulletin."""
    shown = board.snapshot.month if board.snapshot else None
    here = f"&county={board.focus.place_id}" if board.actor.everything and board.focus.place else ""
    menu = [{"label": "实时", "icon": "refresh", "url": f"?view={view}&month={LIVE}{here}", "current": shown is None}]
    menu += [
        {"label": month_zh(held.month), "icon": "calendar-event", "current": held.month == shown,
         "url": f"?view={view}&month={held.month:%Y-%m}{here}"}
        for held in board.months
    ]  # fmt: skip
    label = month_zh(shown) if shown else "实时"
    actions: list[dict[str, Any]] = [{"label": label, "icon": "calendar-event", "menu": menu}] if board.months else []
    query = address(board, view=view)
    actions.append({"label": "演示视图", "icon": "presentation", "url": reverse("workbench:presentation") + query})
    if board.actor.may(Permission.BULLETIN_MAKE):
        actions.append(
            {"label": "生成通报", "icon": "clipboard-data", "url": reverse("bulletins:new"), "primary": True}
        )
    return actions


def notice(board: Board) -> dict[str, str] | None:
    """Whether the figures are fixed, and who has not confirmed them."""
    if not board.focus.published:
        return None
    url, take = reverse("indicators:snapshots"), board.actor.may(Permission.SNAPSHOT_TAKE)
    if not board.months:
        text = "还没有月度快照，以下为实时数据；生成快照后可看走势、较上月增减和逐月核对。"
        return {"text": text, "url": url if take else "", "label": "生成快照", "kind": "info"}
    newest = board.months[0]
    if board.snapshot and board.snapshot.month != newest.month:
        return {
            "text": f"正在看 {month_zh(board.snapshot.month)}的数据，已冻结。",
            "url": "?",
            "label": "回到实时",
            "kind": "info",
        }
    pending = board.unconfirmed
    if not pending:
        return None
    names = "、".join(place.name for place in pending[:3]) + (f"等 {len(pending)} 个" if len(pending) > 3 else "")
    state = f"{newest.month.month} 月数据已于 {newest.taken_at:%m-%d} 冻结（{newest.number}）"
    text = f"{state}，{names}尚未确认。镇街、园区只确认系统所列数据，不另填报表。"
    return {"text": text, "url": confirm_url(newest.month), "label": "查看待确认", "kind": ""}


def start(actor: Actor) -> dict[str, str | None]:
    """The first step of a city without any entity. Two queries."""
    run = LinkRun.objects.in_scope(actor).filter(state=LinkRun.State.PROPOSED).first()
    checked = Batch.objects.in_scope(actor).filter(state=Batch.State.CHECKED).first()
    if run and actor.may(Permission.LINK_APPROVE):
        url, label, text = reverse("linkage:run", args=[run.pk]), "查看并批准对碰", "名单已对碰，批准后生成名册。"
    elif checked and actor.may(Permission.BATCH_COMMIT):
        url, label, text = reverse("rosters:batch", args=[checked.pk]), "核对名单", "有名单已读取，核对后入库。"
    else:
        url, label = reverse("rosters:upload"), "导入名单"
        text = "先导入市场监管、税务、社保等部门的名单，原样上传即可。"
    may = actor.may(Permission.BATCH_IMPORT)
    return {
        "title": "名册还是空的",
        "text": text if may else "经办人导入部门名单后，这里会显示底数和覆盖。",
        "action_url": url if may else None,
        "action_label": label,
    }


def chosen_view(text: str) -> str:
    return text if text in VIEWS else next(iter(VIEWS))
