"""What the templates of papers are given."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jingwei.bulletins.models import Paper, Template
from jingwei.bulletins.orders import COMPARING
from jingwei.bulletins.previews import preview
from jingwei.core.permissions import Actor, Permission
from jingwei.domain import glossary
from jingwei.domain.papers.content import bulletin_of, plain

CHECKS_SHOWN, GAPS_SHOWN = 60, 60
LIST = {"label": "通报与报表", "url": "bulletins:list"}
_PLACEHOLDERS = (
    ("masthead", "红头"), ("issue", "期号"), ("issuer", "发文单位"), ("issued_on", "印发日期"), ("title", "标题"),
    ("sections[].heading / .paragraphs[]", "各部分的小标题和段落"), ("table.title / .notes[]", "表题和表注"),
    ("table.rows[].name / table.total", "各行名称；合计行"),
    ("imprint.report_to / .send_to / .issue_to", "报、送、发"),
    ("imprint.issuer / .printed_on / .copies", "印发单位、日期、份数"),
)  # fmt: skip


def crumbs(*labels: tuple[str, str]) -> list[dict[str, str]]:
    """The list, then (label, address) of what lies below it."""
    first = {"label": LIST["label"], "url": reverse(LIST["url"])}
    return [first, *({"label": label, "url": url} for label, url in labels)]


def list_rows(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Lines of the list."""
    return [
        {
            "url": reverse("bulletins:paper", args=[paper.pk]),
            "title": paper.title,
            "kind": paper.get_kind_display(),
            "place": paper.place.name,
            "snapshot": paper.snapshot.number,
            "issue": paper.issue,
            "made_at": paper.made_at,
            "made_by": paper.made_by,
            "status": status(paper),
            "files": files(paper),
        }
        for paper in papers
    ]


def files(paper: Paper) -> list[dict[str, Any]]:
    """Files of a paper with their addresses."""
    return [
        {
            "label": held.get_format_display(),
            "url": reverse("bulletins:download", args=[paper.pk, held.format]),
            "size": held.file.size,
        }
        for held in sorted(paper.files.all(), key=lambda held: held.format)
    ]


def status(paper: Paper) -> dict[str, str]:
    """Whether the paper is signed, as a word with its icon."""
    if paper.signed_at is None:
        return {"label": "未签发", "kind": "plain", "icon": "edit"}
    return {"label": "已签发", "kind": "ok", "icon": "lock"}


def paper_context(paper: Paper, actor: Actor) -> dict[str, Any]:
    """Context of the page of a paper."""
    failed = [check for check in paper.checks if check["outcome"] == "fails"]
    gaps = paper.content.get("gaps", [])
    return {
        "page_title": paper.title,
        "lead_pieces": _lead(paper),
        "crumbs": crumbs((paper.get_kind_display(), "")),
        "actions": _actions(paper, actor),
        "status": status(paper),
        "facts": _facts(paper),
        "files": files(paper),
        "may_sign": paper.signed_at is None
        and actor.may(Permission.BULLETIN_SIGN)
        and actor.covers(place_id=paper.place_id),
        "sign_url": reverse("bulletins:sign", args=[paper.pk]),
        "failed": failed[:CHECKS_SHOWN],
        "failed_count": len(failed),
        "open_count": len(paper.checks) - len(failed),
        "gaps": gaps[:GAPS_SHOWN],
        "gap_count": len(gaps),
    } | preview(paper)


def words_of(paper: Paper) -> dict[str, Any]:
    """Initial values of the form for the words of a bulletin."""
    bulletin = bulletin_of(paper.content["bulletin"])
    held = paper.content.get("wishes", {})
    return {
        "issue": paper.issue,
        "total_issue": paper.content["total_issue"],
        "issued_on": held.get("issued_on") or timezone.localtime(paper.made_at).date(),
        "issuer": bulletin.issuer,
        "next_steps": "\n".join(plain(paragraph) for paragraph in bulletin.sections[-1].paragraphs),
        "report_to": bulletin.imprint.report_to,
        "send_to": bulletin.imprint.send_to,
        "issue_to": bulletin.imprint.issue_to,
        "copies": bulletin.imprint.copies,
    }


def templates_context(held: list[Template], columns: list[tuple[str, str]]) -> dict[str, Any]:
    """Context of the page of templates."""
    names = [*_PLACEHOLDERS, *((f"table.rows[].{name}", zh) for name, zh in columns)]
    return {
        "page_title": "通报模板",
        "lead": "通报的 Word 版式。城市可以改好后上传，替换系统自带的版式；数字仍由快照填入。",
        "crumbs": crumbs(("通报模板", "")),
        "own_url": reverse("bulletins:own_template"),
        "templates": [
            {
                "name": template.file.name,
                "uploaded_at": template.uploaded_at,
                "uploaded_by": template.uploaded_by,
                "in_force": number == 0,
                "url": reverse("bulletins:template", args=[template.pk]),
                "remove_url": reverse("bulletins:remove_template", args=[template.pk]),
            }
            for number, template in enumerate(held)
        ],
        "placeholders": [{"name": name, "zh": zh} for name, zh in names],
    }


def _lead(paper: Paper) -> list[dict[str, Any]]:
    pieces: list[dict[str, Any]] = [
        {"text": paper.place.name},
        {"text": f"截至 {paper.snapshot.as_of:%Y-%m-%d}"},
        {"text": f"快照 {paper.snapshot.number}", "url": reverse("indicators:snapshot", args=[paper.snapshot.number])},
        {"text": glossary.zh(f"edition_choice.{paper.content['edition']}")},
    ]
    if paper.signed_at is not None:
        pieces.append({"text": f"{paper.signed_by} {timezone.localtime(paper.signed_at):%Y-%m-%d} 签发"})
    return pieces


def _facts(paper: Paper) -> list[dict[str, Any]]:
    compared = f"{paper.compared.number}（截至 {paper.compared.as_of:%Y-%m-%d}）" if paper.compared else None
    facts: list[dict[str, Any]] = [
        {"label": "种类", "value": paper.get_kind_display()},
        {"label": "区域", "value": paper.place.name},
        {"label": "快照", "value": paper.snapshot.number, "mono": True},
        *([{"label": "对比快照", "value": compared or "没有"}] if paper.kind in COMPARING else []),
        {"label": "生成", "value": f"{timezone.localtime(paper.made_at):%Y-%m-%d %H:%M} {paper.made_by}"},
    ]
    if paper.signed_at is not None:
        signed = f"{timezone.localtime(paper.signed_at):%Y-%m-%d %H:%M} {paper.signed_by}"
        facts.append({"label": "签发", "value": signed})
    return facts


def _actions(paper: Paper, actor: Actor) -> list[dict[str, Any]]:
    """Download first; words and making again as long as nobody has signed."""
    actions: list[dict[str, Any]] = [
        {"label": f"下载 {item['label']}", "icon": "download", "url": item["url"]} for item in files(paper)
    ]
    may_make = actor.may(Permission.BULLETIN_MAKE) and actor.covers(place_id=paper.place_id)
    if paper.signed_at is None and may_make:
        if paper.kind == Paper.Kind.BULLETIN:
            actions.append({"label": "改文字", "icon": "edit", "url": reverse("bulletins:words", args=[paper.pk])})
        actions.append(
            {"label": "重新生成", "icon": "refresh", "url": reverse("bulletins:remake", args=[paper.pk]), "post": True}
        )
    return actions
