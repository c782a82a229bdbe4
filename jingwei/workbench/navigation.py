"""What the frame of every page shows: navigation by permission, the person, the version. No query."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from jingwei.core.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation, shown to those who hold any of the permissions (to all staff if none)."""

    label: str
    icon: str
    url: str
    permissions: tuple[Permission, ...] = ()
    argument: str = ""

    def address(self) -> str:
        return reverse(self.url, args=[self.argument] if self.argument else [])


_SEE = (Permission.ROSTER_VIEW,)
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("工作台", "layout-dashboard", "workbench:home"),)),
    (
        "底数",
        (
            Entry("企业名册", "building", "workbench:roster", _SEE, "enterprise"),
            Entry("社会组织名册", "users-group", "workbench:roster", _SEE, "social"),
            Entry("小个专名册", "building-store", "workbench:roster", _SEE, "small"),
            Entry("名单导入", "upload", "rosters:batches", (Permission.BATCH_VIEW,)),
            Entry("单条登记", "clipboard-plus", "registrations:list", (Permission.REGISTRATION_SAVE,)),
            Entry(
                "大数据对碰", "arrow-merge-right", "linkage:runs", (Permission.LINK_APPROVE, Permission.BATCH_COMMIT)
            ),
            Entry("人工判定", "arrows-exchange", "workbench:review", (Permission.LINK_APPROVE,)),
            Entry("落点待分派", "map-pin", "workbench:placement", (Permission.PLACEMENT_DECIDE,)),
        ),
    ),
    (
        "组织",
        (
            Entry("两个覆盖", "target", "coverage:overview", _SEE),
            Entry("党组织", "topology-star-3", "branches:list", _SEE),
        ),
    ),
    (
        "考核",
        (
            Entry("指标", "clipboard-data", "indicators:list", (Permission.INDICATORS_VIEW,)),
            Entry("通报与报表", "file-check", "bulletins:list", (Permission.INDICATORS_VIEW,)),
        ),
    ),
    (
        "基础",
        (
            Entry("区划", "map", "places:tree", (Permission.PLACES_VIEW,)),
            Entry("机构", "sitemap", "bodies:list", (Permission.BODIES_VIEW,)),
            Entry("节假日", "calendar-event", "calendar:days", (Permission.HOLIDAYS_EDIT,)),
            Entry("用户与授权", "user-check", "accounts:users", (Permission.USERS_VIEW,)),
            Entry("日志", "history", "accounts:journal", (Permission.JOURNAL_VIEW,)),
        ),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the page's frame; error pages that come before the actor is known get an empty one."""
    actor: Actor | None = getattr(request, "actor", None)
    frame = {"product_version": settings.PRODUCT_VERSION, "demo": settings.DEMO}
    if actor is None or actor.user_id is None:
        return frame | {"nav": [], "actor": None}
    return frame | {
        "nav": navigation(actor, request.path, getattr(request, "nav_counts", {})),
        "actor": {
            "name": actor.name,
            "title": actor.title,
            "initial": actor.name[:1],
            "unit_name": actor.unit_name,
        },
    }


def navigation(actor: Actor, path: str, counts: Mapping[str, int] = MappingProxyType({})) -> list[dict[str, Any]]:
    """Groups with the entries the actor may use; the entry whose address the page lies below is current.

    Of several such entries it is the one with the longest address. ``counts`` says by name of the address how
    much waits there, where the page has counted it anyway.
    """
    groups: list[dict[str, Any]] = []
    for title, entries in GROUPS:
        shown = [entry for entry in entries if not entry.permissions or any(map(actor.may, entry.permissions))]
        items = [line(entry, path, counts) for entry in shown]
        if items:
            groups.append({"title": title, "items": items})
    below = [item for group in groups for item in group["items"] if item["current"]]
    nearest = max(below, key=lambda item: len(item["url"]), default=None)
    for item in below:
        item["current"] = item is nearest
    return groups


def line(entry: Entry, path: str, counts: Mapping[str, int]) -> dict[str, Any]:
    url = entry.address()
    current = path == url if entry.url == "workbench:home" else path.startswith(url)
    return {"label": entry.label, "icon": entry.icon, "url": url, "current": current, "count": counts.get(entry.url)}
