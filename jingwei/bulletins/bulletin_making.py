"""Make a quarterly bulletin: figures into text and table, offices into head and 版记, both into Word and PDF."""

from collections.abc import Mapping
from typing import Any

from jingwei.bodies.models import Body
from jingwei.bulletins.figure_facts import figures_of
from jingwei.bulletins.models import Paper, PaperFile
from jingwei.bulletins.orders import Draft, Order
from jingwei.bulletins.pdf import write_pdf
from jingwei.bulletins.row_changes import moves_of
from jingwei.bulletins.template_checking import template_in_force
from jingwei.bulletins.word import MARK, write_docx
from jingwei.domain.papers import wording, writing
from jingwei.domain.papers.checks import Outcome, Result
from jingwei.domain.papers.content import Bulletin, Imprint, Section, Span, as_data
from jingwei.domain.papers.figure_tables import figure_layout, fill
from jingwei.domain.papers.figures import Figures
from jingwei.places.models import Place

MASTHEAD = "新兴领域工作通报"
LAYOUT = "bulletin_table"
COPIES = 60


def make_bulletin(order: Order, earlier: Paper | None) -> Draft:
    """The bulletin; ``earlier`` is the last one of the place, whose 报, 送 and 发 are taken over."""
    figures = figures_of(snapshot=order.snapshot, compared=order.compared, place=order.place, on=order.day)
    occasion = occasion_of(order, figures)
    layout = figure_layout(LAYOUT)
    table = fill(
        layout,
        figures,
        title=f"表 1　各{occasion.areas}覆盖情况（截至 {wording.short_day(order.snapshot.as_of)}）",
        lead="单位",
        notes=("".join(["口径：", *layout.notes, *_marks(figures), *order.source_notes()]),),
        limit=order.limit,
    )
    issue, total_issue = order.wishes.issue or 1, order.wishes.total_issue or 1
    issued_on = order.wishes.issued_on or order.day
    issuer = order.wishes.issuer or issuer_of(order)
    bulletin = Bulletin(
        masthead=MASTHEAD,
        issue=f"{issued_on.year} 年第 {issue} 期（总第 {total_issue} 期）",
        issuer=issuer,
        issued_on=wording.day(issued_on),
        title=title_of(order),
        sections=_with_next_steps(writing.sections(figures, occasion), order.wishes.next_steps),
        table=table,
        imprint=_imprint(order, issuer, wording.day(issued_on), _held(earlier)),
    )
    content = {
        "bulletin": as_data(bulletin),
        "edition": order.wishes.edition.value,
        "year": issued_on.year,
        "total_issue": total_issue,
    }
    files = {
        PaperFile.Format.DOCX: write_docx(bulletin, template_in_force(Paper.Kind.BULLETIN)),
        PaperFile.Format.PDF: write_pdf(bulletin),
    }
    return Draft(bulletin.title, content, files, sums(figures), issue)


def occasion_of(order: Order, figures: Figures) -> writing.Occasion:
    """What the text says beside its figures."""
    return writing.Occasion(
        whole=f"全{order.place.name[-1]}",
        areas=areas_zh(order.place),
        as_of=order.snapshot.as_of,
        own_from=int(order.ground.rules.number("branch.min_full_members")),
        due_on=wording.end_of_next_month(order.day),
        compared_on=order.compared.as_of if order.compared else None,
        moves=moves_of(order, figures),
        limit=order.limit,
    )


def areas_zh(place: Place) -> str:
    """What the lines of a paper on the place are called."""
    if place.kind == Place.Kind.CITY:
        return "区县"
    has_parks = Place.objects.overlays().filter(parent=place, takes_responsibility=True).exists()
    return "镇街、园区" if has_parks else "镇街"


def title_of(order: Order) -> str:
    """Of a quarter where the snapshot shows its end, else of the month."""
    day = order.snapshot.as_of
    period = f"{day.year} 年{wording.quarter(day)}" if day.month % 3 == 0 else f"{day.year} 年 {day.month} 月"
    return f"关于 {period}“两个覆盖”进展的通报"


def issuer_of(order: Order) -> str:
    """The social work department of the place, with the work committee that sits with it."""
    bodies = Body.objects.active_on(order.day).filter(place=order.place)
    office = bodies.filter(kind=Body.Kind.SOCIAL_WORK_DEPARTMENT).order_by("pk").first()
    name = office.name if office else f"{order.place.name}委社会工作部"
    with_committee = bodies.filter(kind=Body.Kind.WORK_COMMITTEE).exists() and "两新工委" not in name
    return f"{name}（两新工委）" if with_committee else name


def sums(figures: Figures) -> tuple[Result, ...]:
    """Whether the lines add up to the whole, for every indicator."""
    overdrawn = figures.overdrawn()
    return tuple(
        Result("各地之和 ≤ 合计", Outcome.FAILS, (indicator,), f"{indicator} 各地之和大于合计")
        for indicator in overdrawn
    )


def _marks(figures: Figures) -> list[str]:
    return (
        [f"{MARK} 为取数时尚未确认，所列为系统数。"] if any(line.confirmed is False for line in figures.lines) else []
    )


def _with_next_steps(sections: tuple[Section, ...], texts: tuple[str, ...] | None) -> tuple[Section, ...]:
    """The last part as the office has put it, where it has."""
    if not texts:
        return sections
    return (*sections[:-1], Section(sections[-1].heading, tuple((Span(text),) for text in texts)))


def _held(earlier: Paper | None) -> Mapping[str, Any]:
    return earlier.content.get("bulletin", {}).get("imprint", {}) if earlier else {}


def _imprint(order: Order, issuer: str, printed_on: str, earlier: Mapping[str, Any]) -> Imprint:
    usual, wishes = _usual(order), order.wishes
    chosen = {
        name: given if given is not None else earlier.get(name, usual[name])
        for name, given in (("report_to", wishes.report_to), ("send_to", wishes.send_to), ("issue_to", wishes.issue_to))
    }
    copies = wishes.copies if wishes.copies is not None else earlier.get("copies", COPIES)
    return Imprint(**chosen, issuer=issuer, printed_on=printed_on, copies=copies)


def _usual(order: Order) -> dict[str, str]:
    """To whom offices of this level usually send a bulletin; every one can be changed before it is signed."""
    level = order.place.name[-1]
    departments = ("市场监管局", "民政局", "税务局", "司法局", "人力资源社会保障局", "统计局")
    above = "省" if order.place.kind == Place.Kind.CITY else "市"
    below = (
        "各区县委社会工作部，各行业党委。"
        if order.place.kind == Place.Kind.CITY
        else "各镇党委、街道党工委、园区党工委，各行业党委。"
    )
    return {
        "report_to": f"{above}委社会工作部，{level}委、{level}政府领导同志。",
        "send_to": f"{level}委组织部，{'、'.join(level + name for name in departments)}。",
        "issue_to": below,
    }
