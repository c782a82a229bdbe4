"""What the template of the calendar is given, and who may change it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from jingwei.core.models import Holiday
from jingwei.core.permissions import Actor, NotPermitted, Permission, require

_WEEKDAYS = "一二三四五六日"


def may_edit(actor: Actor) -> None:
    """Raise ``NotPermitted`` unless the actor keeps the calendar of the whole city."""
    require(actor, Permission.HOLIDAYS_EDIT)
    if not actor.everything:
        raise NotPermitted("节假日表由全市统一维护。", permission=Permission.HOLIDAYS_EDIT)


def year_of(text: str, today: date) -> int:
    """The year that an address names, else the running one."""
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100 else today.year


def days_context(held: Sequence[Holiday], *, year: int, unknown: Sequence[int], actor: Actor) -> dict[str, Any]:
    """Context of ``core/holidays.html``."""
    edits = actor.may(Permission.HOLIDAYS_EDIT) and actor.everything
    add = {"label": "设定节假日", "icon": "calendar-event", "url": reverse("calendar:add"), "primary": True}
    return {
        "page_title": "节假日",
        "lead": f"{year} 年本单位设定的放假和调休；没有设定的日子按内置日历",
        "actions": [add] if edits else [],
        "years": [
            {"label": f"{shown} 年", "url": f"?year={shown}", "current": shown == year}
            for shown in range(year - 1, year + 2)
        ],
        "unknown": f"{year} 年的放假安排尚未录入，现按周一至周五计算工作日。" if unknown else "",
        "rows": [_row(holiday, edits) for holiday in held],
    }


def _row(holiday: Holiday, edits: bool) -> dict[str, Any]:
    off = holiday.kind == Holiday.Kind.OFF
    return {
        "day": holiday.day,
        "weekday": f"星期{_WEEKDAYS[holiday.day.weekday()]}",
        "state": {"label": holiday.get_kind_display(), "kind": "ok" if off else "warn", "icon": "none"},
        "name": holiday.name,
        "source": holiday.source,
        "remove_url": reverse("calendar:remove", args=[holiday.pk]) if edits else "",
    }
