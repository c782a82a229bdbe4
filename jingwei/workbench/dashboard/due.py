"""The card of what waits for this person and what is late."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from jingwei.core.permissions import Permission
from jingwei.workbench.dashboard.board import Board


def tasks(board: Board) -> dict[str, Any] | None:
    """The card: late things first, then what has a day, then the rest; None when nothing waits."""
    lines = [*_letters(board), *_month(board), *_confirmations(board), *_others(board)]
    if not lines:
        return None
    late = sum(line["late"] for line in lines)
    return {
        "title": "到期与待办",
        "hint": f"逾期 {late} 项 · 共 {len(lines)} 项" if late else f"共 {len(lines)} 项",
        "rows": sorted(lines, key=lambda line: (not line["late"], line["due"] or date.max)),
    }


def _line(title: str, owner: str, url: str, action: str, *, due: date | None = None, on: date | None = None,
          progress: str = "") -> dict[str, Any]:  # fmt: skip
    days = (on - due).days if due and on else 0
    clock = None
    if due and on:
        clock = (
            {"label": f"逾期 {days} 天", "kind": "late"} if days > 0 else {"label": f"剩 {-days} 天", "kind": "plain"}
        )
        clock = {"label": "今日到期", "kind": "warn"} if days == 0 else clock
    return {"title": title, "owner": owner, "url": url, "action": action, "due": due, "clock": clock,
            "progress": progress, "late": days > 0}  # fmt: skip


def _letters(board: Board) -> list[dict[str, Any]]:
    url = f"{reverse('coverage:letters')}?state=overdue"
    return [
        _line(
            f"提示函 {count} 封逾期未复", town or "未落到镇街", url, "登记答复", due=due, on=board.on, progress="已发函"
        )
        for town, count, due in board.waiting.late
    ]


def _month(board: Board) -> list[dict[str, Any]]:
    """The month that has ended and was never published."""
    ended = (board.on.replace(day=1) - timedelta(days=1)).replace(day=1)
    newest = board.months[0].month if board.months else None
    if not board.actor.may(Permission.SNAPSHOT_TAKE) or newest is None or newest >= ended:
        return []
    url = reverse("indicators:snapshots")
    return [
        _line(f"{ended.month} 月数据尚未生成快照", "业务科", url, "生成快照", due=board.on.replace(day=1), on=board.on)
    ]


def _confirmations(board: Board) -> list[dict[str, Any]]:
    """Places that have not confirmed the newest month; a town sees its own alone."""
    if not board.months:
        return []
    place, month = board.focus.place_id, board.months[0].month
    url = confirm_url(month)
    mine = board.actor.may(Permission.MONTH_CONFIRM) and any(held.pk == place for held in board.unconfirmed)
    if mine:
        return [
            _line(f"确认 {month.month} 月数据", board.focus.title, url, "去确认", progress="只确认系统所列，不另填报")
        ]
    if not (board.actor.everything and board.unconfirmed):
        return []
    names = "、".join(held.name for held in board.unconfirmed[:2])
    owner = names if len(board.unconfirmed) < 3 else f"{names}等 {len(board.unconfirmed)} 个"
    return [_line(f"{month.month} 月数据尚未确认", owner, url, "查看", progress=f"{len(board.unconfirmed)} 个未确认")]


def confirm_url(month: date) -> str:
    """Where a month is confirmed, and who has not confirmed it stands."""
    return f"{reverse('indicators:confirm')}?month={month:%Y-%m}"


def _others(board: Board) -> list[dict[str, Any]]:
    """What waits without a day: the oldest part of the flow first."""
    kinds = (
        ("batches", "名单已读取，待核对入库", "份", "rosters:batches", "核对"),
        ("runs", "对碰结果待批准", "次", "linkage:runs", "批准"),
        ("coverings", "党组织覆盖单位待核", "个", "branches:waiting", "核对"),
        ("papers", "通报待签发", "份", "bulletins:list", "签发"),
    )
    lines = [
        _line(title, "本单位", reverse(name), action, progress=f"{board.waiting.numbers[kind]:,} {unit}")
        for kind, title, unit, name, action in kinds
        if board.waiting.numbers.get(kind)
    ]
    unplaced = board.beside("BASE-N", "未落到镇街园区")
    if unplaced and board.actor.may(Permission.PLACEMENT_DECIDE):
        url = reverse("workbench:placement")
        lines.append(_line("三有组织未落到镇街、园区", "本单位", url, "分派", progress=f"{unplaced:,} 家"))
    return lines
