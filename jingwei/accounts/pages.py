"""What the account pages show, as plain values for their templates."""

import io
from base64 import b32encode
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from jingwei.accounts.models import Grant, User
from jingwei.accounts.selectors import JournalNames, JournalPage, SecondFactor
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import ROLES, Role
from jingwei.core.verbs import verb_zh, word_zh

Piece = Mapping[str, Any]
SUBJECTS = {
    "batch": "批次",
    "body": "机构",
    "entity": "主体",
    "holiday": "节假日",
    "link_run": "对碰",
    "ownership_answer": "所有制认定",
    "place": "区划",
    "road_range": "路段门牌",
    "roster_version": "名册版本",
    "user": "账号",
}


def user_row(user: User) -> Piece:
    """One line of the list of users; expects ``users_page``."""
    grants: list[Grant] = user.current_grants  # type: ignore[attr-defined]
    return {
        "url": reverse("accounts:user", args=[user.pk]),
        "name": user.name,
        "username": user.username,
        "body": user.body.name if user.body else "",
        "title": user.title,
        "roles": list(dict.fromkeys(ROLES[Role(grant.role)].zh for grant in grants)),
        "scope": "、".join(dict.fromkeys(scope_text(grant) for grant in grants)),
        "second_factor": second_factor_state(user.has_second_factor),  # type: ignore[attr-defined]
        "last_login": user.last_login,
        "state": account_state(user),
    }


def demo_rows(users: Iterable[User]) -> list[Piece]:
    """Accounts to choose from on the log-in page of a demo; the password is told in the terminal."""
    return [
        {
            "username": user.username,
            "role": "、".join(ROLES[Role(grant.role)].zh for grant in user.current_grants),  # type: ignore[attr-defined]
            "unit": "、".join(scope_text(grant) for grant in user.current_grants),  # type: ignore[attr-defined]
        }
        for user in users
    ]


def scope_text(grant: Grant) -> str:
    return "、".join(str(part) for part in (grant.place, grant.body) if part)


def account_state(user: User) -> Piece:
    if user.is_active:
        return {"label": "启用", "kind": "ok", "icon": ""}
    return {"label": "停用", "kind": "plain", "icon": ""}


def second_factor_state(ready: bool) -> Piece:
    return {"label": "已设置" if ready else "未设置", "kind": "ok" if ready else "warn", "icon": ""}


def user_facts(user: User) -> list[Piece]:
    return [
        {"label": "登录名", "value": user.username, "mono": True},
        {"label": "姓名", "value": user.name},
        {"label": "职务", "value": user.title},
        {"label": "单位", "value": user.body.name if user.body else ""},
        {"label": "建立时间", "value": moment(user.created_at)},
        {"label": "上次登录", "value": moment(user.last_login)},
    ]


def moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def user_statuses(user: User, factor: SecondFactor) -> list[Piece]:
    state = second_factor_state(factor.ready)
    return [account_state(user), {**state, "label": f"第二步验证{state['label']}"}]


def grant_rows(grants: Iterable[Grant], *, today: date, may_revoke: bool) -> list[Piece]:
    return [grant_row(grant, today=today, may_revoke=may_revoke) for grant in grants]


def grant_row(grant: Grant, *, today: date, may_revoke: bool) -> Piece:
    state = grant_state(grant, today)
    return {
        "role": ROLES[Role(grant.role)].zh,
        "place": grant.place.name if grant.place else "",
        "body": grant.body.name if grant.body else "",
        "since": grant.valid.lower,
        "until": last_day(grant),
        "by": grant.granted_by,
        "reason": grant.reason,
        "state": state,
        "end_url": reverse("accounts:revoke", args=[grant.pk]) if may_revoke and state["open"] else None,
    }


def last_day(grant: Grant) -> date | None:
    if grant.valid.isempty or grant.valid.upper is None:
        return None
    return date.fromordinal(grant.valid.upper.toordinal() - 1)


def grant_state(grant: Grant, today: date) -> Piece:
    if grant.revoked_at:
        return {"label": "已收回", "kind": "plain", "icon": "", "open": False}
    if grant.valid.lower > today:
        return {"label": "未开始", "kind": "info", "icon": "clock", "open": True}
    if grant.valid.upper is not None and grant.valid.upper <= today:
        return {"label": "已到期", "kind": "plain", "icon": "", "open": False}
    return {"label": "有效", "kind": "ok", "icon": "", "open": True}


def events(entries: Iterable[JournalEntry], *, with_actor: bool = False) -> list[Piece]:
    """Entries of the journal as a timeline."""
    return [
        {
            "date": entry.at,
            "title": verb_zh(entry.verb),
            "text": " ".join(filter(None, [moment(entry.at), entry.actor_name if with_actor else subject_text(entry)])),
        }
        for entry in entries
    ]


def subject_text(entry: JournalEntry) -> str:
    return f"{SUBJECTS.get(entry.subject_type, entry.subject_type)} {entry.subject_id}"


def journal_rows(page: JournalPage) -> list[Piece]:
    """Lines of the journal. Details are counts, ids and dates; personal values are never among them."""
    return [journal_row(entry, page.names) for entry in page.entries]


def journal_row(entry: JournalEntry, names: JournalNames) -> Piece:
    username = names.users.get(entry.subject_id) if entry.subject_type == "user" else None
    details = (f"{word_zh(key)}：{detail_zh(key, value)}" for key, value in entry.detail.items() if value is not None)
    parts = [names.places.get(entry.place_id or 0), names.bodies.get(entry.body_id or 0)]
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor_name,
        "verb": verb_zh(entry.verb),
        "subject": f"账号 {username}" if username else subject_text(entry),
        "subject_url": reverse("accounts:user", args=[int(entry.subject_id)]) if username else None,
        "fields": [word_zh(field) for field in entry.fields],
        "detail": "；".join(details),
        "scope": "，".join(part for part in parts if part),
        "hash": entry.hash or "",
    }


def detail_zh(key: str, value: Any) -> object:
    return ROLES[Role(value)].zh if key == "role" and value in set(Role) else value


def qr_svg(device: TOTPDevice) -> SafeString:
    """The device's address as an SVG without style attributes, as the content policy wants it."""
    out = io.BytesIO()
    segno.make(device.config_url, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, svgclass=None, lineclass=None, border=2, nl=False
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made here of a QR matrix, no text of a user inside


def grouped_secret(device: TOTPDevice) -> str:
    """The secret in groups of four, for typing."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
