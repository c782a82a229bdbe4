"""What the pages of bodies show, as plain values for their templates."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from jingwei.bodies.models import Body
from jingwei.bodies.selectors import BodyDetail
from jingwei.core.permissions import Actor, Permission
from jingwei.core.verbs import verb_zh, word_zh
from jingwei.domain.lists import LISTS, ListKind

Piece = Mapping[str, Any]


def url_of(body: Body) -> str:
    return reverse("bodies:detail", args=[body.pk])


def body_row(body: Body, *, today: date) -> Piece:
    """One line of the list; expects ``bodies_page``."""
    return {
        "url": url_of(body),
        "name": body.name,
        "kind": body.get_kind_display(),
        "place": body.place.name if body.place else "",
        "superior": body.superior.name if body.superior else "",
        "lists": lists_zh(body),
        "users": body.active_users,  # type: ignore[attr-defined]
        "since": body.valid.lower,
        "state": state(body, today),
    }


def lists_zh(body: Body) -> str:
    return "、".join(LISTS[ListKind(kind)].zh for kind in body.list_kinds)


def state(body: Body, today: date) -> Piece:
    if body.valid.lower and body.valid.lower > today:
        return {"label": "未成立", "kind": "info", "icon": "clock"}
    if body.valid.upper and body.valid.upper <= today:
        return {"label": "已撤销", "kind": "plain", "icon": ""}
    return {"label": "存续", "kind": "ok", "icon": ""}


def body_facts(detail: BodyDetail) -> list[Piece]:
    body = detail.body
    chain = " ← ".join(above.name for above in detail.above)
    return [
        {"label": "类型", "value": body.get_kind_display()},
        {"label": "简称", "value": body.short_name},
        {
            "label": "区域", "value": body.place.name if body.place else "",
            "url": reverse("places:detail", args=[body.place_id]) if body.place_id else None,
        },
        {
            "label": "上级", "value": detail.above[0].name if detail.above else "",
            "url": url_of(detail.above[0]) if detail.above else None,
        },
        {"label": "隶属链条", "value": chain if len(detail.above) > 1 else ""},
        {"label": "行业代码", "value": "、".join(body.industries), "mono": True},
        {"label": "提供的名单", "value": lists_zh(body)},
        {"label": "成立日期", "value": f"{body.valid.lower:%Y-%m-%d}" if body.valid.lower else ""},
        {"label": "撤销日期", "value": f"{body.valid.upper:%Y-%m-%d}" if body.valid.upper else ""},
        {"label": "说明", "value": body.note},
    ]  # fmt: skip


def subordinates(detail: BodyDetail) -> list[Piece]:
    return [
        {
            "name": body.name, "url": url_of(body), "kind": body.get_kind_display(),
            "place": body.place.name if body.place else "",
        }
        for body in detail.below
    ]  # fmt: skip


def actions(body: Body, actor: Actor) -> list[Piece]:
    """What the actor may do with the body."""
    covered = actor.covers(place_id=body.place_id, body_id=body.pk)
    if not (actor.may(Permission.BODIES_EDIT) and covered):
        return []
    found: list[Piece] = [{"label": "修改", "icon": "edit", "url": reverse("bodies:edit", args=[body.pk])}]
    if body.valid.upper is None:
        found.append({"label": "撤销", "icon": "x", "url": reverse("bodies:end", args=[body.pk])})
    return found


def crumbs(body: Body, last: str) -> list[Piece]:
    return [
        {"label": "机构", "url": reverse("bodies:list")},
        {"label": body.name, "url": url_of(body)},
        {"label": last, "url": ""},
    ]


def history(detail: BodyDetail) -> list[Piece]:
    return [
        {
            "date": entry.at,
            "title": verb_zh(entry.verb),
            "text": f"{entry.actor_name}，{'、'.join(map(word_zh, entry.fields))}".strip("，"),
        }
        for entry in detail.history
    ]


def users(detail: BodyDetail, actor: Actor) -> list[Piece]:
    """Who works there; the account's page is linked for those who may see accounts."""
    linked = actor.may(Permission.USERS_VIEW)
    return [
        {"name": user.name, "title": user.title, "url": reverse("accounts:user", args=[user.pk]) if linked else None}
        for user in detail.body.users.filter(is_active=True)
    ]
