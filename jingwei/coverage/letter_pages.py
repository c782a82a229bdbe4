"""What the templates of letters are given."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.urls import reverse

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, Permission
from jingwei.coverage import labels
from jingwei.coverage.models import NoticeLetter
from jingwei.coverage.tabs import LETTERS, tabs
from jingwei.domain.coverage import CoverageDecision, CoverageFit

STATES = {"": "全部", "waiting": "待答复", "overdue": "逾期未复", "answered": "已答复", "closed": "已了结"}


def letters_context(page: "Page[NoticeLetter]", *, chosen: str, day: date) -> dict[str, Any]:
    """Context of ``coverage/letters.html``."""
    return {
        "page_title": "提示函",
        "lead": "向应建未建单位发出的提示函；每封的依据和事实在发出时固定",
        "crumbs": [
            {"label": "两个覆盖", "url": reverse("coverage:overview")},
            {"label": "提示函", "url": ""},
        ],
        "tabs": tabs(LETTERS),
        "states": [
            {"label": zh, "url": f"?state={key}" if key else reverse("coverage:letters"), "current": key == chosen}
            for key, zh in STATES.items()
        ],
        "page": Page([_line(letter, day) for letter in page.object_list], page.number, page.paginator),
        "filtered": bool(chosen),
    }


def _line(letter: NoticeLetter, day: date) -> dict[str, Any]:
    return {
        "number": letter.number,
        "url": reverse("coverage:letter", args=[letter.pk]),
        "entity": letter.entity.name,
        "entity_url": reverse("workbench:entity", args=[letter.entity_id]),
        "issued_on": letter.issued_on,
        "issued_by": letter.issued_by,
        "reply_due_on": letter.reply_due_on,
        "state": _state(letter, day),
        "answered_on": letter.answered_on or letter.closed_on,
        "answered_by": letter.answered_by,
    }


def _state(letter: NoticeLetter, day: date) -> labels.Status:
    return labels.letter_state(answered=letter.answer, closed=letter.closed_because, overdue=letter.reply_due_on < day)


def letter_context(letter: NoticeLetter, *, actor: Actor, day: date) -> dict[str, Any]:
    """Context of ``coverage/letter.html``; everything printed comes from what was frozen."""
    facts = letter.facts
    may_answer = not letter.answer and actor.may(Permission.LETTER_ANSWER)
    actions = [
        {
            "label": "登记答复",
            "icon": "message-report",
            "url": reverse("coverage:answer", args=[letter.pk]),
            "primary": True,
        }
    ]
    return {
        "page_title": letter.number,
        "crumbs": [
            {"label": "两个覆盖", "url": reverse("coverage:overview")},
            {"label": "提示函", "url": reverse("coverage:letters")},
            {"label": letter.number, "url": ""},
        ],
        "lead": f"{letter.entity.name}；按 Ctrl+P 打印",
        "actions": actions if may_answer else [],
        "letter": letter,
        "facts": facts,
        "greeting": facts["name"],
        "state": _state(letter, day),
        "answers": [label for _, label in NoticeLetter.Answer.choices],
        "basis": [
            {"label": "正式党员", "value": f"{facts['full_members']} 名"},
            {"label": "名单日期", "value": facts["counted_on"]},
            {"label": "适用形式", "value": CoverageFit(facts["fit"]).zh},
            {"label": "依据", "value": facts["article"]},
            {"label": "应建起算日", "value": facts["due_since"]},
            {"label": "回复期限", "value": letter.reply_due_on.isoformat()},
            *_closing(letter),
            *_answer(letter),
        ],
    }  # fmt: skip


def _closing(letter: NoticeLetter) -> Iterable[dict[str, Any]]:
    if letter.closed_on is None:
        return ()
    reason = letter.get_closed_because_display()
    return ({"label": "了结", "value": reason, "note": f"{letter.closed_on.isoformat()} 由覆盖判定自动了结"},)


def _answer(letter: NoticeLetter) -> Iterable[dict[str, Any]]:
    if not letter.answer:
        return ()
    return (
        {"label": "答复", "value": letter.get_answer_display()},
        {"label": "答复日期", "value": letter.answered_on.isoformat() if letter.answered_on else ""},
        {"label": "登记人", "value": letter.answered_by},
        {"label": "说明", "value": letter.answer_note},
    )


def issue_context(entity: Entity, decision: CoverageDecision, facts: dict[str, Any]) -> dict[str, Any]:
    """Context of ``coverage/letter_new.html``: what will be sent, before it is."""
    return {
        "page_title": "发提示函",
        "lead": entity.name,
        "crumbs": [
            {"label": entity.name, "url": reverse("workbench:entity", args=[entity.pk])},
            {"label": "发提示函", "url": ""},
        ],
        "decision": decision,
        "facts": facts,
        "cancel_url": reverse("workbench:entity", args=[entity.pk]),
    }
